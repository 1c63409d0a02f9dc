// Runs the table's live rows over real sockets: who is let into a case, who is told of what happens there, and who hears nothing.
import { events, requests } from '#libs/contracts'
import { io } from 'socket.io-client'
import type { Socket } from 'socket.io-client'
import { randomUUID } from 'node:crypto'
import { cookiesOf } from '../support/bare.ts'
import type { Given } from '../support/given.ts'
import { given } from '../support/given.ts'
import { accessTable } from './access-table.ts'
import type { Asking } from './asking.ts'
import { expected } from './asking.ts'
import type { Place, Standing, Standings } from './standings.ts'
import { everybody, standingsIn } from './standings.ts'

jest.setTimeout(180_000)

type Told = { readonly name: string; readonly payload: Record<string, unknown> }
type Acknowledged = { readonly ok: boolean; readonly problem?: { readonly type: string; readonly status: number } }
type Listener = {
  readonly label: string
  readonly socket: Socket
  /** As the server told it, since the last time that `forget` was called. */
  readonly told: Told[]
  forget(): void
  ask(name: string, payload: unknown): Promise<Acknowledged>
  hears(name: string, holds?: (payload: Told['payload']) => boolean): Promise<Told['payload']>
}

let here: Given
let standings: Standings
/** Ida's sockets that were in a case when it was closed to her, and what the node told them until their session ended. */
const stayed: Record<'ended' | 'withdrawn' | 'open', { place: Place | null; told: readonly Told[] }> = {
  ended: { place: null, told: [] },
  withdrawn: { place: null, told: [] },
  open: { place: null, told: [] },
}

async function listening(who: Asking, label: string): Promise<Listener> {
  const socket = io(here.sluss.nodes[0]?.url ?? '', {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: who === 'anonymous' ? {} : { cookie: cookiesOf(here.person(who).jar) },
  })
  const told: Told[] = []
  const waiting: { readonly fits: (one: Told) => boolean; readonly resolve: (payload: Told['payload']) => void }[] = []
  socket.onAny((name: string, payload: Told['payload']) => {
    const one = { name, payload }
    told.push(one)
    for (const each of waiting) if (each.fits(one)) each.resolve(payload)
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve())
    socket.once('connect_error', reject)
  })
  return {
    label,
    socket,
    told,
    forget: () => void told.splice(0),
    ask: (name, payload) => socket.timeout(10_000).emitWithAck(name, payload) as Promise<Acknowledged>,
    hears: (name, holds = () => true) => {
      const fits = (one: Told): boolean => one.name === name && holds(one.payload)
      const before = told.find(fits)
      return before === undefined
        ? new Promise((resolve) => waiting.push({ fits, resolve }))
        : Promise.resolve(before.payload)
    },
  }
}

const answered = ({ ok, problem }: Acknowledged): string => {
  if (ok) return 'yes'
  return problem?.status === 404 ? 'absent' : (problem?.type.replace('/problems/', '') ?? 'no reason')
}

/** All that was on the way to her when she is asked has come: the node answers in the order in which it told. */
async function caughtUp(listeners: readonly Listener[]): Promise<void> {
  for (const listener of listeners) await listener.ask('case.erase', {})
}

/** One for each who stands in some way, having asked to follow. */
type Listening = Standing & { readonly relation: string; readonly listener: Listener; readonly answer: string }
const listeners: Listening[] = []
const all = (): readonly Listener[] => listeners.map(({ listener }) => listener)
const placeOf = (relation: string): Place => {
  const place = listeners.find((one) => one.relation === relation)?.place
  if (place === undefined) throw new Error(`nobody stands so: ${relation}`)
  return place
}

beforeAll(async () => {
  here = await given(everybody)
  const before: Listener[] = []
  standings = await standingsIn(
    here,
    async (places) => {
      for (const name of ['ended', 'withdrawn', 'open'] as const) {
        const listener = await listening('ida', name)
        expect(await listener.ask('case.follow', { case: places[name].id })).toMatchObject({ ok: true })
        stayed[name].place = places[name]
        before.push(listener)
      }
    },
    async () => {
      for (const listener of before)
        for (const name of ['ended', 'withdrawn'] as const)
          await listener.hears('scope.changed', (payload) => payload['case'] === stayed[name].place?.id)
      await caughtUp(before)
    },
  )
  // A day has passed, in which nobody used these sessions.
  for (const listener of before) {
    await listener.hears('session.ended')
    stayed[listener.label as keyof typeof stayed].told = listener.told
    listener.socket.close()
  }
  for (const [relation, people] of standings)
    for (const standing of people.filter(({ who }) => who !== 'anonymous')) {
      const listener = await listening(standing.who, `${relation}: ${standing.who}`)
      const answer = answered(await listener.ask('case.follow', { case: standing.place.id }))
      listeners.push({ ...standing, relation, listener, answer })
    }
}, 300_000)
afterAll(async () => {
  for (const { socket } of all()) socket.close()
  await here.stop()
})

/** Whom the table lets hear the event, beside whom the sockets say that heard it. */
function heard(name: string, holds: (payload: Told['payload'], place: Place) => boolean): object {
  return Object.fromEntries(
    listeners.map(({ listener, place }) => [
      listener.label,
      listener.told.some((one) => one.name === name && holds(one.payload, place)) ? 'told' : 'nothing',
    ]),
  )
}
const allowed = (name: string): object =>
  Object.fromEntries(
    listeners.map(({ listener, relation, roles }) => [
      listener.label,
      expected(`event ${name}`, relation as 'own', roles) === 'yes' ? 'told' : 'nothing',
    ]),
  )

test('the sockets’ rows are all of them asked here', () => {
  const rows = Object.keys(accessTable).filter((name) => name.startsWith('event ') || name.startsWith('request '))
  const names = [
    ...Object.keys(events).map((one) => `event ${one}`),
    ...Object.keys(requests).map((one) => `request ${one}`),
  ]
  expect(rows.sort()).toEqual(names.sort())
  expect(listeners.map(({ relation }) => relation)).toEqual(expect.arrayContaining(['own', 'stranger', 'awaiting']))
})

test('nobody connects without a session', async () => {
  await expect(listening('anonymous', 'anonymous')).rejects.toMatchObject({ data: { status: 401 } })
})

test('case.follow is answered as the table says', () => {
  expect(Object.fromEntries(listeners.map(({ listener, answer }) => [listener.label, answer]))).toEqual(
    Object.fromEntries(
      listeners.map(({ listener, relation, roles }) => [
        listener.label,
        expected('request case.follow', relation as 'own', roles),
      ]),
    ),
  )
})

test('what is not there for her is refused exactly as an unknown case', async () => {
  for (const { listener, relation, place } of listeners)
    if (['stranger', 'otherBoard', 'unassigned'].includes(relation))
      expect(await listener.ask('case.follow', { case: place.id })).toEqual(
        await listener.ask('case.follow', { case: randomUUID() }),
      )
})

test('message.accepted is told to those who may read the message, and to nobody else', async () => {
  for (const listener of all()) listener.forget()
  const places = new Map(listeners.map(({ place }) => [place.thread, place]))
  for (const { id, category, thread } of places.values()) await here.writes('linnea', id, category, 'nytt', thread)
  await caughtUp(all())
  const inPlace = (payload: Told['payload'], place: Place): boolean =>
    (payload['message'] as { thread: string }).thread === place.thread
  expect(heard('message.accepted', inPlace)).toEqual(allowed('message.accepted'))
})

test('cursor.moved is told to those who may read the thread, and to nobody else', async () => {
  for (const listener of all()) listener.forget()
  const places = new Map(listeners.map(({ place }) => [place.thread, place]))
  for (const { id, thread } of places.values()) await here.session('linnea').markRead(id, thread)
  const open = placeOf('covered')
  await here.session('ida').markRead(open.id, open.thread)
  const [linnea, ida] = ['own', 'covered'].map((one) => listeners.find(({ relation }) => relation === one)?.listener)
  const ofOpen = (payload: Told['payload']): boolean => payload['thread'] === open.thread
  await Promise.all([linnea?.hears('cursor.moved', ofOpen), ida?.hears('cursor.moved', ofOpen)])
  await caughtUp(all())
  expect(heard('cursor.moved', ({ thread }, place) => thread === place.thread)).toEqual(allowed('cursor.moved'))
})

test('chain.moved is told to those who may read the case, and to nobody else', async () => {
  for (const listener of all()) listener.forget()
  const places = new Map(listeners.map(({ place }) => [place.id, place]))
  for (const { id } of places.values())
    await here.session('linnea').registerConsent(id, here.consent(['family'], { direction: 'from-us' }))
  const told = listeners.filter(
    ({ relation, roles }) => expected('event chain.moved', relation as 'own', roles) === 'yes',
  )
  await Promise.all(
    told.map(({ listener, place }) => listener.hears('chain.moved', (payload) => payload['case'] === place.id)),
  )
  await caughtUp(all())
  expect(heard('chain.moved', (payload, place) => payload['case'] === place.id)).toEqual(allowed('chain.moved'))
})

test('chain.moved comes to all who may read the case though they follow none, with its id alone, and to no colleague beside them', async () => {
  const { id } = placeOf('covered')
  const people = [...new Set(listeners.map(({ who }) => who))]
  const mayRead: string[] = []
  for (const who of people) {
    const asker = await listening(who, who)
    if ((await asker.ask('case.follow', { case: id })).ok) mayRead.push(who)
    asker.socket.close()
  }
  const idle = await Promise.all(people.map((who) => listening(who, who)))
  await here.session('linnea').registerConsent(id, here.consent(['economy'], { direction: 'from-us' }))
  const isOfIt = (payload: Told['payload']): boolean => payload['case'] === id
  for (const listener of idle.filter(({ label }) => mayRead.includes(label)))
    expect(await listener.hears('chain.moved', isOfIt)).toEqual({ case: id })
  await caughtUp(idle)
  const heardIt = idle.filter(({ told }) => told.some(({ name, payload }) => name === 'chain.moved' && isOfIt(payload)))
  expect(heardIt.map(({ label }) => label).sort()).toEqual(mayRead.sort())
  expect(mayRead).toEqual(expect.arrayContaining(['ida', 'linnea']))
  expect(mayRead.length).toBeLessThan(people.length)
  for (const { socket } of idle) socket.close()
})

test('scope.changed is told to her whose scope it was, once, and to nobody beside her', async () => {
  const scopes = Object.entries(stayed).map(([name, { place, told }]) => [
    name,
    told.filter((one) => one.name === 'scope.changed' && one.payload['case'] === place?.id).length,
  ])
  expect(Object.fromEntries(scopes)).toEqual({ ended: 1, withdrawn: 1, open: 0 })
  for (const listener of all()) listener.forget()
  const { id, registration } = placeOf('covered')
  await here.session('linnea').withdrawConsent(id, registration)
  const ida = listeners.find(({ relation }) => relation === 'covered')?.listener
  await ida?.hears('scope.changed')
  await caughtUp(all())
  const who = listeners.filter(({ listener }) => listener.told.some(({ name }) => name === 'scope.changed'))
  // All of Ida's sockets: it is she who is told, whichever case each of them follows.
  expect(new Set(who.map((one) => one.who))).toEqual(new Set(['ida']))
})

test('session.ended comes to the sockets of the session that ended, and is the last that they hear', () => {
  for (const { told } of Object.values(stayed)) {
    expect(told.filter(({ name }) => name === 'session.ended')).toHaveLength(1)
    expect(told.at(-1)?.name).toBe('session.ended')
  }
  expect(
    all()
      .flatMap(({ told }) => told)
      .filter(({ name }) => name === 'session.ended'),
  ).toEqual([])
})

test('request.refused comes to the one who asked, and to nobody else', async () => {
  for (const listener of all()) listener.forget()
  const [asker] = all()
  asker?.socket.emit('case.erase', {})
  expect(await asker?.hears('request.refused')).toMatchObject({ problem: { status: 404 } })
  await caughtUp(all())
  const refused = listeners.filter(({ listener }) => listener.told.some(({ name }) => name === 'request.refused'))
  expect(refused.map(({ listener }) => listener)).toEqual([asker])
})

test('case.leave is for whoever follows, and to all others there is nothing to leave', async () => {
  const found: Record<string, string> = {}
  const wanted: Record<string, string> = {}
  for (const { listener, place, answer } of listeners) {
    found[listener.label] = answered(await listener.ask('case.leave', { case: place.id }))
    wanted[listener.label] = answer === 'yes' ? 'yes' : 'absent'
  }
  expect(found).toEqual(wanted)
  expect(new Set(Object.values(found))).toEqual(new Set(['yes', 'absent']))
  for (const listener of all()) listener.forget()
  const { id, category, thread } = placeOf('own')
  await here.writes('linnea', id, category, 'efter', thread)
  await caughtUp(all())
  expect(all().flatMap(({ told }) => told.filter(({ name }) => name === 'message.accepted'))).toEqual([])
})
