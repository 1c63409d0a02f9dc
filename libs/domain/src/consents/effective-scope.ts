// Effective scope: what flows now, from which source to which recipient, computed from signed statements alone (domain.md § 4 rule 5).
import type { CaseHistory, Told, ToldOf } from '../cases/case-history.ts'
import { everySaying } from '../cases/case-history.ts'
import type { Span } from '../cases/span.ts'
import { holds, merge } from '../cases/span.ts'
import type { Hash, UnitId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { earliest, latest } from '../instant.ts'
import type { TenantStates } from '../keys/tenant-chain.ts'
import { covered } from '../keys/upholding.ts'
import type { StatementType } from '../statement.ts'
import type { Registration, Way } from './terms.ts'
import { registrationEnd, registrationsOf, withdrawnAt } from './terms.ts'

export type Grant = ToldOf<'grant.opened'>

/** A way that is open at the instant asked about, by these grants, and the first moment known beforehand at which it closes. */
export type Flow = Way & {
  readonly units: readonly UnitId[] | null
  readonly grants: readonly Hash[]
  readonly until: Instant
}

export const grantsIn = (history: CaseHistory): readonly Grant[] => everySaying(history, 'grant.opened')

export const sameUnits = (a: readonly UnitId[] | null, b: readonly UnitId[] | null): boolean =>
  a === null || b === null ? a === b : a.length === b.length && a.every((unit) => b.includes(unit))

/**
 * When a grant opens one way, at most one stretch: never before the source has said it, and what narrows never comes back by the
 * same grant. Several registrations give what each of them gives (domain.md § 4 rule 5). Null: never.
 */
export function grantSpan(
  history: CaseHistory,
  registrations: readonly Registration[],
  grant: Grant,
  way: Way,
): Span | null {
  const { subject, categories, purposes, from, until, restsOn } = grant.statement.body
  if (grant.from !== way.source || grant.to !== way.recipient || subject !== way.subject) return null
  if (!categories.includes(way.category) || !purposes.includes(way.purpose) || restsOn.length === 0) return null
  const given = restsOn.flatMap(
    (registration) => registrationEnd(history, registrations, { registration, grant }, way) ?? [],
  )
  const span = {
    from: latest(from, grant.statement.at),
    until: earliest(until, ...given, ...narrowedAt(history, grant, way)),
  }
  return span.from < span.until ? span : null
}

/** The moments at which this way was closed, narrowed away, voided, left by either side or closed with the case. */
function narrowedAt(history: CaseHistory, grant: Grant, way: Way): readonly Instant[] {
  const { place, n } = grant.statement
  const here = <T extends StatementType>(type: T): readonly ToldOf<T>[] =>
    everySaying(history, type).filter((told) => told.statement.place === place && told.statement.n > n)
  return [
    ...here('grant.closed').filter((told) => told.statement.body.grant === grant.hash),
    ...here('grant.narrowed').filter(
      ({ statement: { body } }) =>
        body.grant === grant.hash &&
        (body.categories?.includes(way.category) === true || body.purposes?.includes(way.purpose) === true),
    ),
  ]
    .map((told) => told.statement.at)
    .concat(cutAt(history, grant))
}

/** The moments that end whatever one authority opened to another: voided, left by either side, or closed with the case. */
export function cutAt(history: CaseHistory, opened: Told): readonly Instant[] {
  const { place, n, at } = opened.statement
  const isAfter = (told: Told): boolean => told.statement.place === place && told.statement.n > n
  return [
    ...everySaying(history, 'voided').filter((told) => isAfter(told) && told.statement.body.of === opened.hash),
    ...everySaying(history, 'party.left').filter(isAfter),
    // Between two chains there is no order but time: in the same minute, leaving wins.
    ...everySaying(history, 'party.left').filter(
      (told) => told.from === opened.to && told.to === opened.from && told.statement.at >= at,
    ),
    ...everySaying(history, 'case.closed'),
  ].map((told) => told.statement.at)
}

/** Every way that a grant names. */
export const waysOf = (grant: Grant): readonly Way[] => {
  const { to, from } = grant
  if (to === null) return []
  const { subject, categories, purposes } = grant.statement.body
  return categories.flatMap((category) =>
    purposes.map((purpose) => ({ subject, source: from, recipient: to, category, purpose })),
  )
}

/** When the first withdrawal of a registration closed this way of a grant; null while all of them stand. */
export function wayWithdrawn(history: CaseHistory, grant: Grant, way: Way): Instant | null {
  const known = registrationsOf(history)
  const moments = grant.statement.body.restsOn.flatMap((registration) => {
    const told = known.find((one) => one.registration === registration)?.told ?? grant
    return withdrawnAt(history, { registration, told }, way) ?? []
  })
  const [first, ...others] = moments
  return first === undefined ? null : earliest(first, ...others)
}

/** Whether withdrawals that this history holds have taken all that a grant opens. */
export function isWithdrawn(history: CaseHistory, grant: Hash): boolean {
  const opened = grantsIn(history).find((one) => one.hash === grant)
  return opened !== undefined && waysOf(opened).every((way) => wayWithdrawn(history, opened, way) !== null)
}

const nameOf = (way: Way, units: readonly UnitId[] | null): string =>
  JSON.stringify([
    way.source,
    way.recipient,
    way.subject,
    way.category,
    way.purpose,
    units === null ? null : [...units].sort(),
  ])

/**
 * The flows open at `at`. A lapsed verbal consent opens nothing even if no job has run (domain.md § 4 rules 4–5; seed 002
 * "samtycke till informationsutbyte"). Includes grants whose signer's key has since ended: what exists stays readable; `entitled`
 * lets nothing new rest on them.
 */
export const flowsAt = (history: CaseHistory, at: Instant): readonly Flow[] =>
  openFlows(history, grantsIn(history), waysOf, at)

/** The flows of one way open at `at`, one for each recipient and set of units that a grant names. */
export function flowsOfWay(history: CaseHistory, from: Omit<Way, 'recipient'>, at: Instant): readonly Flow[] {
  const { subject, source, category, purpose } = from
  const grants = grantsIn(history).filter(
    ({ from: giver, statement: { body } }) =>
      giver === source &&
      body.subject === subject &&
      body.categories.includes(category) &&
      body.purposes.includes(purpose),
  )
  const wayOf = ({ to }: Grant): readonly Way[] =>
    to === null ? [] : [{ subject, source, recipient: to, category, purpose }]
  return openFlows(history, grants, wayOf, at)
}

function openFlows(
  history: CaseHistory,
  grants: readonly Grant[],
  waysIn: (grant: Grant) => readonly Way[],
  at: Instant,
): readonly Flow[] {
  const open = new Map<string, Flow & { readonly spans: readonly Span[] }>()
  const registrations = registrationsOf(history)
  for (const grant of grants)
    for (const way of waysIn(grant)) {
      const span = grantSpan(history, registrations, grant, way)
      if (span === null || !holds(span, at)) continue
      const { units } = grant.statement.body
      const name = nameOf(way, units)
      const before = open.get(name)
      const spans = merge([...(before?.spans ?? []), span])
      const until = spans.find((one) => holds(one, at))?.until ?? span.until
      open.set(name, { ...way, units, grants: [...(before?.grants ?? []), grant.hash], until, spans })
    }
  return [...open.values()].map(({ spans: _, ...flow }) => flow)
}

/** The grants of a flow on which something new may rest at `at`. */
export const standingGrants = (history: CaseHistory, tenants: TenantStates, flow: Flow, at: Instant): readonly Hash[] =>
  grantsIn(history)
    .filter((grant) => flow.grants.includes(grant.hash) && covered(history, tenants, grant, at))
    .map((grant) => grant.hash)

/** All grants ever opened for one way and one set of units, with the stretch in which each is open. */
export function grantSpans(
  history: CaseHistory,
  way: Way,
  units: readonly UnitId[] | null,
): readonly { readonly grant: Grant; readonly span: Span }[] {
  const registrations = registrationsOf(history)
  return grantsIn(history).flatMap((grant) => {
    if (grant.from !== way.source || grant.to !== way.recipient) return []
    if (!sameUnits(grant.statement.body.units, units)) return []
    const span = grantSpan(history, registrations, grant, way)
    return span === null ? [] : [{ grant, span }]
  })
}
