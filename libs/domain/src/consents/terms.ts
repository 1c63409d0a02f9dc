// What a registered consent gives, and until when: registrations, their lapse, and what withdrawals take away (domain.md § 4).
import type { CaseHistory, Told, Withdrawal } from '../cases/case-history.ts'
import { everySaying, withdrawals } from '../cases/case-history.ts'
import type { AuthorityId, RegistrationId, SubjectId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { earliest } from '../instant.ts'
import { isVoided } from '../keys/upholding.ts'
import type { FlowTerms, Given, WithdrawalScope } from '../statement.ts'
import type { Category, IncludesEarlier, Purpose } from './categories.ts'

/** One way for one sort of content: the grain in which scope is judged. */
export type Way = {
  readonly subject: SubjectId
  readonly source: AuthorityId
  readonly recipient: AuthorityId
  readonly category: Category
  readonly purpose: Purpose
}

/** A consent as this history knows it: from the registering authority's ledger, or from what was shared with a source to confirm. */
export type Registration = {
  readonly registration: RegistrationId
  readonly subject: SubjectId
  readonly by: AuthorityId
  readonly given: Given
  readonly registeredAt: Instant
  readonly validUntil: Instant
  readonly flows: readonly FlowTerms[]
  /** Where it was first told of: what is said later in the same chain comes after it, whatever the minute. */
  readonly told: Told
  readonly voided: boolean
}

export function registrationsOf(history: CaseHistory): readonly Registration[] {
  const known = new Map<RegistrationId, Registration>()
  for (const told of everySaying(history, 'consent.shared')) {
    const { registration, subject, given, validUntil, flows } = told.statement.body
    const before = known.get(registration)
    // A registration is its registering authority's: what another shares under the same id adds nothing to it.
    if (before !== undefined && before.by !== told.from) continue
    known.set(registration, {
      registration,
      subject,
      by: told.from,
      given,
      registeredAt: before?.registeredAt ?? told.statement.at,
      validUntil: earliest(validUntil, ...(before === undefined ? [] : [before.validUntil])),
      flows: [...(before?.flows ?? []), ...flows],
      told: before?.told ?? told,
      voided: false,
    })
  }
  for (const told of everySaying(history, 'consent.registered')) {
    const { registration, subject, given, validUntil, flows } = told.statement.body
    known.set(registration, {
      registration,
      subject,
      by: told.from,
      given,
      registeredAt: told.statement.at,
      validUntil,
      flows,
      told,
      voided: isVoided(history, told),
    })
  }
  return [...known.values()]
}

/** The end by its own terms, the way of giving included: a verbal consent lapses, one given in custody rests from release (rule 4). */
export function endOfConsent({ given, validUntil }: Pick<Registration, 'given' | 'validUntil'>): Instant {
  switch (given.how) {
    case 'verbally-with-witness':
      return earliest(validUntil, given.lapsesAt)
    case 'in-custody':
      return given.restsFrom === null ? validUntil : earliest(validUntil, given.restsFrom)
    default:
      return validUntil
  }
}

/** An absent list takes everything of that kind; a present one only what it names, and an empty one nothing. */
const takes = <T>(list: readonly T[] | undefined, one: T): boolean => list === undefined || list.includes(one)

/** Whether a withdrawal of this scope takes a way. */
export const scopeTakes = (scope: WithdrawalScope, way: Way): boolean =>
  takes(scope.subjects, way.subject) &&
  takes(scope.categories, way.category) &&
  takes(scope.purposes, way.purpose) &&
  takes(scope.sources, way.source) &&
  takes(scope.recipients, way.recipient)

/** When this way of a registration was withdrawn, by whichever party heard it; null while it stands. `told`: where it was told of. */
export function withdrawnAt(
  history: CaseHistory,
  known: { readonly registration: RegistrationId; readonly told: Told },
  way: Way,
): Instant | null {
  const named = withdrawals(history).filter((told) => names(history, told, known, way))
  const [first, ...others] = named.map((told) => told.since)
  return first === undefined ? null : earliest(first, ...others)
}

function names(
  history: CaseHistory,
  withdrawal: Withdrawal,
  known: Parameters<typeof withdrawnAt>[1],
  way: Way,
): boolean {
  const { registrations, subject, scope } = withdrawal.statement.body
  if (subject !== way.subject || !scopeTakes(scope ?? {}, way)) return false
  if (registrations !== 'all' && registrations.includes(known.registration)) return true
  // To begin again takes a new registration: what is not named falls only if it was told of before the withdrawal (rule 3).
  if (!isToldBefore(known.told, withdrawal)) return false
  return registrations === 'all' || registrations.some((one) => isSameLine(history, known.registration, one))
}

function isToldBefore(told: Told, other: Withdrawal): boolean {
  if (told.statement.place !== other.statement.place) return told.statement.at <= other.since
  return told.statement.n < other.statement.n
}

/**
 * Whether one registration renews the other, at once or through others: a withdrawal takes the renewals that the reporter never
 * saw, and what a withdrawn renewal took over from.
 */
const isSameLine = (history: CaseHistory, one: RegistrationId, other: RegistrationId): boolean =>
  renewedBy(history, one).includes(other) || renewedBy(history, other).includes(one)

/** The registrations that one renews, the nearest first. */
function renewedBy(history: CaseHistory, registration: RegistrationId): readonly RegistrationId[] {
  const line: RegistrationId[] = []
  let last: RegistrationId | null = registration
  while (last !== null && !line.includes(last)) {
    line.push(last)
    const of: RegistrationId = last
    last =
      everySaying(history, 'consent.registered').find((told) => told.statement.body.registration === of)?.statement.body
        .renews ?? null
  }
  return line.slice(1)
}

/** The end of a way of a grant under one registration; one unknown here is judged by whoever knows it, and its withdrawal counts. */
export function registrationEnd(
  history: CaseHistory,
  registrations: readonly Registration[],
  asked: { readonly registration: RegistrationId; readonly grant: Told },
  way: Way,
): Instant | null {
  const { registration, grant } = asked
  const known = registrations.find((one) => one.registration === registration)
  const withdrawn = withdrawnAt(history, { registration, told: known?.told ?? grant }, way)
  if (known === undefined) return withdrawn
  if (known.voided) return known.registeredAt
  const ends = endOfConsent(known)
  return withdrawn === null ? ends : earliest(ends, withdrawn)
}

const reach: Readonly<Record<IncludesEarlier, number>> = { none: 0, 'shared-before': 1, all: 2 }

/** What a source may open: no more than the terms say, in any respect. */
export function within(
  grant: Omit<FlowTerms, 'validFrom' | 'validUntil'> & { readonly from: Instant; readonly until: Instant },
  terms: FlowTerms,
): boolean {
  return (
    grant.subject === terms.subject &&
    grant.source === terms.source &&
    grant.recipient === terms.recipient &&
    (terms.units === null || (grant.units !== null && grant.units.every((unit) => terms.units?.includes(unit)))) &&
    grant.categories.every((category) => terms.categories.includes(category)) &&
    grant.purposes.every((purpose) => terms.purposes.includes(purpose)) &&
    terms.validFrom <= grant.from &&
    grant.until <= terms.validUntil &&
    reach[grant.includesEarlier] <= reach[terms.includesEarlier]
  )
}
