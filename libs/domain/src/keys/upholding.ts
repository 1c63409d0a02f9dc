// Whether a statement still counts for adding once its signer's key has ended or expired (protocol.md § 4 rule 1).
import type { CaseHistory, Told } from '../cases/case-history.ts'
import { saying } from '../cases/case-history.ts'
import type { Hash, TenantId, UserId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { isReceiver } from '../tenants/writing.ts'
import type { StaffKey, TenantState, TenantStates } from './tenant-chain.ts'
import { keyEnd } from './tenant-chain.ts'

type Signer = { readonly tenant: TenantState; readonly key: StaffKey }

/** The tenant chain that holds this signing key, with the key. */
export function signerOf(tenants: TenantStates, told: Told): Signer | null {
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

/** True where a statement of a chain was signed knowing the tenant's chain as far as `n`. Heads never go back along a chain. */
export const knowsOf = (chain: readonly Told[], tenant: TenantId, n: number): boolean =>
  chain.some((told) => (told.statement.tenantHeads[tenant]?.n ?? -1) >= n)

/** True where neither the signer nor anybody before her in the chain knew of the end: by the tenant heads, or before the expiry. */
function signedBeforeEnd(chain: readonly Told[], later: Told, { tenant, key }: Signer): boolean {
  if (later.statement.at >= key.validUntil) return false
  if (key.ended === null) return true
  if (later.statement.tenantHeads[tenant.tenant] === undefined) return false
  return !knowsOf(chain.slice(0, later.statement.n + 1), tenant.tenant, key.ended.n)
}

/**
 * True while a widening statement may carry new keys, seals, wraps and rows at `at`; narrowing ones are never asked about: they
 * always count. Each statement of the chain is judged once, however many name each other.
 */
export const covered = (history: CaseHistory, tenants: TenantStates, told: Told, at: Instant): boolean =>
  isCovered({ tenants, at, chain: history.chains.get(told.statement.place) ?? [], judged: new Map() }, told)

type Judging = {
  readonly tenants: TenantStates
  readonly at: Instant
  readonly chain: readonly Told[]
  /** What has been found so far; what is still being judged carries nothing, so that two cannot uphold each other. */
  readonly judged: Map<Hash, boolean>
}

function isCovered(judging: Judging, told: Told): boolean {
  const before = judging.judged.get(told.hash)
  if (before !== undefined) return before
  judging.judged.set(told.hash, false)
  const found = judge(judging, told)
  judging.judged.set(told.hash, found)
  return found
}

function judge(judging: Judging, told: Told): boolean {
  const { tenants, at, chain } = judging
  const signer = signerOf(tenants, told)
  if (signer === null || isVoidedIn(chain, told)) return false
  if (at < keyEnd(signer.key)) return true
  const thirds = chain.filter((later) => later.statement.n > told.statement.n && isThird(told, later.statement.by))
  return (
    saying(thirds, 'upheld').some((one) => one.statement.body.keeps.includes(told.hash) && keeps(judging, one)) ||
    thirds.some((later) => signedBeforeEnd(chain, later, signer) && isCovered(judging, later))
  )
}

/** By a receiver, or somebody whom another assigned by a statement that is itself covered, while the keeper's key stands. */
function keeps(judging: Judging, upheld: Told): boolean {
  const { tenants, at, chain } = judging
  const keeper = signerOf(tenants, upheld)
  if (keeper === null || at >= keyEnd(keeper.key)) return false
  if (isReceiver(keeper.key.roles)) return true
  const given = saying(chain, 'assignment.added').findLast((one) => one.statement.body.user === upheld.statement.by)
  // A strand shows no assignments: there the authority's own ledger has been asked when it was said.
  if (given === undefined) return upheld.to !== null
  return isCovered(judging, given)
}

const isVoidedIn = (chain: readonly Told[], told: Told): boolean =>
  saying(chain, 'voided').some((one) => one.statement.body.of === told.hash)

export const isVoided = (history: CaseHistory, told: Told): boolean =>
  isVoidedIn(history.chains.get(told.statement.place) ?? [], told)
