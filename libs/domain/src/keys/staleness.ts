// When keys stop being current: a stale key gets nothing more, and stays stale for ever (protocol.md § 5).
import { readingSpans, readsUntil } from '../cases/assigned.ts'
import type { CaseHistory, ToldOf } from '../cases/case-history.ts'
import { everySaying } from '../cases/case-history.ts'
import { grantSpans, sameUnits } from '../consents/effective-scope.ts'
import type { AuthorityId, Fingerprint, Hash, KeyId, UserId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { earliest, latest } from '../instant.ts'
import { compartmentNamed, newestReception, receptionEndedAt } from './entitled.ts'
import type { TenantStates } from './tenant-chain.ts'

export type KeyLife =
  | { readonly state: 'current'; readonly until: Instant }
  | { readonly state: 'stale'; readonly since: Instant }
  | { readonly state: 'unknown' }

/** Somebody who was given a wrap of a key, and when. */
export type Holder = { readonly user: UserId; readonly key: Fingerprint; readonly at: Instant; readonly write: boolean }

const lifeBy = (end: Instant, at: Instant): KeyLife =>
  end <= at ? { state: 'stale', since: end } : { state: 'current', until: end }

/** Everybody who ever got a wrap of an epoch or a reception key. */
export function holders(history: CaseHistory, key: KeyId): readonly Holder[] {
  const first = [
    ...everySaying(history, 'epoch.started')
      .filter((told) => told.statement.body.epoch === key)
      .flatMap(({ statement: { at, body } }) =>
        body.readers.map(({ user, key: held, write }) => ({ user, key: held, at, write })),
      ),
    ...everySaying(history, 'reception.started')
      .filter((told) => told.statement.body.reception === key)
      .flatMap(({ statement: { at, body } }) =>
        body.readers.map(({ user, key: held }) => ({ user, key: held, at, write: false })),
      ),
  ]
  const joined = everySaying(history, 'wraps.added')
    .filter((told) => told.statement.body.key === key)
    .flatMap(({ statement: { at, body } }) =>
      body.readers.map(({ user, key: held, write }) => ({ user, key: held, at, write })),
    )
  return [...first, ...joined]
}

type Sort = Parameters<typeof readingSpans>[2]

/** The first moment at which one of a key's holders stops being a reader; `before` where all outlast it. */
function holdersEnd(history: CaseHistory, tenants: TenantStates, key: KeyId, sort: Sort, before: Instant): Instant {
  const ends = holders(history, key).map((holder) =>
    readsUntil(readingSpans(history, tenants, sort, { user: holder.user, encryption: holder.key }), holder.at),
  )
  return earliest(before, ...ends)
}

/** When the lists of a key were closed for good by its own authority (protocol.md § 5 `closes`). */
const closedAt = (history: CaseHistory, authority: AuthorityId, key: KeyId): readonly Instant[] =>
  closingTypes
    .flatMap((type) => everySaying(history, type))
    .filter((told) => told.from === authority && told.statement.body.closes.some((one) => one.key === key))
    .map((told) => told.statement.at)

const closingTypes = [
  'assignment.ended',
  'assignment.barred',
  'epoch.started',
  'speakers',
  'flow.keyed',
  'upheld',
] as const

export const epochStarted = (history: CaseHistory, epoch: KeyId): ToldOf<'epoch.started'> | null =>
  everySaying(history, 'epoch.started').find((told) => told.statement.body.epoch === epoch) ?? null

/** The end of an epoch: its own, its successor's start, or the moment a holder stops being an own reader; null where unknown. */
export function epochEnd(history: CaseHistory, tenants: TenantStates, epoch: KeyId): Instant | null {
  const told = epochStarted(history, epoch)
  const compartment = told === null ? null : compartmentNamed(history, told.statement.body.compartment)
  if (told === null || compartment === null) return null
  const successor = everySaying(history, 'epoch.started').find((one) => one.statement.body.prev === epoch)
  const ends = successor === undefined ? [] : [successor.statement.at]
  const end = earliest(told.statement.body.until, ...ends, ...closedAt(history, told.from, epoch))
  const { source: authority, category } = compartment
  return holdersEnd(history, tenants, epoch, { authority, category, units: null }, end)
}

export function epochStanding(history: CaseHistory, tenants: TenantStates, epoch: KeyId, at: Instant): KeyLife {
  const end = epochEnd(history, tenants, epoch)
  return end === null ? { state: 'unknown' } : lifeBy(end, at)
}

/** The end of a reception key as its own authority's ledger tells it. */
export function receptionEnd(history: CaseHistory, tenants: TenantStates, reception: KeyId): Instant | null {
  const told = everySaying(history, 'reception.started').find((one) => one.statement.body.reception === reception)
  if (told === undefined) return null
  const { subject, category, units, until } = told.statement.body
  const successor = everySaying(history, 'reception.started').find(
    (one) =>
      one.from === told.from &&
      one.statement.n > told.statement.n &&
      one.statement.body.subject === subject &&
      one.statement.body.category === category &&
      sameUnits(one.statement.body.units, units),
  )
  const end = earliest(until, ...(successor === undefined ? [] : [successor.statement.at]))
  return holdersEnd(history, tenants, reception, { authority: told.from, category, units }, end)
}

export function receptionStanding(history: CaseHistory, tenants: TenantStates, reception: KeyId, at: Instant): KeyLife {
  const end = receptionEnd(history, tenants, reception)
  return end === null ? { state: 'unknown' } : lifeBy(end, at)
}

export const flowKeyed = (history: CaseHistory, flow: KeyId): ToldOf<'flow.keyed'> | null =>
  everySaying(history, 'flow.keyed').find((told) => told.statement.body.flow === flow) ?? null

/** The end of a flow key: its own, its epoch's, its successor's start, a change of its grants or of the reception key. */
export function flowKeyEnd(history: CaseHistory, tenants: TenantStates, flow: KeyId): Instant | null {
  const told = flowKeyed(history, flow)
  if (told === null || told.to === null) return null
  const { statement, from, to } = told
  const { epoch, until, reception } = statement.body
  const ends = [
    until,
    ...grantChanges(history, told),
    ...closedAt(history, from, flow),
    epochEnd(history, tenants, epoch) ?? until,
  ]
  const successor = everySaying(history, 'flow.keyed').find(
    (one) =>
      one.statement.place === statement.place &&
      one.statement.n > statement.n &&
      one.statement.body.compartment === statement.body.compartment &&
      sameUnits(one.statement.body.units, statement.body.units),
  )
  if (successor !== undefined) ends.push(successor.statement.at)
  const newest = newestReception(history, to, from, statement.body)
  if (newest === null || newest.statement.body.reception !== reception)
    ends.push(newest === null ? statement.at : latest(newest.statement.at, statement.at))
  else ends.push(newest.statement.body.until)
  const ended = receptionEndedAt(history, to, from, reception)
  if (ended !== null) ends.push(latest(ended, statement.at))
  const [first = until, ...others] = ends
  return latest(earliest(first, ...others), statement.at)
}

/** The moments after its start at which the grants that are open differ from those the key names. */
function grantChanges(history: CaseHistory, told: ToldOf<'flow.keyed'>): readonly Instant[] {
  if (told.to === null) return []
  const { subject, category, purpose, units, grants } = told.statement.body
  const way = { subject, category, purpose, source: told.from, recipient: told.to }
  const spans = grantSpans(history, way, units)
  const start = told.statement.at
  const named = grants.map((hash) => spans.find((one) => one.grant.hash === hash)?.span.until ?? start)
  const others = spans
    .filter((one) => !grants.includes(one.grant.hash) && one.span.until > start)
    .map((one) => latest(one.span.from, start))
  return [...named, ...others].map((moment) => latest(moment, start))
}

export function flowKeyStanding(history: CaseHistory, tenants: TenantStates, flow: KeyId, at: Instant): KeyLife {
  const end = flowKeyEnd(history, tenants, flow)
  return end === null ? { state: 'unknown' } : lifeBy(end, at)
}

/** True where a key of any kind with this id is known: a known key used again is refused. */
export const isKnownKey = (history: CaseHistory, key: KeyId): boolean =>
  everySaying(history, 'epoch.started').some((told) => told.statement.body.epoch === key) ||
  everySaying(history, 'reception.started').some((told) => told.statement.body.reception === key) ||
  everySaying(history, 'flow.keyed').some((told) => told.statement.body.flow === key)

/** The same, by what a key commits to: the same secret under another name. */
export const isKnownCommit = (history: CaseHistory, commit: Hash): boolean =>
  everySaying(history, 'epoch.started').some((told) => told.statement.body.commit === commit) ||
  everySaying(history, 'reception.started').some((told) => told.statement.body.commit === commit) ||
  everySaying(history, 'flow.keyed').some((told) => told.statement.body.commit === commit)
