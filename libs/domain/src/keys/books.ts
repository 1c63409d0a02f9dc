// A case's keys laid out for one question over all of them: a case of years has thousands, and its rows ask of each.
import type { Readership } from '../cases/assigned.ts'
import { readingSpans } from '../cases/assigned.ts'
import type { CaseHistory, ToldOf } from '../cases/case-history.ts'
import { everySaying } from '../cases/case-history.ts'
import type { Span } from '../cases/span.ts'
import type { Grant } from '../consents/effective-scope.ts'
import { grantSpans } from '../consents/effective-scope.ts'
import type { Way } from '../consents/terms.ts'
import type { Disclosure } from '../disclosures/disclosures.ts'
import { disclosuresIn, disclosureSpan } from '../disclosures/disclosures.ts'
import type { AuthorityId, CompartmentId, Fingerprint, Hash, KeyId, UnitId, UserId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import type { Compartment } from './entitled.ts'
import { compartmentsOf } from './entitled.ts'
import type { TenantStates } from './tenant-chain.ts'

/** Somebody who was given a wrap of a key, and when. */
export type Holder = { readonly user: UserId; readonly key: Fingerprint; readonly at: Instant; readonly write: boolean }

/** Made anew for each question and thrown away with the answer; what is worked out once is not worked out again. */
export type Books = {
  readonly history: CaseHistory
  readonly compartments: ReadonlyMap<CompartmentId, Compartment>
  readonly epochs: ReadonlyMap<KeyId, ToldOf<'epoch.started'>>
  /** By the epoch that each replaced. */
  readonly successors: ReadonlyMap<KeyId, ToldOf<'epoch.started'>>
  readonly receptions: ReadonlyMap<KeyId, ToldOf<'reception.started'>>
  readonly receptionsAlike: ReadonlyMap<string, readonly ToldOf<'reception.started'>[]>
  readonly flowKeys: ReadonlyMap<KeyId, ToldOf<'flow.keyed'>>
  readonly flowKeysAlike: ReadonlyMap<string, readonly ToldOf<'flow.keyed'>[]>
  readonly published: ReadonlyMap<string, readonly ToldOf<'reception.key'>[]>
  readonly receptionsEnded: ReadonlyMap<string, readonly Instant[]>
  /** When an authority closed the lists of a key for good (protocol.md § 5 `closes`). */
  readonly closed: ReadonlyMap<string, readonly Instant[]>
  readonly holders: ReadonlyMap<KeyId, readonly Holder[]>
  readonly reading: (readership: Readership, who: Parameters<typeof readingSpans>[3]) => readonly Span[]
  readonly disclosures: ReadonlyMap<Hash, Disclosure>
  /** When each disclosure is open; null: never. */
  readonly disclosed: ReadonlyMap<Hash, Span | null>
  readonly granted: (
    way: Way,
    units: readonly UnitId[] | null,
  ) => readonly { readonly grant: Grant; readonly span: Span }[]
}

const closingTypes = [
  'assignment.ended',
  'assignment.barred',
  'epoch.started',
  'speakers',
  'flow.keyed',
  'upheld',
] as const

export function booksOf(history: CaseHistory, tenants: TenantStates): Books {
  const epochs = everySaying(history, 'epoch.started')
  const receptions = everySaying(history, 'reception.started')
  const flowKeys = everySaying(history, 'flow.keyed')
  return {
    history,
    compartments: firstBy(compartmentsOf(history), (one) => one.compartment),
    epochs: firstBy(epochs, (told) => told.statement.body.epoch),
    successors: firstBy(
      epochs.filter((told) => told.statement.body.prev !== null),
      (told) => told.statement.body.prev ?? told.statement.body.epoch,
    ),
    receptions: firstBy(receptions, (told) => told.statement.body.reception),
    receptionsAlike: allBy(receptions, (told) => receptionName(told.from, told.statement.body)),
    flowKeys: firstBy(flowKeys, (told) => told.statement.body.flow),
    flowKeysAlike: allBy(flowKeys, flowKeyName),
    published: allBy(everySaying(history, 'reception.key'), (told) =>
      publishedName(told.from, told.to, told.statement.body),
    ),
    receptionsEnded: timesBy(everySaying(history, 'reception.ended'), (told) =>
      endedName(told.from, told.to, told.statement.body.reception),
    ),
    closed: closings(history),
    holders: allHolders(history),
    reading: remembering(
      (readership: Readership, who: Parameters<typeof readingSpans>[3]) =>
        readingSpans(history, tenants, readership, who),
      ({ authority, category, units }, { user, encryption }) =>
        `${authority} ${category} ${unitsName(units)} ${user} ${encryption ?? ''}`,
    ),
    disclosures: firstBy(disclosuresIn(history), (made) => made.hash),
    disclosed: new Map(disclosuresIn(history).map((made) => [made.hash, disclosureSpan(history, made)])),
    granted: remembering(
      (way: Way, units: readonly UnitId[] | null) => grantSpans(history, way, units),
      (way, units) =>
        `${way.source} ${way.recipient} ${way.subject} ${way.category} ${way.purpose} ${unitsName(units)}`,
    ),
  }
}

const unitsName = (units: readonly UnitId[] | null): string => (units === null ? '*' : [...units].sort().join('+'))
type Sort = { readonly subject: string; readonly category: string; readonly units: readonly UnitId[] | null }

export const receptionName = (from: AuthorityId, sort: Sort): string =>
  `${from} ${sort.subject} ${sort.category} ${unitsName(sort.units)}`
export const publishedName = (from: AuthorityId, to: AuthorityId | null, sort: Sort): string =>
  `${to ?? ''} ${receptionName(from, sort)}`
export const endedName = (from: AuthorityId, to: AuthorityId | null, reception: KeyId): string =>
  `${from} ${to ?? ''} ${reception}`
export const closedName = (authority: AuthorityId, key: KeyId): string => `${authority} ${key}`
export const flowKeyName = ({ statement: { place, body } }: ToldOf<'flow.keyed'>): string =>
  `${place} ${body.compartment} ${unitsName(body.units)} ${body.disclosure ?? ''}`

function firstBy<K, V>(list: readonly V[], name: (one: V) => K): ReadonlyMap<K, V> {
  const found = new Map<K, V>()
  for (const one of list) if (!found.has(name(one))) found.set(name(one), one)
  return found
}

function allBy<K, V>(list: readonly V[], name: (one: V) => K): ReadonlyMap<K, readonly V[]> {
  const found = new Map<K, V[]>()
  for (const one of list) add(found, name(one), one)
  return found
}

function timesBy<V extends { readonly statement: { readonly at: Instant } }>(
  list: readonly V[],
  name: (one: V) => string,
): ReadonlyMap<string, readonly Instant[]> {
  const found = new Map<string, Instant[]>()
  for (const one of list) add(found, name(one), one.statement.at)
  return found
}

function add<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}

function closings(history: CaseHistory): ReadonlyMap<string, readonly Instant[]> {
  const found = new Map<string, Instant[]>()
  for (const type of closingTypes)
    for (const told of everySaying(history, type))
      for (const { key } of told.statement.body.closes) add(found, closedName(told.from, key), told.statement.at)
  return found
}

function allHolders(history: CaseHistory): ReadonlyMap<KeyId, readonly Holder[]> {
  const found = new Map<KeyId, Holder[]>()
  for (const { statement } of everySaying(history, 'epoch.started'))
    for (const { user, key, write } of statement.body.readers)
      add(found, statement.body.epoch, { user, key, at: statement.at, write })
  for (const { statement } of everySaying(history, 'reception.started'))
    for (const { user, key } of statement.body.readers)
      add(found, statement.body.reception, { user, key, at: statement.at, write: false })
  for (const { statement } of everySaying(history, 'wraps.added'))
    for (const { user, key, write } of statement.body.readers)
      add(found, statement.body.key, { user, key, at: statement.at, write })
  return found
}

function remembering<A, B, T>(work: (a: A, b: B) => T, name: (a: A, b: B) => string): (a: A, b: B) => T {
  const known = new Map<string, T>()
  return (a, b) => {
    const key = name(a, b)
    const found = known.get(key)
    if (found !== undefined) return found
    const made = work(a, b)
    known.set(key, made)
    return made
  }
}
