// Who of an authority is assigned to a case, from when to when, and thereby reads its content in a category (domain.md § 6 rule 2).
import type { Category } from '../consents/categories.ts'
import type { AuthorityId, Fingerprint, UnitId, UserId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { earliest, latest } from '../instant.ts'
import type { StaffKey, TenantStates } from '../keys/tenant-chain.ts'
import { keyEnd, keysOf } from '../keys/tenant-chain.ts'
import { covered, isVoided } from '../keys/upholding.ts'
import { mayWrite } from '../tenants/writing.ts'
import type { CaseHistory, Told, ToldOf } from './case-history.ts'
import { ledgerOf, saying } from './case-history.ts'
import type { Span } from './span.ts'
import { holds, meet, merge } from './span.ts'

/** One stretch of a person's assignment: a later statement about her ends the stretch before. */
export type AssignmentSpan = Span & {
  readonly user: UserId
  readonly categories: readonly Category[]
  readonly told: ToldOf<'assignment.added'>
}

const about = (told: Told, user: UserId): boolean =>
  (told.statement.type === 'assignment.added' ||
    told.statement.type === 'assignment.ended' ||
    told.statement.type === 'assignment.barred') &&
  told.statement.body.user === user

/** Every person that the authority's ledger has ever assigned or barred. */
export const everAssigned = (history: CaseHistory, authority: AuthorityId): readonly UserId[] => [
  ...new Set(
    ledgerOf(history, authority).flatMap((told) =>
      told.statement.type === 'assignment.added' || told.statement.type === 'assignment.barred'
        ? [told.statement.body.user]
        : [],
    ),
  ),
]

export const isBarred = (history: CaseHistory, authority: AuthorityId, user: UserId): boolean =>
  saying(ledgerOf(history, authority), 'assignment.barred').some((told) => told.statement.body.user === user)

/** The stretches of a person's assignment, in order; a voided or ended one is cut where that was said. */
export function assignmentSpans(history: CaseHistory, authority: AuthorityId, user: UserId): readonly AssignmentSpan[] {
  const ledger = ledgerOf(history, authority)
  const said = ledger.filter((told) => about(told, user))
  return said.flatMap((told, place): AssignmentSpan[] => {
    if (!isAdded(told)) return []
    const next = said[place + 1]
    const voidedAt = saying(ledger, 'voided').find((one) => one.statement.body.of === told.hash)?.statement.at
    const ends = [next?.statement.at, voidedAt].filter((end) => end !== undefined)
    const until = earliest(told.statement.body.until, ...ends)
    const { categories } = told.statement.body
    return told.statement.at < until ? [{ user, categories, told, from: told.statement.at, until }] : []
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

const keysIn = (tenants: TenantStates, authority: AuthorityId, user: UserId): readonly StaffKey[] =>
  [...tenants.values()].flatMap((tenant) => keysOf(tenant, user).filter((key) => key.authority === authority))

const lifeOf = (key: StaffKey): Span => ({ from: key.certifiedAt, until: keyEnd(key) })

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
  return merge(assigned.flatMap((span) => keys.flatMap((key) => meet(span, lifeOf(key)) ?? [])))
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
    if (isVoided(history, span.told) || !covered(history, tenants, span.told, at)) return []
    const key = keysIn(tenants, readership.authority, user).find((one) => holds(lifeOf(one), at))
    if (key === undefined || !inUnits(key, readership.units)) return []
    const write = mayWrite(key.roles, span.categories, readership.category)
    return [{ user, key: key.encryption, write, until: earliest(span.until, keyEnd(key)) }]
  })
}

/** The assignment that stands for a person at `at`, and the key she has then; null where either lacks. */
export function assignedAt(
  history: CaseHistory,
  tenants: TenantStates,
  authority: AuthorityId,
  who: { readonly user: UserId; readonly at: Instant },
): { readonly span: AssignmentSpan; readonly key: StaffKey } | null {
  const span = assignmentSpans(history, authority, who.user).find((one) => holds(one, who.at))
  const key = keysIn(tenants, authority, who.user).find((one) => holds(lifeOf(one), who.at))
  return span === undefined || key === undefined ? null : { span, key }
}

/** The end of the stretch of reading that holds at `from`; `from` itself where she does not read then. */
export function readsUntil(spans: readonly Span[], from: Instant): Instant {
  const holding = spans.find((span) => holds(span, from))
  return holding === undefined ? from : latest(holding.until, from)
}
