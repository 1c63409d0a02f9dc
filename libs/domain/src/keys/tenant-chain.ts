// The tenant chain folded: from the pinned root to each member of staff, judged by the order of statements (protocol.md § 3).
import { certificationRefusal, custodiansRefusal } from './custody.ts'
import type { Replacement, RootStatement } from './root-acts.ts'
import { contradict, isOfRoot, replacedBy, sayAsRoot, withCustodians } from './root-acts.ts'
import type { AuthorityId, Fingerprint, Hash, TenantId, UserId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import type { StatementRefusal } from '../refusals.ts'
import type { Result } from '../result.ts'
import { never, ok, refused } from '../result.ts'
import type { Custodian, Head, TenantStatement, Verified } from '../statement.ts'
import { placeName } from '../statement.ts'
import type { TenantKind } from '../tenants/roles.ts'
import type { Certified, StaffKey } from './staff-key.ts'

/** A statement that takes effect when enough of the custodians have signed it, one of the tenant's own among them. */
type Waiting = {
  readonly verified: Verified<TenantStatement>
  readonly by: readonly Custodian[]
  readonly needed: number
}

export type TenantState = {
  readonly tenant: TenantId
  readonly kind: TenantKind
  /** The root whose word counts here: the one that founded it, or the one that this one has been followed by. */
  readonly root: Fingerprint
  readonly authorities: readonly AuthorityId[]
  readonly custodians: readonly Custodian[]
  readonly threshold: number
  /** What the root has said of the custodians and has not taken effect (`replacedBy`). */
  readonly replacement: Replacement | null
  readonly certifiers: 1 | 2
  readonly head: Head
  readonly at: Instant
  readonly keys: ReadonlyMap<Fingerprint, StaffKey>
  /** The signing keys that each person has had, in order. */
  readonly fingerprints: ReadonlyMap<UserId, readonly Fingerprint[]>
  /** Keys that never speak or are certified again, custodians' own among them. */
  readonly gone: ReadonlySet<Fingerprint>
  /** How much of the chain counts for what is asked: its newest place, or an earlier one (`asSeen`). */
  readonly upTo: number
  readonly waiting: ReadonlyMap<Hash, Waiting>
}

export type TenantStates = ReadonlyMap<TenantId, TenantState>

/** What custodians say, and the founding, which is said once. */
type CustodiansStatement = Exclude<TenantStatement, RootStatement>

type Step = Result<TenantState, StatementRefusal>

/** Takes the next statement of a tenant's chain in; `state` is null before its founding, which only `root` signs: pinned, or followed from there. */
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
  const head = { n: statement.n, hash: verified.hash }
  const told = { ...replacedBy(state, statement.at), head, upTo: head.n, at: statement.at }
  return isOfRoot(statement) ? sayAsRoot(told, statement, next.hash) : say(told, { statement, hash: next.hash })
}

const isTenantStatement = (statement: Verified['statement']): statement is TenantStatement =>
  statement.place.startsWith('tenant/')

function found({ statement, hash }: Verified<TenantStatement>, root: Fingerprint): Step {
  if (statement.type !== 'tenant.founded') return refused('out-of-order')
  if (statement.by !== 'root' || statement.key !== root) return refused('signer-not-root')
  const { tenant, kind, authorities, custodians, threshold, certifiers } = statement.body
  if (statement.n !== 0 || statement.prev !== null) return refused('out-of-order')
  if (statement.place !== placeName({ chain: 'tenant', tenant })) return refused('wrong-place')
  const unsound = custodiansRefusal({ authorities, keys: new Map(), gone: new Set() }, statement.body)
  if (unsound !== null) return refused(unsound)
  return ok({
    tenant,
    kind,
    root,
    authorities,
    custodians,
    threshold,
    replacement: null,
    certifiers,
    head: { n: 0, hash },
    at: statement.at,
    keys: new Map(),
    fingerprints: new Map(),
    gone: new Set(),
    upTo: 0,
    waiting: new Map(),
  })
}

function say(state: TenantState, verified: Verified<CustodiansStatement>): Step {
  const { statement } = verified
  if (statement.type === 'tenant.founded') return refused('already-founded')
  const custodian = state.custodians.find((one) => one.user === statement.by && one.signing === statement.key)
  if (custodian === undefined) return refused('not-custodian')
  if (state.gone.has(statement.key)) return refused('key-ended')
  switch (statement.type) {
    case 'key.certified':
      if (statement.body.user === statement.by) return refused('own-benefit')
      return settle(state, { verified, by: [custodian], needed: state.certifiers })
    case 'key.ended':
      if (!isKeyOf(state, statement.body)) return refused('key-unknown')
      return ok(endKey(state, statement.body.signing))
    case 'custodians.set':
      return settle(state, { verified, by: [custodian], needed: state.threshold })
    case 'approved':
      return approve(state, custodian, statement.body.of)
    case 'voided':
      return contradict(state, statement.body)
    default:
      return never(statement)
  }
}

/** A certified key of this person, or the one by which she is a custodian. */
const isKeyOf = (state: TenantState, body: { readonly user: UserId; readonly signing: Fingerprint }): boolean =>
  state.keys.get(body.signing)?.user === body.user ||
  state.custodians.some((one) => one.user === body.user && one.signing === body.signing)

function approve(state: TenantState, custodian: Custodian, of: Hash): Step {
  const waiting = state.waiting.get(of)
  if (waiting === undefined) return refused('approval-of-nothing')
  const { statement } = waiting.verified
  // Another person than those before her, and never the one whom it is about (protocol.md § 3).
  if (waiting.by.some((one) => one.user === custodian.user)) return refused('own-benefit')
  if (statement.type === 'key.certified' && statement.body.user === custodian.user) return refused('own-benefit')
  return settle(state, { ...waiting, by: [...waiting.by, custodian] })
}

/** Judged at each signature anew: what was right when it was proposed may be wrong when the last custodian signs. */
function settle(state: TenantState, waiting: Waiting): Step {
  const { statement, hash } = waiting.verified
  const refusal =
    statement.type === 'key.certified'
      ? certificationRefusal(state, statement.body, waiting.by, state.at)
      : statement.type === 'custodians.set'
        ? custodiansRefusal(state, statement.body)
        : null
  if (refusal !== null) return refused(refusal)
  // A guest signs with the tenant's own custodians, never in their stead.
  const isOwn = waiting.by.some((one) => state.authorities.includes(one.authority))
  if (isOwn && waiting.by.length >= waiting.needed) return ok(takeEffect(state, statement))
  return ok({ ...state, waiting: new Map(state.waiting).set(hash, waiting) })
}

function takeEffect(state: TenantState, statement: TenantStatement): TenantState {
  switch (statement.type) {
    case 'custodians.set':
      return withCustodians(state, statement.body)
    case 'key.certified':
      return certify(state, statement.body)
    default:
      return state
  }
}

/** A later certification for the same user replaces the one before it; the same key again renews it. */
function certify(
  state: TenantState,
  body: Pick<StaffKey, 'user' | 'signing' | 'encryption' | keyof Omit<Certified, 'n' | 'at'>>,
): TenantState {
  const { user, signing, encryption, authority, units, roles, validUntil, label } = body
  const had = state.fingerprints.get(user) ?? []
  const before = had.reduce((next, one) => (one === signing ? next : endKey(next, one)), state)
  const waiting = new Map([...before.waiting].filter(([, one]) => !isAbout(one.verified.statement, body)))
  const certified: Certified = { n: state.head.n, at: state.at, validUntil, authority, units, roles, label }
  const said = [...(before.keys.get(signing)?.said ?? []), certified]
  return {
    ...before,
    waiting,
    keys: new Map(before.keys).set(signing, { user, signing, encryption, ...certified, said, ended: null }),
    fingerprints: had.includes(signing) ? state.fingerprints : new Map(state.fingerprints).set(user, [...had, signing]),
  }
}

/** What else waits for the same person or key falls: an older proposal never undoes what was certified meanwhile. */
const isAbout = (
  statement: TenantStatement,
  { user, signing, encryption }: Pick<StaffKey, 'user' | 'signing' | 'encryption'>,
): boolean =>
  statement.type === 'key.certified' &&
  (statement.body.user === user || statement.body.signing === signing || statement.body.encryption === encryption)

/** The first end counts; what the key had proposed falls with it, and so do its approvals of what others proposed. */
function endKey(state: TenantState, signing: Fingerprint): TenantState {
  if (state.gone.has(signing)) return state
  const key = state.keys.get(signing)
  const ended = { n: state.head.n, at: state.at }
  return {
    ...state,
    keys: key === undefined ? state.keys : new Map(state.keys).set(signing, { ...key, ended }),
    gone: new Set(state.gone).add(signing),
    waiting: new Map(
      [...state.waiting].flatMap(([hash, one]): [Hash, Waiting][] =>
        one.verified.statement.key === signing
          ? []
          : [[hash, { ...one, by: one.by.filter((other) => other.signing !== signing) }]],
      ),
    ),
  }
}
