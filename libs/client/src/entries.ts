// What a client has of a message: the sealed form, and what came of opening it.
import type { ReadMessage } from '#libs/contracts'
import type { AuthorityId, CompartmentId, Hash, Instant, MessageId, Statement, ThreadId, UserId } from '#libs/domain'
import type { CaseKey, OpenedMessage } from '#libs/protocol'

export type Entry = {
  readonly message: ReadMessage
  readonly ciphertext: Hash | null
  readonly result:
    | {
        readonly ok: true
        readonly opened: OpenedMessage
        readonly late: boolean
        /** What its author had read of the stream is not what was served before it (protocol.md § 6): told, never a reason not to read. */
        readonly isOrderDoubted: boolean
        /** Whose key opened it: its source, whatever else names the compartment. */
        readonly source: AuthorityId
      }
    | { readonly ok: false; readonly reason: string }
}
/** What is known of the key of a seal from verified statements. */
export type SealKey = {
  readonly key: CaseKey
  readonly commit: Hash
  readonly compartment: CompartmentId
  readonly writers: readonly UserId[]
  /** The strand that the key was told on; null within one's own authority. */
  readonly strand: readonly Statement[] | null
  readonly until: Instant
  /** The only messages that this key may seal: those that a disclosure names; null where it is for what is written. */
  readonly items: readonly MessageId[] | null
  /** The only thread that it may seal messages of: where a disclosure shows the words of a consent. */
  readonly onlyThread: ThreadId | null
  readonly source: AuthorityId
}
