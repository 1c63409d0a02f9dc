// Whether a statement still counts for adding once its signer's key has ended or expired (protocol.md § 4 rule 1).
import type { CaseHistory, Told, ToldOf } from '../cases/case-history.ts'
import { everySaying, isLedgerShown, saying } from '../cases/case-history.ts'
import type { Hash, UserId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import type { PlaceName } from '../statement.ts'
import { isReceiver } from '../tenants/writing.ts'
import type { StaffKey } from './staff-key.ts'
import { certifiedAt, keyEnd, keyNamed } from './staff-key.ts'
import type { TenantState, TenantStates } from './tenant-chain.ts'

type Signer = { readonly tenant: TenantState; readonly key: StaffKey }

/** The tenant chain that holds this signing key, with the key: hers, and certified for the authority in whose place she speaks. */
export function signerOf(tenants: TenantStates, told: Told): Signer | null {
  for (const tenant of tenants.values()) {
    if (!tenant.authorities.includes(told.from)) continue
    const key = keyNamed(tenant, told.statement.key)
    if (key === null || key.user !== told.statement.by) continue
    if (key.said.some((one) => one.authority === told.from)) return { tenant, key }
  }
  return null
}

/** Whoever is assigned, or stands on a list of speakers, has that from whoever signed it, and does not vouch for it herself. */
function benefits({ statement }: Told, by: UserId | 'root'): boolean {
  if (statement.type === 'assignment.added') return statement.body.user === by
  return statement.type === 'speakers' && statement.body.users.some((user) => user === by)
}

/** Whether a person may say that a statement stands, or bear it out by a later one: neither its signer nor one whom it benefits. */
export const isThird = (told: Told, by: UserId | 'root'): boolean => by !== told.statement.by && !benefits(told, by)

/** True where the signer did not yet know of the end: by the place of the tenant chain she had seen, or before the expiry. */
function signedBeforeEnd(later: Told, { tenant, key }: Signer): boolean {
  const seen = later.statement.tenantHeads[tenant.tenant]
  const before = key.ended === null || (seen !== undefined && seen.n < key.ended.n)
  return before && later.statement.at < key.validUntil
}

/**
 * The statements of a chain that a standing key carries, or a third person's later one that is itself carried. Walked once from
 * the end: what a person had seen never goes back along a chain, so her earliest later statement is the best witness she has.
 */
function carried(
  tenants: TenantStates,
  chain: readonly Told[],
  kept: ReadonlySet<Hash>,
  at: Instant,
): ReadonlySet<Hash> {
  const covered = new Set<Hash>()
  const witnesses = new Map<UserId | 'root', Told>()
  for (const told of [...chain].reverse()) {
    const signer = signerOf(tenants, told)
    if (signer === null || told.kept === 'mute') continue
    const stands =
      at < keyEnd(signer.key) ||
      kept.has(told.hash) ||
      [...witnesses].some(([by, later]) => isThird(told, by) && signedBeforeEnd(later, signer))
    if (!stands) continue
    covered.add(told.hash)
    witnesses.set(told.statement.by, told)
  }
  return covered
}

/** All statements of a chain that count for adding at `at`. What is upheld may carry what stands before it, so it is asked again. */
function coverage(history: CaseHistory, tenants: TenantStates, place: PlaceName, at: Instant): ReadonlySet<Hash> {
  const chain = history.chains.get(place) ?? []
  const upholdings = saying(chain, 'upheld')
  let kept: ReadonlySet<Hash> = new Set()
  for (;;) {
    const covered = carried(tenants, chain, kept, at)
    const counting = upholdings.filter((one) => mayKeep(history, tenants, one, covered, at))
    const more = new Set([...kept, ...counting.flatMap((one) => keeps(chain, one))])
    if (more.size === kept.size) return covered
    kept = more
  }
}

const keeps = (chain: readonly Told[], upheld: ToldOf<'upheld'>): readonly Hash[] =>
  upheld.statement.body.keeps.filter((hash) =>
    chain.some((told) => told.hash === hash && isThird(told, upheld.statement.by)),
  )

/**
 * Itself carried, like all that widens, by a receiver of then or an assigned colleague whose own assignment of then is carried:
 * so two whose places nobody upholds never uphold each other.
 */
function mayKeep(
  history: CaseHistory,
  tenants: TenantStates,
  upheld: ToldOf<'upheld'>,
  inChain: ReadonlySet<Hash>,
  at: Instant,
): boolean {
  const keeper = signerOf(tenants, upheld)
  if (keeper === null || !inChain.has(upheld.hash)) return false
  if (isReceiver(certifiedAt(keeper.key, upheld.statement.at)?.roles ?? [])) return true
  // Another authority's ledger is not shown: that she is one of the strand's speakers was asked when it was said.
  if (upheld.to !== null && !isLedgerShown(history, upheld.from)) return true
  const given = assignmentOf(history, upheld)
  if (given === undefined || isVoided(history, given)) return false
  // Her assignment stands in her ledger. What is said on a strand carries nothing there, so that asking on ends.
  return upheld.to === null ? inChain.has(given.hash) : covered(history, tenants, given, at)
}

/** The signer's newest assignment before she spoke: by its place in the same chain, by time from a strand. */
const assignmentOf = (history: CaseHistory, told: Told): ToldOf<'assignment.added'> | undefined =>
  everySaying(history, 'assignment.added').findLast(
    ({ from, statement }) =>
      from === told.from &&
      statement.body.user === told.statement.by &&
      (told.to === null ? statement.n < told.statement.n : statement.at <= told.statement.at),
  )

/** True while a widening statement may carry new keys, seals, wraps and rows at `at`; what narrows always counts and is not asked about. */
export function covered(history: CaseHistory, tenants: TenantStates, told: Told, at: Instant): boolean {
  const signer = signerOf(tenants, told)
  if (signer === null || isVoided(history, told)) return false
  return at < keyEnd(signer.key) || coverage(history, tenants, told.statement.place, at).has(told.hash)
}

export const isVoided = (history: CaseHistory, told: Told): boolean =>
  everySaying(history, 'voided').some(
    (one) => one.statement.place === told.statement.place && one.statement.body.of === told.hash,
  )
