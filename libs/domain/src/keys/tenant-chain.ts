// The tenant chain folded: from the pinned root to each member of staff, judged by the order of statements (protocol.md § 3).
import { isCustodianFor, thresholdSound } from './custody.ts'
import type { AuthorityId, Fingerprint, Hash, TenantId, UnitId, UserId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { latest } from '../instant.ts'
import type { StatementRefusal } from '../refusals.ts'
import type { Result } from '../result.ts'
import { never, ok, refused } from '../result.ts'
import type { Custodian, Head, TenantStatement, Verified } from '../statement.ts'
import { placeName } from '../statement.ts'
import type { Role, TenantKind } from '../tenants/roles.ts'

/** A person's certified key. Its life is [`certifiedAt`, the first of `validUntil` and `ended.at`). */
export type StaffKey = {
  readonly user: UserId
  readonly signing: Fingerprint
  readonly encryption: Fingerprint
  readonly authority: AuthorityId
  readonly units: readonly UnitId[]
  readonly roles: readonly Role[]
  readonly certifiedAt: Instant
  readonly validUntil: Instant
  /** `n`: the place in the tenant chain where it ended; what was signed knowing of that place does not count. */
  readonly ended: { readonly n: number; readonly at: Instant } | null
}

/** A statement that takes effect when enough others have approved it. */
type Waiting = { readonly verified: Verified<TenantStatement>; readonly by: readonly UserId[]; readonly needed: number }

export type TenantState = {
  readonly tenant: TenantId
  readonly kind: TenantKind
  readonly authorities: readonly AuthorityId[]
  readonly custodians: readonly Custodian[]
  readonly threshold: number
  readonly certifiers: 1 | 2
  readonly head: Head
  readonly at: Instant
  readonly keys: ReadonlyMap<Fingerprint, StaffKey>
  readonly waiting: ReadonlyMap<Hash, Waiting>
}

export type TenantStates = ReadonlyMap<TenantId, TenantState>

type Step = Result<TenantState, StatementRefusal>

/** Takes the next statement of a tenant's chain in; `state` is null before its founding, which only the pinned root signs. */
export function extendTenant(
  state: TenantState | null,
  verified: Verified<TenantStatement> | Verified,
  root: Fingerprint,
): Step {
  const { statement } = verified
  if (!isTenantStatement(statement)) return refused('wrong-place')
  const next: Verified<TenantStatement> = { statement, hash: verified.hash }
  if (state === null) return found(next, root)
  if (statement.place !== placeName({ chain: 'tenant', tenant: state.tenant })) return refused('wrong-place')
  if (statement.n !== state.head.n + 1) return refused('out-of-order')
  if (statement.prev !== state.head.hash) return refused('other-predecessor')
  if (statement.at < state.at) return refused('time-goes-back')
  const said = say({ ...state, head: { n: statement.n, hash: verified.hash }, at: statement.at }, next)
  return said
}

export const isTenantStatement = (statement: Verified['statement']): statement is TenantStatement =>
  statement.place.startsWith('tenant/')

function found({ statement, hash }: Verified<TenantStatement>, root: Fingerprint): Step {
  if (statement.type !== 'tenant.founded') return refused('out-of-order')
  if (statement.by !== 'root' || statement.key !== root) return refused('signer-not-root')
  const { tenant, kind, authorities, custodians, threshold, certifiers } = statement.body
  if (statement.n !== 0 || statement.prev !== null) return refused('out-of-order')
  if (statement.place !== placeName({ chain: 'tenant', tenant })) return refused('wrong-place')
  if (!thresholdSound(custodians, threshold)) return refused('threshold-unsound')
  return ok({
    tenant,
    kind,
    authorities,
    custodians,
    threshold,
    certifiers,
    head: { n: 0, hash },
    at: statement.at,
    keys: new Map(),
    waiting: new Map(),
  })
}

function say(state: TenantState, verified: Verified<TenantStatement>): Step {
  const { statement } = verified
  if (statement.type === 'tenant.founded') return refused('already-founded')
  const custodian = state.custodians.find((one) => one.user === statement.by && one.signing === statement.key)
  if (custodian === undefined) return refused('not-custodian')
  switch (statement.type) {
    case 'authority.added':
      if (state.authorities.includes(statement.body.authority)) return refused('authority-unknown')
      return wait(state, verified, state.threshold)
    case 'key.certified':
      if (statement.body.user === statement.by) return refused('own-benefit')
      if (!state.authorities.includes(statement.body.authority)) return refused('authority-unknown')
      if (!isCustodianFor(custodian, state, statement.body.authority)) return refused('not-custodian')
      if (statement.body.validUntil <= statement.at) return refused('ends-before-it-begins')
      if (isForeignKey(state, statement.body)) return refused('key-reused')
      return wait(state, verified, state.certifiers)
    case 'key.ended':
      if (!state.keys.has(statement.body.signing)) return refused('key-unknown')
      return ok(endKey(state, statement.body.signing, statement.n, statement.at))
    case 'custodians.set':
      if (!thresholdSound(statement.body.custodians, statement.body.threshold)) return refused('threshold-unsound')
      return wait(state, verified, state.threshold)
    case 'approved':
      return approve(state, statement.by, statement.body.of)
    default:
      return never(statement)
  }
}

/** A key that is or was another person's, or that has ended, is never certified again. */
function isForeignKey(
  state: TenantState,
  body: { readonly user: UserId; readonly signing: Fingerprint; readonly encryption: Fingerprint },
): boolean {
  const known = state.keys.get(body.signing)
  if (known !== undefined)
    return known.user !== body.user || known.encryption !== body.encryption || known.ended !== null
  return [...state.keys.values()].some((one) => one.encryption === body.encryption)
}

function wait(state: TenantState, verified: Verified<TenantStatement>, needed: number): Step {
  if (verified.statement.by === 'root') return refused('not-custodian')
  const waiting: Waiting = { verified, by: [verified.statement.by], needed }
  return ok(settle(state, waiting))
}

function approve(state: TenantState, by: UserId | 'root', of: Hash): Step {
  const waiting = state.waiting.get(of)
  if (waiting === undefined || by === 'root') return refused('approval-of-nothing')
  const { statement } = waiting.verified
  // Another person than those before her, and never the one whom it is about (protocol.md § 3).
  if (waiting.by.includes(by)) return refused('own-benefit')
  if (statement.type === 'key.certified' && statement.body.user === by) return refused('own-benefit')
  return ok(settle(state, { ...waiting, by: [...waiting.by, by] }))
}

function settle(state: TenantState, waiting: Waiting): TenantState {
  const left = new Map(state.waiting)
  if (waiting.by.length < waiting.needed) {
    left.set(waiting.verified.hash, waiting)
    return { ...state, waiting: left }
  }
  left.delete(waiting.verified.hash)
  return takeEffect({ ...state, waiting: left }, waiting.verified.statement)
}

function takeEffect(state: TenantState, statement: TenantStatement): TenantState {
  switch (statement.type) {
    case 'authority.added':
      return { ...state, authorities: [...state.authorities, statement.body.authority] }
    case 'custodians.set':
      return { ...state, custodians: statement.body.custodians, threshold: statement.body.threshold }
    case 'key.certified':
      return certify(state, statement.body)
    default:
      return state
  }
}

/** A later certification for the same user replaces the one before it; the same key again renews it. */
function certify(
  state: TenantState,
  body: Pick<StaffKey, 'user' | 'signing' | 'encryption' | 'authority' | 'units' | 'roles' | 'validUntil'>,
): TenantState {
  const { user, signing, encryption, authority, units, roles, validUntil } = body
  const keys = new Map(state.keys)
  for (const [fingerprint, key] of keys)
    if (key.user === user && fingerprint !== signing && key.ended === null)
      keys.set(fingerprint, { ...key, ended: { n: state.head.n, at: state.at } })
  const renewed = keys.get(signing)
  // A certification that had lapsed begins anew: the time between is not made good.
  const certifiedAt = renewed === undefined || renewed.validUntil <= state.at ? state.at : renewed.certifiedAt
  keys.set(signing, { user, signing, encryption, authority, units, roles, certifiedAt, validUntil, ended: null })
  return { ...state, keys }
}

function endKey(state: TenantState, signing: Fingerprint, n: number, at: Instant): TenantState {
  const key = state.keys.get(signing)
  if (key === undefined || key.ended !== null) return state
  return { ...state, keys: new Map(state.keys).set(signing, { ...key, ended: { n, at } }) }
}

/** The end (exclusive) of a key's life as known now. */
export const keyEnd = (key: StaffKey): Instant =>
  key.ended !== null && key.ended.at < key.validUntil ? key.ended.at : key.validUntil

export type KeyStanding =
  | { readonly state: 'stands'; readonly key: StaffKey }
  | { readonly state: 'ended' | 'expired'; readonly key: StaffKey }
  | { readonly state: 'unknown' }

/** How a signing key stands at an instant. */
export function keyStanding(state: TenantState | null, signing: Fingerprint, at: Instant): KeyStanding {
  const key = state?.keys.get(signing)
  if (key === undefined || at < key.certifiedAt) return { state: 'unknown' }
  if (key.ended !== null && latest(key.ended.at, at) === at) return { state: 'ended', key }
  if (key.validUntil <= at) return { state: 'expired', key }
  return { state: 'stands', key }
}

/** The key that stands for a person at an instant; null where she has none. */
export function staffKeyAt(state: TenantState, user: UserId, at: Instant): StaffKey | null {
  for (const key of state.keys.values())
    if (key.user === user && keyStanding(state, key.signing, at).state === 'stands') return key
  return null
}

/** All keys that a person has had. */
export const keysOf = (state: TenantState, user: UserId): readonly StaffKey[] =>
  [...state.keys.values()].filter((key) => key.user === user)
