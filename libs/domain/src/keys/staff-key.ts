// Staff keys as a tenant's chain certifies them: how each stands now, how it stood, and as whom it spoke (protocol.md § 3).
import type { Span } from '../cases/span.ts'
import { merge } from '../cases/span.ts'
import type { AuthorityId, Fingerprint, Hash, TenantId, UnitId, UserId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { earliest } from '../instant.ts'
import type { Head } from '../statement.ts'
import type { Role } from '../tenants/roles.ts'
import type { TenantState, TenantStates } from './tenant-chain.ts'

/** What one certification says of a key; `n`: the place in the tenant chain from which it counts. */
export type Certified = {
  readonly n: number
  readonly at: Instant
  readonly validUntil: Instant
  readonly authority: AuthorityId
  readonly units: readonly UnitId[]
  readonly roles: readonly Role[]
  /** SHA-256 of a salt, name and title: what may be shown as hers (protocol.md § 3). */
  readonly label: Hash
}

/**
 * A person's certified key as its newest certification has it, with all of them in `said`: renewing a key with other roles must
 * not change what was rightly said before.
 */
export type StaffKey = Certified & {
  readonly user: UserId
  readonly signing: Fingerprint
  readonly encryption: Fingerprint
  readonly said: readonly Certified[]
  /** `n`: the place in the tenant chain where it ended; what was signed knowing of that place does not count. */
  readonly ended: { readonly n: number; readonly at: Instant } | null
}

/** A key as a reader of the chain's first `upTo` places knows it; null where it was not certified then. */
function viewed(key: StaffKey, upTo: number): StaffKey | null {
  if (key.n <= upTo && (key.ended === null || key.ended.n <= upTo)) return key
  const said = key.said.filter((one) => one.n <= upTo)
  const newest = said.at(-1)
  if (newest === undefined) return null
  return { ...key, ...newest, said, ended: key.ended !== null && key.ended.n <= upTo ? key.ended : null }
}

export function keyNamed(state: TenantState, signing: Fingerprint): StaffKey | null {
  const key = state.keys.get(signing)
  return key === undefined ? null : viewed(key, state.upTo)
}

/** All keys that a person has had. */
export const keysOf = (state: TenantState, user: UserId): readonly StaffKey[] =>
  (state.fingerprints.get(user) ?? []).flatMap((signing) => keyNamed(state, signing) ?? [])

/** The newest key that was certified for a person, with all the signatures it takes, whether it stands or not. */
export const newestKeyOf = (state: TenantState, user: UserId): StaffKey | null => keysOf(state, user).at(-1) ?? null

/** The tenants as somebody who had seen these heads knew them: what came later she could not judge by (protocol.md P5). */
export function asSeen(tenants: TenantStates, heads: Readonly<Record<string, Head>>): TenantStates {
  const seen = new Map<TenantId, TenantState>()
  for (const [tenant, state] of tenants) {
    const head = heads[tenant]
    seen.set(tenant, head === undefined || head.n >= state.upTo ? state : { ...state, upTo: head.n })
  }
  return seen
}

/** The tenant whose founding names this authority; null where no such chain is known. */
export function tenantOf(tenants: TenantStates, authority: AuthorityId): TenantState | null {
  for (const state of tenants.values()) if (state.authorities.includes(authority)) return state
  return null
}

/** The end (exclusive) of a key's life as known now. */
export const keyEnd = (key: StaffKey): Instant =>
  key.ended === null ? key.validUntil : earliest(key.validUntil, key.ended.at)

/** When a key was certified for an authority: each certification holds until its end or the next one. */
export function lives(key: StaffKey, authority: AuthorityId): readonly Span[] {
  const ended = key.ended?.at
  return merge(
    key.said.flatMap((one, place) => {
      if (one.authority !== authority) return []
      const ends = [key.said[place + 1]?.at, ended].filter((end) => end !== undefined)
      return [{ from: one.at, until: earliest(one.validUntil, ...ends) }]
    }),
  )
}

/**
 * What the certification that held at an instant says of a key: the newest one said by then, until its own end; null where none did.
 * The one before it never comes back, however much longer it was to run. `ended` is the caller's to judge.
 */
export function certifiedAt(key: StaffKey, at: Instant): Certified | null {
  const newest = key.said.findLast((one) => one.at <= at)
  return newest !== undefined && at < newest.validUntil ? newest : null
}

export type KeyStanding =
  | { readonly state: 'stands'; readonly key: StaffKey }
  | { readonly state: 'ended' | 'expired'; readonly key: StaffKey }
  | { readonly state: 'unknown' }

/** How a signing key stands at an instant. */
export function keyStanding(state: TenantState | null, signing: Fingerprint, at: Instant): KeyStanding {
  const key = state === null ? null : keyNamed(state, signing)
  const first = key?.said[0]
  if (key === null || first === undefined || at < first.at) return { state: 'unknown' }
  if (key.ended !== null && key.ended.at <= at) return { state: 'ended', key }
  const held = certifiedAt(key, at)
  return held === null ? { state: 'expired', key } : { state: 'stands', key: { ...key, ...held } }
}

/** The key that stands for a person at an instant, with the roles and units of then; null where she has none. */
export function staffKeyAt(state: TenantState, user: UserId, at: Instant): StaffKey | null {
  for (const { signing } of keysOf(state, user)) {
    const standing = keyStanding(state, signing, at)
    if (standing.state === 'stands') return standing.key
  }
  return null
}

/** Whether a person has ever been certified for this authority; that a key has ended makes her no stranger. */
export function isStaffOf(tenants: TenantStates, authority: AuthorityId, user: UserId): boolean {
  const tenant = tenantOf(tenants, authority)
  return tenant !== null && keysOf(tenant, user).some((key) => key.said.some((one) => one.authority === authority))
}
