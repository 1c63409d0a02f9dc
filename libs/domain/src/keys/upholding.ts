// Whether a statement still counts for adding once its signer's key has ended or expired (protocol.md § 4 rule 1).
import type { CaseHistory, Told, ToldOf } from '../cases/case-history.ts'
import { everySaying, saying } from '../cases/case-history.ts'
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

const beneficiaryOf = (told: Told): UserId | null =>
  told.statement.type === 'assignment.added' ? told.statement.body.user : null

/** Whom neither the signer nor the one it benefits may be. */
const isThird = (told: Told, by: UserId | 'root'): boolean => by !== told.statement.by && by !== beneficiaryOf(told)

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
    const more = new Set([
      ...kept,
      ...upholdings.filter((one) => mayKeep(history, tenants, one, covered)).flatMap((one) => keeps(chain, one)),
    ])
    if (more.size === kept.size) return covered
    kept = more
  }
}

/** Whoever stands on a list of speakers has it from whoever named her: she does not uphold her own right to speak. */
const isNamedSpeaker = ({ statement }: Told, by: UserId | 'root'): boolean =>
  statement.type === 'speakers' && statement.body.users.some((user) => user === by)

/** Whether a person may say that a statement stands: neither its signer nor one whom it benefits. */
export const mayBeKeptBy = (told: Told, by: UserId | 'root'): boolean => isThird(told, by) && !isNamedSpeaker(told, by)

const keeps = (chain: readonly Told[], upheld: ToldOf<'upheld'>): readonly Hash[] =>
  upheld.statement.body.keeps.filter((hash) =>
    chain.some((told) => told.hash === hash && mayBeKeptBy(told, upheld.statement.by)),
  )

/**
 * Itself carried, like all that widens, by a receiver of then or an assigned colleague whose own assignment of then is carried:
 * so two whose places nobody upholds never uphold each other.
 */
function mayKeep(
  history: CaseHistory,
  tenants: TenantStates,
  upheld: ToldOf<'upheld'>,
  covered: ReadonlySet<Hash>,
): boolean {
  const keeper = signerOf(tenants, upheld)
  if (keeper === null || !covered.has(upheld.hash)) return false
  const { at, n, by } = upheld.statement
  // On a strand the keeper is one of its speakers, or a receiver: that was asked when it was said.
  if (upheld.to !== null || isReceiver(certifiedAt(keeper.key, at)?.roles ?? [])) return true
  const given = everySaying(history, 'assignment.added').findLast(
    (one) => one.from === upheld.from && one.statement.n < n && one.statement.body.user === by,
  )
  return given !== undefined && covered.has(given.hash) && !isVoided(history, given)
}

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
