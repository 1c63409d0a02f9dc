// Who may make, certify and end staff keys, and keep the keys of a case.
import { ALL_STAFF, CASE_STAFF, CUSTODIANS, REGION_RECEIVERS, UNIT_RECEIVERS } from './roles.ts'
import type { RulesOf } from './rule.ts'
import { rule } from './rule.ts'

export const keysPolicy: RulesOf<
  'key.read-own' | 'key.create' | 'key.list-pending' | 'key.certify' | 'key.end' | 'key.maintain' | 'key.read-wraps'
> = {
  'key.read-own': [rule('key.read-own', 'protocol.md § 3', { roles: ALL_STAFF, when: ['herself'] })],
  'key.create': [rule('key.create', 'protocol.md § 3', { roles: ALL_STAFF, when: ['herself'] })],
  // Which authorities of her tenant have named a custodian stands in the tenant chain, which judges each certification by it.
  'key.list-pending': [rule('key.list-pending', 'protocol.md § 3', { roles: CUSTODIANS, when: ['ofOwnTenant'] })],
  // Nobody certifies her own key (domain.md § 1).
  'key.certify': [rule('key.certify', 'protocol.md § 3', { roles: CUSTODIANS, when: ['ofOwnTenant', 'somebodyElse'] })],
  // Ending only narrows, so a custodian may end her own.
  'key.end': [rule('key.end', 'protocol.md § 3', { roles: CUSTODIANS, when: ['ofOwnTenant'] })],
  // Of a closed case too: a new colleague gets the keys of her authority's own records, and what narrows is always said.
  'key.maintain': [
    rule('key.maintain', 'protocol.md § 5', { roles: CASE_STAFF, when: ['certified', 'assigned'] }),
    rule('key.maintain', 'protocol.md § 4', {
      roles: UNIT_RECEIVERS,
      when: ['certified', 'notBarred', 'ownUnitNamed'],
    }),
    rule('key.maintain', 'protocol.md § 4', {
      roles: REGION_RECEIVERS,
      when: ['certified', 'notBarred', 'ownAuthorityNamed'],
    }),
  ],
  'key.read-wraps': [rule('key.read-wraps', 'protocol.md § 5', { roles: CASE_STAFF, when: ['certified', 'assigned'] })],
}
