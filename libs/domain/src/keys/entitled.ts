// Who may have what is about to be written: one pure function for the server's rows and for every client's seals (protocol.md § 4).
import type { OwnReader } from '../cases/assigned.ts'
import { holdersOf } from '../cases/assigned.ts'
import type { CaseHistory, ToldOf } from '../cases/case-history.ts'
import { everySaying } from '../cases/case-history.ts'
import type { Category, Purpose } from '../consents/categories.ts'
import type { Flow } from '../consents/effective-scope.ts'
import { flowsOfWay, grantSpans, sameUnits, standingGrants } from '../consents/effective-scope.ts'
import type { AuthorityId, CompartmentId, Hash, KeyId, SubjectId, UnitId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { earliest } from '../instant.ts'
import type { TenantStates } from './tenant-chain.ts'
import { covered } from './upholding.ts'

export type Compartment = {
  readonly compartment: CompartmentId
  readonly source: AuthorityId
  readonly subject: SubjectId
  readonly category: Category
  readonly purpose: Purpose
}

/** An authority in scope whose newest reception key is usable: `grants` and `reception` are what a flow key names. */
export type Recipient = {
  readonly authority: AuthorityId
  readonly units: readonly UnitId[] | null
  readonly grants: readonly Hash[]
  readonly reception: KeyId
  readonly publicKey: string
  readonly until: Instant
}

/** In scope, but nothing can be sealed to it now. */
export type Waiting = {
  readonly authority: AuthorityId
  readonly units: readonly UnitId[] | null
  readonly cause: 'no-key' | 'key-ended' | 'uncovered'
}

export type Entitled = {
  readonly own: readonly OwnReader[]
  readonly recipients: readonly Recipient[]
  readonly waiting: readonly Waiting[]
}

/** The compartments that ledgers in this history have opened; the first for a tuple wins. */
export function compartmentsOf(history: CaseHistory): readonly Compartment[] {
  return everySaying(history, 'compartment.opened').map(({ from, statement: { body } }) => ({
    compartment: body.compartment,
    source: from,
    subject: body.subject,
    category: body.category,
    purpose: body.purpose,
  }))
}

export const compartmentNamed = (history: CaseHistory, compartment: CompartmentId): Compartment | null =>
  compartmentsOf(history).find((one) => one.compartment === compartment) ?? null

/** The newest reception key, by `n`, that an authority has published to a giver for this sort; null where there is none. */
export function newestReception(
  history: CaseHistory,
  from: AuthorityId,
  to: AuthorityId,
  sort: { readonly subject: SubjectId; readonly category: Category; readonly units: readonly UnitId[] | null },
): ToldOf<'reception.key'> | null {
  const published = everySaying(history, 'reception.key').filter(
    (told) => told.from === from && told.to === to && told.statement.body.category === sort.category,
  )
  return (
    published.findLast(
      ({ statement: { body } }) => body.subject === sort.subject && sameUnits(body.units, sort.units),
    ) ?? null
  )
}

/** When a published reception key ended, as its strand says; null while it has not. */
export const receptionEndedAt = (
  history: CaseHistory,
  from: AuthorityId,
  to: AuthorityId,
  reception: KeyId,
): Instant | null => {
  const [first, ...others] = everySaying(history, 'reception.ended')
    .filter((told) => told.from === from && told.to === to && told.statement.body.reception === reception)
    .map((told) => told.statement.at)
  return first === undefined ? null : earliest(first, ...others)
}

/** The first moment known beforehand at which other grants than now open a flow: what is keyed for these ends there. */
function grantsChange(history: CaseHistory, flow: Flow, at: Instant): Instant {
  const moments = grantSpans(history, flow, flow.units).map(({ span }) => (span.from > at ? span.from : span.until))
  return earliest(flow.until, ...moments.filter((moment) => moment > at))
}

/** Own readers, recipients and those who wait, at `at`. A compartment that the history does not hold entitles nobody. */
export function entitled(
  history: CaseHistory,
  tenants: TenantStates,
  compartment: CompartmentId,
  at: Instant,
): Entitled {
  const known = compartmentNamed(history, compartment)
  if (known === null) return { own: [], recipients: [], waiting: [] }
  const { source, category } = known
  const own = holdersOf(history, tenants, { authority: source, category, units: null }, at)
  const recipients: Recipient[] = []
  const waiting: Waiting[] = []
  for (const flow of flowsOfWay(history, known, at)) {
    const { recipient: authority, units } = flow
    const grants = standingGrants(history, tenants, flow, at)
    const reception = newestReception(history, authority, source, { subject: known.subject, category, units })
    if (reception === null) {
      waiting.push({ authority, units, cause: 'no-key' })
      continue
    }
    const { reception: id, publicKey, until } = reception.statement.body
    const ended = receptionEndedAt(history, authority, source, id)
    if (until <= at || (ended !== null && ended <= at)) waiting.push({ authority, units, cause: 'key-ended' })
    // Nothing falls back to an older key or grant (protocol.md § 4 rule 1).
    else if (grants.length < flow.grants.length || !covered(history, tenants, reception, at))
      waiting.push({ authority, units, cause: 'uncovered' })
    else {
      const changes = grantsChange(history, flow, at)
      recipients.push({ authority, units, grants, reception: id, publicKey, until: earliest(changes, until) })
    }
  }
  return { own, recipients, waiting }
}
