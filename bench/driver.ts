// The clients of the message benchmark, ours and the bare ones: senders that wait for their answer, receivers that only count.
import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { io } from 'socket.io-client'
import type { Socket } from 'socket.io-client'
import type { BareMessage } from './bare-node.ts'
import type { Crowd } from './crowd.ts'
import type { Node } from './nodes.ts'

export type Driver = {
  /** Sends one message to this thread; resolves when the server has acknowledged it. */
  readonly send: (turn: number, thread: string) => Promise<void>
  /** How many messages all receivers together have been given. */
  readonly received: () => number
  readonly onReceived: (listener: () => void) => void
  readonly close: () => void
}

/** What the server can check of a message, made once: it can open nothing, so neither can it tell that they are all the same. */
export type Sealed = { readonly ciphertext: string; readonly seal: string }

type Receivers = Pick<Driver, 'received' | 'onReceived'> & { readonly sockets: readonly Socket[] }

const nth = <T>(of: readonly T[], place: number): T => {
  const found = of[place % of.length]
  if (found === undefined) throw new Error('an empty list')
  return found
}

async function receivers(
  nodes: readonly Node[],
  count: number,
  event: string,
  cookies: readonly string[],
): Promise<Receivers> {
  let received = 0
  let told = (): void => undefined
  const sockets = await Promise.all(
    Array.from({ length: count }, async (_, place) => {
      const cookie = cookies[place]
      const socket = io(nth(nodes, place).url, {
        transports: ['websocket'],
        forceNew: true,
        ...(cookie === undefined ? {} : { extraHeaders: { cookie } }),
      })
      socket.on(event, () => {
        received += 1
        told()
      })
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', () => resolve())
        socket.once('connect_error', reject)
      })
      return socket
    }),
  )
  return { sockets, received: () => received, onReceived: (listener) => (told = listener) }
}

export async function apiDriver(
  nodes: readonly Node[],
  crowd: Crowd,
  cookies: readonly string[],
  sealed: Sealed,
): Promise<Driver> {
  const { sockets, received, onReceived } = await receivers(nodes, crowd.members.length, 'message.accepted', cookies)
  for (const socket of sockets) {
    const answer: { ok: boolean } = await socket.emitWithAck('case.follow', { case: crowd.case })
    if (!answer.ok) throw new Error('a member may not follow the case')
  }
  const writers = crowd.members.flatMap((member, place) =>
    member.isWriter ? [{ member, cookie: cookies[place] ?? '' }] : [],
  )
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  return {
    received,
    onReceived,
    send: async (turn, thread) => {
      const { member, cookie } = nth(writers, turn)
      const seals = [crowd.epoch, crowd.flow].map((key) => ({ key, bytes: sealed.seal }))
      const message = {
        id: randomUUID(),
        compartment: crowd.compartment,
        thread,
        author: member.user,
        at: `${new Date().toISOString().slice(0, 16)}Z`,
        commit: 'ab'.repeat(32),
        ciphertext: sealed.ciphertext,
        seals,
        leftOut: [],
      }
      const url = `${nth(nodes, turn).url}/cases/${crowd.case}/messages`
      await post(agent, url, cookie, JSON.stringify({ append: null, message }))
    },
    close: () => {
      for (const socket of sockets) socket.close()
      agent.destroy()
    },
  }
}

function post(agent: Agent, url: string, cookie: string, body: string): Promise<void> {
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    cookie,
    'x-sluss': '1',
  }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      const parts: string[] = []
      answer.setEncoding('utf8').on('data', (part: string) => parts.push(part))
      answer.on('end', () =>
        answer.statusCode === 200 || answer.statusCode === 201
          ? resolve()
          : reject(new Error(`${answer.statusCode} ${parts.join('')}`)),
      )
    })
    sent.on('error', reject).end(body)
  })
}

/** As many senders as there are writers in the crowd, so half of the members; the same bytes in each message. */
export async function bareDriver(
  nodes: readonly Node[],
  members: number,
  isOrdered: boolean,
  text: string,
): Promise<Driver> {
  const { sockets, received, onReceived } = await receivers(nodes, members, 'said', [])
  return {
    received,
    onReceived,
    send: async (turn, thread) => {
      const message: BareMessage = { id: randomUUID(), thread, text, isOrdered }
      await nth(sockets, turn).emitWithAck('say', message)
    },
    close: () => {
      for (const socket of sockets) socket.close()
    },
  }
}
