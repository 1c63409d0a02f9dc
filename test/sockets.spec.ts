// The sockets as anybody could speak to them: who may connect, what is refused, and what a message carries to whom.
import { signIn } from '#libs/client'
import { events } from '#libs/contracts'
import type { CaseId } from '#libs/domain'
import { io } from 'socket.io-client'
import type { Socket } from 'socket.io-client'
import { tenantIdOf } from '../apps/seed/src/ids.ts'
import type { Given, Name } from './support/given.ts'
import { given } from './support/given.ts'

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

const cookiesOf = async (who: Name): Promise<string> => {
  const { persona } = here.person(who)
  const jar = await signIn({ baseUrl: nodeUrl(0), tenant: tenantIdOf(persona.tenant), login: persona.id })
  return [...jar].map(([key, value]) => `${key.split(' ')[1] ?? ''}=${value}`).join('; ')
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
    extraHeaders: { cookie: await cookiesOf(who), ...headers },
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

test('nobody connects without a session, or from another site', async () => {
  await expect(listening('ida', 0, { cookie: '' })).rejects.toThrow('not-signed-in')
  await expect(listening('ida', 0, { origin: 'https://elsewhere.example' })).rejects.toThrow()
  const own = await listening('ida', 0, { origin: nodeUrl(0) })
  expect(own.socket.connected).toBe(true)
})
