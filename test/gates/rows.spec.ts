// Row-level security alone, with the policy forgotten: bare SQL as the application's role, person by person, table by table. Each
// "no row" has its control: the superuser sees the row, and the person beside it who may.
import { freshDatabase, once } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { disconnect, rowsAs } from './support.ts'
import type { Name } from './world.ts'
import * as world from './world.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
  await world.enterWorld(database.adminUrl)
  await database.setClock(world.noon)
})
afterAll(async () => {
  await disconnect()
  await database.drop()
})

/** For each row of the world, who sees it. Written by hand from domain.md § 6; everybody not named sees nothing. */
const sees: readonly { readonly what: string; readonly sql: string; readonly who: readonly Name[] }[] = [
  {
    what: 'the case, also for those who once were assigned and those who receive or review',
    sql: `select 1 from cases where id = '${world.theCase}'`,
    who: [
      'anna',
      'assignedInPlanOnly',
      'ended',
      'expired',
      'barred',
      'leader',
      'erik',
      'erikWithdrawn',
      'erikNotYet',
      'securityOfficer',
    ],
  },
  {
    what: 'the board as a party, for its own staff',
    sql: `select 1 from parties where authority_id = '${world.board}'`,
    who: ['anna', 'assignedInPlanOnly', 'ended', 'expired', 'barred', 'leader', 'securityOfficer'],
  },
  {
    what: "anna's assignment",
    sql: `select 1 from assignments where user_id = '${world.people.anna.user}'`,
    who: ['anna', 'leader'],
  },
  {
    what: 'the compartment of threats',
    sql: `select 1 from compartments where id = '${world.threatCompartment}'`,
    who: ['anna'],
  },
  {
    what: 'the compartment of plans',
    sql: `select 1 from compartments where id = '${world.planCompartment}'`,
    who: ['anna', 'assignedInPlanOnly'],
  },
  { what: 'the epoch of threats', sql: `select 1 from content_keys where id = '${world.threatEpoch}'`, who: ['anna'] },
  {
    what: 'the flow key to the Police, for both ends',
    sql: `select 1 from content_keys where id = '${world.threatFlow}'`,
    who: ['anna', 'erik', 'erikWithdrawn', 'erikNotYet'],
  },
  {
    what: 'the flow to the Police, for its source',
    sql: `select 1 from flows where compartment_id = '${world.threatCompartment}'`,
    who: ['anna'],
  },
  {
    what: 'the message about threats',
    sql: `select 1 from messages where id = '${world.threatMessage}'`,
    who: ['anna', 'erik'],
  },
  {
    what: 'the message about plans',
    sql: `select 1 from messages where id = '${world.planMessage}'`,
    who: ['anna', 'assignedInPlanOnly'],
  },
  { what: "the epoch's seal", sql: `select 1 from seals where key_id = '${world.threatEpoch}'`, who: ['anna'] },
  {
    what: "the flow's seal, for its recipient alone",
    sql: `select 1 from seals where key_id = '${world.threatFlow}'`,
    who: ['erik'],
  },
  {
    what: 'the thread about threats',
    sql: `select 1 from threads where id = '${world.threatThread}'`,
    who: ['anna', 'erik'],
  },
  {
    what: 'the thread about plans',
    sql: `select 1 from threads where id = '${world.planThread}'`,
    who: ['anna', 'assignedInPlanOnly'],
  },
  {
    what: 'the stream of the threat epoch, also as a stub for those who once read it',
    sql: `select 1 from streams where key_id = '${world.threatEpoch}'`,
    who: ['anna', 'ended', 'expired', 'barred'],
  },
  {
    what: 'the stream to the Police, for the source and those who read or once read it',
    sql: `select 1 from streams where key_id = '${world.threatFlow}'`,
    who: ['anna', 'erik', 'erikWithdrawn'],
  },
  {
    what: "erik's cursor, for himself and the source",
    sql: `select 1 from cursors where user_id = '${world.people.erik.user}'`,
    who: ['anna', 'erik'],
  },
  {
    what: "anna's cursor in plans, for readers of plans",
    sql: `select 1 from cursors where user_id = '${world.people.anna.user}'`,
    who: ['anna', 'assignedInPlanOnly'],
  },
  { what: "the board's title of the case", sql: 'select 1 from case_titles', who: ['anna', 'assignedInPlanOnly'] },
  {
    what: "the board's ledger",
    sql: `select 1 from statements where place = '${world.ledger}'`,
    who: ['anna', 'assignedInPlanOnly', 'leader'],
  },
  {
    what: 'the strand to the Police, for both ends',
    sql: `select 1 from statements where place = '${world.strand}'`,
    who: ['anna', 'assignedInPlanOnly', 'leader', 'erik', 'erikWithdrawn', 'erikNotYet'],
  },
  {
    what: "the strand's head",
    sql: `select 1 from chains where place = '${world.strand}'`,
    who: ['anna', 'assignedInPlanOnly', 'leader', 'erik', 'erikWithdrawn', 'erikNotYet'],
  },
  { what: "anna's wrap of the epoch", sql: `select 1 from wraps where key_id = '${world.threatEpoch}'`, who: ['anna'] },
  {
    what: "the flow key's wrap, for assigned staff of its recipient",
    sql: `select 1 from wraps where key_id = '${world.threatFlow}'`,
    who: ['erik', 'erikWithdrawn', 'erikNotYet'],
  },
  { what: "anna's locked private key", sql: 'select 1 from locked_keys', who: ['anna'] },
  {
    what: "anna's public key, for her tenant and those to whom a strand named her",
    sql: 'select 1 from staff_keys',
    who: [
      'anna',
      'assignedInPlanOnly',
      'neverAssigned',
      'ended',
      'expired',
      'barred',
      'leader',
      'ofOtherBoard',
      'leaderOfOtherBoard',
      'erik',
      'erikWithdrawn',
      'erikNotYet',
      'securityOfficer',
      'custodian',
    ],
  },
  {
    what: "the board's log of the case",
    sql: `select 1 from audit_entries where case_id = '${world.theCase}'`,
    who: ['anna', 'assignedInPlanOnly', 'leader', 'securityOfficer'],
  },
  {
    what: 'what the Police is told of withdrawn grants',
    sql: 'select 1 from withdrawn_grants',
    who: ['erik', 'erikWithdrawn', 'erikNotYet'],
  },
  {
    what: 'how the board heard of the consent, also to those whose assignment has ended since',
    sql: `select 1 from heard_consents where heard_at < '2026-03-02'`,
    who: ['anna', 'assignedInPlanOnly', 'ended', 'expired', 'barred', 'leader'],
  },
  {
    what: 'how the board heard of a consent after an assignment had expired',
    sql: `select 1 from heard_consents where heard_at > '2026-03-02'`,
    who: ['anna', 'assignedInPlanOnly', 'ended', 'barred', 'leader'],
  },
  {
    what: 'whom the Police was told of',
    sql: 'select 1 from introductions',
    who: ['erik', 'erikWithdrawn', 'erikNotYet'],
  },
  { what: 'the outbox', sql: 'select 1 from outbox', who: [] },
  { what: 'entries waiting for the chain', sql: 'select 1 from audit_waiting', who: [] },
]

test.each(sees)('$what: exactly who may', async ({ sql, who }) => {
  expect(await rowsAs(database.adminUrl, sql)).toHaveLength(1)
  const seen: Name[] = []
  for (const name of Object.keys(world.people) as Name[])
    if ((await rowsAs(database.appUrl, sql, [], world.people[name])).length > 0) seen.push(name)
  expect(seen).toEqual(Object.keys(world.people).filter((name) => who.some((each) => each === name)))
})

test('nobody sees anything but the names of organisations', async () => {
  const tables = await rowsAs<{ name: string }>(
    database.appUrl,
    `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
       and has_table_privilege(c.oid, 'select') and c.relname not in ('tenants', 'clock')`,
  )
  expect(tables.length).toBeGreaterThan(20)
  for (const { name } of tables)
    expect([name, await rowsAs(database.appUrl, `select 1 from ${name}`)]).toEqual([name, []])
})

test("one's own readers rows say nothing of others", async () => {
  expect(await rowsAs(database.appUrl, 'select distinct user_id from readers', [], world.people.anna)).toEqual([
    { user_id: world.people.anna.user },
  ])
})

test('an expired reader comes back with the clock, which shows that the clock decides', async () => {
  await database.setClock(new Date('2026-03-02T11:58:00Z'))
  const sql = `select 1 from messages where id = '${world.threatMessage}'`
  expect(await rowsAs(database.appUrl, sql, [], world.people.erikWithdrawn)).toHaveLength(1)
  await database.setClock(world.noon)
  expect(await rowsAs(database.appUrl, sql, [], world.people.erikWithdrawn)).toHaveLength(0)
})

test('a person with psql sees as the application does', async () => {
  const sql = 'select id from messages order by id'
  expect(await rowsAs(database.readUrl, sql)).toEqual([])
  expect(await rowsAs(database.readUrl, sql, [], world.people.erik)).toEqual([{ id: world.threatMessage }])
  await expect(rowsAs(database.readUrl, 'select 1 from locked_keys', [], world.people.anna)).rejects.toMatchObject({
    code: '42501',
  })
})

test('a strand makes its own organisation’s people known, and no third one’s', async () => {
  const name = (user: string): string => `select name from users where id = '${user}'`
  const anna = world.people.anna.user
  expect(await rowsAs(database.appUrl, name(anna), [], world.people.erik)).toHaveLength(1)
  await once(database.adminUrl, `update introductions set source_id = '${world.region}'`)
  expect(await rowsAs(database.appUrl, name(anna), [], world.people.erik)).toEqual([])
  expect(await rowsAs(database.appUrl, 'select 1 from introductions', [], world.people.erik)).toHaveLength(1)
})
