// Who may see organisations, colleagues and chains of certified keys.
import { ALL_STAFF, CASE_STAFF, CUSTODIANS } from './roles.ts'
import type { RulesOf } from './rule.ts'
import { rule } from './rule.ts'

export const tenantsPolicy: RulesOf<'directory.read' | 'staff.list' | 'tenant-chain.read'> = {
  // A consent names authorities of other tenants, so all staff may know which there are; nobody learns from it who has a case.
  'directory.read': [rule('directory.read', 'domain.md § 1', { roles: ALL_STAFF, when: ['inTheDirectory'] })],
  'staff.list': [
    rule('staff.list', 'domain.md § 1', { roles: ALL_STAFF, when: ['ofOwnAuthority'] }),
    // Whose keys she certifies and ends (`key.end`).
    rule('staff.list', 'protocol.md § 3', { roles: CUSTODIANS, when: ['ofOwnTenant'] }),
  ],
  'tenant-chain.read': [
    rule('tenant-chain.read', 'protocol.md § 3', { roles: ALL_STAFF, when: ['ofOwnTenant'] }),
    // A first strand to an authority already cites its tenant's head, so the chain must be readable before a case is shared.
    rule('tenant-chain.read', 'protocol.md § 4', { roles: CASE_STAFF, when: ['certified', 'inTheDirectory'] }),
  ],
}
