// How an actor can stand to a thing: a short closed list of named relations, each a predicate over facts. The names are the
// conditions of the rules; those that lists use have an SQL twin in libs/persistence, and a test holds the two equal.
import type { Category, Instant } from '#libs/domain'
import { writableCategories } from '#libs/domain'
import type { Actor } from './actor.ts'
import type { CaseFacts, Facts } from './facts.ts'

/** Relations that a list may depend on: their twins in SQL speak of a row of that list. */
export const listRelationNames = [
  /** Her key's certification stands. */
  'certified',
  /** Her own authority has assigned her to the case, the assignment has not ended and she is not barred. */
  'assigned',
  'notBarred',
  /** Her own authority is, or has been, named in the case. */
  'ownAuthorityNamed',
  /** As `ownAuthorityNamed`, and the case is shown to receivers of one of her units. */
  'ownUnitNamed',
  /** The content's source is her own authority, or an open flow covers it. */
  'sourceIsOwnOrFlowCovers',
  /** Inner secrecy: her assignment carries the content's category. */
  'categoryAssigned',
  'notReachingBlockedSubject',
  /** A person of her own authority. */
  'ofOwnAuthority',
  /** A person of her own tenant, of whichever authority. */
  'ofOwnTenant',
  /** An organisation: all who work in Sluss may know which there are. */
  'inTheDirectory',
] as const
export type ListRelationName = (typeof listRelationNames)[number]

export const relationNames = [
  ...listRelationNames,
  /** The case is not closed to her own authority (domain.md § 12). */
  'caseNotLocked',
  'sourceIsOwn',
  'roleWritesCategory',
  /** Her assignment carries `plan`, where her authority keeps the case's working title. */
  'planAssigned',
  /** The consent was shared with her authority, as a source, to confirm. */
  'sharedForConfirmation',
  /** Her authority registered the consent or was asked, as a source, to confirm it. */
  'registeredOrShared',
  /** Her authority knows of the consent in any way. */
  'consentHeard',
  /** The case is opened by one of her own units. */
  'inOwnUnit',
  'herself',
  'somebodyElse',
] as const
export type RelationName = (typeof relationNames)[number]

/** Who asks about what, at which minute. */
export type Question = { readonly actor: Actor; readonly facts: Facts; readonly at: Instant }

/** The case that facts speak of or lie in; null where they are not about a case. */
export function caseIn(facts: Facts): CaseFacts | null {
  if (facts.about === 'case') return facts
  return facts.about === 'content' || facts.about === 'consent' ? facts.in : null
}

/** Whether the assignment stands at `at`; `until` is exclusive, and a bar ends it whatever its dates say (domain.md § 6 item 2). */
export const assignmentStands = (of: CaseFacts, at: Instant): boolean =>
  !of.barred && of.assignment.state === 'standing' && at < of.assignment.until

const inCase = (test: (of: CaseFacts, question: Question) => boolean) => (question: Question) => {
  const of = caseIn(question.facts)
  return of !== null && test(of, question)
}

const carries = (of: CaseFacts, category: Category): boolean =>
  of.assignment.state !== 'none' && of.assignment.categories.includes(category)

const namedInCase = (of: CaseFacts): boolean => of.party === 'is' || of.party === 'was'

/** Each relation's meaning; a relation asked of facts that it does not speak of does not hold. */
export const relations: Readonly<Record<RelationName, (question: Question) => boolean>> = {
  certified: ({ actor, at }) => actor.certifiedUntil !== null && at < actor.certifiedUntil,
  assigned: inCase((of, { at }) => assignmentStands(of, at)),
  notBarred: inCase((of) => !of.barred),
  ownAuthorityNamed: inCase(namedInCase),
  ownUnitNamed: inCase(
    (of, { actor }) => namedInCase(of) && (of.units === null || of.units.some((unit) => actor.units.includes(unit))),
  ),
  caseNotLocked: inCase((of) => of.party === 'is'),
  sourceIsOwnOrFlowCovers: ({ actor, facts, at }) => {
    if (facts.about !== 'content' || at >= facts.until) return false
    if (facts.coverage === 'own') return facts.source === actor.authority
    return facts.coverage === 'covered'
  },
  categoryAssigned: ({ facts }) => facts.about === 'content' && carries(facts.in, facts.category),
  notReachingBlockedSubject: ({ facts }) => facts.about === 'content' && !facts.reachesBlockedSubject,
  sourceIsOwn: ({ actor, facts }) =>
    facts.about === 'content' && facts.coverage === 'own' && facts.source === actor.authority,
  roleWritesCategory: ({ actor, facts }) =>
    facts.about === 'content' &&
    actor.roles.some((role) => writableCategories[role]?.includes(facts.category) === true),
  planAssigned: inCase((of) => carries(of, 'plan')),
  sharedForConfirmation: ({ facts }) => facts.about === 'consent' && facts.heard === 'shared',
  registeredOrShared: ({ facts }) =>
    facts.about === 'consent' && (facts.heard === 'registered' || facts.heard === 'shared'),
  consentHeard: ({ facts }) =>
    facts.about === 'consent' &&
    (facts.heard === 'registered' || facts.heard === 'shared' || facts.heard === 'granted'),
  inOwnUnit: ({ actor, facts }) =>
    facts.about === 'opening' && facts.authority === actor.authority && actor.units.includes(facts.unit),
  herself: ({ actor, facts }) => facts.about === 'person' && facts.user === actor.user,
  somebodyElse: ({ actor, facts }) => facts.about === 'person' && facts.user !== actor.user,
  ofOwnAuthority: ({ actor, facts }) => facts.about === 'person' && facts.authority === actor.authority,
  ofOwnTenant: ({ actor, facts }) =>
    (facts.about === 'person' || facts.about === 'tenant') && facts.tenant === actor.tenant,
  inTheDirectory: ({ facts }) => facts.about === 'tenant',
}
