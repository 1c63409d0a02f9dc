// The operator's way in for what is signed off line after a tenant's founding: the next root, custodians replaced, a custodian who
// contradicts that. Nothing is entered that would not verify and fold: a wrong statement would end its chain for everybody.
import type { Fingerprint, StatementType, TenantId, Verified } from '#libs/domain'
import { extendTenant, id } from '#libs/domain'
import { Database, enterAtEnd } from '#libs/persistence'
import type { Signed } from '#libs/protocol/verify'
import { Problem, unwrapStatement } from '../platform/problem.ts'
import { TenantChains } from '../platform/tenant-chains.ts'

const types: readonly StatementType[] = ['authority.added', 'root.rotated', 'custodians.replaced', 'voided']

/** `ownerUrl`: sluss_owner's or a superuser's. Throws a Problem with the reason where the statement is refused, and enters nothing. */
export async function enterLaterStatement(
  ownerUrl: string,
  trusted: { readonly root: Fingerprint; readonly leastCertifiers: number },
  signed: Signed,
): Promise<void> {
  const verified = await verifiedAtEnd(ownerUrl, trusted, signed)
  await enterAtEnd(ownerUrl, { signed, verified })
}

async function verifiedAtEnd(
  ownerUrl: string,
  trusted: Parameters<typeof enterLaterStatement>[1],
  signed: Signed,
): Promise<Verified> {
  const database = await Database.open({ url: ownerUrl, poolSize: 1 })
  try {
    // A chain that is broken already is told by the API, and of no other is anything asked.
    const chains = new TenantChains(trusted, () => undefined)
    const tenants = await database.run('anonymous', (tx) => chains.at(tx))
    const verified = await chains.verified(signed)
    const { place, type } = verified.statement
    if (!types.includes(type)) throw new Problem('statement-refused', { reason: 'type-unknown' })
    const before = tenants.get(id<TenantId>(place.split('/')[1] ?? ''))
    if (before === undefined || !place.startsWith('tenant/'))
      throw new Problem('statement-refused', { reason: 'wrong-place' })
    if (chains.contradicts(verified.statement)) throw new Problem('statement-refused', { reason: 'signer-not-root' })
    unwrapStatement(extendTenant(before, verified, before.root))
    return verified
  } finally {
    await database.close()
  }
}
