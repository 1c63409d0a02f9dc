// The policy against the hand-written access table: every operation and event × role × relation.
import { capabilities, events, requests } from '#libs/contracts'
import type { Act, Role } from '#libs/domain'
import { roles } from '#libs/domain'
import { accessTable, tableRoles } from '../../../test/access/access-table.ts'
import type { AccessRelation, AccessRow, AccessSubject } from '../../../test/access/notation.ts'
import { expectedAnswer, relationsOf } from '../../../test/access/notation.ts'
import type { ListAct } from './decide.ts'
import { decide, rowsOf, scopeOf } from './decide.ts'
import { actorAs, anna, at, bo, boras, caseOf, contentOf, heardOf, theCase, theConsent } from './fixtures.ts'
import type { Facts } from './facts.ts'
import type { Condition } from './permit.ts'
import type { ListRelationName } from './relations.ts'
import { relations } from './relations.ts'

const actOf = new Map<string, Act>([
  ...capabilities.flatMap(({ capability, table }) =>
    Object.entries(table).map(([name, operation]): [string, Act] => [`${capability}.${name}`, operation.act]),
  ),
  ...Object.entries(events).map(([name, event]): [string, Act] => [`event ${name}`, event.act]),
  ...Object.entries(requests).map(([name, request]): [string, Act] => [`request ${name}`, request.act]),
])

/** Lists that are asked for without naming a thing: their answer is what the list holds. */
const pureLists = ['cases.list', 'keys.pending', 'tenants.staff', 'tenants.directory']
const isListAct = (act: Act): act is ListAct => act in rowsOf

/** What each subject of the table is, in facts. */
function factsOf(about: AccessSubject, relation: AccessRelation, act: Act): Facts | null {
  switch (about) {
    case 'door':
      return null
    case 'herself':
      return { about: 'person', user: anna, tenant: boras.tenant, authority: boras.board }
    case 'directory':
    case 'organisation':
      return { about: 'tenant', tenant: boras.tenant }
    case 'person':
      return { about: 'person', user: relation === 'own' ? anna : bo, tenant: boras.tenant, authority: boras.board }
    case 'unit':
      return { about: 'opening', case: theCase, authority: boras.board, unit: boras.unit }
    case 'case':
      return caseOf(relation)
    case 'consent':
      return { about: 'consent', in: caseOf(relation), registration: theConsent, heard: heardOf[relation] }
    case 'content':
      return contentOf(relation, act)
  }
}

function satisfies(
  condition: Condition<ListRelationName>,
  question: Parameters<(typeof relations)['certified']>[0],
): boolean {
  if (condition.operator === 'relation') return relations[condition.name](question)
  return condition.operator === 'and'
    ? condition.value.every((part) => satisfies(part, question))
    : condition.value.some((part) => satisfies(part, question))
}

function answerOfList(act: ListAct, actor: ReturnType<typeof actorAs> | null, facts: Facts): string {
  const scope = scopeOf(actor, act, at)
  if (scope.answer === 'anonymous') return 'anonymous'
  if (scope.answer !== 'scope') return scope.problem
  const question = { actor: scope.actor, facts, at }
  return scope.condition !== null && satisfies(scope.condition, question) ? 'yes' : 'absent'
}

function answerOf(name: string, act: Act, row: AccessRow, role: Role, relation: AccessRelation): string {
  const actor = relation === 'anonymous' ? null : actorAs(role, relation)
  const facts = factsOf(row.about, relation, act)
  if (pureLists.includes(name) && isListAct(act) && facts !== null) return answerOfList(act, actor, facts)
  // The table's own reading of an act's subject must be the policy's; a mismatch is answered as absent and fails here.
  const decision = decide(actor, act, facts as never, at)
  if (decision.answer === 'yes') return 'yes'
  return decision.answer === 'refused' ? decision.problem : decision.answer
}

test('the table and the wire name the same operations and events', () => {
  expect(Object.keys(accessTable).sort()).toEqual([...actOf.keys()].sort())
})

test('the table knows every role, and no line repeats a role of another', () => {
  expect([...tableRoles].sort()).toEqual([...roles].sort())
  for (const [name, row] of Object.entries(accessTable)) {
    const named = row.lines.flatMap((line) => line.roles)
    expect({ name, named: named.length }).toEqual({ name, named: new Set(named).size })
  }
})

test.each(Object.entries(accessTable))('%s is answered as the table says, for every role and relation', (name, row) => {
  const act = actOf.get(name)
  if (act === undefined) throw new Error(`${name} is not on the wire`)
  const cells = roles.flatMap((role) => relationsOf[row.about].map((relation) => ({ role, relation })))
  const expected = cells.map(({ role, relation }) => `${role} × ${relation}: ${expectedAnswer(row, role, relation)}`)
  const answered = cells.map(
    ({ role, relation }) => `${role} × ${relation}: ${answerOf(name, act, row, role, relation)}`,
  )
  expect(answered).toEqual(expected)
})
