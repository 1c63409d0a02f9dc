// The relations of the policy in both their forms: what a list holds by SQL is what the policy says of the facts, one by one, over
// random standings of a person to a case.
import type { CaseId, ThreadId } from '#libs/domain'
import { id, instantOf } from '#libs/domain'
import { Database, cases, clockOf, tenants, threads } from '#libs/persistence'
import type { Tx } from '#libs/persistence'
import type { Actor } from '#libs/policy'
import { decide, isAllowed, isPermit, isScope, scopeOf } from '#libs/policy'
import fc from 'fast-check'
import pg from 'pg'
import { freshDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import type { Name } from './world.ts'
import * as world from './world.ts'

let database: TestDatabase
let door: Database
let admin: pg.Client
beforeAll(async () => {
  database = await freshDatabase()
  await world.enterWorld(database.adminUrl)
  await world.certify(database.adminUrl)
  await database.setClock(world.noon)
  door = await Database.open({ url: database.appUrl, poolSize: 1 })
  admin = new pg.Client({ connectionString: database.adminUrl })
  await admin.connect()
})
afterAll(async () => {
  await admin.end()
  await door.close()
  await database.drop()
})

const theCase = id<CaseId>(world.theCase)
const thread = id<ThreadId>(world.threatThread)
const units = ['00000000-0000-4000-8000-000000000015', '00000000-0000-4000-8000-000000000016']
const before = '2026-03-02T11:59Z'
const after = '2026-06-01T00:00Z'

type Standing = {
  readonly role: string
  readonly ofUnit: boolean
  readonly certifiedUntil: string
  readonly assignment: { readonly state: string; readonly until: string; readonly categories: readonly string[] } | null
  readonly party: { readonly state: string; readonly units: readonly string[] | null } | null
  readonly reads: string | null
}
const aStanding = fc.record<Standing>({
  role: fc.constantFrom('caseworker', 'team_leader', 'intake_worker', 'security_officer', 'analyst', 'key_custodian'),
  ofUnit: fc.boolean(),
  certifiedUntil: fc.constantFrom(before, after),
  assignment: fc.option(
    fc.record({
      state: fc.constantFrom('standing', 'standing', 'ended', 'barred'),
      until: fc.constantFrom(before, after),
      categories: fc.constantFrom(['threat'], ['plan'], ['plan', 'threat']),
    }),
  ),
  party: fc.option(
    fc.record({ state: fc.constantFrom('is', 'was'), units: fc.constantFrom(null, units.slice(0, 1), units.slice(1)) }),
  ),
  reads: fc.option(fc.constantFrom(before, after)),
})

/** Somebody who reads: among the random standings she is rare, and every "cannot" needs its "can". */
const aReader: Standing = {
  role: 'caseworker',
  ofUnit: true,
  certifiedUntil: after,
  assignment: { state: 'standing', until: after, categories: ['plan', 'threat'] },
  party: { state: 'is', units: null },
  reads: after,
}

const somebody: Name = 'neverAssigned'
const { user } = world.people[somebody]

async function stands(standing: Standing): Promise<void> {
  await admin.query('delete from readers where user_id = $1', [user])
  await admin.query('delete from assignments where user_id = $1', [user])
  await admin.query('delete from parties where authority_id = $1', [world.board])
  await admin.query('update user_roles set role = $2 where user_id = $1', [user, standing.role])
  await admin.query('delete from user_units where user_id = $1', [user])
  if (standing.ofUnit) await admin.query('insert into user_units values ($1, $2)', [user, units[0]])
  await admin.query('update staff_keys set valid_until = $2 where user_id = $1', [user, standing.certifiedUntil])
  if (standing.assignment !== null)
    await admin.query('insert into assignments values ($1, $2, $3, $4, $5, $6, now())', [
      theCase,
      user,
      world.board,
      standing.assignment.categories,
      standing.assignment.state,
      standing.assignment.until,
    ])
  if (standing.party !== null)
    await admin.query('insert into parties values ($1, $2, $3, $4, now(), now())', [
      theCase,
      world.board,
      standing.party.state === 'is' ? '{(,)}' : '{}',
      standing.party.units,
    ])
  if (standing.reads !== null)
    await admin.query(`insert into readers values ($1, $2, '2026-03-01T00:00Z', $3, $4, true)`, [
      world.threatEpoch,
      user,
      standing.reads,
      theCase,
    ])
}

async function byList(tx: Tx, actor: Actor): Promise<boolean> {
  const scope = scopeOf(actor, 'case.list', instantOf((await clockOf(tx)).getTime()))
  if (!isScope(scope)) return false
  const { rows } = await cases.page(tx, scope, { after: null, limit: 10, phase: null, relation: null })
  return rows.some((row) => row.id === theCase)
}

test('a case is in one’s list exactly if the policy says so of its facts', async () => {
  const answers = new Set<boolean>()
  await fc.assert(
    fc.asyncProperty(aStanding, async (standing) => {
      await stands(standing)
      await door.run(world.whoIs(somebody), async (tx) => {
        const actor = await tenants.currentActor(tx)
        const facts = await cases.facts(tx, theCase)
        const allowed = isAllowed(actor, 'case.list', facts, instantOf((await clockOf(tx)).getTime()))
        answers.add(allowed)
        expect(actor === null ? false : await byList(tx, actor)).toBe(allowed)
      })
    }),
    { numRuns: 100, examples: [[aReader]] },
  )
  expect(answers).toEqual(new Set([true, false]))
}, 60_000)

test('a message is in one’s page exactly if the policy says so of its facts', async () => {
  const answers = new Set<boolean>()
  await fc.assert(
    fc.asyncProperty(aStanding, async (standing) => {
      await stands(standing)
      await door.run(world.whoIs(somebody), async (tx) => {
        const at = instantOf((await clockOf(tx)).getTime())
        const actor = await tenants.currentActor(tx)
        const caseFacts = await cases.facts(tx, theCase)
        const facts = caseFacts === null ? null : await threads.threadFacts(tx, caseFacts, thread)
        const permit = decide(actor, 'message.read', facts, at)
        const scope = scopeOf(actor, 'message.read', at)
        answers.add(isPermit(permit))
        if (!isPermit(permit) || !isScope(scope)) return
        const { rows } = await threads.pageMessages(tx, permit, { scope, after: null, limit: 10 })
        expect(rows.map((row) => row.id)).toEqual([world.threatMessage])
      })
    }),
    { numRuns: 100, examples: [[aReader]] },
  )
  expect(answers).toEqual(new Set([true, false]))
}, 60_000)
