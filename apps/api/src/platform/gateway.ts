// The live gateway: who may connect, what a client may ask, and that every room and event goes through the policy.
import type { AuthorityId, CaseId, Instant, KeyId, ThreadId, UserId } from '#libs/domain'
import { endOfTime, millisecondsOf } from '#libs/domain'
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
import { sessionEnd, sessionEndsBy, signedInAt } from './session.ts'
import { Turns } from './turns.ts'

/** Rooms of a socket in one case, with the minute at which each key's ends. */
type Following = { readonly authority: AuthorityId; untilByKey: ReadonlyMap<KeyId, Instant> }
type Known = {
  signedIn: SignedIn
  readonly sessionId: string
  readonly following: Map<CaseId, Following>
  /** One thing at a time in each case: what was read later is acted on later, and nothing comes after leaving. */
  readonly turns: Turns<CaseId>
}
type Acknowledge = (answer: object) => void

/** At least so often, should a moment have been missed; and not more often than this, should a clock elsewhere be a little behind. */
const longestWaitMilliseconds = 10_000
const shortestWaitMilliseconds = 200
const largestRequestBytes = 10_000
const followedAtOnce = 50

/** What does not tell whose a session is, but is the same for all its sockets. */
export const sessionDigest = (id: string): string => createHash('sha256').update(id).digest('base64url')

type WithSession = IncomingMessage & { readonly session?: SessionData; readonly sessionID?: string }

@WebSocketGateway()
export class LiveGateway implements OnGatewayInit, OnGatewayConnection {
  readonly #platform: Platform
  readonly #known = new WeakMap<Socket, Known>()
  #server: Server | null = null
  #wake: NodeJS.Timeout | null = null
  #wakesAt = Infinity

  constructor(@Inject(Platform) platform: Platform) {
    this.#platform = platform
  }

  afterInit(server: Server): void {
    this.#server = server
    server.use((socket, next) => {
      const problem = this.#admit(socket)
      next(problem === null ? undefined : Object.assign(new Error(problem.problem), { data: documentOf(problem) }))
    })
    const unwaited = (work: Promise<void>): void => {
      work.catch((error: unknown) => this.#platform.log.error('live.failed', errorFields(error)))
    }
    const caseMoved = (theCase: CaseId, authorities: readonly AuthorityId[]): void =>
      unwaited(this.#caseMoved(theCase, authorities))
    const cursorMoved = (theCase: CaseId, thread: ThreadId, authorities: readonly AuthorityId[]): void =>
      unwaited(this.#cursorMoved(theCase, thread, authorities))
    const sessionOver = (room: string): void => this.#localSockets(room).forEach((socket) => end(socket, 'over'))
    server.on('case.moved', caseMoved)
    server.on('cursor.moved', cursorMoved)
    server.on('session.over', sessionOver)
    this.#platform.live.attach(server, {
      'case.moved': caseMoved,
      'cursor.moved': cursorMoved,
      'session.over': sessionOver,
    })
    this.#platform.clock.whenSet(() => void this.#sweepAll())
    this.#wakeBy(this.#platform.clock.milliseconds() + longestWaitMilliseconds)
  }

  onModuleDestroy(): void {
    if (this.#wake !== null) clearTimeout(this.#wake)
    this.#server = null
  }

  /** At every handshake; a socket begins in no case's room and follows anew. */
  #admit(socket: Socket): Problem | null {
    const request = socket.request as WithSession // express-session has run on the handshake
    const { settings, clock } = this.#platform
    const signedIn = signedInAt(request.session, settings, clock)
    if (signedIn === null || request.sessionID === undefined) return new Problem('not-signed-in')
    this.#known.set(socket, { signedIn, sessionId: request.sessionID, following: new Map(), turns: new Turns() })
    this.#wakeBy(sessionEndsBy(signedIn, settings))
    void socket.join([roomOf.user(signedIn.user), roomOf.session(sessionDigest(request.sessionID))])
    return null
  }

  handleConnection(socket: Socket): void {
    socket.use(([name, ...words], next) => {
      const problem = problemIn(name, words[0])
      if (problem === null) return next()
      replyTo(socket, words.at(-1))({ ok: false, problem: documentOf(problem) })
    })
    socket.on('case.follow', (payload: unknown, acknowledge: unknown) => {
      void this.#answer(replyTo(socket, acknowledge), 'case.follow', payload, ({ case: theCase }) =>
        this.#follow(socket, theCase),
      )
    })
    socket.on('case.leave', (payload: unknown, acknowledge: unknown) => {
      void this.#answer(replyTo(socket, acknowledge), 'case.leave', payload, async ({ case: theCase }) => {
        const known = await this.#knownOf(socket)
        return known.turns.take(theCase, async () => {
          if (!known.following.has(theCase)) throw new Problem('not-found')
          await this.#leave(socket, theCase)
          return {}
        })
      })
    })
  }

  async #answer<Name extends keyof typeof requests>(
    reply: Acknowledge,
    name: Name,
    payload: unknown,
    work: (input: { readonly case: CaseId }) => Promise<object>,
  ): Promise<void> {
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
    const known = await this.#knownOf(socket)
    if (known.following.size >= followedAtOnce && !known.following.has(theCase)) throw new Problem('too-many-requests')
    const { contexts, clock } = this.#platform
    const asked = { act: 'case.read', case: theCase, subject: null } as const
    return known.turns.take(theCase, async () => {
      const keys = await contexts.as(known.signedIn, asked, clock.now(), (context) => keysIn(context, theCase))
      await this.#enter(socket, theCase, keys)
      await this.#enterAgain(socket, known, theCase)
      return { at: new Date(clock.milliseconds()).toISOString() }
    })
  }

  /** What was committed after her scope was read and before she stood in the rooms was told to nobody here: it is asked once more. */
  async #enterAgain(socket: Socket, known: Known, theCase: CaseId): Promise<void> {
    const { contexts, clock } = this.#platform
    try {
      const keys = await contexts.watching(known.signedIn, clock.now(), (context) => keysIn(context, theCase))
      await this.#enter(socket, theCase, keys)
    } catch (error) {
      await this.#leave(socket, theCase)
      throw error
    }
  }

  async #enter(socket: Socket, theCase: CaseId, keys: ReadonlyMap<KeyId, Instant>): Promise<readonly KeyId[]> {
    const known = this.#known.get(socket)
    if (known === undefined) throw new Problem('not-signed-in')
    const before = known.following.get(theCase)
    const { authority } = known.signedIn
    // Rooms that an announcement has taken her out of already are not told of again.
    const left = [...(before?.untilByKey.keys() ?? [])].filter(
      (key) => !keys.has(key) && socket.rooms.has(roomOf.key(key)),
    )
    for (const key of left) await socket.leave(roomOf.key(key))
    await socket.join([roomOf.followers(theCase, authority), ...[...keys.keys()].map(roomOf.key)])
    known.following.set(theCase, { authority, untilByKey: keys })
    for (const until of keys.values()) this.#wakeBy(millisecondsOf(until))
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

  async #knownOf(socket: Socket): Promise<Known> {
    const known = this.#known.get(socket)
    if (known === undefined || (await this.#endOf(known)) !== null) throw new Problem('not-signed-in')
    return known
  }

  /** Why her session stands no more. A socket alone is no use: what she has done over HTTP meanwhile is asked of Redis. */
  async #endOf(known: Known): Promise<'idle' | 'over' | null> {
    const { settings, clock, sessions } = this.#platform
    const end = sessionEnd(known.signedIn, settings, clock.milliseconds())
    if (end !== 'idle') return end
    const noted = await sessions.signedIn(known.sessionId)
    if (noted === null) return 'idle'
    known.signedIn = noted
    return sessionEnd(noted, settings, clock.milliseconds())
  }

  /** By their rooms, which are kept by name: a node's other sockets are not looked through. */
  #localSockets(room: string): readonly Socket[] {
    const { adapter, sockets } = this.#server?.sockets ?? {}
    return [...(adapter?.rooms.get(room) ?? [])].flatMap((id) => sockets?.get(id) ?? [])
  }

  #localFollowers(theCase: CaseId, authorities: readonly AuthorityId[]): readonly Socket[] {
    return authorities.flatMap((authority) => this.#localSockets(roomOf.followers(theCase, authority)))
  }

  /** Each follower's rooms as her scope is now; then she is told. */
  async #caseMoved(theCase: CaseId, authorities: readonly AuthorityId[]): Promise<void> {
    for (const socket of this.#localFollowers(theCase, authorities)) await this.#reconsider(socket, theCase)
    await this.#tellListing(theCase, authorities)
  }

  /** Those who may read the case and follow another, or none: it stands in their list, or has just come there. */
  async #tellListing(theCase: CaseId, authorities: readonly AuthorityId[]): Promise<void> {
    const mayRead = new Map<UserId, boolean>()
    for (const socket of this.#server?.sockets.sockets.values() ?? []) {
      const known = this.#known.get(socket)
      if (known === undefined || known.following.has(theCase) || !authorities.includes(known.signedIn.authority))
        continue
      const { user } = known.signedIn
      if (!mayRead.has(user)) mayRead.set(user, await this.#mayRead(known.signedIn, theCase))
      if (mayRead.get(user) === true) tell(socket, 'chain.moved', { case: theCase })
    }
  }

  #mayRead(signedIn: SignedIn, theCase: CaseId): Promise<boolean> {
    const { contexts, clock } = this.#platform
    return contexts
      .watching(signedIn, clock.now(), async (context) => {
        context.permit('case.read', await cases.facts(context.tx, theCase))
        return true
      })
      .catch(() => false)
  }

  async #reconsider(socket: Socket, theCase: CaseId): Promise<void> {
    const known = this.#known.get(socket)
    await known?.turns.take(theCase, () => this.#reconsiderNow(socket, known, theCase))
  }

  async #reconsiderNow(socket: Socket, known: Known, theCase: CaseId): Promise<void> {
    if (!known.following.has(theCase)) return
    const { contexts, clock } = this.#platform
    try {
      const keys = await contexts.watching(known.signedIn, clock.now(), (context) => keysIn(context, theCase))
      const left = await this.#enter(socket, theCase, keys)
      if (left.length > 0) tell(socket, 'scope.changed', { case: theCase, left })
      tell(socket, 'chain.moved', { case: theCase })
    } catch (error) {
      // Not hers any more, or nobody can say: out of every room of the case either way.
      const keys = [...(known.following.get(theCase)?.untilByKey.keys() ?? [])]
      const left = keys.filter((key) => socket.rooms.has(roomOf.key(key)))
      await this.#leave(socket, theCase)
      // Whom an announcement has taken out of all of them is told already.
      const isTold = error instanceof Problem && keys.length > 0 && left.length === 0
      if (!isTold) tell(socket, 'scope.changed', { case: theCase, left })
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
      // She may have left, or been put outside, while that was asked.
      if (mayKnow && known.following.has(theCase)) tell(socket, 'cursor.moved', { case: theCase, thread })
    }
  }

  /** Sees to it that this node looks at that moment, or before. */
  #wakeBy(moment: number): void {
    if (this.#server === null || moment >= this.#wakesAt) return
    if (this.#wake !== null) clearTimeout(this.#wake)
    this.#wakesAt = moment
    const wait = Math.max(moment - this.#platform.clock.milliseconds(), shortestWaitMilliseconds)
    this.#wake = setTimeout(() => void this.#sweepAll(), Math.min(wait, longestWaitMilliseconds))
    this.#wake.unref()
  }

  /** Ends that were known beforehand, at their moment: keys whose minute has come, sessions past their end. */
  async #sweepAll(): Promise<void> {
    this.#wakesAt = Infinity
    try {
      for (const socket of this.#server?.sockets.sockets.values() ?? [])
        await this.#lookAt(socket).catch((error: unknown) =>
          // One that cannot be looked at keeps none of the others waiting, and is looked at again next time.
          this.#platform.log.error('live.failed', errorFields(error)),
        )
    } finally {
      this.#wakeBy(this.#nextEnd())
    }
  }

  /** One after the other: a node may know more keys than a call takes arguments. */
  #nextEnd(): number {
    const { settings, clock } = this.#platform
    let next = clock.milliseconds() + longestWaitMilliseconds
    for (const socket of this.#server?.sockets.sockets.values() ?? []) {
      const known = this.#known.get(socket)
      if (known === undefined) continue
      const ends = [...known.following.values()].flatMap(({ untilByKey }) => [...untilByKey.values()])
      const first = ends.reduce((least, until) => (until < least ? until : least), endOfTime)
      next = Math.min(next, sessionEndsBy(known.signedIn, settings), millisecondsOf(first))
    }
    return next
  }

  async #lookAt(socket: Socket): Promise<void> {
    const known = this.#known.get(socket)
    if (known === undefined) return void socket.disconnect(true)
    // Where Redis cannot say, it is asked again soon; without it nothing is published either.
    const cause = await this.#endOf(known).catch(() => null)
    if (cause !== null) return end(socket, cause)
    const now = this.#platform.clock.now()
    for (const [theCase, { untilByKey }] of known.following)
      if ([...untilByKey.values()].some((until) => until <= now)) await this.#reconsider(socket, theCase)
  }
}

/** Where she waits for no answer, a refusal is told her by itself: never silence. */
function replyTo(socket: Socket, acknowledge: unknown): Acknowledge {
  if (typeof acknowledge === 'function') return acknowledge as Acknowledge // Socket.IO's own, which takes anything
  return (answer) => {
    if ('problem' in answer) tell(socket, 'request.refused', { problem: answer.problem })
  }
}

/** What is wrong with a request before it is looked at. */
function problemIn(name: unknown, payload: unknown): Problem | null {
  if (typeof name !== 'string' || !Object.hasOwn(requests, name)) return new Problem('not-found')
  return sizeOf(payload) > largestRequestBytes ? new Problem('too-large') : null
}

function sizeOf(payload: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(payload) ?? '')
  } catch {
    // Deeper than can be written again.
    return Infinity
  }
}

function tell<Name extends keyof typeof events>(socket: Socket, name: Name, payload: object): void {
  socket.emit(name, payload)
}

/** Says why, then hangs up: without the reason her client could not tell it from a lost line. */
function end(socket: Socket, reason: 'idle' | 'over'): void {
  tell(socket, 'session.ended', { reason })
  socket.disconnect(true)
}

/** The keys by which she reads in this case now, if she may read the case at all. */
async function keysIn(context: Context, theCase: CaseId): Promise<ReadonlyMap<KeyId, Instant>> {
  const permit = context.permit('case.read', await cases.facts(context.tx, theCase))
  const keys = await threads.readableKeys(context.tx, permit)
  // The database's clock and this node's: both must say yes.
  return new Map(keys.filter(({ until }) => context.at < until).map(({ key, until }) => [key, until]))
}
