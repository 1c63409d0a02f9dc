// The one way in for signed statements of a case: checked, permitted, stored, folded whole, projected; told after the commit.
import type { Append } from '#libs/contracts'
import type { CaseId, Head, Instant, StatementRefusal, StatementType, TenantStates, Verified } from '#libs/domain'
import { clockOffMinutes, extend, hear, instantOf, millisecondsOf, project, staffKeyAt } from '#libs/domain'
import type { StatementToStore, StoredStatement } from '#libs/persistence'
import { cases } from '#libs/persistence'
import type { Actor } from '#libs/policy'
import { parsePlace } from '#libs/protocol/verify'
import type { Context } from './context.ts'
import { foldVisible } from './fold.ts'
import type { Platform } from './platform.ts'
import { Problem, problemForStatement, unwrapStatement } from './problem.ts'
import { checkWraps, namedWraps } from './wraps.ts'

type AppendPermit = Parameters<typeof cases.storeAppend>[1]
type Working = Context & { readonly platform: Platform }
export type Appended = { readonly heads: Record<string, Head>; readonly acceptedAt: string }

/** What starts, gives and ends keys; it may travel with what needs them (protocol.md § 6: starting keys and writing is one request). */
const keyTypes: readonly StatementType[] = [
  'compartment.opened',
  'epoch.started',
  'reception.started',
  'reception.key',
  'reception.ended',
  'wraps.added',
  'flow.keyed',
  'speakers',
]

/** What may be said under which permit: a permit for one thing cannot carry another. Who may say it is the domain's question. */
const typesByAct: Readonly<Record<AppendPermit['act'], readonly StatementType[]>> = {
  'case.open': ['ledger.opened', 'case.opened', 'assignment.added', ...keyTypes],
  'assignment.add': ['ledger.opened', 'assignment.added', 'speakers', 'reception.ended', 'contacts'],
  'assignment.end': ['assignment.ended', 'assignment.barred', 'speakers', 'reception.ended', 'party.left'],
  'decision.settle': ['upheld', 'voided', 'speakers', 'reception.ended'],
  'consent.register': [
    'consent.registered',
    'consent.shared',
    'grant.opened',
    'grant.closed',
    'disclosure.made',
    'contacts',
    ...keyTypes,
  ],
  'consent.confirm': ['grant.opened', 'contacts', ...keyTypes],
  'consent.narrow': ['grant.narrowed', 'grant.closed', 'reception.ended', 'voided'],
  'consent.follow': ['grant.closed', 'reception.ended'],
  'consent.withdraw': ['withdrawal.received', 'grant.narrowed', 'grant.closed', 'reception.ended'],
  'disclosure.make': ['disclosure.made', 'contacts', ...keyTypes],
  'disclosure.close': ['disclosure.closed', 'reception.ended'],
  'key.maintain': [...keyTypes, 'contacts', 'approved'],
  'message.send': [...keyTypes, 'contacts', 'upheld'],
  'seal.add': ['seals.added', ...keyTypes, 'contacts', 'upheld'],
}

const isApart = (statement: { readonly at: Instant }, at: Instant): boolean =>
  Math.abs(millisecondsOf(statement.at) - millisecondsOf(at)) > clockOffMinutes * 60_000

/** Refused where the device's clock is more than two minutes off the server's (protocol.md § 2 "Times"). */
export function checkClock(statements: readonly { readonly at: Instant }[], at: Instant): void {
  if (statements.some((one) => isApart(one, at))) throw new Problem('clock-apart')
}

export type Checked = {
  readonly append: Append
  readonly verified: readonly Verified[]
  readonly tenants: TenantStates
}

/** Signatures, places and authors of what came: of one case, in the actor's own authority's chains, signed by herself. */
export async function checkAppend(context: Working, caseId: CaseId, append: Append): Promise<Checked> {
  const { platform, tx, actor } = context
  const tenants = await platform.chains.at(tx)
  const verified: Verified[] = []
  for (const signed of append.statements) {
    const one = await platform.chains.verified(signed)
    checkPlace(one, caseId, actor)
    verified.push(one)
  }
  return { append, verified, tenants }
}

function checkPlace({ statement }: Verified, caseId: CaseId, actor: Actor): void {
  const place = unwrapStatement(parsePlace(statement.place))
  const from = place.chain === 'ledger' ? place.authority : place.chain === 'strand' ? place.from : null
  const isHere = place.chain !== 'tenant' && place.case === caseId && from === actor.authority
  if (!isHere) throw new Problem('statement-refused', { reason: 'wrong-place' })
  if (statement.by !== actor.user) throw new Problem('statement-refused', { reason: 'signer-differs' })
}

function checkTypes(act: AppendPermit['act'], verified: readonly Verified[]): void {
  const allowed = typesByAct[act]
  if (verified.some(({ statement }) => !allowed.includes(statement.type)))
    throw new Problem('statement-refused', { reason: 'type-unknown' })
}

/** Stores all of the append or nothing. The case is locked and the permit asked for before. */
export async function storeAppend(context: Working, permit: AppendPermit, checked: Checked): Promise<Appended> {
  const { verified, append } = checked
  checkTypes(permit.act, verified)
  checkClock(
    verified.map(({ statement }) => statement),
    context.at,
  )
  await checkWraps(append.wraps, verified, () => cases.visibleStatements(context.tx, permit.ids.case))
  return store(context, permit, checked, { inChain: verified, held: [] })
}

/**
 * Stores a withdrawal whatever its place and clock: what fits its chain goes there, a withdrawal that does not, or whose clock
 * would put its chain in the wrong time, is held and narrows at once; what else does not fit is left to the client to say again
 * (protocol.md § 4 rule 3).
 */
export async function storeWithdrawal(context: Working, permit: AppendPermit, checked: Checked): Promise<Appended> {
  const { tx } = context
  checkTypes(permit.act, checked.verified)
  const visible = await cases.visibleStatements(tx, permit.ids.case)
  const known = new Set(visible.map((one) => one.hash))
  const fitting = fit(context, permit.ids.case, checked, visible)
  if (fitting.inChain.length + fitting.held.length > 0) return store(context, permit, checked, fitting)
  if (!checked.verified.some(({ hash }) => known.has(hash))) {
    checkClock(
      checked.verified.map(({ statement }) => statement),
      context.at,
    )
    throw new Problem('statement-refused', { reason: 'out-of-order' })
  }
  return { heads: headsOf(visible), acceptedAt: clockText(context) }
}

type Fitting = { readonly inChain: readonly Verified[]; readonly held: readonly Verified[] }

function fit(
  { at, actor }: Working,
  caseId: CaseId,
  { verified, tenants }: Checked,
  visible: readonly StoredStatement[],
): Fitting {
  const inChain: Verified[] = []
  const held: Verified[] = []
  const known = new Set(visible.map((one) => one.hash))
  let history = foldVisible({ caseId, to: actor.authority }, tenants, visible)
  for (const one of verified.filter(({ hash }) => !known.has(hash))) {
    const next = isApart(one.statement, at) ? null : extend(history, tenants, one)
    if (next?.ok === true) {
      history = next.value
      inChain.push(one)
      continue
    }
    if (one.statement.type !== 'withdrawal.received') continue
    if (next !== null && !isOfPlace(next.error)) throw problemForStatement(next.error)
    checkOwnKey(tenants, one, actor, at)
    history = hear(history, one, at)
    held.push(one)
  }
  return { inChain, held }
}

const isOfPlace = (error: StatementRefusal): boolean =>
  error === 'time-goes-back' || problemForStatement(error).problem === 'ledger-moved-on'

/** What is held is not judged by its chain: the permit says that she may, and this that it was she who signed. */
function checkOwnKey(tenants: TenantStates, { statement }: Verified, actor: Actor, at: Instant): void {
  const tenant = tenants.get(actor.tenant)
  const key = tenant === undefined ? null : staffKeyAt(tenant, actor.user, at)
  if (key?.signing !== statement.key) throw new Problem('statement-refused', { reason: 'signer-unknown' })
}

async function store(context: Working, permit: AppendPermit, checked: Checked, fitting: Fitting): Promise<Appended> {
  const { platform, tx } = context
  const { tenants, append } = checked
  const caseId = permit.ids.case
  const signedByHash = new Map(checked.verified.map((one, place) => [one.hash, append.statements[place]]))
  const toStore = (one: Verified): StatementToStore => {
    const signed = signedByHash.get(one.hash)
    if (signed === undefined) throw new Error('a statement that did not come')
    return { signed, verified: one }
  }
  const fresh = new Set([...fitting.inChain, ...fitting.held].map(({ hash }) => hash))
  const wanted = new Set(namedWraps(fitting.inChain).map(({ key, to }) => `${key} ${to}`))
  const stored = await cases.storeAppend(tx, permit, {
    statements: fitting.inChain.map(toStore),
    held: fitting.held.map(toStore),
    wraps: append.wraps.filter(({ key, to }) => wanted.has(`${key} ${to}`)),
    project: (history, at) => {
      const folded = platform.folds.fold(caseId, tenants, history, fresh)
      const projection = project(folded, tenants, instantOf(at.getTime()))
      // A case that nobody has opened: its owner's ledger comes first.
      if (projection === null) throw new Problem('statement-refused', { reason: 'ledger-not-opened' })
      return projection
    },
  })
  context.enqueue(() => platform.live.tellOf(caseId))
  return { heads: { ...stored.heads }, acceptedAt: stored.acceptedAt.toISOString() }
}

const clockText = ({ platform }: Working): string => new Date(platform.clock.milliseconds()).toISOString()

function headsOf(visible: readonly StoredStatement[]): Record<string, Head> {
  const heads: Record<string, Head> = {}
  for (const { place, n, hash, inChain } of visible) if (inChain) heads[place] = { n, hash }
  return heads
}
