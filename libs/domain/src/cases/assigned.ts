// Who of an authority is assigned to a case, from when to when, and thereby reads its content in a category (domain.md § 6 rule 2).
import type { Category } from '../consents/categories.ts'
import type { AuthorityId, Fingerprint, UnitId, UserId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { addMinutes, clocksApartMinutes, earliest, latest } from '../instant.ts'
import type { StaffKey } from '../keys/staff-key.ts'
import { certifiedAt, keyEnd, keysOf, lives, tenantOf } from '../keys/staff-key.ts'
import type { TenantStates } from '../keys/tenant-chain.ts'
import { covered } from '../keys/upholding.ts'
import { mayWrite } from '../tenants/writing.ts'
import type { CaseHistory, Told, ToldOf } from './case-history.ts'
import { everySaying } from './case-history.ts'
import type { Span } from './span.ts'
import { holds, meet, merge } from './span.ts'

/** One stretch of a person's assignment: a later statement about her ends the stretch before. */
export type AssignmentSpan = Span & {
  readonly user: UserId
  readonly categories: readonly Category[]
  readonly told: ToldOf<'assignment.added'>
}

/** What an authority's ledger says of its people, in its order. */
const peopleOf = (history: CaseHistory, authority: AuthorityId): readonly Told[] =>
  [
    ...everySaying(history, 'assignment.added'),
    ...everySaying(history, 'assignment.ended'),
    ...everySaying(history, 'assignment.barred'),
  ]
    .filter((told) => told.from === authority)
    .sort((a, b) => a.statement.n - b.statement.n)

const isAbout = (told: Told, user: UserId): boolean =>
  (told.statement.type === 'assignment.added' ||
    told.statement.type === 'assignment.ended' ||
    told.statement.type === 'assignment.barred') &&
  told.statement.body.user === user

/** Every person that the authority's ledger has ever assigned or barred. */
export const everAssigned = (history: CaseHistory, authority: AuthorityId): readonly UserId[] => [
  ...new Set(
    peopleOf(history, authority).flatMap((told) =>
      told.statement.type === 'assignment.added' || told.statement.type === 'assignment.barred'
        ? [told.statement.body.user]
        : [],
    ),
  ),
]

export const isBarred = (history: CaseHistory, authority: AuthorityId, user: UserId): boolean =>
  everySaying(history, 'assignment.barred').some((told) => told.from === authority && told.statement.body.user === user)

/** The stretches of a person's assignment, in order; a voided or ended one is cut where that was said, which may leave no time. */
export function assignmentSpans(history: CaseHistory, authority: AuthorityId, user: UserId): readonly AssignmentSpan[] {
  const said = peopleOf(history, authority).filter((told) => isAbout(told, user))
  return said.flatMap((told, place): AssignmentSpan[] => {
    if (!isAdded(told)) return []
    const next = said[place + 1]
    const voided = everySaying(history, 'voided').find(
      (one) => one.statement.place === told.statement.place && one.statement.body.of === told.hash,
    )
    const ends = [next?.statement.at, voided?.statement.at].filter((end) => end !== undefined)
    const until = earliest(told.statement.body.until, ...ends)
    const { categories } = told.statement.body
    return [{ user, categories, told, from: told.statement.at, until }]
  })
}

const isAdded = (told: Told): told is ToldOf<'assignment.added'> => told.statement.type === 'assignment.added'

/** What is asked about: staff of an authority who read this category, of these units where the grant names some. */
export type Readership = {
  readonly authority: AuthorityId
  readonly category: Category
  readonly units: readonly UnitId[] | null
}

const inUnits = (key: StaffKey, units: readonly UnitId[] | null): boolean =>
  units === null || key.units.some((unit) => units.includes(unit))

function keysIn(tenants: TenantStates, authority: AuthorityId, user: UserId): readonly StaffKey[] {
  const tenant = tenantOf(tenants, authority)
  return tenant === null ? [] : keysOf(tenant, user)
}

/** The key by which a person is certified for an authority at an instant, with the roles and units of then. */
function standingKey(tenants: TenantStates, authority: AuthorityId, user: UserId, at: Instant): StaffKey | null {
  for (const key of keysIn(tenants, authority, user)) {
    const held = certifiedAt(key, at)
    if (held?.authority !== authority || (key.ended !== null && key.ended.at <= at)) continue
    return { ...key, ...held }
  }
  return null
}

/** When a person reads by a given key (or by any of hers where `encryption` is null): assigned, with the category, certified. */
export function readingSpans(
  history: CaseHistory,
  tenants: TenantStates,
  readership: Readership,
  who: { readonly user: UserId; readonly encryption: Fingerprint | null },
): readonly Span[] {
  const keys = keysIn(tenants, readership.authority, who.user).filter(
    (key) => (who.encryption === null || key.encryption === who.encryption) && inUnits(key, readership.units),
  )
  const assigned = assignmentSpans(history, readership.authority, who.user).filter((span) =>
    span.categories.includes(readership.category),
  )
  return merge(
    assigned.flatMap((span) =>
      keys.flatMap((key) => lives(key, readership.authority).flatMap((life) => meet(span, life) ?? [])),
    ),
  )
}

/** Somebody who may have a key at `at`: with the encryption key that it is wrapped to, and until when that is known. */
export type OwnReader = {
  readonly user: UserId
  readonly key: Fingerprint
  readonly write: boolean
  readonly until: Instant
}

/** The own readers of a category at `at` (protocol.md § 4 `entitled`): what is not covered by a standing key adds nobody. */
export function holdersOf(
  history: CaseHistory,
  tenants: TenantStates,
  readership: Readership,
  at: Instant,
): readonly OwnReader[] {
  return everAssigned(history, readership.authority).flatMap((user): OwnReader[] => {
    const span = assignmentSpans(history, readership.authority, user).find((one) => holds(one, at))
    if (span === undefined || !span.categories.includes(readership.category)) return []
    if (!covered(history, tenants, span.told, at)) return []
    const key = standingKey(tenants, readership.authority, user, at)
    if (key === null || !inUnits(key, readership.units)) return []
    const write = mayWrite(key.roles, span.categories, readership.category)
    return [{ user, key: key.encryption, write, until: earliest(span.until, keyEnd(key)) }]
  })
}

/**
 * The signer's own assignment when she spoke. In her ledger the chain orders it; on a strand an ending that her clock could not
 * have shown her breaks no chain: its list of speakers, the server and the keys' staleness stop her there.
 */
export function assignedWhenSaid(history: CaseHistory, told: Told, user: UserId): AssignmentSpan | null {
  const spans = assignmentSpans(history, told.from, user)
  const { at } = told.statement
  const standing = spans.find((span) => holds(span, at))
  if (standing !== undefined || told.to === null) return standing ?? null
  return spans.findLast((span) => span.from <= at && at <= addMinutes(span.until, clocksApartMinutes)) ?? null
}

/** The end of the stretch of reading that holds at `from`; `from` itself where she does not read then. */
export function readsUntil(spans: readonly Span[], from: Instant): Instant {
  const holding = spans.find((span) => holds(span, from))
  return holding === undefined ? from : latest(holding.until, from)
}
