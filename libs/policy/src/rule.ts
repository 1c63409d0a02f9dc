// The form of a rule: one sentence of the policy, with the paragraph it comes from.
import type { Act, Role } from '#libs/domain'
import type { ListRelationName, RelationName } from './relations.ts'

/** Acts whose rules also select the rows of lists: they may use only relations that have an SQL twin. */
export const rowActs = [
  'case.list',
  'message.read',
  'staff.list',
  'key.list-pending',
  'directory.read',
  'audit.read',
] as const satisfies readonly Act[]
export type RowAct = (typeof rowActs)[number]

export type RelationOf<A extends Act> = A extends RowAct ? ListRelationName : RelationName
type NonEmpty<T> = readonly [T, ...T[]]

/** `everybody`: whoever has signed in, also without any role; for her own session alone. */
export type Rule<A extends Act = Act> = {
  readonly act: A
  readonly source: string
  readonly roles: NonEmpty<Role> | 'everybody'
  readonly when: NonEmpty<RelationOf<A>>
}

/** One sentence: in these roles, when all these relations hold, the act is allowed. Neither list can be empty. */
export const rule = <const A extends Act>(
  act: A,
  source: string,
  sentence: Pick<Rule<A>, 'roles' | 'when'>,
): Rule<A> => ({
  act,
  source,
  ...sentence,
})

/** The rules of some acts: at least one each. */
export type RulesOf<A extends Act> = { readonly [Name in A]: NonEmpty<Rule<Name>> }
