// Who may read the log of a case: those assigned, those who assign, and those who review logs; each her own authority's entries.
import { CASE_STAFF, LOG_REVIEWERS, REGION_RECEIVERS, UNIT_RECEIVERS } from './roles.ts'
import type { RulesOf } from './rule.ts'
import { rule } from './rule.ts'

export const auditPolicy: RulesOf<'audit.read'> = {
  'audit.read': [
    rule('audit.read', 'domain.md § 1', { roles: CASE_STAFF, when: ['certified', 'assigned'] }),
    rule('audit.read', 'domain.md § 1', { roles: UNIT_RECEIVERS, when: ['certified', 'notBarred', 'ownUnitNamed'] }),
    rule('audit.read', 'domain.md § 1', {
      roles: REGION_RECEIVERS,
      when: ['certified', 'notBarred', 'ownAuthorityNamed'],
    }),
    // Log review is not content and needs no key (domain.md § 1 `security_officer`, `data_protection_officer`).
    rule('audit.read', 'domain.md § 1', { roles: LOG_REVIEWERS, when: ['notBarred', 'ownAuthorityNamed'] }),
  ],
}
