// Who may register, confirm, narrow and withdraw a consent: widening is the source's act, narrowing is anybody's duty.
import { CASE_STAFF, CONSENT_STAFF } from './roles.ts'
import type { RulesOf } from './rule.ts'
import { rule } from './rule.ts'

export const consentsPolicy: RulesOf<
  'consent.register' | 'consent.confirm' | 'consent.narrow' | 'consent.follow' | 'consent.withdraw'
> = {
  'consent.register': [
    rule('consent.register', 'domain.md § 4', {
      roles: CONSENT_STAFF,
      when: ['certified', 'assigned', 'caseNotLocked'],
    }),
  ],
  'consent.confirm': [
    rule('consent.confirm', 'domain.md § 4 rule 2', {
      roles: CONSENT_STAFF,
      when: ['certified', 'assigned', 'caseNotLocked', 'sharedForConfirmation'],
    }),
  ],
  // What narrows is never stopped by a case that is closed to one's authority.
  'consent.narrow': [
    rule('consent.narrow', 'domain.md § 4 rule 3', {
      roles: CASE_STAFF,
      when: ['certified', 'assigned', 'registeredOrShared'],
    }),
  ],
  // No decision of hers: what somebody has withdrawn already is closed on her authority's own strands.
  'consent.follow': [
    rule('consent.follow', 'domain.md § 4 rule 3', {
      roles: CASE_STAFF,
      when: ['certified', 'assigned', 'registeredOrShared'],
    }),
  ],
  'consent.withdraw': [
    rule('consent.withdraw', 'domain.md § 4 rule 3', {
      roles: CASE_STAFF,
      when: ['certified', 'assigned', 'consentHeard'],
    }),
  ],
}
