// Who may read and write in threads: the access rule itself (domain.md § 6).
import { CASE_STAFF, WRITING_STAFF } from './roles.ts'
import type { RulesOf } from './rule.ts'
import { rule } from './rule.ts'

/** Items 1 to 4 of the access rule, for one piece of content. Nobody is blocked yet: that comes with the statements of domain.md § 7. */
const READING = [
  'certified',
  'assigned',
  'sourceIsOwnOrFlowCovers',
  'categoryAssigned',
  'notReachingBlockedSubject',
] as const

export const threadsPolicy: RulesOf<
  'thread.list' | 'message.read' | 'message.send' | 'seal.add' | 'cursor.move' | 'cursor.list'
> = {
  'thread.list': [rule('thread.list', 'domain.md § 6', { roles: CASE_STAFF, when: ['certified', 'assigned'] })],
  // In a closed case no flow is open, so what is left to read is one's own (domain.md § 12).
  'message.read': [rule('message.read', 'domain.md § 6', { roles: CASE_STAFF, when: READING })],
  'message.send': [
    rule('message.send', 'domain.md § 6', {
      roles: WRITING_STAFF,
      when: [
        'certified',
        'assigned',
        'caseNotLocked',
        'sourceIsOwn',
        'categoryAssigned',
        'roleWritesCategory',
        'notReachingBlockedSubject',
      ],
    }),
  ],
  'seal.add': [
    rule('seal.add', 'protocol.md § 6', { roles: WRITING_STAFF, when: ['certified', 'assigned', 'caseNotLocked'] }),
  ],
  'cursor.move': [rule('cursor.move', 'protocol.md § 7', { roles: CASE_STAFF, when: READING })],
  'cursor.list': [rule('cursor.list', 'protocol.md § 7', { roles: CASE_STAFF, when: READING })],
}
