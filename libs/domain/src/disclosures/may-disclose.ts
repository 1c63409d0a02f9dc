// Who may disclose what to whom on which ground, and end it: the source alone widens; what narrows always counts (domain.md § 5).
import { saying, strandOf } from '../cases/case-history.ts'
import type { Saying } from '../cases/saying.ts'
import { longestConsentDays } from '../consents/may-consent.ts'
import { registrationsOf } from '../consents/terms.ts'
import type { RegistrationId } from '../ids.ts'
import { addDays, addMinutes } from '../instant.ts'
import { tenantOf } from '../keys/staff-key.ts'
import type { StatementRefusal } from '../refusals.ts'
import type { StrandBodies } from '../statement.ts'
import { mayWrite, mayDecideOnFlows } from '../tenants/writing.ts'
import type { GroundId } from './grounds.ts'
import { groundsAt } from './grounds.ts'

/** How long a category may stand open in acute danger (domain.md § 5). */
export const breakGlassHours = { least: 24, most: 72 } as const

type Body = StrandBodies['disclosure.made']

export function sayDisclosure(said: Saying): StatementRefusal | null {
  const { statement } = said.told
  switch (statement.type) {
    case 'disclosure.made':
      return discloses(said, statement.body) ?? mayDisclose(said, statement.body)
    case 'disclosure.closed':
      return mayClose(said, statement.body)
    default:
      return 'wrong-place'
  }
}

/** Assigned staff of the source who write in the category; where its ledger is not shown, the list of speakers stands in for it. */
function discloses({ told, history, key, by, assigned, ledgerKnown }: Saying, body: Body): StatementRefusal | null {
  if (told.to === null) return 'wrong-place'
  if (!mayDecideOnFlows(key.roles)) return 'role-missing'
  const list = saying(strandOf(history, told.from, told.to), 'speakers').at(-1)?.statement.body.users
  if (list?.includes(by) !== true) return 'not-speaker'
  if (!ledgerKnown) return null
  if (assigned === null) return 'not-assigned'
  return mayWrite(key.roles, assigned.categories, body.category) ? null : 'not-reader'
}

function mayDisclose(said: Saying, body: Body): StatementRefusal | null {
  const { at } = said.told.statement
  if (body.items !== 'all' && body.items.length === 0) return 'empty-list'
  if (body.units?.length === 0) return 'empty-list'
  if (body.until <= at) return 'ends-before-it-begins'
  if (body.until > addDays(at, longestConsentDays)) return 'too-long'
  if ('consent' in body.ground) return evidenceRefusal(said, body, body.ground.consent)
  return lawRefusal(said, body, body.ground.law) ?? hoursRefusal(said, body)
}

/** A category stands open for a day at least, so that nobody needs to break the glass twice, and three at most. */
function hoursRefusal({ told }: Saying, body: Body): StatementRefusal | null {
  if (body.items !== 'all') return null
  const { at } = told.statement
  if (body.until < addMinutes(at, breakGlassHours.least * 60)) return 'too-short'
  return body.until > addMinutes(at, breakGlassHours.most * 60) ? 'too-long' : null
}

/**
 * By the row of the table that is in force when it is said. The person's age is no part of the statement, which the server reads:
 * whoever decides vouches for it by naming the ground.
 */
function lawRefusal({ told, tenants }: Saying, body: Body, law: GroundId): StatementRefusal | null {
  const ground = groundsAt(told.statement.at).find((one) => one.ground === law)
  if (ground === undefined) return 'ground-not-in-force'
  const source = tenantOf(tenants, told.from)
  const recipient = told.to === null ? null : tenantOf(tenants, told.to)
  if (source === null || recipient === null) return 'authority-unknown'
  if (!ground.sources.includes(source.kind) || !ground.recipients.includes(recipient.kind)) return 'ground-not-theirs'
  return ground.categories.includes(body.category) ? null : 'ground-without-category'
}

/** The evidence of a consent, in `plan`, by the authority that registered it, to a source that it has asked to confirm (domain.md § 4 rule 2). */
function evidenceRefusal(said: Saying, body: Body, consent: RegistrationId): StatementRefusal | null {
  const { told, history } = said
  if (told.to === null) return 'wrong-place'
  if (body.category !== 'plan' || body.items === 'all') return 'outside-registration'
  const asked = saying(strandOf(history, told.from, told.to), 'consent.shared').some(
    (one) => one.statement.body.registration === consent,
  )
  const known = registrationsOf(history).find((one) => one.registration === consent)
  if (!asked || known?.by !== told.from || known.voided) return 'registration-unknown'
  return known.subject === body.subject && body.until <= known.validUntil ? null : 'outside-registration'
}

/** By anybody assigned at the source, and its receivers. */
function mayClose(said: Saying, body: StrandBodies['disclosure.closed']): StatementRefusal | null {
  const { told, history, ledgerKnown, assigned, receiver } = said
  if (told.to === null) return 'wrong-place'
  const strand = strandOf(history, told.from, told.to)
  if (!saying(strand, 'disclosure.made').some((one) => one.hash === body.disclosure)) return 'disclosure-unknown'
  return !ledgerKnown || assigned !== null || receiver ? null : 'not-assigned'
}
