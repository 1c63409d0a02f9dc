// Who may open, find and see a case, and assign staff to it.
import { CASE_OPENERS, CASE_STAFF, REGION_RECEIVERS, UNIT_RECEIVERS, WRITING_STAFF } from './roles.ts'
import type { RulesOf } from './rule.ts'
import { rule } from './rule.ts'

export const casesPolicy: RulesOf<
  'case.open' | 'case.list' | 'case.read' | 'case.title' | 'assignment.add' | 'assignment.end' | 'decision.settle'
> = {
  'case.open': [rule('case.open', 'domain.md § 1', { roles: CASE_OPENERS, when: ['certified', 'inOwnUnit'] })],
  // A case closed to one's authority stays as a stub with one's own records (domain.md § 12), so these do not ask for `caseNotLocked`.
  'case.list': [
    rule('case.list', 'domain.md § 6', { roles: CASE_STAFF, when: ['certified', 'assigned'] }),
    rule('case.list', 'domain.md § 1', { roles: UNIT_RECEIVERS, when: ['certified', 'notBarred', 'ownUnitNamed'] }),
    rule('case.list', 'domain.md § 1', {
      roles: REGION_RECEIVERS,
      when: ['certified', 'notBarred', 'ownAuthorityNamed'],
    }),
  ],
  'case.read': [
    rule('case.read', 'domain.md § 6', { roles: CASE_STAFF, when: ['certified', 'assigned'] }),
    rule('case.read', 'domain.md § 1', { roles: UNIT_RECEIVERS, when: ['certified', 'notBarred', 'ownUnitNamed'] }),
    rule('case.read', 'domain.md § 1', {
      roles: REGION_RECEIVERS,
      when: ['certified', 'notBarred', 'ownAuthorityNamed'],
    }),
  ],
  'case.title': [
    rule('case.title', 'domain.md § 2', {
      roles: WRITING_STAFF,
      when: ['certified', 'assigned', 'planAssigned', 'caseNotLocked'],
    }),
  ],
  'assignment.add': [
    rule('assignment.add', 'domain.md § 1', {
      roles: UNIT_RECEIVERS,
      when: ['certified', 'notBarred', 'ownUnitNamed'],
    }),
    rule('assignment.add', 'domain.md § 1', {
      roles: REGION_RECEIVERS,
      when: ['certified', 'notBarred', 'ownAuthorityNamed'],
    }),
  ],
  'assignment.end': [
    rule('assignment.end', 'domain.md § 1', {
      roles: UNIT_RECEIVERS,
      when: ['certified', 'notBarred', 'ownUnitNamed'],
    }),
    rule('assignment.end', 'domain.md § 1', {
      roles: REGION_RECEIVERS,
      when: ['certified', 'notBarred', 'ownAuthorityNamed'],
    }),
    // Narrowing is open to anybody assigned (protocol.md § 4).
    rule('assignment.end', 'protocol.md § 4', { roles: CASE_STAFF, when: ['certified', 'assigned'] }),
  ],
  // An assigned colleague or a receiver. That it is neither the signer nor one it benefits, the chain judges of each decision.
  'decision.settle': [
    rule('decision.settle', 'protocol.md § 4', { roles: CASE_STAFF, when: ['certified', 'assigned'] }),
    rule('decision.settle', 'protocol.md § 4', {
      roles: UNIT_RECEIVERS,
      when: ['certified', 'notBarred', 'ownUnitNamed'],
    }),
    rule('decision.settle', 'protocol.md § 4', {
      roles: REGION_RECEIVERS,
      when: ['certified', 'notBarred', 'ownAuthorityNamed'],
    }),
  ],
}
