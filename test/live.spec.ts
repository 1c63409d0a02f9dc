// The live connection over two nodes: messages arrive, those who lose their scope leave within a second, nothing is lost.
import type { Connected, LiveEvent } from '#libs/client'
import type { CaseId, ThreadId } from '#libs/domain'
import type { Given } from './support/given.ts'
import { given, refusal } from './support/given.ts'
import { proxyTo } from './support/proxy.ts'

jest.setTimeout(120_000)

let here: Given
/** Ida on the second node; the others are on the first. */
let ida: Connected
beforeAll(async () => {
  here = await given(['linnea', 'mehmet', 'erika', 'joakim', 'ida'], 2)
  ida = await here.device('ida', 1)
})
afterAll(() => here.stop())

type Heard = {
  readonly events: LiveEvent[]
  until(what: (event: LiveEvent) => boolean, withinMs: number): Promise<number>
}

/** Collects what a session is told; `until` answers after how many milliseconds the first fitting event came. */
function listening(session: Connected): Heard {
  const events: LiveEvent[] = []
  session.listen((event) => events.push(event))
  return {
    events,
    until: async (what, withinMs) => {
      const began = performance.now()
      while (!events.some(what)) {
        if (performance.now() - began > withinMs)
          throw new Error(`not heard within ${withinMs} ms; heard ${JSON.stringify(events)}`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      return performance.now() - began
    },
  }
}

const accepted =
  (id: CaseId, thread: ThreadId) =>
  (event: LiveEvent): boolean =>
    event.type === 'message.accepted' && event.case === id && event.thread === thread
const outOf =
  (id: CaseId) =>
  (event: LiveEvent): boolean =>
    event.type === 'scope.changed' && event.case === id

test('a message sent at one node is heard at the other, once, and opens', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  const thread = await here.writes('linnea', id, 'threat', 'första')
  const heard = listening(ida)
  await ida.follow(id)
  await here.writes('linnea', id, 'threat', 'andra', thread)
  await heard.until(accepted(id, thread), 2_000)
  expect(await here.reads(ida, id, thread)).toEqual(['första', 'andra'])
  expect(heard.events.filter(accepted(id, thread))).toHaveLength(1)
})

test('a withdrawal at one node takes the other out within a second, and nothing written after is told her', async () => {
  const { id, registration } = await here.aCaseSharedWithPolice(['threat'])
  const thread = await here.writes('linnea', id, 'threat', 'under samtycket')
  await here.reads(ida, id, thread)
  const other = await here.aCaseSharedWithPolice(['threat'])
  const next = await here.writes('linnea', other.id, 'threat', 'i ett annat ärende')
  const heard = listening(ida)
  await ida.follow(id)
  await ida.follow(other.id)
  await here.pass(1)
  const withdrawn = here.session('linnea').withdrawConsent(id, registration)
  await withdrawn
  expect(await heard.until(outOf(id), 1_000)).toBeLessThan(1_000)
  expect(await refusal(ida.messages(id, thread))).toBe('scope-ended')
  await here.pass(1)
  await here.writes('linnea', id, 'threat', 'efter', thread)
  await here.session('linnea').case(id)
  // What is written next in another case comes to her after all that came before it.
  await here.writes('linnea', other.id, 'threat', 'därefter', next)
  await heard.until(accepted(other.id, next), 2_000)
  expect(heard.events.filter(accepted(id, thread))).toEqual([])
})

test('a narrowing takes out of the room of that category alone', async () => {
  const { id, registration } = await here.aCaseSharedWithPolice(['threat', 'plan'])
  const threat = await here.writes('linnea', id, 'threat', 'hot')
  const plan = await here.writes('linnea', id, 'plan', 'plan')
  const heard = listening(ida)
  await ida.follow(id)
  await here.pass(1)
  await here.session('linnea').narrowConsent(id, registration, { categories: ['threat'] })
  await heard.until(outOf(id), 1_000)
  await here.pass(1)
  await here.writes('linnea', id, 'threat', 'hot igen', threat)
  await here.writes('linnea', id, 'plan', 'plan igen', plan)
  await heard.until(accepted(id, plan), 2_000)
  expect(heard.events.filter(accepted(id, threat))).toEqual([])
})

test('whose assignment ends leaves within a second and is told', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  const thread = await here.writes('linnea', id, 'threat', 'hot')
  await here.reads(ida, id, thread)
  const heard = listening(ida)
  await ida.follow(id)
  await here.pass(1)
  await here.session('joakim').endAssignment(id, here.person('ida').user, 'ended')
  await heard.until(outOf(id), 1_000)
  expect(await refusal(ida.messages(id, thread))).toBe('assignment-ended')
})

test('what was written while nobody listened is there after the reconnect: nothing lost, nothing twice, in order', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  const thread = await here.writes('linnea', id, 'threat', '0')
  const device = await here.device('ida', 1)
  await device.follow(id)
  expect(await here.reads(device, id, thread)).toEqual(['0'])
  device.close()
  const texts = ['1', '2', '3', '4', '5']
  for (const text of texts) await here.writes('linnea', id, 'threat', text, thread)
  await device.unlock(here.person('ida').persona.passphrase)
  const heard = listening(device)
  await device.follow(id)
  expect(await here.reads(device, id, thread)).toEqual(['0', ...texts])
  await here.writes('linnea', id, 'threat', '6', thread)
  await heard.until(accepted(id, thread), 2_000)
  expect(await here.reads(device, id, thread)).toEqual(['0', ...texts, '6'])
})

test('a line that breaks is taken up again by itself: followed anew, nothing lost, nothing twice, in order', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  const thread = await here.writes('linnea', id, 'threat', '0')
  const line = await proxyTo([Number(new URL(here.sluss.nodes[1]?.url ?? '').port)])
  try {
    const device = await here.device('ida', 1, { baseUrl: `http://127.0.0.1:${line.port}` })
    const heard = listening(device)
    await device.follow(id)
    expect(await here.reads(device, id, thread)).toEqual(['0'])
    line.break()
    await heard.until((event) => event.type === 'connection' && event.state === 'disconnected', 2_000)
    for (const text of ['1', '2']) await here.writes('linnea', id, 'threat', text, thread)
    heard.events.length = 0
    await line.mend()
    // Told once more by itself, after the room was joined: whoever listens reads again.
    await heard.until((event) => event.type === 'case.changed' && event.case === id, 10_000)
    expect(await here.reads(device, id, thread)).toEqual(['0', '1', '2'])
    await here.writes('linnea', id, 'threat', '3', thread)
    await heard.until(accepted(id, thread), 2_000)
    expect(await here.reads(device, id, thread)).toEqual(['0', '1', '2', '3'])
    expect(heard.events.filter(accepted(id, thread))).toHaveLength(1)
    device.close()
  } finally {
    line.close()
  }
})

test('what moved before a case was followed, or while it was left, is told when it is joined', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  const thread = await here.writes('linnea', id, 'threat', '0')
  const device = await here.device('ida', 1)
  await device.leave(id)
  const heard = listening(device)
  const isTold = (event: LiveEvent): boolean => event.type === 'case.changed' && event.case === id
  await device.follow(id)
  await heard.until(isTold, 1_000)
  expect(await here.reads(device, id, thread)).toEqual(['0'])
  await device.leave(id)
  heard.events.length = 0
  await here.writes('linnea', id, 'threat', '1', thread)
  await device.follow(id)
  await heard.until(isTold, 1_000)
  expect(await here.reads(device, id, thread)).toEqual(['0', '1'])
})

test('who leaves while she is being let in hears nothing of the case afterwards', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  const thread = await here.writes('linnea', id, 'threat', '0')
  const [device, other] = [await here.device('ida', 1), await here.device('ida', 1)]
  const [left, stayed] = [listening(device), listening(other)]
  const following = device.follow(id)
  await device.leave(id)
  await following
  await other.follow(id)
  left.events.length = 0
  await here.writes('linnea', id, 'threat', '1', thread)
  await stayed.until(accepted(id, thread), 2_000)
  expect(left.events.filter((event) => event.type !== 'connection')).toEqual([])
})

test('a case that is not hers cannot be followed, and says no more than an unknown one', async () => {
  const id = await here.opens('linnea')
  const unknown = '00000000-0000-4000-8000-000000000000' as CaseId // an id that nothing has
  expect(await refusal(here.session('erika').follow(id))).toBe(await refusal(here.session('erika').follow(unknown)))
})

test('signing out everywhere ends the other sessions and closes their sockets on every node', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  const device = await here.device('linnea', 1)
  const heard = listening(device)
  await device.follow(id)
  await (await here.device('linnea', 0)).signOut('everywhere')
  await heard.until((event) => event.type === 'session.ended', 2_000)
  expect(await refusal(device.cases({}))).toBe('not-signed-in')
  // The last that it hears, and once: neither the socket's end nor the refused call is told of besides.
  expect(heard.events.slice(heard.events.findIndex((event) => event.type === 'session.ended'))).toEqual([
    { type: 'session.ended', reason: 'over' },
  ])
})

test('a session without a socket hears of its end from the first call that is refused, once', async () => {
  await here.signAllInAgain()
  const device = await here.device('linnea')
  const heard = listening(device)
  await (await here.device('linnea')).signOut('everywhere')
  expect(await refusal(device.cases({}))).toBe('not-signed-in')
  expect(await refusal(device.cases({}))).toBe('not-signed-in')
  expect(heard.events).toEqual([{ type: 'session.ended', reason: 'over' }])
  // Who was never signed in has lost nothing, and is told nothing but the refusal.
  const nobody = here.stranger()
  const quiet = listening(nobody)
  expect(await refusal(nobody.me())).toBe('not-signed-in')
  expect(quiet.events).toEqual([])
})

test('who connects again after her session has ended is told so by the handshake', async () => {
  await here.signAllInAgain()
  const line = await proxyTo([Number(new URL(here.sluss.nodes[1]?.url ?? '').port)])
  try {
    const device = await here.device('linnea', 1, { baseUrl: `http://127.0.0.1:${line.port}` })
    const heard = listening(device)
    await device.hearOfCases()
    line.break()
    await heard.until((event) => event.type === 'connection' && event.state === 'disconnected', 2_000)
    await (await here.device('linnea')).signOut('everywhere')
    await line.mend()
    await heard.until((event) => event.type === 'session.ended', 10_000)
    expect(heard.events.at(-1)).toEqual({ type: 'session.ended', reason: 'over' })
  } finally {
    line.close()
  }
})

test('who has not used Sluss for a while is told that it is for that her session ended', async () => {
  await here.signAllInAgain()
  const idle = await here.device('linnea')
  const heard = listening(idle)
  await idle.follow(await here.opens('linnea'))
  await here.pass(here.sluss.settings.idleMinutes + 1)
  await heard.until((event) => event.type === 'session.ended', 5_000)
  expect(heard.events.filter((event) => event.type === 'session.ended')).toEqual([
    { type: 'session.ended', reason: 'idle' },
  ])
})
