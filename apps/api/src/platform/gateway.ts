// The live gateway: who may connect, what a client may ask, and that every room and event goes through the policy.
import type { AuthorityId, CaseId, KeyId, ThreadId } from '#libs/domain'
import { type events, requests } from '#libs/contracts'
import { cases, threads } from '#libs/persistence'
import { Inject } from '@nestjs/common'
import { WebSocketGateway } from '@nestjs/websockets'
import type { OnGatewayConnection, OnGatewayInit } from '@nestjs/websockets'
import type { IncomingMessage } from 'node:http'
import type { Server, Socket } from 'socket.io'
import { createHash } from 'node:crypto'
import type { SessionData } from 'express-session'
import { parsedAnswer } from './capability.ts'
import type { Context } from './context.ts'
import { roomOf } from './live.ts'
import { errorFields } from './log.ts'
import { Platform } from './platform.ts'
import { documentOf, malformed, Problem, problemOf } from './problem.ts'
import type { SignedIn } from './session.ts'
import { signedInAt } from './session.ts'

/** Rooms of a socket in one case, with the minute at which each key's ends. */
type Following = { readonly authority: AuthorityId; untilByKey: ReadonlyMap<KeyId, string> }
type Known = { signedIn: SignedIn; readonly following: Map<CaseId, Following> }

const sweepMilliseconds = 10_000
const followedAtOnce = 50

/** What does not tell whose a session is, but is the same for all its sockets. */
export const sessionDigest = (id: string): string => createHash('sha256').update(id).digest('base64url')

type WithSession = IncomingMessage & { readonly session?: SessionData; readonly sessionID?: string }

@WebSocketGateway()
export class LiveGateway implements OnGatewayInit, OnGatewayConnection {
  readonly #platform: Platform
  readonly #known = new WeakMap<Socket, Known>()
  #server: Server | null = null
  #sweep: NodeJS.Timeout | null = null

  constructor(@Inject(Platform) platform: Platform) {
    this.#platform = platform
  }

  afterInit(server: Server): void {
    this.#server = server
    server.use((socket, next) => {
      const problem = this.#admit(socket)
      next(problem === null ? undefined : Object.assign(new Error(problem.problem), { data: documentOf(problem) }))
    })
    const caseMoved = (theCase: CaseId, authorities: readonly AuthorityId[]): void => {
      void this.#caseMoved(theCase, authorities)
    }
    const cursorMoved = (theCase: CaseId, thread: ThreadId, authorities: readonly AuthorityId[]): void => {
      void this.#cursorMoved(theCase, thread, authorities)
    }
    server.on('case.moved', caseMoved)
    server.on('cursor.moved', cursorMoved)
    this.#platform.live.attach(server, { 'case.moved': caseMoved, 'cursor.moved': cursorMoved })
    this.#sweep = setInterval(() => void this.#sweepAll(), sweepMilliseconds)
    this.#sweep.unref()
  }

  onModuleDestroy(): void {
    if (this.#sweep !== null) clearInterval(this.#sweep)
  }

  /** At every handshake; a socket begins in no case's room and follows anew. */
  #admit(socket: Socket): Problem | null {
    const request = socket.request as WithSession // express-session has run on the handshake
    const { settings, clock } = this.#platform
    const signedIn = signedInAt(request.session, settings, clock)
    if (signedIn === null || request.sessionID === undefined) return new Problem('not-signed-in')
    this.#known.set(socket, { signedIn, following: new Map() })
    void socket.join([roomOf.user(signedIn.user), roomOf.session(sessionDigest(request.sessionID))])
    return null
  }

  handleConnection(socket: Socket): void {
    socket.on('case.follow', (payload: unknown, acknowledge: unknown) => {
      void this.#answer(acknowledge, 'case.follow', payload, ({ case: theCase }) => this.#follow(socket, theCase))
    })
    socket.on('case.leave', (payload: unknown, acknowledge: unknown) => {
      void this.#answer(acknowledge, 'case.leave', payload, async ({ case: theCase }) => {
        await this.#leave(socket, theCase)
        return {}
      })
    })
  }

  async #answer<Name extends keyof typeof requests>(
    acknowledge: unknown,
    name: Name,
    payload: unknown,
    work: (input: { readonly case: CaseId }) => Promise<object>,
  ): Promise<void> {
    const reply = typeof acknowledge === 'function' ? (acknowledge as (answer: object) => void) : () => undefined // a client may ask without waiting for the answer
    try {
      const parsed = requests[name].payload.safeParse(payload)
      if (!parsed.success) throw malformed(parsed.error)
      reply({ ok: true, answer: parsedAnswer(requests[name].answer, await work(parsed.data)) })
    } catch (error) {
      const problem = problemOf(error)
      if (problem.problem === 'internal-error') this.#platform.log.error('live.failed', errorFields(error))
      reply({ ok: false, problem: documentOf(problem) })
    }
  }

  async #follow(socket: Socket, theCase: CaseId): Promise<{ at: string }> {
    const known = this.#knownOf(socket)
    if (known.following.size >= followedAtOnce && !known.following.has(theCase)) throw new Problem('too-many-requests')
    const { contexts, clock } = this.#platform
    const asked = { act: 'case.read', case: theCase, subject: null } as const
    const keys = await contexts.as(known.signedIn, asked, clock.now(), (context) => keysIn(context, theCase))
    await this.#enter(socket, theCase, keys)
    return { at: new Date(clock.milliseconds()).toISOString() }
  }

  async #enter(socket: Socket, theCase: CaseId, keys: ReadonlyMap<KeyId, string>): Promise<readonly KeyId[]> {
    const known = this.#knownOf(socket)
    const before = known.following.get(theCase)
    const { authority } = known.signedIn
    // Rooms that an announcement has taken her out of already are not told of again.
    const left = [...(before?.untilByKey.keys() ?? [])].filter(
      (key) => !keys.has(key) && socket.rooms.has(roomOf.key(key)),
    )
    for (const key of left) await socket.leave(roomOf.key(key))
    await socket.join([roomOf.followers(theCase, authority), ...[...keys.keys()].map(roomOf.key)])
    known.following.set(theCase, { authority, untilByKey: keys })
    return left
  }

  async #leave(socket: Socket, theCase: CaseId): Promise<void> {
    const known = this.#known.get(socket)
    const following = known?.following.get(theCase)
    if (known === undefined || following === undefined) return
    known.following.delete(theCase)
    await socket.leave(roomOf.followers(theCase, following.authority))
    for (const key of following.untilByKey.keys()) await socket.leave(roomOf.key(key))
  }

  #knownOf(socket: Socket): Known {
    const known = this.#known.get(socket)
    if (known === undefined || !this.#stillSignedIn(known)) throw new Problem('not-signed-in')
    return known
  }

  #stillSignedIn({ signedIn }: Known): boolean {
    return this.#platform.clock.milliseconds() - signedIn.signedInAt < this.#platform.settings.absoluteHours * 3_600_000
  }

  #localFollowers(theCase: CaseId, authorities: readonly AuthorityId[]): readonly Socket[] {
    const sockets = [...(this.#server?.sockets.sockets.values() ?? [])]
    return sockets.filter((socket) => {
      const following = this.#known.get(socket)?.following.get(theCase)
      return following !== undefined && authorities.includes(following.authority)
    })
  }

  /** Each follower's rooms as her scope is now; then she is told. */
  async #caseMoved(theCase: CaseId, authorities: readonly AuthorityId[]): Promise<void> {
    for (const socket of this.#localFollowers(theCase, authorities)) await this.#reconsider(socket, theCase)
  }

  async #reconsider(socket: Socket, theCase: CaseId): Promise<void> {
    const known = this.#known.get(socket)
    if (known === undefined) return
    const { contexts, clock } = this.#platform
    try {
      const keys = await contexts.watching(known.signedIn, clock.now(), (context) => keysIn(context, theCase))
      const left = await this.#enter(socket, theCase, keys)
      if (left.length > 0) tell(socket, 'scope.changed', { case: theCase, left })
      tell(socket, 'chain.moved', { case: theCase })
    } catch (error) {
      // Not hers any more, or nobody can say: out of every room of the case either way.
      const left = [...(known.following.get(theCase)?.untilByKey.keys() ?? [])]
      await this.#leave(socket, theCase)
      tell(socket, 'scope.changed', { case: theCase, left })
      if (!(error instanceof Problem)) this.#platform.log.warn('live.failed', errorFields(error))
    }
  }

  async #cursorMoved(theCase: CaseId, thread: ThreadId, authorities: readonly AuthorityId[]): Promise<void> {
    const { contexts, clock } = this.#platform
    for (const socket of this.#localFollowers(theCase, authorities)) {
      const known = this.#known.get(socket)
      if (known === undefined) continue
      const mayKnow = await contexts
        .watching(known.signedIn, clock.now(), async (context) => {
          const of = await cases.facts(context.tx, theCase)
          context.permit('cursor.list', of === null ? null : await threads.threadFacts(context.tx, of, thread))
          return true
        })
        .catch(() => false)
      if (mayKnow) tell(socket, 'cursor.moved', { case: theCase, thread })
    }
  }

  /** Ends that were known beforehand: keys whose minute has come, sessions past their end. */
  async #sweepAll(): Promise<void> {
    const now = this.#platform.clock.now()
    for (const socket of this.#server?.sockets.sockets.values() ?? []) {
      const known = this.#known.get(socket)
      if (known === undefined || !this.#stillSignedIn(known)) {
        socket.disconnect(true)
        continue
      }
      for (const [theCase, { untilByKey }] of known.following)
        if ([...untilByKey.values()].some((until) => until <= now)) await this.#reconsider(socket, theCase)
    }
  }
}

function tell<Name extends keyof typeof events>(socket: Socket, name: Name, payload: object): void {
  socket.emit(name, payload)
}

/** The keys by which she reads in this case now, if she may read the case at all. */
async function keysIn(context: Context, theCase: CaseId): Promise<ReadonlyMap<KeyId, string>> {
  const permit = context.permit('case.read', await cases.facts(context.tx, theCase))
  const keys = await threads.readableKeys(context.tx, permit)
  return new Map(keys.map(({ key, until }) => [key, until]))
}
