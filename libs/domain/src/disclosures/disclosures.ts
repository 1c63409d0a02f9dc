// Disclosures on a ground other than the person's consent to it: what each opens and until when (domain.md § 5; protocol.md § 5).
import type { CaseHistory, ToldOf } from '../cases/case-history.ts'
import { everySaying } from '../cases/case-history.ts'
import type { Span } from '../cases/span.ts'
import { holds } from '../cases/span.ts'
import { cutAt } from '../consents/effective-scope.ts'
import { registrationEnd, registrationsOf } from '../consents/terms.ts'
import type { Way } from '../consents/terms.ts'
import type { ThreadId } from '../ids.ts'
import { id } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { earliest } from '../instant.ts'

export type Disclosure = ToldOf<'disclosure.made'>

export const disclosuresIn = (history: CaseHistory): readonly Disclosure[] => everySaying(history, 'disclosure.made')

/**
 * When a disclosure is open: from when it was made until its hours are over or its source closes it. A withdrawal of a consent
 * does not touch one that rests on law; one that shows a consent's evidence ends with that consent. Null: never.
 */
export function disclosureSpan(history: CaseHistory, made: Disclosure): Span | null {
  const { at: from, place, n } = made.statement
  const closed = everySaying(history, 'disclosure.closed')
    .filter(({ statement }) => statement.place === place && statement.n > n && statement.body.disclosure === made.hash)
    .map((told) => told.statement.at)
  const until = earliest(made.statement.body.until, ...closed, ...cutAt(history, made), ...consentEnd(history, made))
  return from < until ? { from, until } : null
}

function consentEnd(history: CaseHistory, made: Disclosure): readonly Instant[] {
  const { ground } = made.statement.body
  const way = wayOf(made)
  if ('law' in ground || way === null) return []
  const asked = { registration: ground.consent, grant: made }
  const end = registrationEnd(history, registrationsOf(history), asked, way)
  return end === null ? [] : [end]
}

/**
 * The one thread of which a disclosure may show messages. The words of a consent stand in a thread named as the registration is, and
 * nothing else of `plan` is shown with them (protocol.md § 5). Null: its items may stand in any.
 */
export const threadShown = ({ ground }: Pick<Disclosure['statement']['body'], 'ground'>): ThreadId | null =>
  'consent' in ground ? id<ThreadId>(ground.consent) : null

export function wayOf(made: Disclosure): Way | null {
  const { from: source, to: recipient } = made
  const { subject, category, purpose } = made.statement.body
  return recipient === null ? null : { subject, source, recipient, category, purpose }
}

/** The disclosures of one source's content of one sort that are open at `at`, with the moment known beforehand at which each closes. */
export function disclosuresOf(
  history: CaseHistory,
  sort: Omit<Way, 'recipient'>,
  at: Instant,
): readonly { readonly made: Disclosure; readonly until: Instant }[] {
  return disclosuresIn(history).flatMap((made) => {
    const { subject, category, purpose } = made.statement.body
    if (made.from !== sort.source || subject !== sort.subject) return []
    if (category !== sort.category || purpose !== sort.purpose) return []
    const span = disclosureSpan(history, made)
    return span !== null && holds(span, at) ? [{ made, until: span.until }] : []
  })
}
