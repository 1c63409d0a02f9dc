// Who may disclose on a ground other than consent: the source's assigned staff; and end that: its receivers too (domain.md § 5).
import { CASE_STAFF, CONSENT_STAFF, REGION_RECEIVERS, UNIT_RECEIVERS } from './roles.ts'
import type { RulesOf } from './rule.ts'
import { rule } from './rule.ts'

export const disclosuresPolicy: RulesOf<'disclosure.make' | 'disclosure.close'> = {
  'disclosure.make': [
    rule('disclosure.make', 'domain.md § 5', {
      roles: CONSENT_STAFF,
      when: ['certified', 'assigned', 'caseNotLocked'],
    }),
  ],
  // What narrows is never stopped by a case that is closed to one's authority. That it is the source's own, its strand says.
  'disclosure.close': [
    rule('disclosure.close', 'protocol.md § 4', { roles: CASE_STAFF, when: ['certified', 'assigned'] }),
    rule('disclosure.close', 'protocol.md § 4', {
      roles: UNIT_RECEIVERS,
      when: ['certified', 'notBarred', 'ownUnitNamed'],
    }),
    rule('disclosure.close', 'protocol.md § 4', {
      roles: REGION_RECEIVERS,
      when: ['certified', 'notBarred', 'ownAuthorityNamed'],
    }),
  ],
}
