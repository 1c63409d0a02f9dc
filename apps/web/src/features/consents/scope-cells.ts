// What the matrix shows in each cell: one's own flows with each counterpart, by category, both ways folded into one line.
import type { AuthorityId, Category, Instant, Purpose, UnitId } from '#libs/domain'
import type { FlowView } from '../../crypto/facade.ts'
import { dayAt } from '../../i18n/formats.ts'

export type ScopeLine = {
  readonly direction: 'both' | 'out' | 'in'
  readonly state: FlowView['state']
  readonly from: Instant
  readonly until: Instant
  readonly purpose: Purpose
  readonly units: readonly UnitId[] | null
}

export const counterpartOf = (flow: FlowView, own: AuthorityId): AuthorityId =>
  flow.source === own ? flow.recipient : flow.source

const lineOf = (flow: FlowView, own: AuthorityId): ScopeLine => ({
  direction: flow.source === own ? 'out' : 'in',
  state: flow.state,
  from: flow.from,
  until: flow.until,
  purpose: flow.purpose,
  units: flow.units,
})

/** Each side confirms at a minute of its own: what begins the same day is told as one. */
const sameDay = (one: Instant, other: Instant): boolean =>
  dayAt(Date.parse(one)).compare(dayAt(Date.parse(other))) === 0

const sameButDirection = (one: ScopeLine, other: ScopeLine): boolean =>
  one.state === other.state &&
  sameDay(one.from, other.from) &&
  one.until === other.until &&
  one.purpose === other.purpose &&
  String(one.units) === String(other.units)

/** Joins two lines that differ only in direction; the same line twice (two grants) stands once. */
function fold(lines: readonly ScopeLine[], line: ScopeLine): readonly ScopeLine[] {
  const twin = lines.find((one) => sameButDirection(one, line))
  if (twin === undefined) return [...lines, line]
  if (twin.direction === line.direction || twin.direction === 'both') return lines
  return lines.map((one) => (one === twin ? { ...one, direction: 'both' } : one))
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
  return [...standing, ...newestEnd].map((flow) => lineOf(flow, own)).reduce(fold, [])
}

/** The counterparts of these flows, in the order of their first flow. */
export const counterpartsOf = (flows: readonly FlowView[], own: AuthorityId): readonly AuthorityId[] => [
  ...new Set(
    flows.filter((flow) => flow.source === own || flow.recipient === own).map((flow) => counterpartOf(flow, own)),
  ),
]
