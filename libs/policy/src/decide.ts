// The two questions that can be put to the policy: may this actor do this to that, and what may a list of hers hold.
import type { Act, Instant } from '#libs/domain'
import type { Actor } from './actor.ts'
import { allows, conditionOf } from './ability.ts'
import { denialOf } from './denial.ts'
import type { Facts, FactsOf } from './facts.ts'
import { subjectOf } from './facts.ts'
import type { Denial, Permit, Scope } from './permit.ts'
import { permit, scope } from './permit.ts'
import type { DoorAct, StaffAct } from './policy.ts'
import { doorActs } from './policy.ts'
import type { ListRelationName } from './relations.ts'
import type { RowAct } from './rule.ts'

const isDoorAct = (act: Act): act is DoorAct => doorActs.some((door) => door === act)

/**
 * Whether `actor` may do `act` to what `facts` describe, at `at`; otherwise how she is to be answered (domain.md § 6, last
 * paragraph). `actor: null`: not signed in. `facts: null`: nothing was found, which is answered as an unknown id.
 */
export function decide<A extends Act>(
  actor: Actor | null,
  act: A,
  facts: FactsOf<A> | null,
  at: Instant,
): Permit<A> | Denial {
  if (isDoorAct(act)) return permit(act, null, null, at)
  if (actor === null) return { answer: 'anonymous', act, problem: 'not-signed-in' }
  const found: Facts | null = facts
  if (found === null || found.about !== subjectOf[act]) return { answer: 'absent', act, problem: 'not-found' }
  const question = { actor, facts: found, at }
  return allows(act, question) ? permit(act, actor, facts, at) : denialOf(act, question)
}

/** As `decide`, for a button: shows nothing that it knows will be refused. */
export const isAllowed = <A extends Act>(actor: Actor | null, act: A, facts: FactsOf<A> | null, at: Instant): boolean =>
  decide(actor, act, facts, at).answer === 'yes'

/** The act by whose rules each list's rows are chosen: a list of threads holds what one may read in them. */
export const rowsOf = {
  'case.list': 'case.list',
  'thread.list': 'message.read',
  'message.read': 'message.read',
  'cursor.list': 'message.read',
  'staff.list': 'staff.list',
  'key.list-pending': 'key.list-pending',
  'directory.read': 'directory.read',
  'audit.read': 'audit.read',
} as const satisfies Partial<Record<StaffAct, RowAct>>
export type ListAct = keyof typeof rowsOf

/**
 * What a list of this act may hold for `actor`, as relations joined by and/or; a condition of `null` is an empty list. Refused
 * only where everything that she may see hangs on a certification that does not stand.
 */
export function scopeOf<A extends ListAct>(
  actor: Actor | null,
  act: A,
  at: Instant,
): Scope<A, ListRelationName> | Denial {
  if (actor === null) return { answer: 'anonymous', act, problem: 'not-signed-in' }
  const condition = conditionOf(rowsOf[act], actor.roles)
  const isCertified = actor.certifiedUntil !== null && at < actor.certifiedUntil
  if (condition !== null && !isCertified && isNothingWithout('certified', condition)) {
    return { answer: 'refused', act, problem: 'key-not-certified' }
  }
  return scope(act, actor, condition, at)
}

function isNothingWithout(name: ListRelationName, condition: NonNullable<ReturnType<typeof conditionOf>>): boolean {
  if (condition.operator === 'relation') return condition.name === name
  return condition.operator === 'and'
    ? condition.value.some((part) => isNothingWithout(name, part))
    : condition.value.every((part) => isNothingWithout(name, part))
}
