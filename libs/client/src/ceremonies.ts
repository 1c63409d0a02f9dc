// The root's ceremonies: making the root key and founding a tenant (protocol.md § 3). Done off line; in development, by the seed.
import type { AuthorityId, Custodian, Instant, TenantId, TenantKind } from '#libs/domain'
import type { NewStaffKey, Random, SignedStatement } from '#libs/protocol'
import { createStaffKey, signStatement } from '#libs/protocol'

export type { Custodian }

/** A new root: its signing fingerprint is what clients and servers pin. */
export const createRoot = (input: { readonly random: Random; readonly at: Instant }): Promise<NewStaffKey> =>
  createStaffKey(input)

/** The genesis of a tenant's chain, signed by the root after the custodians' words were compared by telephone. */
export async function foundTenant(input: {
  readonly root: NewStaffKey
  readonly tenant: TenantId
  readonly kind: TenantKind
  readonly authorities: readonly AuthorityId[]
  readonly custodians: readonly Custodian[]
  readonly threshold: number
  readonly certifiers: 1 | 2
  readonly at: Instant
  readonly random: Random
}): Promise<SignedStatement> {
  const { tenant, kind, authorities, custodians, threshold, certifiers } = input
  return signStatement(
    {
      place: `tenant/${tenant}`,
      n: 0,
      prev: null,
      at: input.at,
      by: 'root',
      tenantHeads: {},
      type: 'tenant.founded',
      body: { tenant, kind, root: input.root.publicKey, authorities, custodians, threshold, certifiers },
    },
    input.root.key,
    input.random,
  )
}
