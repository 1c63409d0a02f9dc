// What stops and comes back: Redis and PostgreSQL away end requests in 503 and need no restart, of nodes or worker; a node or a
// database killed under load loses nothing that was acknowledged.
import type { Connected } from '#libs/client'
import { connect } from '#libs/client'
import type { CaseId, ThreadId } from '#libs/domain'
import { rowsOf } from './support/database.ts'
import type { Killable } from './support/failing.ts'
import { killableNode, killablePostgres, killableRedis, untilDone } from './support/failing.ts'
import type { Given } from './support/given.ts'
import { given, refusal } from './support/given.ts'
import { makeTemplate } from './support/template.ts'

/** How many have to be acknowledged before the power goes. */
const enough = 12
const writers = 3

let postgres: Killable
let redis: Killable
let here: Given
let theCase: CaseId
let thread: ThreadId

beforeAll(async () => {
  // Servers of its own: those of the run serve other suites.
  ;[postgres, redis] = await Promise.all([killablePostgres(), killableRedis()])
  process.env['SLUSS_TEST_POSTGRES'] = postgres.url
  process.env['SLUSS_TEST_REDIS'] = redis.url
  await makeTemplate(postgres.url)
  here = await given(['linnea', 'mehmet', 'erika'], 2)
  theCase = await here.opens('linnea')
  thread = await here.writes('linnea', theCase, 'plan', 'före')
}, 60_000)

let worker: Awaited<ReturnType<Given['sluss']['startWorker']>> | null = null
afterEach(async () => {
  await worker?.close()
  worker = null
})

afterAll(async () => {
  await here?.stop()
  await redis?.stop()
  await postgres?.stop()
}, 60_000)

/** A device of Linnea's at this address. */
async function linneaAt(baseUrl: string): Promise<Connected> {
  const { jar, persona } = here.person('linnea')
  const session = connect({
    baseUrl,
    rootFingerprint: here.sluss.settings.rootFingerprint,
    jar,
    clock: here.milliseconds,
  })
  await session.unlock(persona.passphrase)
  return session
}

/** Writers who go on until they are stopped by a failure; `killed` is called when enough has been acknowledged. */
async function writeUntilKilled(
  name: string,
  sessions: readonly Connected[],
  kill: () => Promise<void>,
): Promise<readonly string[]> {
  const acknowledged: string[] = []
  let killing: Promise<void> | null = null
  const write = async (session: Connected, who: number): Promise<void> => {
    const { version } = await session.readers(theCase, 'plan', 'casework')
    for (let turn = 0; turn < 500; turn += 1) {
      const text = `${name} ${who}/${turn}`
      const message = { thread, title: null, category: 'plan', purpose: 'casework', text, readers: version } as const
      const sent = await session.send(theCase, message).catch(() => null)
      if (sent === null) return
      acknowledged.push(text)
      if (acknowledged.length >= enough) killing ??= kill()
    }
  }
  await Promise.all(sessions.map(write))
  // Otherwise nothing was under load when it was killed.
  if (killing === null) throw new Error('the writers stopped before anything was killed')
  await killing
  return acknowledged
}

const textsSeenBy = (session: Connected): Promise<readonly string[]> => here.reads(session, theCase, thread)

test('without PostgreSQL requests end in 503, and go through again when it is back', async () => {
  await expect(refusal(here.session('linnea').cases({}))).resolves.toBe('done')

  await postgres.kill()
  const [during, health] = [await refusal(here.session('linnea').cases({})), await healthOf(here)]
  await postgres.revive()
  const after = await untilDone(() => here.session('linnea').cases({}))

  expect(during).toBe('unavailable')
  expect(health).toEqual({ status: 503, body: { database: false, redis: true } })
  expect(after.cases).toHaveLength(1)
}, 60_000)

test('without Redis requests end in 503; when it is back people sign in again and go on', async () => {
  await redis.kill()
  const [during, health] = [await refusal(here.session('linnea').cases({})), await healthOf(here)]
  await redis.revive()
  await untilDone(() => here.signAllInAgain())
  await here.writes('linnea', theCase, 'plan', 'efter Redis', thread)

  expect(during).toBe('unavailable')
  expect(health).toEqual({ status: 503, body: { database: true, redis: false } })
  expect(await textsSeenBy(await linneaAt(address()))).toContain('efter Redis')
}, 60_000)

test('when Redis is back, with nothing that it held, the nodes hear each other and the worker chains the log as before', async () => {
  worker = await here.sluss.startWorker()
  await untilDone(noneWaits)
  await redis.kill()
  expect(await refusal(here.session('linnea').cases({}))).toBe('unavailable')
  await redis.revive()
  await untilDone(() => here.signAllInAgain())

  const elsewhere = await here.device('linnea', 1)
  const heard = new Promise<void>((resolve) =>
    elsewhere.listen((event) => void (event.type === 'message.accepted' && event.thread === thread && resolve())),
  )
  await elsewhere.follow(theCase)
  await here.writes('linnea', theCase, 'plan', 'hörs på den andra noden', thread)
  await heard
  expect(await textsSeenBy(elsewhere)).toContain('hörs på den andra noden')
  await untilDone(noneWaits)
}, 60_000)

test('when PostgreSQL is back the worker chains the log as before', async () => {
  worker = await here.sluss.startWorker()
  await untilDone(noneWaits)
  await postgres.kill()
  expect(await refusal(here.session('linnea').cases({}))).toBe('unavailable')
  await postgres.revive()
  await untilDone(() => here.writes('linnea', theCase, 'plan', 'efter PostgreSQL', thread))
  await untilDone(noneWaits)
}, 60_000)

test('a node killed under load loses no acknowledged message', async () => {
  const node = await killableNode(here.sluss.settings)
  const sessions: Connected[] = []
  for (let n = 0; n < writers; n += 1) sessions.push(await linneaAt(node.url))

  const acknowledged = await writeUntilKilled('nod', sessions, node.kill)

  const seen = await textsSeenBy(await linneaAt(address()))
  for (const session of sessions) session.close()
  expect(acknowledged.length).toBeGreaterThanOrEqual(enough)
  expect(seen).toEqual(expect.arrayContaining([...acknowledged]))
  expect(new Set(seen).size).toBe(seen.length)
}, 60_000)

test('PostgreSQL killed under load loses no acknowledged message', async () => {
  const sessions: Connected[] = []
  for (let n = 0; n < writers; n += 1) sessions.push(await linneaAt(address()))

  const acknowledged = await writeUntilKilled('databas', sessions, postgres.kill)
  await postgres.revive()

  const seen = await untilDone(async () => textsSeenBy(await linneaAt(address())))
  for (const session of sessions) session.close()
  expect(acknowledged.length).toBeGreaterThanOrEqual(enough)
  expect(seen).toEqual(expect.arrayContaining([...acknowledged]))
  expect(new Set(seen).size).toBe(seen.length)
}, 60_000)

/** Every entry of the log is chained; refuses while one waits. */
async function noneWaits(): Promise<void> {
  const [row] = await rowsOf<{ waiting: number }>(
    here.sluss.database.adminUrl,
    'select (select count(*) from audit_entries) - (select count(*) from audit_seals) as waiting',
  )
  if (Number(row?.waiting) !== 0) throw new Error(`${row?.waiting} entries of the log wait`)
}

function address(): string {
  const [node] = here.sluss.nodes
  if (node === undefined) throw new Error('the suite runs two nodes')
  return node.url
}

async function healthOf(of: Given): Promise<{ readonly status: number; readonly body: unknown }> {
  const answer = await fetch(`${of.sluss.nodes[0]?.url ?? ''}/health`)
  return { status: answer.status, body: await answer.json() }
}
