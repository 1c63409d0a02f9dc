// How what a consent opened came to its end, and by whose word: from the signed statements that one's own authority is served.
import type { AuthorityId, Instant, RegistrationId, SubjectId, Way } from '#libs/domain'
import { scopeTakes } from '#libs/domain'
import type { StatementOf } from './case-book.ts'
import { authorityOfPlace, recipientOfPlace, said, serverInstant } from './case-book.ts'
import type { Worked } from './context.ts'
import { lineOf } from './narrowings.ts'
import type { ConsentView, Ending } from './views.ts'

type Consent = {
  readonly registration: RegistrationId
  /** Who registered it. */
  readonly by: AuthorityId
  readonly view: Pick<ConsentView, 'given' | 'validUntil'> & { readonly subject: SubjectId }
}

/**
 * What ended a way of a consent first, or with `null` the consent as a whole; null where nothing that this authority is told of has.
 * It explains what the domain has judged, and judges nothing.
 */
export function endingOf(worked: Worked, consent: Consent, way: Way | null, at: Instant): Ending | null {
  const [first] = [
    ...withdrawals(worked, consent, way),
    ...grantEnds(worked, consent, way),
    ...leavings(worked, way),
    ...byItsTerms(consent),
  ]
    .filter((ending) => ending.at <= at)
    .toSorted((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0)) // same minute: as above
  return first ?? null
}

/** The registering authority passes on what another has heard, often in the same minute: whoever heard it stands first. */
function withdrawals(worked: Worked, { registration, by, view }: Consent, way: Way | null): readonly Ending[] {
  const line = lineOf(worked.book.statements(), registration)
  const heard = said(worked.book.statements(), 'withdrawal.received').flatMap(({ statement: { at, place, body } }) => {
    const { registrations, subject, scope } = body
    const isNamed = registrations === 'all' ? subject === view.subject : registrations.some((one) => line.includes(one))
    if (!isNamed || !(scope === undefined || (way !== null && scopeTakes(scope, way)))) return []
    return [{ how: scope === undefined ? 'withdrawn' : 'narrowed', by: authorityOfPlace(place), at } satisfies Ending]
  })
  return [...heard.filter((one) => one.by !== by), ...heard.filter((one) => one.by === by)]
}

/** By the source's own hand, grant by grant; and what the server says is withdrawn before the signed reason has come. */
function grantEnds(worked: Worked, { registration }: Consent, way: Way | null): readonly Ending[] {
  const statements = [...worked.book.statements()]
  const grants = said(statements, 'grant.opened').filter(
    ({ statement }) => statement.body.restsOn.includes(registration) && (way === null || opens(statement, way)),
  )
  const hashes = new Set(grants.map((grant) => grant.hash))
  const ending = (how: Ending['how'], { place, at }: Placed): Ending => ({ how, by: authorityOfPlace(place), at })
  return [
    ...said(statements, 'grant.closed').flatMap(({ statement }) =>
      way !== null && hashes.has(statement.body.grant) ? [ending('withdrawn', statement)] : [],
    ),
    ...said(statements, 'grant.narrowed').flatMap(({ statement }) => {
      const { grant, categories = [], purposes = [] } = statement.body
      const isOfWay = way !== null && (categories.includes(way.category) || purposes.includes(way.purpose))
      return hashes.has(grant) && isOfWay ? [ending('narrowed', statement)] : []
    }),
    ...said(statements, 'voided').flatMap(({ statement }) =>
      hashes.has(statement.body.of) || isRegistration(worked, statement.body.of, registration)
        ? [ending('voided', statement)]
        : [],
    ),
    ...(worked.book.answer?.withdrawnGrants ?? []).flatMap(({ grant, since }): readonly Ending[] =>
      hashes.has(grant) ? [{ how: 'withdrawn', by: null, at: serverInstant(since) }] : [],
    ),
  ]
}

type Placed = Pick<StatementOf<'grant.closed'>, 'place' | 'at'>

const opens = ({ place, body }: StatementOf<'grant.opened'>, way: Way): boolean =>
  authorityOfPlace(place) === way.source &&
  recipientOfPlace(place) === way.recipient &&
  body.categories.includes(way.category) &&
  body.purposes.includes(way.purpose)

function isRegistration(
  worked: Worked,
  hash: StatementOf<'voided'>['body']['of'],
  registration: RegistrationId,
): boolean {
  const found = worked.book.find(hash)?.statement
  return found?.type === 'consent.registered' && found.body.registration === registration
}

function leavings(worked: Worked, way: Way | null): readonly Ending[] {
  const sides: readonly AuthorityId[] = way === null ? [] : [way.source, way.recipient]
  return said(worked.book.statements(), 'party.left').flatMap(({ statement: { place, at } }) => {
    const isBetween = sides.includes(authorityOfPlace(place)) && sides.includes(recipientOfPlace(place))
    return isBetween ? [{ how: 'left', by: authorityOfPlace(place), at }] : []
  })
}

function byItsTerms({ view: { given, validUntil } }: Consent): readonly Ending[] {
  const ends: Ending[] = [{ how: 'expired', by: null, at: validUntil }]
  if (given.how === 'verbally-with-witness') ends.push({ how: 'lapsed', by: null, at: given.lapsesAt })
  if (given.how === 'in-custody' && given.restsFrom !== null) ends.push({ how: 'rests', by: null, at: given.restsFrom })
  return ends
}
