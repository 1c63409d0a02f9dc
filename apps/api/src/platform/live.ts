// What is told over the sockets, and to whom: rooms by person, by key, and by who follows a case; the same on every node.
import type { ReadMessage } from '#libs/contracts'
import { type events } from '#libs/contracts'
import type { AuthorityId, CaseId, KeyId, ThreadId, UserId } from '#libs/domain'
import type { Database, Tx } from '#libs/persistence'
import { outbox } from '#libs/persistence'
import type { Server } from 'socket.io'
import type { z } from 'zod'

type Effect = Awaited<ReturnType<typeof outbox.claim>>[number]['effect']

export const roomOf = {
  user: (user: UserId): string => `user:${user}`,
  session: (digest: string): string => `session:${digest}`,
  key: (key: KeyId): string => `key:${key}`,
  followers: (theCase: CaseId, authority: AuthorityId): string => `follow:${theCase}/${authority}`,
} as const

/** What nodes tell each other beside what they tell clients: these need each node's own look at its own sockets. */
export type BetweenNodes = {
  'case.moved': (theCase: CaseId, authorities: readonly AuthorityId[]) => void
  'cursor.moved': (theCase: CaseId, thread: ThreadId, authorities: readonly AuthorityId[]) => void
  'session.over': (room: string) => void
}

const effectsAtOnce = 500

export class Live {
  readonly #database: Database
  #server: Server | null = null
  #onThisNode: BetweenNodes | null = null

  constructor(database: Database) {
    this.#database = database
  }

  /** `onThisNode: null`: a process without sockets of its own. */
  attach(server: Server, onThisNode: BetweenNodes | null): void {
    this.#server = server
    this.#onThisNode = onThisNode
  }

  /** The message, to each key's room with that key's seal alone. */
  messageAccepted(theCase: CaseId, message: Omit<ReadMessage, 'seals'>, seals: ReadMessage['seals']): void {
    for (const seal of seals)
      this.#emit(roomOf.key(seal.key), 'message.accepted', { case: theCase, message: { ...message, seals: [seal] } })
  }

  /** A read receipt, for those of its two authorities who may read the thread's cursors: each node asks the policy. */
  cursorMoved(theCase: CaseId, thread: ThreadId, authorities: readonly AuthorityId[]): void {
    this.#everywhere('cursor.moved', theCase, thread, authorities)
  }

  /** What an append meant for others, from the outbox: after its commit. What is not told here is told by the worker's repetition. */
  async tellOf(theCase: CaseId): Promise<void> {
    await this.#database.run({ system: 'publisher', tenant: null }, (tx) => this.#tell(tx, theCase))
  }

  /** The repetition: whatever is left of any case. Answers how many there were. */
  tellAll(): Promise<number> {
    return this.#database.run({ system: 'publisher', tenant: null }, (tx) => this.#tell(tx, null))
  }

  async #tell(tx: Tx, theCase: CaseId | null): Promise<number> {
    const rows = await outbox.claim(tx, { limit: effectsAtOnce, case: theCase })
    for (const { effect } of rows) this.tell(effect)
    await outbox.markTold(
      tx,
      rows.map(({ id }) => id),
    )
    return rows.length
  }

  tell(effect: Effect): void {
    if (effect.kind === 'chain.moved') return this.#everywhere('case.moved', effect.case, effect.authorities)
    // Out first, told then: the reason must not be the last thing that comes under a key that is closed.
    for (const key of effect.left) this.#server?.in(roomOf.user(effect.user)).socketsLeave(roomOf.key(key))
    this.#emit(roomOf.user(effect.user), 'scope.changed', { case: effect.case, left: [...effect.left] })
  }

  /** All sockets of one session, or of a person everywhere: each is told first, by its own node, so that its page locks at once. */
  disconnect(whose: { readonly session: string } | { readonly user: UserId }): void {
    this.#everywhere('session.over', 'user' in whose ? roomOf.user(whose.user) : roomOf.session(whose.session))
  }

  #emit<Name extends keyof typeof events>(
    room: string,
    name: Name,
    payload: z.input<(typeof events)[Name]['payload']>,
  ): void {
    this.#server?.to(room).emit(name, payload)
  }

  #everywhere<Name extends keyof BetweenNodes>(name: Name, ...words: Parameters<BetweenNodes[Name]>): void {
    const here = this.#onThisNode?.[name] as ((...words: Parameters<BetweenNodes[Name]>) => void) | undefined // the record's own type, which the compiler cannot follow through the name
    here?.(...words)
    this.#server?.serverSideEmit(name, ...words)
  }
}
