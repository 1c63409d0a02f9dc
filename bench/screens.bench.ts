// At a fixed rate, the time from `send` until the message stands opened and verified on the last screen: real clients with real keys,
// through the client library, on two nodes. The baseline is a bare Socket.IO broadcast with one INSERT, at the same rate, to as many.
// Clients and our nodes share this one process; on devices of their own the screens would open side by side.
import { randomUUID } from 'node:crypto'
import type { Connected } from '#libs/client'
import type { CaseId, MessageId, ThreadId } from '#libs/domain'
import { given } from '../test/support/given.ts'
import { makeTemplate } from '../test/support/template.ts'
import { bareDriver } from './driver.ts'
import type { Spread } from './figures.ts'
import { sizes, spreadOf, Table } from './figures.ts'
import { startBareNodes } from './nodes.ts'
import { connected, startServers } from './servers.ts'

const size = sizes({ messages: 60, warmup: 5, perMinute: 120 })

const servers = await startServers('durable')
process.env['SLUSS_TEST_POSTGRES'] = servers.adminUrl
process.env['SLUSS_TEST_REDIS'] = servers.redisUrl
await makeTemplate(servers.adminUrl)
const here = await given(['linnea', 'mehmet', 'erika', 'joakim', 'ida', 'nermina'], 2)
const table = new Table()
try {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  await here.assigns('joakim', id, 'nermina')
  await here.session('linnea').case(id)
  await here.session('ida').case(id)
  const thread = await here.writes('linnea', id, 'threat', 'första')
  const screens = await Promise.all([
    screenOf(await here.device('linnea', 1), id, thread),
    screenOf(await here.device('ida', 1), id, thread),
    screenOf(await here.device('nermina', 0), id, thread),
  ])
  const linnea = here.session('linnea')
  const { version } = await linnea.readers(id, 'threat', 'casework')
  const ours = await atFixedRate(async () => {
    const message = { title: null, category: 'threat', purpose: 'casework', text: 'a'.repeat(400) } as const
    const sent = await linnea.send(id, { ...message, thread, readers: version })
    const shown = await Promise.all(screens.map((screen) => screen.shows(sent.message)))
    return Math.max(...shown)
  })
  const bare = await bareAtTheSameRate(screens.length)
  table.compare(`send → verified on the last of ${screens.length} screens, median`, ours.median, bare.median, {
    unit: 'ms',
  })
  table.compare(`send → verified on the last of ${screens.length} screens, p99`, ours.p99, bare.p99, { unit: 'ms' })
} finally {
  await here.stop()
  await servers.stop()
}
table.print(`screens: ${size.perMinute} messages a minute, 2 nodes`)
process.exit()

type Screen = { readonly shows: (message: MessageId) => Promise<number> }

/** A screen that reads its thread again when it is told of a message, as the page does; `shows` answers when one was there. */
async function screenOf(session: Connected, theCase: CaseId, thread: ThreadId): Promise<Screen> {
  const shownAt = new Map<MessageId, number>()
  let waiting: (() => void)[] = []
  let reading = Promise.resolve()
  const read = async (): Promise<void> => {
    const { messages } = await session.messages(theCase, thread)
    for (const one of messages)
      if (one.kind === 'opened' && !shownAt.has(one.id)) shownAt.set(one.id, performance.now())
    const woken = waiting
    waiting = []
    for (const wake of woken) wake()
  }
  session.listen((event) => {
    if (event.type === 'message.accepted') reading = reading.then(read)
  })
  await session.follow(theCase)
  await read()
  return {
    shows: async (message) => {
      for (;;) {
        const at = shownAt.get(message)
        if (at !== undefined) return at
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
    },
  }
}

/** Begins on time, whether or not the one before is done; `work` answers when it was. */
async function atFixedRate(work: () => Promise<number>): Promise<Spread> {
  const every = 60_000 / size.perMinute
  const running: Promise<number>[] = []
  for (let turn = 0; turn < size.messages + size.warmup; turn += 1) {
    const began = performance.now()
    running.push(work().then((done) => done - began))
    await new Promise((resolve) => setTimeout(resolve, every))
  }
  return spreadOf((await Promise.all(running)).slice(size.warmup))
}

async function bareAtTheSameRate(screens: number): Promise<Spread> {
  await connected(servers.ownerUrl, (client) =>
    client.query(`create table bare_messages (id uuid primary key, thread uuid not null, seq integer, text bytea not null);
      create table bare_threads (id uuid primary key, count integer not null)`),
  )
  const nodes = await startBareNodes(servers, 2)
  const driver = await bareDriver(nodes, screens, true, Buffer.from('a'.repeat(1_200)).toString('base64'))
  const thread = randomUUID()
  const listeners = new Set<() => void>()
  driver.onReceived(() => listeners.forEach((look) => look()))
  let expected = 0
  const spread = await atFixedRate(async () => {
    expected += screens
    const mine = expected
    const all = new Promise<number>((resolve) => {
      const look = (): void => void (driver.received() >= mine && resolve(performance.now()))
      listeners.add(look)
    })
    await driver.send(0, thread)
    return all
  })
  driver.close()
  for (const node of nodes) await node.stop()
  return spread
}
