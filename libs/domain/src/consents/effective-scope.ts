// Effective scope: what flows now, from which source to which recipient, computed from signed statements alone (domain.md § 4 rule 5).
import type { CaseHistory, ToldOf } from '../cases/case-history.ts'
import { everySaying, saying } from '../cases/case-history.ts'
import type { Span } from '../cases/span.ts'
import { holds, merge } from '../cases/span.ts'
import type { Hash, UnitId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { earliest } from '../instant.ts'
import type { TenantStates } from '../keys/tenant-chain.ts'
import { covered } from '../keys/upholding.ts'
import type { Way } from './terms.ts'
import { registrationEnd } from './terms.ts'

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

/** When a grant opens one way, at most one stretch: what narrows never comes back by the same grant. Null: never. */
export function grantSpan(history: CaseHistory, grant: Grant, way: Way): Span | null {
  const { subject, categories, purposes, from, until, restsOn } = grant.statement.body
  if (grant.from !== way.source || grant.to !== way.recipient || subject !== way.subject) return null
  if (!categories.includes(way.category) || !purposes.includes(way.purpose) || restsOn.length === 0) return null
  const ends = [until, ...narrowedAt(history, grant, way)]
  for (const registration of restsOn) {
    const end = registrationEnd(history, registration, way)
    if (end !== null) ends.push(end)
  }
  const [first = until, ...others] = ends
  const span = { from, until: earliest(first, ...others) }
  return span.from < span.until ? span : null
}

/** The moments at which this way was closed, narrowed away, voided, left by the recipient, or the case closed by its owner. */
function narrowedAt(history: CaseHistory, grant: Grant, way: Way): readonly Instant[] {
  const strand = history.chains.get(grant.statement.place) ?? []
  const back = history.chains.get(`strand/${history.case}/${way.recipient}/${way.source}`) ?? []
  return [
    ...saying(strand, 'grant.closed').filter((told) => told.statement.body.grant === grant.hash),
    ...saying(strand, 'voided').filter((told) => told.statement.body.of === grant.hash),
    ...saying(strand, 'grant.narrowed').filter(
      ({ statement: { body } }) =>
        body.grant === grant.hash &&
        (body.categories?.includes(way.category) === true || body.purposes?.includes(way.purpose) === true),
    ),
    // Between two chains there is no order but time: in the same minute, leaving wins.
    ...saying(back, 'party.left').filter((told) => told.statement.at >= grant.statement.at),
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
export function flowsAt(history: CaseHistory, _tenants: TenantStates, at: Instant): readonly Flow[] {
  const open = new Map<string, Flow & { readonly spans: readonly Span[] }>()
  for (const grant of grantsIn(history))
    for (const way of waysOf(grant)) {
      const span = grantSpan(history, grant, way)
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

/** The flows of one way open at `at`, one for each set of units that a grant names. */
export const flowsOfWay = (
  history: CaseHistory,
  tenants: TenantStates,
  way: Omit<Way, 'recipient'>,
  at: Instant,
): readonly Flow[] =>
  flowsAt(history, tenants, at).filter(
    (flow) =>
      flow.source === way.source &&
      flow.subject === way.subject &&
      flow.category === way.category &&
      flow.purpose === way.purpose,
  )

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
  return grantsIn(history).flatMap((grant) => {
    if (!sameUnits(grant.statement.body.units, units)) return []
    const span = grantSpan(history, grant, way)
    return span === null ? [] : [{ grant, span }]
  })
}
