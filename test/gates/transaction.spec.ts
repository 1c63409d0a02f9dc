// The one door: a transaction is somebody and then nobody again, all or nothing, and outlives its server.
import { readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import type { AuthorityId, TenantId, UserId } from '#libs/domain'
import { id } from '#libs/domain'
import { Database, Unavailable, audit, clockOf, migrate, prepare, tenants } from '#libs/persistence'
import { startOwnPostgres } from '../support/cluster.ts'
import { freshDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { disconnect, rowsAs } from './support.ts'
import * as world from './world.ts'

let database: TestDatabase
let door: Database
beforeAll(async () => {
  database = await freshDatabase()
  await world.enterWorld(database.adminUrl)
  await database.setClock(world.noon)
  door = await Database.open({ url: database.appUrl, poolSize: 1 })
})
afterAll(async () => {
  await door.close()
  await disconnect()
  await database.drop()
})

const entry = { act: 'case.read', outcome: 'allowed', case: null, subject: 'trial', reason: null } as const
const written = () => rowsAs(database.adminUrl, `select 1 from audit_entries where subject = 'trial'`)

test('what throws leaves nothing behind, and the connection serves the next', async () => {
  const failing = door.run(world.whoIs('anna'), async (tx) => {
    await audit.record(tx, [entry])
    throw new Error('something else')
  })
  await expect(failing).rejects.toThrow('something else')
  expect(await written()).toHaveLength(0)
  await door.run(world.whoIs('anna'), (tx) => audit.record(tx, [entry]))
  expect(await written()).toHaveLength(1)
})

test('after a person’s transaction the same connection is nobody', async () => {
  await door.run(world.whoIs('anna'), (tx) => audit.record(tx, [entry]))
  await expect(door.run('anonymous', (tx) => audit.record(tx, [entry]))).rejects.toThrow()
})

test('a failure that nobody heard is no commit, and says so', async () => {
  const before = await written()
  const deaf = door.run(world.whoIs('anna'), async (tx) => {
    await audit.record(tx, [entry])
    await audit.record(tx, [{ ...entry, outcome: 'nonsense' as 'allowed' }]).catch(() => undefined)
  })
  await expect(deaf).rejects.toThrow('ROLLBACK')
  expect(await written()).toEqual(before)
})

test('each is herself from her first statement on, also after others who failed, on one connection', async () => {
  const asks = (name: 'anna' | 'erik', fails: boolean): Promise<readonly (string | undefined)[]> =>
    door.run(world.whoIs(name), async (tx) => {
      const actors = await Promise.all([tenants.currentActor(tx), tenants.currentActor(tx)])
      if (fails) await audit.record(tx, [{ ...entry, outcome: 'nonsense' as 'allowed' }])
      return actors.map((actor) => actor?.user)
    })
  const asked = Array.from(
    { length: 60 },
    (_, n) => ({ name: n % 2 === 0 ? 'anna' : 'erik', fails: n % 3 === 0 }) as const,
  )
  const answers = await Promise.allSettled(asked.map(({ name, fails }) => asks(name, fails)))
  for (const [n, { name, fails }] of asked.entries()) {
    const { user } = world.people[name]
    expect(answers[n]).toMatchObject(fails ? { status: 'rejected' } : { status: 'fulfilled', value: [user, user] })
  }
})

test('a transaction that is over serves nobody', async () => {
  const kept = await door.run(world.whoIs('anna'), async (tx) => tx)
  expect(() => clockOf(kept)).toThrow('over')
})

test('the clock is the database’s', async () => {
  const at = await door.run(world.whoIs('anna'), async (tx) => clockOf(tx))
  expect(Math.abs(at.getTime() - world.noon.getTime())).toBeLessThan(60_000)
})

test('of what travels together the first failure is told, not what follows from it', async () => {
  const together = door.run(world.whoIs('anna'), (tx) =>
    Promise.all([
      tenants.currentActor(tx),
      audit.record(tx, [{ ...entry, outcome: 'nonsense' as 'allowed' }]).then(() => undefined),
      audit.record(tx, [entry]),
    ]),
  )
  await expect(together).rejects.toMatchObject({ code: '23514' })
  const late = door.run(world.whoIs('anna'), async (tx) => {
    await audit.record(tx, [{ ...entry, outcome: 'nonsense' as 'allowed' }]).catch(() => undefined)
    await audit.record(tx, [entry])
  })
  await expect(late).rejects.toMatchObject({ code: '23514' })
})

test('a server that has gone silent is unavailable, not waited for', async () => {
  const postgres = new URL(database.appUrl)
  let isSilent = false
  const lines: Socket[] = []
  const between = createServer((near) => {
    const far = connect(Number(postgres.port), postgres.hostname)
    lines.push(near, far)
    for (const line of [near, far]) line.on('error', () => undefined)
    near.on('data', (octets) => isSilent || far.write(octets))
    far.on('data', (octets) => isSilent || near.write(octets))
  })
  await new Promise<void>((listening) => between.listen(0, '127.0.0.1', listening))
  const url = new URL(postgres.href)
  url.port = String((between.address() as AddressInfo).port)
  const own = await Database.open({ url: url.href, poolSize: 1, statementTimeoutMs: 100 })
  const asks = (): Promise<unknown> => own.run(world.whoIs('anna'), tenants.currentActor)
  expect(await asks()).toMatchObject({ user: world.people.anna.user })
  isSilent = true
  await expect(asks()).rejects.toBeInstanceOf(Unavailable)
  isSilent = false
  expect(await asks()).toMatchObject({ user: world.people.anna.user })
  await own.close()
  for (const line of lines) line.destroy()
  between.close()
}, 30_000)

test('a server that goes away is unavailable, and its return is enough', async () => {
  const server = await startOwnPostgres('durable')
  await prepare(server.url, { database: 'sluss', appPassword: 'app' })
  const url = server.url.replace('/postgres:test@', '/sluss_app:app@').replace(/\/postgres$/, '/sluss')
  await migrate(server.url.replace(/\/postgres$/, '/sluss'))
  expect(await migrate(server.url.replace(/\/postgres$/, '/sluss'))).toEqual([])
  const own = await Database.open({
    url: url.replace('postgres:test', 'sluss_app:app'),
    poolSize: 2,
    connectTimeoutMs: 1000,
  })
  const somebody = {
    user: id<UserId>(world.people.anna.user),
    tenant: id<TenantId>(world.kommun),
    authority: id<AuthorityId>(world.board),
  }
  const asks = (): Promise<Date> => own.run(somebody, async (tx) => clockOf(tx))
  await asks()
  // A crash of one server process makes PostgreSQL end every connection and start again by itself.
  const [backend] = await rowsAs<{ pid: number }>(
    server.url,
    'select pid from pg_stat_activity where pid <> pg_backend_pid() and backend_type = $1',
    ['client backend'],
  )
  const postmaster = Number(readFileSync(join(server.databaseDir, 'postmaster.pid'), 'utf8').split('\n')[0])
  expect(backend?.pid).not.toBe(postmaster)
  await disconnect()
  process.kill(backend?.pid ?? 0, 'SIGKILL')
  const answers: unknown[] = []
  while (!(answers.at(-1) instanceof Date)) answers.push(await asks().catch((error: unknown) => error))
  expect(answers.slice(0, -1).every((answer) => answer instanceof Unavailable)).toBe(true)
  expect(answers.length).toBeGreaterThan(1)
  await own.close()
  await server.stop()
}, 30_000)
