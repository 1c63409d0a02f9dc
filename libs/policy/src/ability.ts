// CASL, with named relations for conditions. Not exported from the library: asked about a mere type, CASL says yes as soon as any
// rule exists, so only `decide` and `scopeOf` speak to it, and only with a whole question.
import { Ability } from '@casl/ability'
import { rulesToCondition } from '@casl/ability/extra'
import type { Act, Role } from '#libs/domain'
import type { Facts } from './facts.ts'
import { subjectOf } from './facts.ts'
import type { Condition } from './permit.ts'
import { policy } from './policy.ts'
import type { ListRelationName, Question, RelationName } from './relations.ts'
import { listRelationNames, relations } from './relations.ts'
import { ALL_STAFF } from './roles.ts'
import type { RowAct, Rule } from './rule.ts'

type RelationNames = readonly RelationName[]
type PolicyAbility = Ability<[Act, Facts['about'] | Question], RelationNames>

/** An empty list of relations matches nothing. CASL types what it asks about as any record; only questions are put to it here. */
const matcherOf = (names: RelationNames) => (asked: Readonly<Record<PropertyKey, unknown>>) =>
  names.length > 0 && names.every((name) => relations[name](asked as unknown as Question))

const rules: readonly Rule[] = Object.values(policy).flat()

function abilityOf(isMeant: (rule: Rule) => boolean): PolicyAbility {
  const raw = rules.flatMap((rule) => {
    const subject = subjectOf[rule.act]
    return isMeant(rule) && subject !== 'door' ? [{ action: rule.act, subject, conditions: rule.when }] : []
  })
  return new Ability<[Act, Facts['about'] | Question], RelationNames>(raw, {
    conditionsMatcher: matcherOf,
    detectSubjectType: (question) => question.facts.about,
  })
}

const abilityByRole: ReadonlyMap<Role, PolicyAbility> = new Map(
  ALL_STAFF.map((role) => [role, abilityOf((rule) => rule.roles !== 'everybody' && rule.roles.includes(role))]),
)
const abilityOfEverybody = abilityOf((rule) => rule.roles === 'everybody')

/** An unknown role has no ability. */
const abilitiesOf = (roles: readonly Role[]): readonly PolicyAbility[] => [
  abilityOfEverybody,
  ...roles.flatMap((role) => abilityByRole.get(role) ?? []),
]

/** Whether a rule for one of the actor's roles holds for this very question. */
export const allows = (act: Act, question: Question): boolean =>
  abilitiesOf(question.actor.roles).some((ability) => ability.can(act, question))

const isListRelation = (name: RelationName): name is ListRelationName =>
  listRelationNames.some((listed) => listed === name)

const relationNode = (name: RelationName): Condition<ListRelationName> => {
  if (!isListRelation(name)) throw new Error(`A list cannot depend on ${name}`)
  return { operator: 'relation', name }
}

/** What any one of is enough; a role with several rules brings several. */
const alternativesIn = <Name extends string>(condition: Condition<Name>): readonly Condition<Name>[] =>
  condition.operator === 'or' ? condition.value.flatMap((one) => alternativesIn(one)) : [condition]

/** The rows that the rules of this act let these roles see, as one list of alternatives; null: none. */
export function conditionOf(act: RowAct, roles: readonly Role[]): Condition<ListRelationName> | null {
  const subject = subjectOf[act]
  const found = abilitiesOf(roles).flatMap((ability) => {
    const condition = rulesToCondition<PolicyAbility, Condition<ListRelationName>, Condition<ListRelationName> | null>(
      ability.rulesFor(act, subject),
      (rule) => ({ operator: 'and', value: (rule.conditions ?? []).map(relationNode) }),
      {
        and: (value) => ({ operator: 'and', value }),
        or: (value) => ({ operator: 'or', value }),
        // CASL calls this for a rule without conditions, of which there are none: it would mean everything.
        empty: () => null,
      },
    )
    return condition === null ? [] : alternativesIn(condition)
  })
  const once = [...new Map(found.map((condition) => [JSON.stringify(condition), condition])).values()]
  const [first, ...others] = once
  if (first === undefined) return null
  return others.length === 0 ? first : { operator: 'or', value: once }
}
