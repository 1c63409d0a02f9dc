// The gateway's look at ends that were known beforehand: it goes on whatever one socket does, and however many keys a node knows.
import { addMinutes, id, instantOf } from '#libs/domain'
import type { CaseId, KeyId } from '#libs/domain'
import type { Server, Socket } from 'socket.io'
import { Clock } from './clock.ts'
import { LiveGateway } from './gateway.ts'
import type { Platform } from './platform.ts'

const idleMinutes = 1
const theCase = id<CaseId>('00000000-0000-0000-0000-000000000001')
const keyId = (n: number): KeyId => id<KeyId>(`00000000-0000-0000-0000-${String(n).padStart(12, '0')}`)

jest.setTimeout(30_000)
beforeEach(() => jest.useFakeTimers())
afterEach(() => jest.useRealTimers())

type Person = {
  readonly socket: Socket
  readonly heard: string[]
  readonly asks: Map<string, (...given: unknown[]) => void>
}

/** Somebody who has signed in just now; `hangUp`: what her socket does when it is closed. */
function somebody(hangUp: () => void = () => undefined): Person {
  const [heard, asks]: [string[], Person['asks']] = [[], new Map()]
  const now = Date.now()
  const signedIn = { user: 'u', tenant: 't', authority: 'a', signedInAt: now, usedAt: now }
  const socket = {
    request: { session: { signedIn }, sessionID: 's' },
    rooms: new Set(),
    join: () => undefined,
    leave: () => undefined,
    use: () => undefined,
    on: (name: string, ask: (...given: unknown[]) => void) => asks.set(name, ask),
    emit: (name: string) => heard.push(name),
    disconnect: hangUp,
  }
  return { socket: socket as unknown as Socket, heard, asks } // of a socket, what a gateway uses
}

/** A node on which these are; Redis knows no later use of anybody's, and the policy lets whoever asks read by these keys. */
function nodeWith(people: readonly Person[], keys: ReadonlyMap<KeyId, string> = new Map()): readonly string[] {
  const failures: string[] = []
  const platform = {
    clock: new Clock(),
    settings: { idleMinutes, absoluteHours: 12 },
    sessions: { signedIn: async () => null },
    contexts: { as: async () => keys, watching: async () => keys },
    live: { attach: () => undefined },
    log: { error: (event: string) => failures.push(event), warn: () => undefined, info: () => undefined },
  } as unknown as Platform // of the platform, what a gateway uses
  let admit: (socket: Socket, next: (error?: Error) => void) => void = () => undefined
  const sockets = new Map(people.map(({ socket }, place) => [String(place), socket]))
  const server = { use: (rule: typeof admit) => (admit = rule), on: () => undefined, sockets: { sockets } }
  const gateway = new LiveGateway(platform)
  gateway.afterInit(server as unknown as Server)
  for (const { socket } of people) {
    admit(socket, (error) => {
      if (error !== undefined) throw error
    })
    gateway.handleConnection(socket)
  }
  return failures
}

test('a socket that cannot be looked at keeps nobody’s end from being told, and is looked at again', async () => {
  let tried = 0
  const broken = somebody(() => {
    tried += 1
    throw new Error('a socket that does not close')
  })
  const other = somebody()
  const failures = nodeWith([broken, other])
  await jest.advanceTimersByTimeAsync(idleMinutes * 60_000 - 1_000)
  expect([tried, other.heard]).toEqual([0, []])
  await jest.advanceTimersByTimeAsync(31_000)
  expect(other.heard).toContain('session.ended')
  expect(tried).toBeGreaterThan(1)
  expect(failures).toContain('live.failed')
})

test('a node that knows more keys than a call takes arguments goes on looking', async () => {
  const until = addMinutes(instantOf(Date.now()), 60)
  const keys = new Map(Array.from({ length: 200_000 }, (_, n) => [keyId(n), until] as const))
  const reader = somebody()
  const failures = nodeWith([reader], keys)
  let isFollowed = false
  reader.asks.get('case.follow')?.({ case: theCase }, (answer: { ok: boolean }) => (isFollowed = answer.ok))
  await jest.advanceTimersByTimeAsync(1)
  expect(isFollowed).toBe(true)
  await jest.advanceTimersByTimeAsync(idleMinutes * 60_000 + 20_000)
  expect(reader.heard).toContain('session.ended')
  expect(failures).toEqual([])
})
