// When keys stop being current: a stale key gets nothing more, and stays stale for ever (protocol.md § 5).
import type { Readership } from '../cases/assigned.ts'
import { readsUntil } from '../cases/assigned.ts'
import type { CaseHistory, ToldOf } from '../cases/case-history.ts'
import { everySaying } from '../cases/case-history.ts'
import type { Hash, KeyId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { earliest, latest } from '../instant.ts'
import type { Books, Holder } from './books.ts'
import { booksOf, closedName, endedName, flowKeyName, publishedName, receptionName } from './books.ts'
import type { TenantStates } from './tenant-chain.ts'

export type KeyLife =
  | { readonly state: 'current'; readonly until: Instant }
  | { readonly state: 'stale'; readonly since: Instant }
  | { readonly state: 'unknown' }

const lifeBy = (end: Instant | null, at: Instant): KeyLife => {
  if (end === null) return { state: 'unknown' }
  return end <= at ? { state: 'stale', since: end } : { state: 'current', until: end }
}

/** Everybody who ever got a wrap of an epoch or a reception key. */
export const holders = (history: CaseHistory, key: KeyId): readonly Holder[] =>
  booksOf(history, new Map()).holders.get(key) ?? []

/** The first moment at which one of a key's holders stops being a reader; `before` where all outlast it. */
function holdersEnd(books: Books, key: KeyId, readership: Readership, before: Instant): Instant {
  const ends = (books.holders.get(key) ?? []).map((holder) =>
    readsUntil(books.reading(readership, { user: holder.user, encryption: holder.key }), holder.at),
  )
  return earliest(before, ...ends)
}

/** The end of an epoch: its own, its successor's start, or the moment a holder stops being an own reader; null where unknown. */
export function epochEnd(books: Books, epoch: KeyId): Instant | null {
  const told = books.epochs.get(epoch)
  const compartment = told === undefined ? undefined : books.compartments.get(told.statement.body.compartment)
  if (told === undefined || compartment === undefined) return null
  const successor = books.successors.get(epoch)
  const end = earliest(
    told.statement.body.until,
    ...(successor === undefined ? [] : [successor.statement.at]),
    ...(books.closed.get(closedName(told.from, epoch)) ?? []),
  )
  const { source: authority, category } = compartment
  return holdersEnd(books, epoch, { authority, category, units: null }, end)
}

export const epochStanding = (history: CaseHistory, tenants: TenantStates, epoch: KeyId, at: Instant): KeyLife =>
  lifeBy(epochEnd(booksOf(history, tenants), epoch), at)

/** The end of a reception key as its own authority's ledger tells it. */
export function receptionEnd(books: Books, reception: KeyId): Instant | null {
  const told = books.receptions.get(reception)
  if (told === undefined) return null
  const { category, units, until } = told.statement.body
  const successor = books.receptionsAlike
    .get(receptionName(told.from, told.statement.body))
    ?.find((one) => one.statement.n > told.statement.n)
  const end = earliest(until, ...(successor === undefined ? [] : [successor.statement.at]))
  return holdersEnd(books, reception, { authority: told.from, category, units }, end)
}

export const receptionStanding = (
  history: CaseHistory,
  tenants: TenantStates,
  reception: KeyId,
  at: Instant,
): KeyLife => lifeBy(receptionEnd(booksOf(history, tenants), reception), at)

/** The end of a flow key: its own, its epoch's, its successor's start, a change of its grants or of the reception key. */
export function flowKeyEnd(books: Books, flow: KeyId): Instant | null {
  const told = books.flowKeys.get(flow)
  if (told === undefined || told.to === null) return null
  const { statement, from } = told
  const { epoch, until } = statement.body
  const successor = books.flowKeysAlike.get(flowKeyName(told))?.find((one) => one.statement.n > statement.n)
  const end = earliest(
    until,
    ...grantChanges(books, told),
    ...(books.closed.get(closedName(from, flow)) ?? []),
    ...(successor === undefined ? [] : [successor.statement.at]),
    ...receptionChanges(books, told),
    epochEnd(books, epoch) ?? until,
  )
  return latest(end, statement.at)
}

/** When the reception key that a flow key is wrapped to was replaced, said again with an earlier end, or ended. */
function receptionChanges(books: Books, { statement, from, to }: ToldOf<'flow.keyed'>): readonly Instant[] {
  if (to === null) return []
  const { reception } = statement.body
  const newest = books.published.get(publishedName(to, from, statement.body))?.at(-1)
  const ended = books.receptionsEnded.get(endedName(to, from, reception)) ?? []
  if (newest === undefined) return [statement.at]
  const isSame = newest.statement.body.reception === reception
  return [...ended, isSame ? newest.statement.body.until : newest.statement.at]
}

/** The moments after its start at which what is open differs from the grants, or the disclosure, that the key names. */
function grantChanges(books: Books, told: ToldOf<'flow.keyed'>): readonly Instant[] {
  if (told.to === null) return []
  const { subject, category, purpose, units, grants, disclosure } = told.statement.body
  if (disclosure !== undefined) return [books.disclosed.get(disclosure)?.until ?? told.statement.at]
  const way = { subject, category, purpose, source: told.from, recipient: told.to }
  const spans = books.granted(way, units)
  const start = told.statement.at
  const named = grants.map((hash) => spans.find((one) => one.grant.hash === hash)?.span.until ?? start)
  const others = spans
    .filter((one) => !grants.includes(one.grant.hash) && one.span.until > start)
    .map((one) => one.span.from)
  return [...named, ...others]
}

export const flowKeyStanding = (history: CaseHistory, tenants: TenantStates, flow: KeyId, at: Instant): KeyLife =>
  lifeBy(flowKeyEnd(booksOf(history, tenants), flow), at)

/** When each epoch or flow key of a history ended, or will end as far as is known; null of a key that is unknown. */
export function keyEnds(history: CaseHistory, tenants: TenantStates): (key: KeyId) => Instant | null {
  const books = booksOf(history, tenants)
  const known = new Map<KeyId, Instant | null>()
  return (key) => {
    const end = known.get(key) ?? epochEnd(books, key) ?? flowKeyEnd(books, key)
    known.set(key, end)
    return end
  }
}

export const epochStarted = (history: CaseHistory, epoch: KeyId): ToldOf<'epoch.started'> | null =>
  everySaying(history, 'epoch.started').find((told) => told.statement.body.epoch === epoch) ?? null

export const flowKeyed = (history: CaseHistory, flow: KeyId): ToldOf<'flow.keyed'> | null =>
  everySaying(history, 'flow.keyed').find((told) => told.statement.body.flow === flow) ?? null

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
