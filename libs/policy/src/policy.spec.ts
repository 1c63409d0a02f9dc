// The policy as a text: every sentence can hold, cites its source, and speaks of the roles that the domain knows.
import type { Role } from '#libs/domain'
import { acts, caseOpeners, mayDecideOnFlows, receiverRoles, roles, writableCategories } from '#libs/domain'
import { rowsOf } from './decide.ts'
import type { Facts } from './facts.ts'
import { subjectOf } from './facts.ts'
import type { Relation } from './fixtures.ts'
import { actorAs, anna, at, bo, boras, caseOf, contentOf, heardOf, theCase, theConsent } from './fixtures.ts'
import { doorActs, policy } from './policy.ts'
import { listRelationNames, relationNames, relations } from './relations.ts'
import { ALL_STAFF, CASE_OPENERS, CONSENT_STAFF, REGION_RECEIVERS, UNIT_RECEIVERS, WRITING_STAFF } from './roles.ts'
import type { Rule } from './rule.ts'
import { rowActs } from './rule.ts'

const rules: readonly Rule[] = Object.values(policy).flat()
const sentences = rules.map((rule): [string, Rule] => [
  `${rule.act}, ${rule.source}, when ${rule.when.join(' and ')}`,
  rule,
])
const standings: readonly Relation[] = ['own', 'unassigned', 'receiver', 'covered', 'awaiting']

function factsFor(rule: Rule, relation: Relation): readonly Facts[] {
  const person = { about: 'person', tenant: boras.tenant, authority: boras.board } as const
  switch (subjectOf[rule.act]) {
    case 'case':
      return [caseOf(relation)]
    case 'content':
      return [contentOf(relation, rule.act)]
    case 'consent':
      return [{ about: 'consent', in: caseOf(relation), registration: theConsent, heard: heardOf[relation] }]
    case 'opening':
      return [{ about: 'opening', case: theCase, authority: boras.board, unit: boras.unit }]
    case 'person':
      return [
        { ...person, user: anna },
        { ...person, user: bo },
      ]
    case 'tenant':
      return [{ about: 'tenant', tenant: boras.tenant }]
    case 'door':
      return []
  }
}

test.each(sentences)('%s: each of its roles can meet it, and no relation stands in it twice', (_, rule) => {
  const held: readonly Role[] = rule.roles === 'everybody' ? ['analyst'] : rule.roles
  const isMet = (role: Role): boolean =>
    standings.some((relation) =>
      factsFor(rule, relation).some((facts) =>
        rule.when.every(
          (name) => name === 'roleWritesCategory' || relations[name]({ actor: actorAs(role, relation), facts, at }),
        ),
      ),
    )
  expect(held.filter((role) => !isMet(role))).toEqual([])
  expect(new Set(rule.when).size).toBe(rule.when.length)
})

test('every sentence cites a paragraph, and no role stands in it twice', () => {
  for (const rule of rules) {
    expect(rule.source).toMatch(/^(?:domain|protocol)\.md § \d+(?: rule \d+)?$/)
    if (rule.roles !== 'everybody') expect(new Set(rule.roles).size).toBe(rule.roles.length)
  }
})

test('only one’s own session is for everybody, whatever the role', () => {
  expect(rules.filter((rule) => rule.roles === 'everybody').map((rule) => rule.act)).toEqual([
    'session.read',
    'session.end',
  ])
})

test('every act has its sentences or is at the door by name', () => {
  expect([...Object.keys(policy), ...doorActs].toSorted()).toEqual([...acts].toSorted())
})

test('the groups of roles are the domain’s: a role added or moved there must be thought about here', () => {
  expect(ALL_STAFF.toSorted()).toEqual([...roles].toSorted())
  expect(CONSENT_STAFF.toSorted()).toEqual(roles.filter((role) => mayDecideOnFlows([role])).toSorted())
  expect(CASE_OPENERS.toSorted()).toEqual([...caseOpeners].toSorted())
  expect(WRITING_STAFF.toSorted()).toEqual(Object.keys(writableCategories).toSorted())
  expect([...UNIT_RECEIVERS, ...REGION_RECEIVERS].toSorted()).toEqual([...receiverRoles].toSorted())
})

test('what chooses the rows of lists, and nothing else, keeps to relations that have an SQL twin', () => {
  expect([...rowActs].toSorted()).toEqual([...new Set(Object.values(rowsOf))].toSorted())
  const inLists = rules.filter((rule) => rowActs.some((act) => act === rule.act)).flatMap((rule) => rule.when)
  expect([...new Set(inLists)].toSorted()).toEqual([...listRelationNames].toSorted())
})

test('every relation is used in some sentence', () => {
  const used = new Set(rules.flatMap((rule) => rule.when))
  expect([...used].toSorted()).toEqual([...relationNames].toSorted())
})
