// The rows that the server keeps of a case, computed from its statements alone: they can be dropped and rebuilt (protocol.md § 4,
// last paragraph). Times known beforehand are inside the rows, so that expiry needs no job.
import type { Category, Purpose } from '../consents/categories.ts'
import { flowsOfWay, grantsIn, grantSpan, sameUnits, waysOf, wayWithdrawn } from '../consents/effective-scope.ts'
import { registrationsOf, withdrawnAt } from '../consents/terms.ts'
import { disclosuresIn } from '../disclosures/disclosures.ts'
import type { AuthorityId, CaseId, CompartmentId, Hash, KeyId, SubjectId, TenantId, UnitId, UserId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { earliest, endOfTime } from '../instant.ts'
import type { Books } from '../keys/books.ts'
import { booksOf } from '../keys/books.ts'
import type { Covering } from '../keys/covering.ts'
import { coveringOf } from '../keys/covering.ts'
import type { Compartment } from '../keys/entitled.ts'
import { compartmentsOf, entitled } from '../keys/entitled.ts'
import { epochEnd, flowKeyEnd, receptionEnd } from '../keys/staleness.ts'
import { keysOf, tenantOf } from '../keys/staff-key.ts'
import type { TenantStates } from '../keys/tenant-chain.ts'
import { mayWrite } from '../tenants/writing.ts'
import { assignmentSpans, everAssigned, type holdersOf, isBarred } from './assigned.ts'
import type { CaseHistory, ToldOf } from './case-history.ts'
import { everySaying, everything, ledgerOf, saying, strandOf, withdrawals, withdrawalsTold } from './case-history.ts'
import type { Phase } from './phases.ts'
import type { Span } from './span.ts'
import { holds, meetAll, merge } from './span.ts'

type KeyRow = {
  readonly key: KeyId
  readonly authority: AuthorityId
  readonly category: Category
  readonly until: Instant
  readonly staleSince: Instant | null
  readonly commit: Hash
}
export type ReaderRow = Span & { readonly key: KeyId; readonly user: UserId; readonly write: boolean }

export type Projection = {
  readonly case: {
    readonly id: CaseId
    readonly number: string
    readonly tenant: TenantId
    readonly authority: AuthorityId
    readonly unit: UnitId
    readonly phase: Phase
    readonly openedAt: Instant
  }
  /**
   * Authorities named in the case. `during`: when the case is open to it, as known now; outside that it was a party. `units`: to whose
   * receivers it is shown; null: the whole authority.
   */
  readonly parties: readonly {
    readonly authority: AuthorityId
    readonly during: readonly Span[]
    readonly units: readonly UnitId[] | null
  }[]
  readonly assignments: readonly {
    readonly user: UserId
    readonly authority: AuthorityId
    readonly categories: readonly Category[]
    readonly state: 'standing' | 'ended' | 'barred'
    readonly until: Instant
  }[]
  readonly compartments: readonly {
    readonly compartment: CompartmentId
    readonly subject: SubjectId
    readonly source: AuthorityId
    readonly category: Category
    readonly purpose: Purpose
  }[]
  readonly keys: readonly (
    | (KeyRow & { readonly kind: 'epoch'; readonly compartment: CompartmentId })
    | (KeyRow & { readonly kind: 'reception' })
    | (KeyRow &
        Covering & { readonly kind: 'flow'; readonly compartment: CompartmentId; readonly recipient: AuthorityId })
  )[]
  /** What must be sealed to, per compartment, recipient and units; `reception` and `key` null while it waits for them. */
  readonly flows: readonly (Span & {
    readonly compartment: CompartmentId
    readonly source: AuthorityId
    readonly recipient: AuthorityId
    readonly units: readonly UnitId[] | null
    /** The disclosure that opens the category while it stands (break-glass); null: grants do. */
    readonly disclosure: Hash | null
    readonly category: Category
    readonly reception: KeyId | null
    readonly key: KeyId | null
  })[]
  readonly readers: readonly ReaderRow[]
  readonly withdrawnGrants: readonly {
    readonly grant: Hash
    readonly authority: AuthorityId
    readonly since: Instant
  }[]
}

/** The rows of a case as they stand after its newest statement; null while no owner has opened it. */
export function project(history: CaseHistory, tenants: TenantStates, at: Instant): Projection | null {
  const opened = everySaying(history, 'case.opened')[0]
  const unit = opened === undefined ? undefined : saying(ledgerOf(history, opened.from), 'ledger.opened')[0]
  if (opened === undefined || unit === undefined) return null
  const tenant = tenantOf(tenants, opened.from)
  if (tenant === null) return null
  const closed = saying(ledgerOf(history, opened.from), 'case.closed').length > 0
  const compartments = compartmentsOf(history)
  const books = booksOf(history, tenants)
  return {
    case: {
      id: history.case,
      number: opened.statement.body.number,
      tenant: tenant.tenant,
      authority: opened.from,
      unit: unit.statement.body.unit,
      phase: closed ? 'closed' : 'contact',
      openedAt: opened.statement.at,
    },
    parties: parties(books, opened),
    assignments: assignments(history, at),
    compartments,
    keys: keys(books, at),
    flows: compartments.flatMap((compartment) => flows(books, tenants, compartment, at)),
    readers: readers(books, tenants),
    withdrawnGrants: withdrawnGrants(history),
  }
}

const named = (history: CaseHistory): readonly AuthorityId[] => [
  ...new Set(everything(history).flatMap(({ from, to }) => (to === null ? [from] : [from, to]))),
]

/**
 * The owner is a party from its opening on; others while a flow or disclosure to or from them is open or they are asked to confirm.
 * All of it is known beforehand, so that a case closes by the clock and not by the next statement.
 */
function parties(books: Books, opened: ToldOf<'case.opened'>): Projection['parties'] {
  const { history } = books
  const spans = new Map<AuthorityId, Span[]>([[opened.from, [{ from: opened.statement.at, until: endOfTime }]]])
  const isParty = (authority: AuthorityId | null, span: Span | null): void => {
    if (authority !== null && span !== null) spans.set(authority, [...(spans.get(authority) ?? []), span])
  }
  const registrations = registrationsOf(history)
  for (const grant of grantsIn(history))
    for (const way of waysOf(grant)) {
      const span = grantSpan(history, registrations, grant, way)
      for (const authority of [way.source, way.recipient]) isParty(authority, span)
    }
  for (const made of disclosuresIn(history))
    for (const authority of [made.from, made.to]) isParty(authority, books.disclosed.get(made.hash) ?? null)
  for (const told of everySaying(history, 'consent.shared'))
    for (const span of askedSpans(history, told)) isParty(told.to, span)
  return named(history).map((authority) => ({
    authority,
    during: merge(spans.get(authority) ?? []),
    units: shownTo(history, authority),
  }))
}

/** While some way of a shared consent can still be confirmed. */
function askedSpans(history: CaseHistory, told: ToldOf<'consent.shared'>): readonly Span[] {
  const known = registrationsOf(history).find((one) => one.registration === told.statement.body.registration)
  if (known === undefined || known.voided) return []
  const from = told.statement.at
  return told.statement.body.flows.flatMap((terms) =>
    terms.categories.flatMap((category) =>
      terms.purposes.map((purpose) => {
        const { subject, source, recipient, validUntil } = terms
        const gone = withdrawnAt(history, known, { subject, source, recipient, category, purpose })
        return { from, until: earliest(validUntil, known.validUntil, gone ?? endOfTime) }
      }),
    ),
  )
}

/** The unit that opened the ledger; before that the units that the terms name, and where they name none the whole authority. */
function shownTo(history: CaseHistory, authority: AuthorityId): readonly UnitId[] | null {
  const opened = saying(ledgerOf(history, authority), 'ledger.opened')[0]
  if (opened !== undefined) return [opened.statement.body.unit]
  const lists = [...everySaying(history, 'grant.opened'), ...disclosuresIn(history)]
    .filter((told) => told.to === authority)
    .map((told) => told.statement.body.units)
  if (lists.length === 0 || lists.some((units) => units === null)) return null
  return [...new Set(lists.flatMap((units) => units ?? []))]
}

function assignments(history: CaseHistory, at: Instant): Projection['assignments'] {
  return named(history).flatMap((authority) =>
    everAssigned(history, authority).map((user) => {
      const spans = assignmentSpans(history, authority, user)
      const current = spans.find((span) => holds(span, at))
      const last = current ?? spans.at(-1)
      const barred = isBarred(history, authority, user)
      return {
        user,
        authority,
        categories: last?.categories ?? [],
        state: barred ? ('barred' as const) : current === undefined ? ('ended' as const) : ('standing' as const),
        until: last?.until ?? at,
      }
    }),
  )
}

const keyLife = (until: Instant, end: Instant | null, at: Instant): { until: Instant; staleSince: Instant | null } => {
  const ends = end === null ? until : earliest(until, end)
  return { until: ends, staleSince: ends <= at ? ends : null }
}

function keys(books: Books, at: Instant): Projection['keys'] {
  const { history } = books
  const epochs = everySaying(history, 'epoch.started').flatMap(({ from, statement: { body } }) => {
    const compartment = books.compartments.get(body.compartment)
    if (compartment === undefined) return []
    const life = keyLife(body.until, epochEnd(books, body.epoch), at)
    const { category } = compartment
    return [
      {
        kind: 'epoch' as const,
        key: body.epoch,
        authority: from,
        compartment: body.compartment,
        category,
        commit: body.commit,
        ...life,
      },
    ]
  })
  const receptions = everySaying(history, 'reception.started').map(({ from, statement: { body } }) => ({
    kind: 'reception' as const,
    key: body.reception,
    authority: from,
    category: body.category,
    commit: body.commit,
    ...keyLife(body.until, receptionEnd(books, body.reception), at),
  }))
  const flowKeys = everySaying(history, 'flow.keyed').flatMap((told) => {
    const { from, to, statement } = told
    const { body } = statement
    if (to === null) return []
    const life = keyLife(body.until, flowKeyEnd(books, body.flow), at)
    const { flow: key, compartment, category, commit } = body
    const sort = { authority: from, recipient: to, compartment, category }
    return [{ kind: 'flow' as const, key, ...sort, commit, ...life, ...coveringOf(books, told) }]
  })
  return [...epochs, ...receptions, ...flowKeys]
}

/** The recipients that a message written now must be sealed to. Those who wait for a key stand with none. */
function flows(books: Books, tenants: TenantStates, compartment: Compartment, at: Instant): Projection['flows'] {
  const { history } = books
  const { source, category } = compartment
  const { recipients, waiting } = entitled(history, tenants, compartment.compartment, at)
  const common = { compartment: compartment.compartment, source, category }
  const sealed = recipients.map(({ authority, units, disclosure, reception, until }) => {
    const keyed = saying(strandOf(history, source, authority), 'flow.keyed').findLast(
      ({ statement: { body } }) =>
        body.compartment === compartment.compartment &&
        sameUnits(body.units, units) &&
        (body.disclosure ?? null) === disclosure,
    )
    const key = keyed?.statement.body.flow ?? null
    return { ...common, recipient: authority, units, disclosure, reception, key, from: at, until }
  })
  const open = flowsOfWay(history, compartment, at)
  const waits = waiting.map(({ authority, units, disclosure }) => {
    const until =
      disclosure === null
        ? open.find((flow) => flow.recipient === authority && sameUnits(flow.units, units))?.until
        : books.disclosed.get(disclosure)?.until
    const nothing = { reception: null, key: null }
    return { ...common, recipient: authority, units, disclosure, ...nothing, from: at, until: until ?? at }
  })
  return [...sealed, ...waits].map((flow) => ({ ...flow, from: openedAt(books, compartment, flow) ?? flow.from }))
}

/** The beginning of the stretch that is open: a stable name for the row. */
function openedAt(
  books: Books,
  compartment: Compartment,
  flow: Pick<Projection['flows'][number], 'recipient' | 'units' | 'disclosure' | 'from'>,
): Instant | null {
  if (flow.disclosure !== null) return books.disclosed.get(flow.disclosure)?.from ?? null
  const { subject, source, category, purpose } = compartment
  const way = { subject, source, recipient: flow.recipient, category, purpose }
  const spans = books.granted(way, flow.units).map((one) => one.span)
  return merge(spans).find((span) => holds(span, flow.from))?.from ?? null
}

/** A row per key, person and stretch of time in which she reads by it. */
function readers(books: Books, tenants: TenantStates): readonly ReaderRow[] {
  const { history } = books
  const epochs = everySaying(history, 'epoch.started').flatMap((told) => {
    const compartment = books.compartments.get(told.statement.body.compartment)
    if (compartment === undefined) return []
    const { source: authority, category } = compartment
    return personRows(books, tenants, {
      key: told.statement.body.epoch,
      holding: told.statement.body.epoch,
      readership: { authority, category, units: null },
      open: null,
    })
  })
  const flowRows = everySaying(history, 'flow.keyed').flatMap((told) => {
    if (told.to === null) return []
    const { flow, category, units, reception } = told.statement.body
    return personRows(books, tenants, {
      key: flow,
      holding: reception,
      readership: { authority: told.to, category, units },
      open: openBy(books, told),
    })
  })
  return [...epochs, ...flowRows]
}

/**
 * While one of a flow key's grants is open, or a later grant of the flow that opens what was shared before or all. One that rests
 * on a disclosure is open while that is: a grant opens nothing that was disclosed, nor the other way round.
 */
function openBy(books: Books, told: ToldOf<'flow.keyed'>): readonly Span[] {
  if (told.to === null) return []
  const { subject, category, purpose, units, grants, disclosure } = told.statement.body
  if (disclosure !== undefined) return [books.disclosed.get(disclosure) ?? []].flat()
  const way = { subject, category, purpose, source: told.from, recipient: told.to }
  return merge(
    books
      .granted(way, units)
      .filter(
        ({ grant, span }) =>
          grants.includes(grant.hash) ||
          ((grant.statement.n > told.statement.n || span.from > told.statement.at) &&
            grant.statement.body.includesEarlier !== 'none'),
      )
      .map(({ span }) => span),
  )
}

function personRows(
  books: Books,
  tenants: TenantStates,
  what: {
    readonly key: KeyId
    readonly holding: KeyId
    readonly readership: Parameters<typeof holdersOf>[2]
    readonly open: readonly Span[] | null
  },
): readonly ReaderRow[] {
  const firstHeld = new Map<UserId, { at: Instant; write: boolean }>()
  for (const holder of books.holders.get(what.holding) ?? []) {
    const before = firstHeld.get(holder.user)
    const at = before === undefined ? holder.at : earliest(before.at, holder.at)
    firstHeld.set(holder.user, { at, write: holder.write || before?.write === true })
  }
  return [...firstHeld].flatMap(([user, held]) => {
    const reading = books.reading(what.readership, { user, encryption: null })
    const since: readonly Span[] = [{ from: held.at, until: endOfTime }]
    const spans = meetAll(meetAll(reading, since), what.open ?? since)
    const write = what.open === null && held.write && stillWrites(books.history, tenants, what.readership, user)
    return spans.map((span) => ({ key: what.key, user, write, ...span }))
  })
}

/** By the roles that her newest key certifies. */
function stillWrites(
  history: CaseHistory,
  tenants: TenantStates,
  { authority, category }: Parameters<typeof holdersOf>[2],
  user: UserId,
): boolean {
  const assigned = assignmentSpans(history, authority, user).at(-1)?.categories ?? []
  const tenant = tenantOf(tenants, authority)
  if (tenant === null) return false
  return keysOf(tenant, user).some(
    (key) => key.authority === authority && key.ended === null && mayWrite(key.roles, assigned, category),
  )
}

/**
 * Grants of which a withdrawal closed some way that the source's own chains do not show yet (protocol.md § 4 rule 4). Named whole:
 * a client narrows on the server's word by grant, and more narrowly than needed until it has the signed reason.
 */
function withdrawnGrants(history: CaseHistory): Projection['withdrawnGrants'] {
  const all = withdrawals(history)
  return grantsIn(history).flatMap((grant) => {
    const seen = withdrawalsTold(history).filter((told) => told.from === grant.from || told.to === grant.from)
    if (seen.length === all.length) return []
    const moments = waysOf(grant).flatMap((way) => {
      const since = wayWithdrawn(history, grant, way)
      return since === null || wayWithdrawn(hearingOnly(history, seen), grant, way) !== null ? [] : [since]
    })
    const [first, ...others] = moments
    return first === undefined ? [] : [{ grant: grant.hash, authority: grant.from, since: earliest(first, ...others) }]
  })
}

const hearingOnly = (history: CaseHistory, heard: CaseHistory['heard']): CaseHistory => ({
  ...history,
  heard,
  types: new Map([...history.types].filter(([type]) => type !== 'withdrawal.received')),
})
