// Who may see and end a session: everybody her own, with or without a role.
import type { RulesOf } from './rule.ts'
import { rule } from './rule.ts'

export const sessionsPolicy: RulesOf<'session.read' | 'session.end'> = {
  'session.read': [rule('session.read', 'domain.md § 1', { roles: 'everybody', when: ['herself'] })],
  'session.end': [rule('session.end', 'domain.md § 1', { roles: 'everybody', when: ['herself'] })],
}
