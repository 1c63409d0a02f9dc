// An append from end to end below the policy: statements, wraps, projection, outbox, lists, titles, log; and what the database
// refuses to a caller who has not appended.
import type {
  Act,
  AuthorityId,
  CaseId,
  CompartmentId,
  Fingerprint,
  Hash,
  Instant,
  KeyId,
  LedgerStatement,
  Projection,
  RegistrationId,
  StrandStatement,
  SubjectId,
  TenantId,
  UnitId,
  UserId,
} from '#libs/domain'
import { hash, id, instant, instantOf } from '#libs/domain'
import { Database, audit, cases, clockOf, outbox, tenants } from '#libs/persistence'
import type { StatementToStore, Tx } from '#libs/persistence'
import type { Actor, FactsOf, Permit } from '#libs/policy'
import { decide, isPermit, isScope, scopeOf } from '#libs/policy'
import { freshDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { disconnect, rowsAs } from './support.ts'
import type { Name } from './world.ts'
import * as world from './world.ts'

let database: TestDatabase
let door: Database
beforeAll(async () => {
  database = await freshDatabase()
  await world.enterWorld(database.adminUrl)
  await world.certify(database.adminUrl)
  await database.setClock(world.noon)
  door = await Database.open({ url: database.appUrl, poolSize: 4 })
})
afterAll(async () => {
  await door.close()
  await disconnect()
  await database.drop()
})

const aCase = id<CaseId>('00000000-0000-4000-a000-000000000001')
const board = id<AuthorityId>(world.board)
const region = id<AuthorityId>(world.region)
const anna = id<UserId>(world.people.anna.user)
const erik = id<UserId>(world.people.erik.user)
const unit = id<UnitId>('00000000-0000-4000-8000-000000000015')
const compartment = id<CompartmentId>('00000000-0000-4000-a000-000000000002')
const epoch = id<KeyId>('00000000-0000-4000-a000-000000000003')
const flow = id<KeyId>('00000000-0000-4000-a000-000000000004')
const reception = id<KeyId>('00000000-0000-4000-a000-000000000005')
const registration = id<RegistrationId>('00000000-0000-4000-a000-000000000006')
const annasKey = hash<Fingerprint>('2'.padStart(64, '0'))
const today = instant('2026-03-02T12:00Z')
const later = instant('2026-06-01T00:00Z')
const ledger = `ledger/${aCase}/${board}`
const strand = `strand/${aCase}/${board}/${region}`
let hashes = 0

/** A statement as it comes from `protocol/verify`; persistence looks at its place, its type and its hash only. */
function said(place: string, n: number, type: string, body: object = {}, by: UserId = anna): StatementToStore {
  const statement = { v: 1, type, place, n, prev: null, at: today, by, key: annasKey, tenantHeads: {}, body }
  return {
    signed: { bytes: JSON.stringify(statement), signature: 'AAAA' },
    // Bodies are the domain's to check; here they only travel.
    verified: {
      hash: hash<Hash>((++hashes).toString(16).padStart(64, 'f')),
      statement: statement as unknown as LedgerStatement | StrandStatement,
    },
  }
}

const opened = (): Projection => ({
  case: {
    id: aCase,
    number: '1490-2026-BBBBB',
    tenant: id<TenantId>(world.kommun),
    authority: board,
    unit,
    phase: 'contact',
    openedAt: today,
  },
  parties: [{ authority: board, during: [{ from: today, until: later }], units: [unit] }],
  assignments: [{ user: anna, authority: board, categories: ['plan', 'threat'], state: 'standing', until: later }],
  compartments: [
    { compartment, subject: id<SubjectId>(compartment), source: board, category: 'plan', purpose: 'casework' },
  ],
  keys: [
    {
      kind: 'epoch',
      key: epoch,
      authority: board,
      category: 'plan',
      compartment,
      until: later,
      staleSince: null,
      commit: hash<Hash>('9'.repeat(64)),
    },
  ],
  flows: [],
  readers: [{ key: epoch, user: anna, from: today, until: later, write: true }],
  withdrawnGrants: [],
})
const shared = (until = later): Projection => ({
  ...opened(),
  parties: [...opened().parties, { authority: region, during: [{ from: today, until: later }], units: null }],
  assignments: [
    ...opened().assignments,
    { user: erik, authority: region, categories: ['plan'], state: 'standing', until: later },
  ],
  keys: [
    ...opened().keys,
    {
      kind: 'reception',
      key: reception,
      authority: region,
      category: 'plan',
      until: later,
      staleSince: null,
      commit: hash<Hash>('8'.repeat(64)),
    },
    {
      kind: 'flow',
      key: flow,
      authority: board,
      recipient: region,
      category: 'plan',
      compartment,
      until: later,
      staleSince: until === later ? null : until,
      commit: hash<Hash>('7'.repeat(64)),
      covers: [{ from: today, until }],
      items: null,
    },
  ],
  flows: [
    {
      compartment,
      source: board,
      recipient: region,
      units: null,
      disclosure: null,
      category: 'plan',
      from: today,
      until,
      reception,
      key: flow,
    },
  ],
  readers: [...opened().readers, { key: flow, user: erik, from: today, until, write: false }],
})

type Work = { readonly tx: Tx; readonly actor: Actor; readonly at: Instant }
const as = <T>(name: Name, work: (work: Work) => Promise<T>): Promise<T> =>
  door.run(world.whoIs(name), async (tx) => {
    const actor = await tenants.currentActor(tx)
    if (actor === null) throw new Error(`${name} is nobody`)
    return work({ tx, actor, at: instantOf((await clockOf(tx)).getTime()) })
  })
function permitted<A extends Act>({ actor, at }: Work, act: A, facts: FactsOf<A> | null): Permit<A> {
  const decision = decide(actor, act, facts, at)
  if (!isPermit(decision)) throw new Error(`${decision.answer} ${decision.problem}`)
  return decision
}
const listed = (name: Name) =>
  as(name, async ({ tx, actor, at }) => {
    const scope = scopeOf(actor, 'case.list', at)
    if (!isScope(scope)) throw new Error(scope.problem)
    return cases.page(tx, scope, { after: null, limit: 50, phase: null, relation: null })
  }).then((page) => page.rows)

test('an append writes what it means for every authority, and what follows is told', async () => {
  const grantHash = hash<Hash>('d'.repeat(64))
  const { actor, first } = await as('anna', async (work) => {
    const permit = permitted({ ...work, actor: { ...work.actor, units: [unit] } }, 'case.open', {
      about: 'opening',
      case: aCase,
      authority: board,
      unit,
    })
    await cases.lockCase(work.tx, aCase)
    const statements = [
      said(ledger, 0, 'ledger.opened'),
      said(ledger, 1, 'case.opened'),
      said(ledger, 2, 'consent.registered', { registration }),
    ]
    const wraps = [{ key: epoch, to: annasKey, bytes: 'AAAA' }]
    const first = await cases.storeAppend(work.tx, permit, { statements, held: [], wraps, project: () => opened() })
    return { actor: work.actor, first }
  })
  expect(actor.authority).toBe(board)
  expect(first.heads).toMatchObject({ [ledger]: { n: 2 } })
  expect(await listed('anna')).toMatchObject([{ id: aCase, relation: 'assigned', title: null }, {}])
  expect((await listed('leader')).map((row) => row.relation)).toContain('receiver')
  expect((await listed('erik')).map((row) => row.id)).not.toContain(aCase)

  await as('anna', async (work) => {
    await cases.lockCase(work.tx, aCase)
    const permit = permitted(work, 'consent.register', await cases.facts(work.tx, aCase))
    const statements = [
      said(strand, 0, 'speakers', { users: [anna] }),
      said(strand, 1, 'grant.opened', { restsOn: [registration] }),
      said(strand, 2, 'flow.keyed', { flow }),
    ]
    const seen: number[] = []
    await cases.storeAppend(work.tx, permit, {
      statements,
      held: [],
      wraps: [{ key: flow, to: reception, bytes: 'BBBB' }],
      project: (history) => {
        seen.push(history.length)
        return shared()
      },
    })
    expect(seen).toEqual([6])
  })
  expect((await listed('erik')).map((row) => row.id)).toContain(aCase)
  const wraps = await rowsAs<{ holder: string }>(
    database.appUrl,
    `select holder from wraps where case_id = '${aCase}'`,
    [],
    world.people.erik,
  )
  expect(wraps).toEqual([{ holder: reception }])
  const heard = await as('erik', ({ tx }) => cases.consentFacts(tx, aCase, registration))
  expect(heard).toMatchObject({ heard: 'granted' })
  const met = await as('erik', async (work) =>
    tenants.peopleOf(work.tx, permitted(work, 'case.read', await cases.facts(work.tx, aCase))),
  )
  expect(met.map((person) => person.user)).toContain(anna)

  await as('anna', async (work) => {
    await cases.lockCase(work.tx, aCase)
    const permit = permitted(work, 'consent.withdraw', await cases.consentFacts(work.tx, aCase, registration))
    const withdrawn = { ...shared(today), withdrawnGrants: [{ grant: grantHash, authority: region, since: today }] }
    await cases.storeAppend(work.tx, permit, {
      statements: [said(strand, 3, 'withdrawal.received')],
      held: [],
      wraps: [],
      project: () => withdrawn,
    })
  })
  const told = await door.run({ system: 'publisher', tenant: null }, async (tx) => {
    const rows = await outbox.claim(tx, { limit: 100, case: aCase })
    await outbox.markTold(
      tx,
      rows.map((row) => row.id),
    )
    return rows.map((row) => row.effect)
  })
  expect(told).toContainEqual({ kind: 'scope.changed', case: aCase, user: erik, left: [flow] })
  expect(told.at(-1)).toMatchObject({ kind: 'chain.moved', authorities: [board, region].toSorted() })
  expect(
    await door.run({ system: 'publisher', tenant: null }, (tx) => outbox.claim(tx, { limit: 100, case: aCase })),
  ).toEqual([])
  const word = await as('erik', async (work) =>
    cases.withdrawnGrants(work.tx, permitted(work, 'case.read', await cases.facts(work.tx, aCase))),
  )
  expect(word).toEqual([{ grant: grantHash, since: today }])
})

test('a taken place is refused, and nothing of the append remains', async () => {
  const before = await rowsAs(database.adminUrl, 'select 1 from statements')
  const append = as('anna', async (work) => {
    const permit = permitted(work, 'consent.register', await cases.facts(work.tx, aCase))
    return cases.storeAppend(work.tx, permit, {
      statements: [said(ledger, 3, 'approved'), said(strand, 3, 'contacts')],
      held: [],
      wraps: [],
      project: () => shared(),
    })
  })
  await expect(append).rejects.toMatchObject({ name: 'Conflict', reason: 'ledger-moved-on' })
  expect(await rowsAs(database.adminUrl, 'select 1 from statements')).toHaveLength(before.length)
})

test('a withdrawal whose place is taken is held and folded, but is no part of the chain', async () => {
  const types = await as('anna', async (work) => {
    const permit = permitted(work, 'consent.withdraw', await cases.consentFacts(work.tx, aCase, registration))
    const seen: (readonly [boolean, number])[] = []
    await cases.storeAppend(work.tx, permit, {
      statements: [],
      held: [said(strand, 1, 'withdrawal.received')],
      wraps: [],
      project: (history) => {
        seen.push(...history.map((each) => [each.inChain, each.n] as const))
        return shared(today)
      },
    })
    return seen
  })
  expect(types).toContainEqual([false, 1])
  const chains = await as('anna', async (work) =>
    cases.chainsOf(work.tx, permitted(work, 'case.read', await cases.facts(work.tx, aCase))),
  )
  expect(chains.find((chain) => chain.place === strand)?.statements.map((each) => each.n)).toEqual([0, 1, 2, 3])
})

test('the projector serves only the case that this transaction has appended to', async () => {
  await expect(
    rowsAs(database.appUrl, `select * from sluss_case_statements('${world.theCase}')`, [], world.people.anna),
  ).rejects.toMatchObject({ code: '42501' })
  await expect(
    rowsAs(database.appUrl, `select sluss_apply_projection('${world.theCase}', '{}')`, [], world.people.anna),
  ).rejects.toMatchObject({ code: '42501' })
})

test.each([
  [
    'a statement in another authority’s ledger',
    `insert into statements (hash, place, n, kind, type, case_id, authority_id, by_user_id, signing, at, bytes, signature) values ('${'e'.repeat(64)}', '${world.ledger}', 1, 'ledger', 'approved', '${world.theCase}', '${world.board}', '${world.people.erik.user}', 'k', now(), '{}', '')`,
  ],
  [
    'a statement in another’s name',
    `insert into statements (hash, place, n, kind, type, case_id, authority_id, by_user_id, signing, at, bytes, signature) values ('${'e'.repeat(64)}', '${world.ledger}', 1, 'ledger', 'approved', '${world.theCase}', '${world.region}', '${world.people.anna.user}', 'k', now(), '{}', '')`,
  ],
  [
    'a seal under another authority’s key',
    `insert into seals (message_id, key_id, thread_id, bytes) values ('${world.planMessage}', '${world.threatFlow}', '${world.planThread}', '')`,
  ],
  [
    'a log entry in another’s name',
    `insert into audit_entries (tenant_id, authority_id, user_id, act, outcome) values ('${world.police}', '${world.region}', '${world.people.anna.user}', 'case.read', 'allowed')`,
  ],
  [
    'a row among the readers',
    `insert into readers values ('${world.planEpoch}', '${world.people.erik.user}', now(), now(), '${world.theCase}', true)`,
  ],
  ['an assignment', `update assignments set state = 'standing'`],
  ['a role', `insert into user_roles values ('${world.people.erik.user}', 'team_leader')`],
  ['the clock', `update clock set ahead = '1 year'`],
])('erik cannot write %s', async (_, sql) => {
  await expect(rowsAs(database.appUrl, sql, [], world.people.erik)).rejects.toMatchObject({ code: '42501' })
})

test('the log is chained in order, and a changed entry is found', async () => {
  await as('anna', ({ tx }) =>
    audit.record(tx, [{ act: 'case.read', outcome: 'allowed', case: aCase, subject: null, reason: null }]),
  )
  const sealer = { system: 'sealer', tenant: id<TenantId>(world.kommun) } as const
  expect(await door.run({ system: 'sweeper', tenant: null }, audit.tenantsToSeal)).toEqual([world.kommun])
  expect(await door.run(sealer, (tx) => audit.sealNext(tx, 100))).toBeGreaterThanOrEqual(2)
  expect(await door.run(sealer, (tx) => audit.sealNext(tx, 100))).toBe(0)
  const firstBroken = async (atMost: number): Promise<number | null> => {
    let from: audit.Walked | null = audit.fromTheStart
    while (from !== null) {
      const at: audit.Walked = from
      const { broken, walked } = await door.run(sealer, (tx) => audit.walkSeals(tx, at, atMost))
      if (broken !== null) return broken
      from = walked
    }
    return null
  }
  expect([await firstBroken(1), await firstBroken(100)]).toEqual([null, null])
  await rowsCommitted(`update audit_entries set act = 'case.list' where id = (select max(entry_id) from audit_seals)`)
  const broken = await firstBroken(1)
  expect(broken).toBeGreaterThanOrEqual(1)
  expect(await firstBroken(100)).toBe(broken)
})

/** As the superuser, whom no trigger stops: what an operator with bad intent could do. */
async function rowsCommitted(sql: string): Promise<void> {
  await rowsAs(database.adminUrl, `${sql}; commit; begin`)
}

test('what is said by a clock a minute ahead is folded for that minute, and has begun', async () => {
  await as('anna', async (work) => {
    const permit = permitted(work, 'consent.register', await cases.facts(work.tx, aCase))
    const ahead = said(ledger, 3, 'approved')
    const minuteAhead = instantOf((await clockOf(work.tx)).getTime() + 60_000)
    const times: string[] = []
    await cases.storeAppend(work.tx, permit, {
      statements: [
        { ...ahead, verified: { ...ahead.verified, statement: { ...ahead.verified.statement, at: minuteAhead } } },
      ],
      held: [],
      wraps: [],
      project: (_, at) => {
        times.push(instantOf(at.getTime()))
        return { ...shared(), readers: [{ key: epoch, user: anna, from: minuteAhead, until: later, write: true }] }
      },
    })
    expect(times).toEqual([minuteAhead])
  })
  const sql = `select 1 from readers where key_id = '${epoch}' and valid_from <= sluss_now()`
  expect(await rowsAs(database.appUrl, sql, [], world.people.anna)).toHaveLength(1)
})

test('a withdrawal is held even where its chain has not begun', async () => {
  await as('erik', async (work) => {
    const permit = permitted(work, 'consent.withdraw', await cases.consentFacts(work.tx, aCase, registration))
    const held = [said(`strand/${aCase}/${region}/${board}`, 7, 'withdrawal.received', {}, erik)]
    const seen: boolean[] = []
    await cases.storeAppend(work.tx, permit, {
      statements: [],
      held,
      wraps: [],
      project: (history) => {
        seen.push(history.at(-1)?.inChain ?? true)
        return shared(today)
      },
    })
    expect(seen).toEqual([false])
  })
})

test('what two authorities say of the same person stands beside one another, and she is met by her own’s alone', async () => {
  const projects = (n: number, ofErik: readonly Projection['assignments'][number][]): Promise<unknown> =>
    as('anna', async (work) => {
      const permit = permitted(work, 'assignment.end', await cases.facts(work.tx, aCase))
      return cases.storeAppend(work.tx, permit, {
        statements: [said(ledger, n, 'assignment.ended')],
        held: [],
        wraps: [],
        project: () => ({ ...shared(), assignments: [...opened().assignments, ...ofErik] }),
      })
    })
  const erikIn = (authority: AuthorityId, state: 'standing' | 'ended' | 'barred') =>
    ({ user: erik, authority, categories: ['plan'], state, until: later }) as const
  const factsOfErik = () => as('erik', ({ tx }) => cases.facts(tx, aCase))

  await projects(4, [erikIn(region, 'standing'), erikIn(board, 'barred')])
  expect((await listed('erik')).map((row) => row.id)).toContain(aCase)
  expect(await factsOfErik()).toMatchObject({ barred: false, assignment: { state: 'standing' } })
  await projects(5, [erikIn(region, 'barred'), erikIn(board, 'standing')])
  expect((await listed('erik')).map((row) => row.id)).not.toContain(aCase)
  expect(await factsOfErik()).toMatchObject({ barred: true, assignment: { state: 'ended' } })
  await projects(6, [erikIn(board, 'standing')])
  expect(await factsOfErik()).toBeNull()
  await projects(7, [erikIn(region, 'standing')])
  expect(await factsOfErik()).toMatchObject({ assignment: { state: 'standing' } })
})

test('to whom a case is nothing does not wait for those who append to it; its own people do', async () => {
  const theCase = id<CaseId>(world.theCase)
  const facts = (name: Name) => as(name, ({ tx }) => cases.lockedFacts(tx, theCase))
  let letGo = (): void => undefined
  const released = new Promise<void>((resolve) => (letGo = resolve))
  let isLocked = (): void => undefined
  const locked = new Promise<void>((resolve) => (isLocked = resolve))
  const appending = as('anna', async ({ tx }) => {
    await cases.lockedFacts(tx, theCase)
    isLocked()
    await released
  })
  await locked
  expect(await facts('neverAssigned')).toBeNull()
  const waiting = facts('erik')
  const waits = `select 1 from pg_stat_activity where wait_event = 'advisory' and datname = current_database()`
  while ((await rowsAs(database.adminUrl, waits)).length === 0);
  letGo()
  await appending
  expect(await waiting).toMatchObject({ about: 'case' })
})
