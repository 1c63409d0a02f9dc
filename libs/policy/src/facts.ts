// What a decision may know of the thing asked about: small, total, loaded under row-level security. `null` in place of facts
// means that nothing was found, and is answered as an unknown id (domain.md § 6).
import type {
  Act,
  AuthorityId,
  CaseId,
  Category,
  CompartmentId,
  Instant,
  KeyId,
  RegistrationId,
  TenantId,
  ThreadId,
  UnitId,
  UserId,
} from '#libs/domain'
import type { Actor } from './actor.ts'

/**
 * The actor's assignment by her own authority in this case. `none`: never assigned. `ended` and `expired`: she once was, and so
 * knows of the case. `until` is exclusive and is compared with `at` again, so a store may say `standing` by a clock that is late.
 */
export type AssignmentFacts =
  | { readonly state: 'none' }
  | {
      readonly state: 'standing' | 'ended' | 'expired'
      readonly categories: readonly Category[]
      readonly until: Instant
    }

/** A case as it stands to the actor's own authority; nothing of any other authority but who owns it. */
export type CaseFacts = {
  readonly about: 'case'
  readonly case: CaseId
  readonly owner: AuthorityId
  readonly assignment: AssignmentFacts
  /** Jäv: barred from the case by her own authority, whether or not she was ever assigned. */
  readonly barred: boolean
  /**
   * The actor's own authority here. `is`: owns the case, is named by an open flow, grant or disclosure, or is asked to confirm. `was`: it was
   * all that once and is no longer: its own records and a stub stay (domain.md § 12). `never`: nothing names it.
   */
  readonly party: 'is' | 'was' | 'never'
  /** The units to whose receivers the case is shown: the own ledger's unit; before it is opened those the consent names; null: the whole authority. */
  readonly units: readonly UnitId[] | null
}

/**
 * How a compartment, thread or message stands to the actor at the database's clock.
 * `own`: its source is her own authority. `covered`: a flow to her authority and unit is open, or a disclosure covers it. `former`: she could read exactly
 * this (it was made before the end) and no longer can. `none`: she never could; also what was made after an end.
 */
export type Coverage = 'own' | 'covered' | 'former' | 'none'

/**
 * Content in a case. For a thread: its most readable message. For writing: the compartment written in, which may be about to be
 * opened by the same request (then `coverage` is `own` if its source is the actor's authority, else `none`).
 */
export type ContentFacts = {
  readonly about: 'content'
  readonly in: CaseFacts
  readonly thread: ThreadId | null
  readonly compartment: CompartmentId | null
  /** An epoch or flow key, where the question is about one (a socket's room). */
  readonly key: KeyId | null
  readonly source: AuthorityId
  readonly category: Category
  readonly coverage: Coverage
  /** The end (exclusive) of `own` and `covered`; the open end where none is known. */
  readonly until: Instant
  /** True where reading would reach a subject who is blocked (domain.md § 7). */
  readonly reachesBlockedSubject: boolean
}

/** A consent in a case. `heard`: how the actor's own authority knows of it; `none`: it does not. */
export type ConsentFacts = {
  readonly about: 'consent'
  readonly in: CaseFacts
  readonly registration: RegistrationId
  /** `registered` here; `shared` for it, as a source, to confirm; `granted`: an opened grant to it rests on it. */
  readonly heard: 'registered' | 'shared' | 'granted' | 'none'
}

/** A case that is about to be opened, by a unit of an authority. */
export type OpeningFacts = {
  readonly about: 'opening'
  readonly case: CaseId
  readonly authority: AuthorityId
  readonly unit: UnitId
}

/** A member of staff, or her key: also the actor herself. */
export type PersonFacts = {
  readonly about: 'person'
  readonly user: UserId
  readonly tenant: TenantId
  readonly authority: AuthorityId
}

/** An organisation in the directory. */
export type TenantFacts = { readonly about: 'tenant'; readonly tenant: TenantId }

/** The actor as the thing asked about: for her own session and key. */
export const herself = (actor: Actor): PersonFacts => ({
  about: 'person',
  user: actor.user,
  tenant: actor.tenant,
  authority: actor.authority,
})

export type Facts = CaseFacts | ContentFacts | ConsentFacts | OpeningFacts | PersonFacts | TenantFacts

/** What each act is about. Total: a new act without a line does not compile. `door`: before anybody has signed in. */
export const subjectOf = {
  'tenant.choose': 'door',
  'session.read': 'person',
  'session.end': 'person',
  'directory.read': 'tenant',
  'staff.list': 'person',
  'tenant-chain.read': 'tenant',
  'key.read-own': 'person',
  'key.create': 'person',
  'key.list-pending': 'person',
  'key.certify': 'person',
  'key.end': 'person',
  'key.maintain': 'case',
  'key.read-wraps': 'case',
  'case.open': 'opening',
  'case.list': 'case',
  'case.read': 'case',
  'case.title': 'case',
  'assignment.add': 'case',
  'assignment.end': 'case',
  'decision.settle': 'case',
  'consent.register': 'case',
  'consent.confirm': 'consent',
  'consent.narrow': 'consent',
  'consent.follow': 'consent',
  'consent.withdraw': 'consent',
  'disclosure.make': 'case',
  'disclosure.close': 'case',
  'thread.list': 'case',
  'message.read': 'content',
  'message.send': 'content',
  'seal.add': 'case',
  'cursor.move': 'content',
  'cursor.list': 'content',
  'audit.read': 'case',
} as const satisfies Record<Act, Facts['about'] | 'door'>

export type SubjectOf<A extends Act> = (typeof subjectOf)[A]
/** The facts that a decision on this act needs; `null` only for what needs none. */
export type FactsOf<A extends Act> = SubjectOf<A> extends 'door' ? null : Extract<Facts, { about: SubjectOf<A> }>
