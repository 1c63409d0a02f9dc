// The live connection: follows cases over Socket.IO, tells what moved, and after every reconnect tells it all again, since a
// socket may lose events (the reader fetches by place and number; nothing rests on an event having arrived).
import { events, sessions, type requests } from '#libs/contracts'
import type { CaseId } from '#libs/domain'
import { io } from 'socket.io-client'
import type { Socket } from 'socket.io-client'
import { cookiesFor } from './cookies.ts'
import type { Http } from './http.ts'
import { problemOf, SlussProblem } from './problem.ts'
import type { LiveEvent } from './views.ts'

export type Live = {
  /** Opens the connection, on which cases of hers that move are told though she follows none. */
  hear(): Promise<void>
  follow(id: CaseId): Promise<void>
  leave(id: CaseId): Promise<void>
  listen(listener: (event: LiveEvent) => void): () => void
  /** The session stands no more: told once, after which this connection is silent. */
  end(reason: Ended['reason']): void
  close(): void
}
type Ended = Extract<LiveEvent, { readonly type: 'session.ended' }>

/** Acknowledgements come as `{ok: true, answer}` or `{ok: false, problem}`. */
type Acknowledged = { readonly ok?: boolean; readonly problem?: unknown }

const acknowledgeWithinMs = 10_000

/** Opens the socket on the first `follow`; `before` runs ahead of the listeners, so that what they re-read is fetched anew. */
export function liveOver(http: Http, before: (event: LiveEvent) => void): Live {
  const listeners = new Set<(event: LiveEvent) => void>()
  const followed = new Set<CaseId>()
  /** Being joined by a call of `follow`: the connection that it waits for leaves them to it. */
  const joining = new Set<CaseId>()
  let socket: Socket | null = null
  let isEnded = false

  const tell = (event: LiveEvent): void => {
    if (event.type === 'session.ended') {
      if (isEnded) return
      isEnded = true
      hangUp()
    }
    before(event)
    for (const listener of listeners) listener(event)
  }

  /** The next thing that is asked for opens a connection of its own, as whoever has signed in by then. */
  const hangUp = (): void => {
    socket?.off()
    socket?.close()
    socket = null
  }

  /** It was the server that hung up: because the session has ended, or for a reason of its own. */
  const hungUpOn = async (from: Socket): Promise<void> => {
    const isOver = await http.call(sessions.table.me).then(
      () => false,
      (problem: unknown) => problem instanceof SlussProblem && problem.name === 'not-signed-in',
    )
    if (socket !== from) return
    if (isOver) return tell({ type: 'session.ended', reason: 'over' })
    tell({ type: 'connection', state: 'disconnected' })
    from.connect()
  }

  const emit = async (name: keyof typeof requests, id: CaseId): Promise<void> => {
    const asked = open().timeout(acknowledgeWithinMs).emitWithAck(name, { case: id }) as Promise<Acknowledged>
    const answer = await asked.catch(() => {
      throw new SlussProblem('offline', 0)
    })
    const document = answer.problem ?? (isProblem(answer) ? answer : null)
    if (document !== null && document !== undefined) throw problemOf(document, statusOf(document))
  }

  const open = (): Socket => {
    if (socket !== null) return socket
    const cookies = http.jar === null ? null : cookiesFor(http.jar, new URL(http.baseUrl))
    socket = io(http.baseUrl, {
      transports: ['websocket'],
      ...(cookies === null ? {} : { extraHeaders: { cookie: cookies } }),
    })
    const opened = socket
    socket.on('connect', () => {
      isEnded = false
      tell({ type: 'connection', state: 'connected' })
      for (const id of followed) {
        if (joining.has(id)) continue
        emit('case.follow', id).then(
          () => tell({ type: 'case.changed', case: id }),
          (problem: unknown) => {
            // Refused for good: she has no access any more. Otherwise the next reconnect tries again.
            if (isRefusal(problem)) {
              followed.delete(id)
              tell({ type: 'scope.changed', case: id, left: [] })
            }
          },
        )
      }
    })
    socket.on('disconnect', (cause) => {
      if (cause === 'io server disconnect') return void hungUpOn(opened)
      tell({ type: 'connection', state: 'disconnected' })
    })
    socket.on('connect_error', (error) => {
      if (problemIn(error) === 'not-signed-in') tell({ type: 'session.ended', reason: 'over' })
    })
    receive(socket, tell)
    return socket
  }

  return {
    async hear() {
      if (!open().connected) await connected(open())
    },
    async follow(id) {
      followed.add(id)
      joining.add(id)
      try {
        if (!open().connected) await connected(open())
        await emit('case.follow', id)
      } catch (problem) {
        // Where only the line failed, the next connection follows it.
        if (isRefusal(problem)) followed.delete(id)
        throw problem
      } finally {
        joining.delete(id)
      }
      // Left while it was being joined: the page is gone, and so must the room be.
      if (!followed.has(id)) return emit('case.leave', id)
      // What moved before it was joined was told to nobody here.
      tell({ type: 'case.changed', case: id })
    },
    async leave(id) {
      followed.delete(id)
      // What the server has let go of already needs no leaving.
      if (socket?.connected === true)
        await emit('case.leave', id).catch((problem: unknown) => {
          if (!isRefusal(problem)) throw problem
        })
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    end(reason) {
      tell({ type: 'session.ended', reason })
    },
    close() {
      hangUp()
      followed.clear()
      listeners.clear()
    },
  }
}

const isRefusal = (problem: unknown): boolean =>
  problem instanceof SlussProblem && problem.status >= 400 && problem.status < 500
const isProblem = (answer: object): boolean => 'type' in answer && String(answer.type).startsWith('/problems/')
/** Why the handshake was refused, where it was the server that refused it. */
const problemIn = (error: Error): string | null => {
  const document: unknown = 'data' in error ? error.data : null
  return typeof document === 'object' && document !== null ? problemOf(document, statusOf(document)).name : null
}
const statusOf = (document: unknown): number => {
  const status = (document as { status?: unknown }).status
  return typeof status === 'number' ? status : 500
}

/** Resolves once the socket is open. */
async function connected(socket: Socket): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const done = (): void => {
      socket.off('connect_error', failed)
      resolve()
    }
    const failed = (): void => {
      socket.off('connect', done)
      reject(new SlussProblem('offline', 0))
    }
    socket.once('connect', done)
    socket.once('connect_error', failed)
  })
}

type Told = typeof events
/** What each event of the contract is to a listener: total, so that a new one is heard or nothing compiles. */
const heard: { readonly [Name in keyof Told]: (payload: Told[Name]['payload']['_output']) => LiveEvent } = {
  'message.accepted': (payload) => ({
    type: 'message.accepted',
    case: payload.case,
    thread: payload.message.thread,
  }),
  'scope.changed': (payload) => ({ type: 'scope.changed', case: payload.case, left: payload.left }),
  'chain.moved': (payload) => ({ type: 'case.changed', case: payload.case }),
  'cursor.moved': (payload) => ({ type: 'cursor.moved', case: payload.case, thread: payload.thread }),
  'session.ended': ({ reason }) => ({ type: 'session.ended', reason }),
  'request.refused': ({ problem }) => ({ type: 'refused', ...wordsOf(problemOf(problem, problem.status)) }),
}

/** Of a refusal that nobody waits for: the problem's name and its closed word, never input. */
export const wordsOf = ({
  name,
  reason,
}: SlussProblem): { readonly problem: string; readonly reason: string | null } => ({
  problem: name,
  reason: reason ?? null,
})

/** Events are parsed like answers: an event out of form is not passed on. */
function receive(socket: Socket, tell: (event: LiveEvent) => void): void {
  const hear = <Name extends keyof Told>(name: Name): void => {
    socket.on(name as string, (given: unknown) => {
      const parsed = events[name].payload.safeParse(given)
      if (parsed.success) tell(heard[name](parsed.data as Told[Name]['payload']['_output'])) // by the schema of that name
    })
  }
  for (const name of Object.keys(heard) as (keyof Told)[]) hear(name) // the keys of the record above
}
