// The answers of the policy: permit, denial, scope. Permit and scope are branded by symbols that never leave this library, so that
// a store that asks for one cannot be called by code that has not asked the policy.
import type {
  Act,
  AuthorityId,
  CaseId,
  CompartmentId,
  Instant,
  KeyId,
  RegistrationId,
  TenantId,
  ThreadId,
  UserId,
} from '#libs/domain'
import type { Actor } from './actor.ts'
import type { Facts, FactsOf, SubjectOf } from './facts.ts'
import { never } from '#libs/domain'

const permitted: unique symbol = Symbol('permitted')
const scoped: unique symbol = Symbol('scoped')

/** The ids that a permit was given for; a store takes ids from here and not from the request. */
export type IdsBySubject = {
  door: { readonly door: true }
  case: { readonly case: CaseId }
  opening: { readonly case: CaseId }
  content: {
    readonly case: CaseId
    readonly thread: ThreadId | null
    readonly compartment: CompartmentId | null
    readonly key: KeyId | null
  }
  consent: { readonly case: CaseId; readonly registration: RegistrationId }
  person: { readonly user: UserId; readonly authority: AuthorityId }
  tenant: { readonly tenant: TenantId }
}
export type IdsOf<A extends Act> = IdsBySubject[SubjectOf<A>]

/** The proof that the policy allowed this act, to this actor, on these ids, at this minute. `actor` is null only at the door. */
export type Permit<A extends Act = Act> = {
  readonly [permitted]: A
  readonly answer: 'yes'
  readonly act: A
  readonly actor: A extends 'tenant.choose' ? null : Actor
  readonly ids: IdsOf<A>
  readonly at: Instant
}

/** The names of what the policy may refuse with: all of them are problems of `libs/contracts`. */
export type RefusedProblem = 'scope-ended' | 'assignment-ended' | 'role-missing' | 'key-not-certified'

/** 404, 403 with a reason, or 401 (domain.md § 6, last paragraph). Handlers do not choose. */
export type Denial =
  | { readonly answer: 'absent'; readonly act: Act; readonly problem: 'not-found' }
  | { readonly answer: 'refused'; readonly act: Act; readonly problem: RefusedProblem }
  | { readonly answer: 'anonymous'; readonly act: Act; readonly problem: 'not-signed-in' }

/** Relations joined by and/or, as CASL's rules give them; persistence turns each name into SQL. */
export type Condition<Name extends string = string> =
  | { readonly operator: 'and' | 'or'; readonly value: readonly Condition<Name>[] }
  | { readonly operator: 'relation'; readonly name: Name }

/** What a list of this act may hold. `condition: null` means nothing allowed and becomes SQL `false`. */
export type Scope<A extends Act = Act, Name extends string = string> = {
  readonly [scoped]: A
  readonly answer: 'scope'
  readonly act: A
  readonly actor: Actor
  readonly condition: Condition<Name> | null
  readonly at: Instant
}

export const isPermit = <A extends Act>(decision: Permit<A> | Denial): decision is Permit<A> =>
  decision.answer === 'yes'
export const isScope = <A extends Act, Name extends string>(
  decision: Scope<A, Name> | Denial,
): decision is Scope<A, Name> => decision.answer === 'scope'

function idsIn(facts: Facts | null): IdsBySubject[keyof IdsBySubject] {
  if (facts === null) return { door: true }
  switch (facts.about) {
    case 'case':
    case 'opening':
      return { case: facts.case }
    case 'content':
      return { case: facts.in.case, thread: facts.thread, compartment: facts.compartment, key: facts.key }
    case 'consent':
      return { case: facts.in.case, registration: facts.registration }
    case 'person':
      return { user: facts.user, authority: facts.authority }
    case 'tenant':
      return { tenant: facts.tenant }
    default:
      return never(facts)
  }
}

/** The one constructor of permits; not exported from the library. */
export function permit<A extends Act>(act: A, actor: Actor | null, facts: FactsOf<A> | null, at: Instant): Permit<A> {
  // The compiler cannot follow `subjectOf` through a generic act; `decide` has compared the facts' subject with it.
  return { [permitted]: act, answer: 'yes', act, actor, ids: idsIn(facts), at } as unknown as Permit<A>
}

/** The one constructor of scopes; not exported from the library. */
export const scope = <A extends Act, Name extends string>(
  act: A,
  actor: Actor,
  condition: Condition<Name> | null,
  at: Instant,
): Scope<A, Name> => ({
  [scoped]: act,
  answer: 'scope',
  act,
  actor,
  condition,
  at,
})
