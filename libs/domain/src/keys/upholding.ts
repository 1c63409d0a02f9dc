// Whether a statement still counts for adding once its signer's key has ended or expired (protocol.md § 4 rule 1).
import type { CaseHistory, Told } from '../cases/case-history.ts'
import { saying } from '../cases/case-history.ts'
import type { UserId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { isReceiver } from '../tenants/writing.ts'
import type { StaffKey, TenantState, TenantStates } from './tenant-chain.ts'
import { keyEnd } from './tenant-chain.ts'

/** The tenant chain that holds this signing key, with the key. */
export function signerOf(
  tenants: TenantStates,
  told: Told,
): { readonly tenant: TenantState; readonly key: StaffKey } | null {
  for (const tenant of tenants.values()) {
    const key = tenant.keys.get(told.statement.key)
    // The key must be hers, and certified for the authority in whose place she speaks.
    if (key !== undefined && key.user === told.statement.by && key.authority === told.from) return { tenant, key }
  }
  return null
}

const beneficiaryOf = (told: Told): UserId | null =>
  told.statement.type === 'assignment.added' ? told.statement.body.user : null

/** Whom neither the signer nor the one it benefits may be. */
const isThird = (told: Told, by: UserId | 'root'): boolean => by !== told.statement.by && by !== beneficiaryOf(told)

/** True where the signer did not yet know of the end: by the place of the tenant chain she had seen, or before the expiry. */
function signedBeforeEnd(tenants: TenantStates, later: Told, ended: { tenant: TenantState; key: StaffKey }): boolean {
  const { tenant, key } = ended
  if (!tenants.has(tenant.tenant)) return false
  if (key.ended === null) return later.statement.at < key.validUntil
  const seen = later.statement.tenantHeads[tenant.tenant]
  return seen !== undefined && seen.n < key.ended.n && later.statement.at < key.validUntil
}

/**
 * True while a widening statement may carry new keys, seals, wraps and rows at `at`. `chain` is the chain it stands in; narrowing
 * statements are never asked about: they always count.
 */
export function covered(history: CaseHistory, tenants: TenantStates, told: Told, at: Instant): boolean {
  const signer = signerOf(tenants, told)
  if (signer === null) return false
  if (isVoided(history, told)) return false
  if (at < keyEnd(signer.key)) return true
  const chain = history.chains.get(told.statement.place) ?? []
  return (
    chain.some(
      (later) =>
        later.statement.n > told.statement.n &&
        isThird(told, later.statement.by) &&
        signedBeforeEnd(tenants, later, signer) &&
        covered(history, tenants, later, at),
    ) || isUpheld(tenants, chain, told, at)
  )
}

function isUpheld(tenants: TenantStates, chain: readonly Told[], told: Told, at: Instant): boolean {
  return saying(chain, 'upheld').some((upheld) => {
    if (!upheld.statement.body.keeps.includes(told.hash) || !isThird(told, upheld.statement.by)) return false
    const keeper = signerOf(tenants, upheld)
    return keeper !== null && at < keyEnd(keeper.key) && keepsFor(chain, upheld, keeper.key)
  })
}

/** A receiver, or, as far as this chain shows, somebody assigned whose assignment another person gave her. */
function keepsFor(chain: readonly Told[], upheld: Told, key: StaffKey): boolean {
  if (isReceiver(key.roles)) return true
  const given = saying(chain, 'assignment.added').findLast((one) => one.statement.body.user === upheld.statement.by)
  return given === undefined ? upheld.to !== null : given.statement.by !== upheld.statement.by
}

export const isVoided = (history: CaseHistory, told: Told): boolean =>
  saying(history.chains.get(told.statement.place) ?? [], 'voided').some((one) => one.statement.body.of === told.hash)
