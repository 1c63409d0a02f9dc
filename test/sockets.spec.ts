// The sockets as anybody could speak to them: who may connect, what is refused, and what a message carries to whom.
import { signIn } from '#libs/client'
import { events } from '#libs/contracts'
import type { CaseId } from '#libs/domain'
import { io } from 'socket.io-client'
import type { Socket } from 'socket.io-client'
import { tenantIdOf } from '../apps/seed/src/ids.ts'
import { cookiesOf } from './support/bare.ts'
import { holding } from './support/database.ts'
import type { Given, Name } from './support/given.ts'
import { boras, given, police } from './support/given.ts'
import { rowsOf } from './support/running.ts'

jest.setTimeout(120_000)

let here: Given
beforeAll(async () => {
  here = await given(['linnea', 'mehmet', 'erika', 'joakim', 'ida'], 2)
}, 120_000)
afterAll(() => here.stop())

type Told = { readonly name: string; readonly payload: Record<string, unknown> }
type Listener = {
  readonly socket: Socket
  readonly told: Told[]
  ask(name: string, payload: unknown): Promise<Record<string, unknown>>
  hears(name: string): Promise<Record<string, unknown>>
}

const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close()
})

const cookieAs = async (who: Name): Promise<string> => {
  const { persona } = here.person(who)
  const jar = await signIn({ baseUrl: nodeUrl(0), tenant: tenantIdOf(persona.tenant), login: persona.id })
  return cookiesOf(jar)
}
const nodeUrl = (node: number): string => {
  const running = here.sluss.nodes[node]
  if (running === undefined) throw new Error(`there is no node ${node}`)
  return running.url
}

/** A bare socket of a person at a node: what it hears is what the server tells her. */
async function listening(who: Name, node: number, headers: Record<string, string> = {}): Promise<Listener> {
  const socket = io(nodeUrl(node), {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { cookie: await cookieAs(who), ...headers },
  })
  sockets.push(socket)
  const told: Told[] = []
  const waiting: { readonly name: string; readonly resolve: (payload: Record<string, unknown>) => void }[] = []
  socket.onAny((name: string, payload: Record<string, unknown>) => {
    told.push({ name, payload })
    for (const one of waiting.filter((each) => each.name === name)) one.resolve(payload)
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve())
    socket.once('connect_error', reject)
  })
  return {
    socket,
    told,
    ask: (name, payload) => socket.timeout(5_000).emitWithAck(name, payload) as Promise<Record<string, unknown>>,
    hears: (name) => {
      const before = told.find((one) => one.name === name)
      return before === undefined
        ? new Promise((resolve) => waiting.push({ name, resolve }))
        : Promise.resolve(before.payload)
    },
  }
}

const followed = async (who: Name, node: number, id: CaseId): Promise<Listener> => {
  const listener = await listening(who, node)
  expect(await listener.ask('case.follow', { case: id })).toMatchObject({ ok: true })
  return listener
}

test('a message reaches each reader on both nodes with her own seal alone', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  const first = await here.writes('linnea', id, 'threat', 'nycklarna')
  await here.reads('ida', id, first)
  const ida = await followed('ida', 1, id)
  const linnea = await followed('linnea', 0, id)
  await here.writes('linnea', id, 'threat', 'nu', first)
  const [atIda, atLinnea] = [await ida.hears('message.accepted'), await linnea.hears('message.accepted')]
  for (const payload of [atIda, atLinnea]) {
    const parsed = events['message.accepted'].payload.parse(payload)
    expect(parsed).toMatchObject({ case: id, message: { thread: first } })
    expect(parsed.message.seals).toHaveLength(1)
  }
  const keyOf = (payload: unknown): string =>
    events['message.accepted'].payload.parse(payload).message.seals[0]?.key ?? ''
  expect(keyOf(atIda)).not.toBe(keyOf(atLinnea))
})

test('what is out of form is refused in the acknowledgement', async () => {
  const ida = await listening('ida', 0)
  for (const payload of [null, 7, {}, { case: 'x' }, { case: '00000000-0000-4000-8000-000000000000', more: 1 }])
    expect(await ida.ask('case.follow', payload)).toMatchObject({
      ok: false,
      problem: { type: '/problems/malformed-request' },
    })
})

test('whatever is asked wrongly is refused in words: too large, too deep, unknown, or out of order', async () => {
  const id = await here.opens('linnea')
  const linnea = await listening('linnea', 0)
  const deep: unknown = JSON.parse('['.repeat(4_000) + ']'.repeat(4_000))
  const wrong: readonly (readonly [string, unknown, string])[] = [
    ['case.follow', { case: id, padding: 'x'.repeat(20_000) }, 'too-large'],
    ['case.follow', Buffer.alloc(200), 'malformed-request'],
    ['case.follow', { case: id, deep }, 'malformed-request'],
    ['case.erase', { case: id }, 'not-found'],
    ['message.accepted', { case: id }, 'not-found'],
    ['toString', null, 'not-found'],
    ['case.leave', { case: id }, 'not-found'],
  ]
  for (const [name, payload, type] of wrong)
    expect([name, await linnea.ask(name, payload)]).toEqual([
      name,
      { ok: false, problem: expect.objectContaining({ type: `/problems/${type}` }) },
    ])
  expect(await linnea.ask('case.follow', { case: id })).toMatchObject({ ok: true })
  expect(await linnea.ask('case.leave', { case: id })).toMatchObject({ ok: true })
})

test('who waits for no answer is told of a refusal all the same', async () => {
  const ida = await listening('ida', 0)
  ida.socket.emit('case.follow', 7)
  expect(await ida.hears('request.refused')).toMatchObject({ problem: { type: '/problems/malformed-request' } })
})

test('fifty cases are followed at once, and the next waits until one is left', async () => {
  const ids: CaseId[] = []
  for (let n = 0; n < 51; n += 1) ids.push(await here.opens('linnea'))
  const linnea = await listening('linnea', 1)
  const [last = ids[0], ...first] = ids.toReversed()
  for (const id of first) expect(await linnea.ask('case.follow', { case: id })).toMatchObject({ ok: true })
  expect(await linnea.ask('case.follow', { case: last })).toMatchObject({
    ok: false,
    problem: { type: '/problems/too-many-requests' },
  })
  expect(await linnea.ask('case.leave', { case: first[0] })).toMatchObject({ ok: true })
  expect(await linnea.ask('case.follow', { case: last })).toMatchObject({ ok: true })
})

test('when the last minute of what was shared has come, its sockets leave at that moment on every node', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'], { days: 8 / 1440 })
  const thread = await here.writes('linnea', id, 'threat', 'i tid')
  await here.reads('ida', id, thread)
  const both = [await followed('ida', 0, id), await followed('ida', 1, id)]
  const linnea = await followed('linnea', 0, id)
  const [ends] = await rowsOf(
    here.sluss.database,
    `select max(valid_until) as at from readers where case_id = '${id}' and user_id = '${here.person('ida').user}'`,
  )
  const until = new Date(String(ends?.['at'])).getTime()
  // Half a second before: what follows is the clock's own doing.
  await here.pass((until - 500 - here.milliseconds()) / 60_000)
  for (const ida of both) {
    const told = (await ida.hears('scope.changed')) as { readonly case: string; readonly left: readonly string[] } // as the contract says
    expect(told.case).toBe(id)
    expect(told.left).not.toEqual([])
  }
  expect(here.milliseconds() - until).toBeLessThan(1_000)
  await here.writes('linnea', id, 'threat', 'efteråt', thread)
  await linnea.hears('message.accepted')
  for (const ida of both) {
    await ida.ask('case.leave', { case: id })
    expect(ida.told.map(({ name }) => name)).not.toContain('message.accepted')
  }
})

test('a socket alone is no use: an idle session’s is told so and closed, one that is used over HTTP stays', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  const thread = await here.writes('linnea', id, 'threat', 'före')
  const half = here.sluss.settings.idleMinutes / 2 + 1
  const idle = await followed('linnea', 1, id)
  const closed = new Promise((resolve) => idle.socket.once('disconnect', resolve))
  const cookie = await cookieAs('linnea')
  const used = await listening('linnea', 0, { cookie })
  expect(await used.ask('case.follow', { case: id })).toMatchObject({ ok: true })
  await here.pass(half)
  expect((await fetch(`${nodeUrl(1)}/session`, { headers: { cookie, 'x-sluss': '1' } })).status).toBe(200)
  await here.pass(half)
  expect(await idle.hears('session.ended')).toEqual({ reason: 'idle' })
  expect(await closed).toBe('io server disconnect')
  await here.writes('linnea', id, 'threat', 'efter', thread)
  expect(await used.hears('message.accepted')).toMatchObject({ case: id })
  await here.pass(2 * half)
  expect(await used.hears('session.ended')).toEqual({ reason: 'idle' })
})

test('who has left a case hears nothing more of what is in it, though it was being asked just then what she may hear', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  const thread = await here.writes('linnea', id, 'threat', 'nycklarna')
  await here.reads('ida', id, thread)
  const ida = await followed('ida', 0, id)
  const linnea = await followed('linnea', 0, id)
  const held = await holding(here.sluss.database.adminUrl, 'assignments')
  here.sluss.nodes[1]?.sockets.serverSideEmit('case.moved', id, [police, boras])
  const asking = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
  while ((await rowsOf(here.sluss.database, asking)).length === 0);
  const left = ida.ask('case.leave', { case: id })
  // Answered in the order asked: the node has her leaving before it, by the time that this is refused.
  await ida.ask('case.erase', {})
  await held.letGo()
  expect(await left).toMatchObject({ ok: true })
  await linnea.hears('chain.moved')
  await here.writes('linnea', id, 'threat', 'efteråt', thread)
  await linnea.hears('message.accepted')
  await ida.ask('case.erase', {})
  // That something has moved she may hear for her list, as whoever follows no case; of what is in it, nothing.
  expect(ida.told.filter(({ name }) => name !== 'chain.moved')).toEqual([])
})

test('who is taken off a case between being let in and standing in its rooms is told so, and hears nothing', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  const { user } = here.person('ida')
  const ida = await listening('ida', 0)
  // Her scope is read and she is let in; the log, which is held, keeps that transaction from its end.
  const held = await holding(here.sluss.database.adminUrl, 'audit_entries')
  const following = ida.ask('case.follow', { case: id })
  const asking = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
  while ((await rowsOf(here.sluss.database, asking)).length === 0);
  for (const sql of [
    `update assignments set state = 'ended' where case_id = '${id}' and user_id = '${user}'`,
    `update readers set valid_until = sluss_now() where case_id = '${id}' and user_id = '${user}'`,
  ])
    await rowsOf(here.sluss.database, sql)
  await held.letGo()
  expect(await following).toMatchObject({ ok: false, problem: { status: 403 } })
  const rooms = here.sluss.nodes[0]?.sockets.sockets.sockets.get(ida.socket.id ?? '')?.rooms
  expect([...(rooms ?? ['no socket'])].filter((room) => /^(follow|key|no)/.test(room))).toEqual([])
})

test('nobody connects without a session, or from another site', async () => {
  await expect(listening('ida', 0, { cookie: '' })).rejects.toThrow('not-signed-in')
  await expect(listening('ida', 0, { origin: 'https://elsewhere.example' })).rejects.toThrow()
  const own = await listening('ida', 0, { origin: nodeUrl(0) })
  expect(own.socket.connected).toBe(true)
})
