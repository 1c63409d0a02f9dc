// What the matrix shows in each cell: one's own flows with each counterpart, by category, both ways and all purposes folded together.
import type { AuthorityId, Category, Instant, Purpose, UnitId } from '#libs/domain'
import { categories, purposes } from '#libs/domain'
import type { Ending, FlowView } from '../../crypto/facade.ts'
import { dayAt } from '../../i18n/formats.ts'

export type ScopeLine = {
  readonly direction: 'both' | 'out' | 'in'
  readonly state: FlowView['state']
  readonly from: Instant
  readonly until: Instant
  readonly purposes: readonly Purpose[]
  readonly units: readonly UnitId[] | null
  readonly ended: Ending | null
  /** False of what ended before anything was ever given by it. */
  readonly wasOpen: boolean
}

export const counterpartOf = (flow: FlowView, own: AuthorityId): AuthorityId =>
  flow.source === own ? flow.recipient : flow.source

const lineOf = (flow: FlowView, own: AuthorityId): ScopeLine => ({
  direction: flow.source === own ? 'out' : 'in',
  state: flow.state,
  from: flow.from,
  until: flow.until,
  purposes: [flow.purpose],
  units: flow.units,
  ended: flow.ended,
  wasOpen: flow.grants.length > 0,
})

/** Each side confirms at a minute of its own: what begins the same day is told as one. */
const sameTerms = ({ state, from, until, units, ended, wasOpen }: ScopeLine): string =>
  JSON.stringify([state, dayAt(Date.parse(from)).toString(), until, units, ended, wasOpen])

/** What tells lines apart in a list. */
export const lineName = (line: ScopeLine): string => JSON.stringify([line.direction, line.purposes, sameTerms(line)])

/** Joins two lines that differ only in direction; the same line twice (two grants) stands once. */
function foldDirections(lines: readonly ScopeLine[], line: ScopeLine): readonly ScopeLine[] {
  const twin = lines.find((one) => sameTerms(one) === sameTerms(line) && String(one.purposes) === String(line.purposes))
  if (twin === undefined) return [...lines, line]
  if (twin.direction === line.direction || twin.direction === 'both') return lines
  return lines.map((one) => (one === twin ? { ...one, direction: 'both' } : one))
}

/** Joins lines that differ only in purpose. */
function foldPurposes(lines: readonly ScopeLine[], line: ScopeLine): readonly ScopeLine[] {
  const twin = lines.find((one) => one.direction === line.direction && sameTerms(one) === sameTerms(line))
  if (twin === undefined) return [...lines, line]
  const both = purposes.filter((one) => twin.purposes.includes(one) || line.purposes.includes(one))
  return lines.map((one) => (one === twin ? { ...one, purposes: both } : one))
}

/** The lines of one cell. What has ended shows only where nothing else of that direction and purpose stands. */
export function cellOf(
  flows: readonly FlowView[],
  own: AuthorityId,
  counterpart: AuthorityId,
  category: Category,
): readonly ScopeLine[] {
  const here = flows.filter((flow) => flow.category === category && counterpartOf(flow, own) === counterpart)
  const standing = here.filter((flow) => flow.state !== 'ended')
  const ended = here.filter(
    (flow) =>
      flow.state === 'ended' &&
      !standing.some((other) => other.source === flow.source && other.purpose === flow.purpose),
  )
  const newestEnd = ended.filter((flow) =>
    ended.every((other) => other.source !== flow.source || other.purpose !== flow.purpose || other.until <= flow.until),
  )
  const lines = [...standing, ...newestEnd].map((flow) => lineOf(flow, own))
  return lines.reduce(foldDirections, []).reduce(foldPurposes, [])
}

export type ScopeRow = { readonly categories: readonly Category[]; readonly lines: readonly ScopeLine[] }

/** What is shared with one counterpart, categories that are shared in the same way together: short enough for a phone. */
export function rowsOf(
  flows: readonly FlowView[],
  own: AuthorityId,
  counterpart: AuthorityId,
  shown: readonly Category[],
): readonly ScopeRow[] {
  const rows = new Map<string, ScopeRow>()
  for (const category of shown) {
    const lines = cellOf(flows, own, counterpart, category)
    const name = lines.map(lineName).join()
    rows.set(name, { lines, categories: [...(rows.get(name)?.categories ?? []), category] })
  }
  return [...rows.values()]
}

/** The counterparts of these flows, in the order of their first flow. */
export const counterpartsOf = (flows: readonly FlowView[], own: AuthorityId): readonly AuthorityId[] => [
  ...new Set(
    flows.filter((flow) => flow.source === own || flow.recipient === own).map((flow) => counterpartOf(flow, own)),
  ),
]

/** What a consent is recognised by: with whom, and about what of it that stands; where nothing does, about what it was. */
export function sharedWithEach(
  flows: readonly FlowView[],
  own: AuthorityId,
): readonly { readonly authority: AuthorityId; readonly categories: readonly Category[] }[] {
  const standing = flows.filter((flow) => flow.state !== 'ended')
  const told = standing.length > 0 ? standing : flows
  return counterpartsOf(told, own).map((authority) => ({
    authority,
    categories: categories.filter((category) =>
      told.some((flow) => flow.category === category && counterpartOf(flow, own) === authority),
    ),
  }))
}
