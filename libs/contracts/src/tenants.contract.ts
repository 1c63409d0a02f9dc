// Organisations, their authorities and units, their staff, and the chain of certified keys.
import { z } from 'zod'
import { operations } from './operation.ts'
import { authorityId, largestCount, role, signed, tenantId, tenantKind, unitId, userId } from './schemas.ts'

/** Name, title and salt travel beside the chain; a client that cannot match `label` shows the pseudonym (protocol.md § 3). */
export const person = z.object({
  user: userId,
  name: z.string(),
  title: z.string(),
  salt: z.string(),
  tenant: tenantId,
  authority: authorityId,
  units: z.array(unitId),
  roles: z.array(role),
  key: z.enum(['none', 'pending', 'certified', 'ended']),
})
export type Person = z.output<typeof person>

export const tenants = operations('tenants', {
  directory: {
    act: 'directory.read',
    method: 'GET',
    path: '/directory',
    answer: z.object({
      tenants: z.array(
        z.object({
          id: tenantId,
          name: z.string(),
          kind: tenantKind,
          authorities: z.array(
            z.object({ id: authorityId, name: z.string(), units: z.array(z.object({ id: unitId, name: z.string() })) }),
          ),
        }),
      ),
    }),
    problems: [],
  },
  /** The staff of one's own authority, for receivers who assign and for one's own colleagues' names. */
  staff: {
    act: 'staff.list',
    method: 'GET',
    path: '/staff',
    answer: z.object({ staff: z.array(person) }),
    problems: [],
  },
  chain: {
    act: 'tenant-chain.read',
    method: 'GET',
    path: '/tenants/:tenantId/chain',
    params: z.strictObject({ tenantId }),
    query: z.strictObject({ from: z.coerce.number().int().min(0).max(largestCount).default(0) }),
    /** Statements from place `from` on, 500 at most; `more` says that there are others. */
    answer: z.object({ statements: z.array(signed), more: z.boolean() }),
    problems: [],
  },
})
