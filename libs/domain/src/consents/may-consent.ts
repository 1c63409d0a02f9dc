// Registering, sharing, opening, narrowing: deny by default, an end to everything, and widening only by the source (domain.md § 4).
import type { CaseHistory, Told } from '../cases/case-history.ts'
import { everySaying, ledgerOf, saying, strandOf } from '../cases/case-history.ts'
import type { RegistrationId, SubjectId } from '../ids.ts'
import type { Saying } from '../cases/saying.ts'
import type { Instant } from '../instant.ts'
import { addDays, addMinutes, clocksApartMinutes } from '../instant.ts'
import type { StatementRefusal } from '../refusals.ts'
import type { FlowTerms, Given, LedgerBodies, StrandBodies } from '../statement.ts'
import { mayDecideOnFlows } from '../tenants/writing.ts'
import { registrationsOf, withdrawnAt, within } from './terms.ts'

/** Twelve months (domain.md § 4 rule 1), a leap year's day included. */
export const longestConsentDays = 366

export function sayConsent(said: Saying): StatementRefusal | null {
  const { statement } = said.told
  switch (statement.type) {
    case 'consent.registered':
      return writes(said) ?? mayRegister(said, statement.body)
    case 'consent.shared':
      return writes(said) ?? speaks(said) ?? mayShare(said, statement.body)
    case 'grant.opened':
      return writes(said) ?? speaks(said) ?? mayOpen(said, statement.body)
    case 'grant.narrowed':
      if ((statement.body.categories ?? []).length + (statement.body.purposes ?? []).length === 0) return 'empty-list'
      return narrows(said, statement.body.grant)
    case 'grant.closed':
      return narrows(said, statement.body.grant)
    default:
      return 'wrong-place'
  }
}

/** Assigned staff who decide on what flows; where the sender's ledger is not shown, the list of speakers stands in for it. */
function writes(said: Saying): StatementRefusal | null {
  if (!mayDecideOnFlows(said.key.roles)) return 'role-missing'
  return !said.ledgerKnown || said.assigned !== null ? null : 'not-assigned'
}

function speaks({ told, history, by }: Saying): StatementRefusal | null {
  if (told.to === null) return 'wrong-place'
  const list = saying(strandOf(history, told.from, told.to), 'speakers').at(-1)?.statement.body.users
  return list?.includes(by) === true ? null : 'not-speaker'
}

function narrows(said: Saying, grant: string): StatementRefusal | null {
  const { told, history } = said
  if (told.to === null) return 'wrong-place'
  const known = saying(strandOf(history, told.from, told.to), 'grant.opened').some((one) => one.hash === grant)
  if (!known) return 'grant-unknown'
  return !said.ledgerKnown || said.assigned !== null || said.receiver ? null : 'not-assigned'
}

const isEmpty = (terms: FlowTerms): boolean =>
  terms.categories.length === 0 || terms.purposes.length === 0 || (terms.units !== null && terms.units.length === 0)

function mayRegister(said: Saying, body: LedgerBodies['consent.registered']): StatementRefusal | null {
  const { told, history } = said
  const { at } = told.statement
  if (isTaken(history, told, body.registration)) return 'registration-known-already'
  if (body.renews !== null && !isOwn(history, told, body.renews, body.subject)) return 'registration-unknown'
  if (body.flows.length === 0 || body.givers.length === 0 || body.flows.some(isEmpty)) return 'empty-list'
  if (body.validUntil <= at) return 'ends-before-it-begins'
  if (body.validUntil > addDays(at, longestConsentDays)) return 'too-long'
  if (body.given.how === 'verbally-with-witness' && body.given.lapsesAt > body.validUntil) return 'too-long'
  return body.flows.map((terms) => termsRefusal(told.from, terms, body)).find((refusal) => refusal !== null) ?? null
}

/** What is renewed is the registering authority's own, of the same person. */
const isOwn = (history: CaseHistory, told: Told, registration: RegistrationId, subject: SubjectId): boolean =>
  saying(ledgerOf(history, told.from), 'consent.registered').some(
    ({ statement: { body } }) => body.registration === registration && body.subject === subject,
  )

/** What its own authority has shared already, by a strand that is read before its ledger, is the same registration. */
const isTaken = (history: CaseHistory, told: Told, registration: RegistrationId): boolean =>
  everySaying(history, 'consent.registered').some((one) => one.statement.body.registration === registration) ||
  registrationsOf(history).some((one) => one.registration === registration && one.by !== told.from)

function termsRefusal(
  own: Saying['told']['from'],
  terms: FlowTerms,
  body: { readonly subject: string; readonly validUntil: Instant },
): StatementRefusal | null {
  if (terms.source === terms.recipient || terms.subject !== body.subject) return 'not-a-party-to-flow'
  // A registration is for what the registering authority takes part in; nobody registers for two others.
  if (terms.source !== own && terms.recipient !== own) return 'not-a-party-to-flow'
  if (terms.validUntil <= terms.validFrom) return 'ends-before-it-begins'
  return terms.validUntil > body.validUntil ? 'too-long' : null
}

function mayShare(said: Saying, body: StrandBodies['consent.shared']): StatementRefusal | null {
  const { told, history } = said
  if (body.flows.length === 0 || body.flows.some(isEmpty)) return 'empty-list'
  // A source is asked about what it would give to the authority that asks, and about nobody else.
  const isAsked = (terms: FlowTerms): boolean => terms.source === told.to && terms.recipient === told.from
  if (!body.flows.every(isAsked)) return 'not-a-party-to-flow'
  if (body.flows.some((terms) => terms.subject !== body.subject)) return 'outside-registration'
  if (!said.ledgerKnown) return null
  const registered = saying(ledgerOf(history, told.from), 'consent.registered').find(
    (one) => one.statement.body.registration === body.registration,
  )
  if (registered === undefined) return 'registration-unknown'
  const known = registrationsOf(history).find((one) => one.registration === body.registration)
  if (known === undefined || known.voided) return 'registration-unknown'
  // Who is asked to confirm judges by what is told to her: a verbal consent is not told of as a written one.
  if (body.subject !== known.subject || !sameGiven(body.given, known.given)) return 'outside-registration'
  const { flows: all, text, evidence, shown } = registered.statement.body
  if (body.text !== text || body.evidence !== evidence || body.shown !== shown) return 'outside-registration'
  const isPart = body.flows.every((terms) =>
    all.some((whole) => within({ ...terms, from: terms.validFrom, until: terms.validUntil }, whole)),
  )
  return isPart && body.validUntil <= registered.statement.body.validUntil ? null : 'outside-registration'
}

function sameGiven(a: Given, b: Given): boolean {
  if (a.how === 'verbally-with-witness' && b.how === a.how) return a.lapsesAt === b.lapsesAt
  if (a.how === 'in-custody' && b.how === a.how) return a.restsFrom === b.restsFrom
  return a.how === b.how
}

function mayOpen(said: Saying, body: StrandBodies['grant.opened']): StatementRefusal | null {
  const { told, history } = said
  const { at } = told.statement
  if (told.to === null) return 'wrong-place'
  const { subject, categories, purposes, units, includesEarlier, from, until, restsOn } = body
  if (categories.length === 0 || purposes.length === 0 || restsOn.length === 0) return 'empty-list'
  if (units !== null && units.length === 0) return 'empty-list'
  if (until <= from || until <= at) return 'ends-before-it-begins'
  if (until > addDays(at, longestConsentDays)) return 'too-long'
  // The reader of a strand sees what is opened to it, not what that rests on; the source itself and the server do.
  if (!said.ledgerKnown) return null
  const terms = {
    subject,
    source: told.from,
    recipient: told.to,
    units,
    categories,
    purposes,
    includesEarlier,
    from,
    until,
  }
  const known = registrationsOf(history)
  for (const registration of restsOn) {
    const found = known.find((one) => one.registration === registration)
    if (found === undefined || found.voided) return 'registration-unknown'
    if (!found.flows.some((whole) => within(terms, whole)) || until > found.validUntil) return 'outside-registration'
    const ways = categories.flatMap((category) => purposes.map((purpose) => ({ ...terms, category, purpose })))
    // A withdrawal in another chain that her clock may not have shown her breaks no chain: the grant opens nothing (terms.ts).
    const gone = ways.some((way) => addMinutes(withdrawnAt(history, found, way) ?? until, clocksApartMinutes) < at)
    if (gone) return 'registration-withdrawn'
  }
  return null
}
