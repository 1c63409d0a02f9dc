// Facts for the policy's specs: one question per relation of the access table.
import type {
  AuthorityId,
  Act,
  CaseId,
  Category,
  CompartmentId,
  RegistrationId,
  Role,
  TenantId,
  ThreadId,
  UnitId,
  UserId,
} from '#libs/domain'
import { categories, endOfTime, id, instant } from '#libs/domain'
import type { Actor } from './actor.ts'
import type { AssignmentFacts, CaseFacts, ConsentFacts, ContentFacts } from './facts.ts'

const uuid = (n: number) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`

export const at = instant('2025-03-01T12:00Z')
export const earlier = instant('2025-02-01T12:00Z')
export const later = instant('2025-06-01T12:00Z')

export const boras = {
  tenant: id<TenantId>(uuid(1)),
  board: id<AuthorityId>(uuid(2)),
  otherBoard: id<AuthorityId>(uuid(3)),
  unit: id<UnitId>(uuid(4)),
  otherUnit: id<UnitId>(uuid(5)),
}
export const police = {
  tenant: id<TenantId>(uuid(11)),
  authority: id<AuthorityId>(uuid(12)),
  unit: id<UnitId>(uuid(14)),
}
export const theCase = id<CaseId>(uuid(21))
export const theThread = id<ThreadId>(uuid(22))
export const theCompartment = id<CompartmentId>(uuid(23))
export const theConsent = id<RegistrationId>(uuid(24))
export const anna = id<UserId>(uuid(31))
export const bo = id<UserId>(uuid(32))

export const standing: AssignmentFacts = { state: 'standing', categories, until: later }
const ended: AssignmentFacts = { state: 'ended', categories, until: earlier }
const none: AssignmentFacts = { state: 'none' }

/** How the one who asks stands to the case; the access table says what each means. */
export type Relation =
  | 'own'
  | 'unassigned'
  | 'ended'
  | 'receiver'
  | 'otherBoard'
  | 'covered'
  | 'otherCategory'
  | 'awaiting'
  | 'expired'
  | 'withdrawn'
  | 'stranger'
  | 'anonymous'

export function actorAs(role: Role, relation: Relation = 'own'): Actor {
  const person = { user: anna, roles: [role], certifiedUntil: later }
  switch (relation) {
    case 'own':
    case 'ended':
    case 'anonymous':
      return { ...person, tenant: boras.tenant, authority: boras.board, units: [boras.unit] }
    case 'unassigned':
      return { ...person, tenant: boras.tenant, authority: boras.board, units: [boras.otherUnit] }
    case 'otherBoard':
      return { ...person, tenant: boras.tenant, authority: boras.otherBoard, units: [boras.otherUnit] }
    case 'receiver':
    case 'covered':
    case 'otherCategory':
    case 'awaiting':
    case 'expired':
    case 'withdrawn':
    case 'stranger':
      return { ...person, tenant: police.tenant, authority: police.authority, units: [police.unit] }
  }
}

/** What the actor's authority and she are to the case, by relation. */
export function caseOf(relation: Relation): CaseFacts {
  const of = { about: 'case', case: theCase, owner: boras.board, barred: false, units: [police.unit] } as const
  switch (relation) {
    case 'own':
    case 'anonymous':
      return { ...of, party: 'is', assignment: standing, units: [boras.unit] }
    case 'unassigned':
      return { ...of, party: 'is', assignment: none, units: [boras.unit] }
    case 'ended':
      return { ...of, party: 'is', assignment: ended, units: [boras.unit] }
    case 'receiver':
      return { ...of, party: 'is', assignment: none }
    case 'covered':
    case 'otherCategory':
    case 'awaiting':
      return { ...of, party: 'is', assignment: standing }
    case 'expired':
    case 'withdrawn':
      return { ...of, party: 'was', assignment: standing }
    case 'otherBoard':
    case 'stranger':
      return { ...of, party: 'never', assignment: none }
  }
}

const coverageOf: Readonly<Record<Relation, ContentFacts['coverage']>> = {
  own: 'own',
  anonymous: 'own',
  unassigned: 'own',
  ended: 'former',
  receiver: 'none',
  otherBoard: 'none',
  covered: 'covered',
  otherCategory: 'none',
  awaiting: 'none',
  expired: 'former',
  withdrawn: 'former',
  stranger: 'none',
}

export const heardOf: Readonly<Record<Relation, ConsentFacts['heard']>> = {
  own: 'registered',
  anonymous: 'registered',
  unassigned: 'registered',
  ended: 'registered',
  receiver: 'shared',
  otherBoard: 'none',
  covered: 'granted',
  otherCategory: 'granted',
  awaiting: 'shared',
  expired: 'granted',
  withdrawn: 'granted',
  stranger: 'none',
}

/** Another's content to read; to write in, a compartment of one's own authority. */
export function contentOf(relation: Relation, act: Act): ContentFacts {
  const category: Category = relation === 'otherCategory' ? 'health' : 'threat'
  const content = {
    about: 'content',
    in: caseOf(relation),
    thread: theThread,
    compartment: theCompartment,
    key: null,
    category,
    until: endOfTime,
    reachesBlockedSubject: false,
  } as const
  if (act === 'message.send') return { ...content, coverage: 'own', source: actorAs('caseworker', relation).authority }
  return {
    ...content,
    coverage: coverageOf[relation],
    source: relation === 'awaiting' ? boras.otherBoard : boras.board,
  }
}
