// Taking messages in and giving them out, against a real database: every outcome, and what each reader gets.
import { createHash } from 'node:crypto'
import type { Act, CaseId, CompartmentId, Hash, Instant, KeyId, MessageId, ThreadId } from '#libs/domain'
import { hash, id, instantOf } from '#libs/domain'
import { Conflict, Database, cases, clockOf, tenants, threads } from '#libs/persistence'
import type { Tx } from '#libs/persistence'
import type { Actor, FactsOf, ListAct, Permit, Scope } from '#libs/policy'
import { decide, isPermit, isScope, scopeOf } from '#libs/policy'
import pg from 'pg'
import { freshDatabase, once } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { disconnect, rowsAs } from './support.ts'
import type { Name } from './world.ts'
import * as world from './world.ts'

jest.setTimeout(20_000)

let entered: TestDatabase
let database: TestDatabase
let door: Database
beforeAll(async () => {
  entered = await freshDatabase()
  await world.enterWorld(entered.adminUrl)
  await world.certify(entered.adminUrl)
  await entered.setClock(world.noon)
})
afterAll(() => entered.drop())
beforeEach(async () => {
  database = await freshDatabase(entered)
  door = await Database.open({ url: database.appUrl, poolSize: 4 })
})
afterEach(async () => {
  await door.close()
  await disconnect()
  await database.drop()
})

const theCase = id<CaseId>(world.theCase)
const threat = id<CompartmentId>(world.threatCompartment)
const epoch = id<KeyId>(world.threatEpoch)
const flow = id<KeyId>(world.threatFlow)
const thread = id<ThreadId>(world.threatThread)
const aCommit = hash<Hash>('c'.repeat(64))
const text = Buffer.from('sealed').toString('base64')
const aKeyElsewhere = '00000000-0000-4000-9000-00000000ffff'
const noon = instantOf(world.noon.getTime())
let next = 1000
const newId = (): string => `00000000-0000-4000-9000-${(next++).toString(16).padStart(12, '0')}`

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
function scoped<A extends ListAct>({ actor, at }: Work, act: A): Scope<A> {
  const decision = scopeOf(actor, act, at)
  if (!isScope(decision)) throw new Error(decision.problem)
  return decision
}

type Sent = Partial<threads.MessageToStore>
const aMessage = (change: Sent = {}): threads.MessageToStore => ({
  id: id<MessageId>(newId()),
  compartment: threat,
  thread,
  at: noon,
  commit: aCommit,
  ciphertext: text,
  seals: [
    { key: epoch, bytes: text },
    { key: flow, bytes: text },
  ],
  leftOut: [],
  ...change,
})

const sendAs = (name: Name, message: threads.MessageToStore): Promise<threads.Accepted> =>
  as(name, async (work) => {
    const facts = await threads.compartmentFacts(work.tx, theCase, message.compartment, message.thread)
    return threads.acceptMessage(work.tx, permitted(work, 'message.send', facts), message)
  })

const readAs = (name: Name, of: ThreadId = thread, after: string | null = null, limit = 100) =>
  as(name, async (work) => {
    const caseFacts = await cases.facts(work.tx, theCase)
    const facts = caseFacts === null ? null : await threads.threadFacts(work.tx, caseFacts, of)
    const permit = permitted(work, 'message.read', facts)
    return threads.pageMessages(work.tx, permit, { scope: scoped(work, 'message.read'), after, limit })
  })

const refusal = (reason: string) => ({ name: 'Conflict', reason })

test('a message takes the next place in each stream, and each reader gets her own seal', async () => {
  const message = aMessage()
  const accepted = await sendAs('anna', message)
  expect(accepted).toMatchObject({
    fresh: true,
    places: [
      { key: epoch, seq: 2 },
      { key: flow, seq: 2 },
    ],
  })
  const ofAnna = (await readAs('anna')).rows.at(-1)
  const ofErik = (await readAs('erik')).rows.at(-1)
  expect(ofAnna).toMatchObject({
    id: message.id,
    at: noon,
    ciphertext: text,
    acceptedAt: accepted.acceptedAt,
    seals: [{ key: epoch, seq: 2, late: false }],
  })
  expect(ofErik).toMatchObject({ id: message.id, ciphertext: text, seals: [{ key: flow, seq: 2, late: false }] })
})

test('the running hash is the protocol’s', async () => {
  const sha = (...parts: readonly Uint8Array[]): Buffer =>
    parts.reduce<ReturnType<typeof createHash>>((all, part) => all.update(part), createHash('sha256')).digest()
  const other = id<ThreadId>(newId())
  await sendAs('anna', aMessage({ thread: other }))
  const [stream] = await as('anna', async ({ tx }) => {
    const caseFacts = await cases.facts(tx, theCase)
    return caseFacts === null ? [] : threads.streamsOf(tx, caseFacts, [epoch])
  }).then((streams) => streams.filter((each) => each.thread === other))
  const start = sha(Buffer.from('9'.padStart(64, '0'), 'hex'), Buffer.from(`{"context":"${other}","key":"${epoch}"}`))
  expect(stream).toEqual({
    key: epoch,
    thread: other,
    count: 1,
    hash: sha(start, sha(Buffer.from('sealed'))).toString('hex'),
  })
})

test('the same message again is answered as before and takes no place', async () => {
  const message = aMessage()
  const first = await sendAs('anna', message)
  const again = await sendAs('anna', message)
  expect(again).toEqual({ acceptedAt: first.acceptedAt, fresh: false, places: [{ key: epoch, seq: 2 }] })
  await expect(
    sendAs('anna', { ...message, ciphertext: Buffer.from('other').toString('base64') }),
  ).rejects.toMatchObject(refusal('already-exists'))
})

test.each<[string, Sent, string]>([
  ['no seal for an open flow', { seals: [{ key: epoch, bytes: text }] }, 'seals-differ'],
  ['no seal for the epoch', { seals: [{ key: flow, bytes: text }] }, 'seals-differ'],
  [
    'a seal for somebody else',
    {
      seals: [
        { key: epoch, bytes: text },
        { key: flow, bytes: text },
        { key: id<KeyId>(world.planEpoch), bytes: text },
      ],
    },
    'seals-differ',
  ],
  [
    'a seal twice',
    {
      seals: [
        { key: epoch, bytes: text },
        { key: epoch, bytes: text },
      ],
    },
    'seals-differ',
  ],
  ['a clock more than two minutes behind', { at: instantOf(world.noon.getTime() - 180_000) }, 'clock-apart'],
  ['a clock more than two minutes ahead', { at: instantOf(world.noon.getTime() + 240_000) }, 'clock-apart'],
])('%s is refused', async (_, change, reason) => {
  await expect(sendAs('anna', aMessage(change))).rejects.toMatchObject(refusal(reason))
  await expect(sendAs('anna', aMessage())).resolves.toMatchObject({ fresh: true, places: [{ seq: 2 }, { seq: 2 }] })
})

test('a flow named as left out needs no seal, and its recipient gets nothing', async () => {
  const message = aMessage({
    seals: [{ key: epoch, bytes: text }],
    leftOut: [{ flow: `${threat}/${world.region}`, cause: 'word' }],
  })
  await sendAs('anna', message)
  expect((await readAs('anna')).rows.map((row) => row.id)).toContain(message.id)
  expect((await readAs('erik')).rows.map((row) => row.id)).not.toContain(message.id)
})

test('of two flows to one authority the one that is named is left out, and no other', async () => {
  const toSomeUnits = `${threat}/${world.region}/${newId()}`
  await once(
    database.adminUrl,
    `insert into flows select compartment_id, '${toSomeUnits}', case_id, authority_id, recipient_id, category, valid_from, valid_until, reception_id, flow_key_id
     from flows where name = '${threat}/${world.region}'`,
  )
  const toAll = `${threat}/${world.region}`
  const leaving = (flows: readonly string[], seals = aMessage().seals): threads.MessageToStore =>
    aMessage({ leftOut: flows.map((flow) => ({ flow, cause: 'word' })), seals })
  await expect(sendAs('anna', leaving([toAll]))).resolves.toMatchObject({ fresh: true })
  await expect(sendAs('anna', leaving([toSomeUnits]))).resolves.toMatchObject({ fresh: true })
  const withoutTheirs = [{ key: epoch, bytes: text }]
  for (const flows of [[toAll], [toSomeUnits], [toAll, `${threat}/${world.otherBoard}`]])
    await expect(sendAs('anna', leaving(flows, withoutTheirs))).rejects.toMatchObject(refusal('seals-differ'))
  await expect(sendAs('anna', leaving([toAll, toSomeUnits], withoutTheirs))).resolves.toMatchObject({ fresh: true })
})

test.each([
  ['an epoch', () => epoch],
  ['a flow key', () => flow],
])('a stale key accepts nothing: %s', async (_, key) => {
  await once(database.adminUrl, `update content_keys set stale_since = '2026-03-02T11:59Z' where id = '${key()}'`)
  await expect(sendAs('anna', aMessage())).rejects.toMatchObject(refusal('key-stale'))
})

test('a key accepts nothing at or after its end', async () => {
  await once(database.adminUrl, `update content_keys set valid_until = '2026-03-02T12:00Z' where id = '${epoch}'`)
  await expect(sendAs('anna', aMessage())).rejects.toMatchObject(refusal('key-stale'))
})

test('a flow that has ended by the clock takes no seal, though no job has run', async () => {
  await once(database.adminUrl, `update flows set valid_until = '2026-03-02T12:00Z'`)
  await expect(sendAs('anna', aMessage())).rejects.toMatchObject(refusal('seals-differ'))
  await expect(sendAs('anna', aMessage({ seals: [{ key: epoch, bytes: text }] }))).resolves.toMatchObject({
    fresh: true,
  })
})

test('who reads a key but may not write by it is refused', async () => {
  await once(database.adminUrl, `update readers set may_write = false where user_id = '${world.people.anna.user}'`)
  await expect(sendAs('anna', aMessage())).rejects.toMatchObject(refusal('message-refused'))
})

test.each<[Name, string]>([
  ['assignedInPlanOnly', 'absent not-found'],
  ['neverAssigned', 'absent not-found'],
  ['ofOtherBoard', 'absent not-found'],
  ['ended', 'refused assignment-ended'],
  ['erik', 'refused role-missing'],
])('%s cannot write in the compartment', async (name, answer) => {
  await expect(sendAs(name, aMessage())).rejects.toThrow(answer)
})

/** The function that takes messages in, called with no policy before it. */
async function takenFrom(name: Name, message: threads.MessageToStore = aMessage()): Promise<unknown> {
  const [row] = await rowsAs<{ answer: { outcome: string } }>(
    database.appUrl,
    'select sluss_accept_message($1, $2::jsonb) as answer',
    [theCase, JSON.stringify(message)],
    world.people[name],
  )
  return row?.answer.outcome
}

test.each(Object.keys(world.people) as Name[])(
  'the database takes a message from whoever may write in the compartment, and not from %s otherwise, even if she were a reader',
  async (name) => {
    await once(
      database.adminUrl,
      `insert into readers select '${epoch}', '${world.people[name].user}', '2026-03-01', '2026-06-01', '${theCase}', true on conflict do nothing`,
    )
    expect(await takenFrom(name)).toBe(name === 'anna' ? 'accepted' : 'message-refused')
  },
)

test.each([
  ['the case is closed to her authority', `update parties set during = '{[2026-03-01, 2026-03-02T12:00Z)}'`],
  ['her assignment has ended', `update assignments set state = 'ended'`],
  ['her assignment is over by the clock', `update assignments set valid_until = '2026-03-02T12:00Z'`],
  ['her assignment no longer carries the category', `update assignments set categories = '{plan}'`],
  ['she reads by the key no longer', `update readers set valid_until = '2026-03-02T12:00Z'`],
])('the database takes nothing from anna when %s', async (_, change) => {
  await once(database.adminUrl, change)
  expect(await takenFrom('anna')).toBe('message-refused')
})

test('nor in another case, in another one’s thread, or in a thread of another compartment’s case', async () => {
  const elsewhere = newId()
  const [row] = await rowsAs<{ answer: { outcome: string } }>(
    database.appUrl,
    'select sluss_accept_message($1, $2::jsonb) as answer',
    [elsewhere, JSON.stringify(aMessage())],
    world.people.anna,
  )
  expect(row?.answer.outcome).toBe('message-refused')
  const theirs = id<ThreadId>(newId())
  await once(database.adminUrl, `insert into threads values ('${theirs}', '${elsewhere}', 'casework')`)
  expect(await takenFrom('anna', aMessage({ thread: theirs }))).toBe('message-refused')
})

test('a message is not taken as a repetition of what stands in another compartment', async () => {
  const own = { id: id<MessageId>(world.planMessage), thread: id<ThreadId>(world.planThread), ciphertext: 'Ag==' }
  expect(await takenFrom('anna', aMessage(own))).toBe('already-exists')
})

test('whether another compartment’s key is stale is not told', async () => {
  const withOneMore = (): threads.MessageToStore =>
    aMessage({ seals: [...aMessage().seals, { key: id<KeyId>(world.planEpoch), bytes: text }] })
  expect(await takenFrom('anna', withOneMore())).toBe('seals-differ')
  await once(database.adminUrl, `update content_keys set stale_since = now() where id = '${world.planEpoch}'`)
  expect(await takenFrom('anna', withOneMore())).toBe('seals-differ')
})

test('a flow whose key is not its compartment’s takes no message in, and no flow has a key of another case', async () => {
  const of = (key: string): string => `update flows set flow_key_id = '${key}' where name = '${threat}/${world.region}'`
  await once(database.adminUrl, of(world.planEpoch))
  const seals = [epoch, id<KeyId>(world.planEpoch)].map((key) => ({ key, bytes: text }))
  expect(await takenFrom('anna', aMessage({ seals }))).toBe('key-stale')
  await once(
    database.adminUrl,
    `insert into cases select '${newId()}', 'annat', tenant_id, authority_id, unit_id, phase, opened_at from cases;
     insert into content_keys (id, kind, case_id, authority_id, category, valid_until, commit)
     select '${aKeyElsewhere}', 'reception', id, authority_id, 'threat', '2026-06-01', 'c' from cases where number = 'annat'`,
  )
  await expect(once(database.adminUrl, of(aKeyElsewhere))).rejects.toMatchObject({ constraint: 'flows_key' })
})

test('flows to several units under one key take one seal', async () => {
  await once(
    database.adminUrl,
    `insert into flows select compartment_id, name || '/enhet', case_id, authority_id, recipient_id, category, valid_from, valid_until, reception_id, flow_key_id
     from flows where name = '${threat}/${world.region}'`,
  )
  expect(await takenFrom('anna')).toBe('accepted')
  const another = { key: id<KeyId>(newId()), bytes: text }
  expect(await takenFrom('anna', aMessage({ seals: [...aMessage().seals, another] }))).toBe('seals-differ')
})

test('a stream is begun as its key is, by the source alone', async () => {
  const begins = (name: Name, change: Readonly<Record<string, string>> = {}): Promise<unknown> => {
    const key = {
      category: 'k.category',
      compartment: 'k.compartment_id',
      hash: `sluss_stream_start(k.commit, k.id, '${thread}')`,
      ...change,
    }
    return rowsAs(
      database.appUrl,
      `insert into streams select k.id, '${thread}', k.case_id, ${key.compartment}, k.authority_id, ${key.category}, 0, ${key.hash}
       from content_keys k where k.id = '${flow}'`,
      [],
      world.people[name],
    )
  }
  await once(database.adminUrl, `delete from streams where key_id = '${flow}'`)
  await expect(begins('anna')).resolves.toEqual([])
  for (const [name, change] of [
    ['erik', {}],
    ['anna', { category: `'plan'` }],
    ['anna', { compartment: `'${world.planCompartment}'` }],
    ['anna', { hash: `'\\xdead'` }],
  ] as const)
    await expect(begins(name, change)).rejects.toMatchObject({ code: '42501' })
})

test.each([
  [
    'a message',
    `insert into messages (id, case_id, compartment_id, thread_id, author_id, at, accepted_at, commit, ciphertext)
     values (gen_random_uuid(), '${theCase}', '${threat}', '${thread}', '${world.people.anna.user}', now(), now(), 'c', '')`,
  ],
  ['a thread', `insert into threads values (gen_random_uuid(), '${theCase}', 'casework')`],
  [
    'a seal with a place',
    `insert into seals values ('${world.threatMessage}', '${world.planEpoch}', '${thread}', 9, '\\x03')`,
  ],
  [
    'a stream that has begun',
    `insert into streams select key_id, gen_random_uuid(), case_id, compartment_id, authority_id, category, 1, hash from streams where key_id = '${epoch}'`,
  ],
  ['the end of a stream', `update streams set count = count + 1`],
])('%s is written by that function alone', async (_, sql) => {
  await expect(rowsAs(database.appUrl, sql, [], world.people.anna)).rejects.toMatchObject({ code: '42501' })
})

test.each<[Name, string]>([
  ['erikWithdrawn', 'refused scope-ended'],
  ['ended', 'refused assignment-ended'],
  ['expired', 'refused assignment-ended'],
  ['assignedInPlanOnly', 'absent not-found'],
  ['neverAssigned', 'absent not-found'],
  ['ofOtherBoard', 'absent not-found'],
  ['erikNotYet', 'absent not-found'],
])('%s cannot read the thread', async (name, answer) => {
  await expect(readAs(name)).rejects.toThrow(answer)
})

test('a thread of another purpose takes no message in', async () => {
  await once(
    database.adminUrl,
    `alter table threads disable trigger all; update threads set purpose = 'funding' where id = '${thread}'; alter table threads enable trigger all`,
  )
  await expect(sendAs('anna', aMessage())).rejects.toMatchObject(refusal('message-refused'))
})

test('fifty messages at once take fifty places without a gap, in the order of time', async () => {
  await Promise.all(Array.from({ length: 50 }, () => sendAs('anna', aMessage())))
  const { rows } = await readAs('erik')
  expect(rows.map((row) => row.seals[0]?.seq)).toEqual(Array.from({ length: 51 }, (_, n) => n + 1))
})

test('pages follow one another without loss or repetition', async () => {
  for (let n = 0; n < 5; n++) await sendAs('anna', aMessage())
  const first = await readAs('anna', thread, null, 4)
  const second = await readAs('anna', thread, first.next, 4)
  const all = await readAs('anna')
  expect([...first.rows, ...second.rows]).toEqual(all.rows)
  expect(second.next).toBeNull()
  expect((await readAs('anna', thread, 'nonsense')).rows).toEqual([])
})

test('threads are those in which one reads something, with its first and newest message', async () => {
  const message = aMessage()
  await sendAs('anna', message)
  const listAs = (name: Name) =>
    as(name, async (work) => {
      const permit = permitted(work, 'thread.list', await cases.facts(work.tx, theCase))
      return threads.pageThreads(work.tx, permit, { scope: scoped(work, 'thread.list'), after: null })
    })
  expect((await listAs('anna')).rows.map((row) => row.id)).toEqual([world.threatThread, world.planThread])
  expect((await listAs('erik')).rows).toMatchObject([
    { id: world.threatThread, purpose: 'casework', first: { id: world.threatMessage }, newest: { id: message.id } },
  ])
  expect((await listAs('erikWithdrawn')).rows).toEqual([])
})

test('a late seal opens one message to a flow, without a place in its stream', async () => {
  const waited = aMessage({
    seals: [{ key: epoch, bytes: text }],
    leftOut: [{ flow: `${threat}/${world.region}`, cause: 'uncovered' }],
  })
  await sendAs('anna', waited)
  await as('anna', async (work) => {
    const permit = permitted(work, 'seal.add', await cases.facts(work.tx, theCase))
    await threads.storeSeals(work.tx, permit, [{ message: waited.id, key: flow, bytes: text }])
  })
  expect((await readAs('erik')).rows.at(-1)).toMatchObject({
    id: waited.id,
    seals: [{ key: flow, seq: null, late: true }],
  })
})

test('a late seal under a stale flow key or for another compartment’s message is refused', async () => {
  const sealAs = (message: string): Promise<void> =>
    as('anna', async (work) => {
      const permit = permitted(work, 'seal.add', await cases.facts(work.tx, theCase))
      await threads.storeSeals(work.tx, permit, [{ message: id<MessageId>(message), key: flow, bytes: text }])
    })
  await expect(sealAs(world.planMessage)).rejects.toMatchObject(refusal('message-refused'))
  await once(database.adminUrl, `update content_keys set stale_since = '2026-03-02T11:00Z' where id = '${flow}'`)
  await expect(sealAs(world.threatMessage)).rejects.toMatchObject(refusal('key-stale'))
})

test('a cursor goes forward only, and never beyond the stream', async () => {
  const moveAs = (name: Name, seq: number): Promise<void> =>
    as(name, async (work) => {
      const caseFacts = await cases.facts(work.tx, theCase)
      const facts = caseFacts === null ? null : await threads.threadFacts(work.tx, caseFacts, thread)
      const signed = { bytes: `{"seq":${seq}}`, signature: text }
      await threads.storeCursor(work.tx, permitted(work, 'cursor.move', facts), { key: flow, seq, at: noon, signed })
    })
  await sendAs('anna', aMessage())
  await moveAs('erik', 2)
  await moveAs('erik', 1)
  await expect(moveAs('erik', 3)).rejects.toMatchObject(refusal('message-refused'))
  await expect(moveAs('erikWithdrawn', 1)).rejects.toThrow('refused scope-ended')
  const shown = await as('anna', async (work) => {
    const caseFacts = await cases.facts(work.tx, theCase)
    const facts = caseFacts === null ? null : await threads.threadFacts(work.tx, caseFacts, thread)
    return threads.cursorsOf(work.tx, permitted(work, 'cursor.list', facts))
  })
  expect(shown).toEqual([
    { user: world.people.erik.user, key: flow, seq: 2, cursor: { bytes: '{"seq":2}', signature: text } },
  ])
})

test('a message waits for an append under way and is judged by what it wrote', async () => {
  const client = new pg.Client({ connectionString: database.adminUrl })
  await client.connect()
  await client.query('begin')
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, 1))', [theCase])
  const sending = sendAs('anna', aMessage()).catch((error: unknown) => error)
  await waiting(database.adminUrl)
  await client.query(`update content_keys set stale_since = sluss_now() where id = $1`, [epoch])
  await client.query('commit')
  await client.end()
  expect(await sending).toBeInstanceOf(Conflict)
  expect(await sending).toMatchObject(refusal('key-stale'))
})

/** Until somebody waits for a lock: no sleeping, the database is asked again and again. */
async function waiting(url: string): Promise<void> {
  for (;;) {
    const rows = await rowsAs(
      url,
      `select 1 from pg_stat_activity where wait_event = 'advisory' and datname = current_database()`,
    )
    if (rows.length > 0) return
  }
}
