// Messages, their seals and streams, threads as views of them, late seals, cursors.
import type {
  AuthorityId,
  CaseId,
  Category,
  CompartmentId,
  Hash,
  Instant,
  KeyId,
  MessageId,
  Purpose,
  ThreadId,
  UserId,
} from '#libs/domain'
import type { CaseFacts, ContentFacts, Permit, Scope } from '#libs/policy'
import type { ListedSeal, Page, SealRow, Signed } from './signed.ts'
import type { Tx } from './transaction.ts'

export type MessageToStore = {
  readonly id: MessageId
  readonly compartment: CompartmentId
  readonly thread: ThreadId
  readonly author: UserId
  readonly at: Instant
  readonly commit: Hash
  readonly ciphertext: string
  readonly seals: readonly { readonly key: KeyId; readonly bytes: string }[]
  /** Open flows left out, by the name that the projection gives them. */
  readonly leftOut: readonly { readonly flow: string; readonly cause: 'word' | 'uncovered' }[]
}
export type MessageRow = {
  readonly id: MessageId
  readonly compartment: CompartmentId
  readonly thread: ThreadId
  readonly author: UserId
  readonly at: Instant
  readonly acceptedAt: string
  readonly commit: Hash
  readonly ciphertext: string
  readonly seals: readonly SealRow[]
}
export type Place = { readonly key: KeyId; readonly seq: number }
export type CursorRow = { readonly user: UserId; readonly key: KeyId; readonly seq: number; readonly cursor: Signed }
export type ThreadRow = {
  readonly id: ThreadId
  readonly purpose: Purpose
  readonly first: MessageRow
  readonly newest: MessageRow
}
/** What a thread, a message in it or a compartment to write in is to the actor; null: nothing she may know of. */
export declare function threadFacts(tx: Tx, caseFacts: CaseFacts, thread: ThreadId): Promise<ContentFacts | null>
export declare function compartmentFacts(
  tx: Tx,
  caseFacts: CaseFacts,
  compartment: CompartmentId,
  thread: ThreadId | null,
): Promise<ContentFacts | null>
/** For a compartment that the same request opens. */
export declare function openingCompartmentFacts(
  caseFacts: CaseFacts,
  opened: {
    readonly compartment: CompartmentId
    readonly source: AuthorityId
    readonly category: Category
    readonly thread: ThreadId | null
  },
): ContentFacts

/** Takes the message in: current epoch, a current flow key or a name in `leftOut` for every open flow, `seq` per stream; idempotent by id.
 *  Throws Conflict: 'key-stale', 'seals-differ', 'clock-apart', 'message-refused', 'already-exists'. `fresh` is false for a repetition: do not publish it again. */
export declare function acceptMessage(
  tx: Tx,
  permit: Permit<'message.send'>,
  message: MessageToStore,
): Promise<{ readonly acceptedAt: string; readonly places: readonly Place[]; readonly fresh: boolean }>
export declare function pageThreads(
  tx: Tx,
  permit: Permit<'thread.list'>,
  after: string | null,
): Promise<Page<ThreadRow>>
export declare function pageMessages(
  tx: Tx,
  permit: Permit<'message.read'>,
  request: { readonly after: string | null; readonly limit: number },
): Promise<Page<MessageRow>>
/** Late seals under one current flow key, for messages of its compartment; after `storeAppend` of the seals.added that lists them. */
export declare function storeSeals(tx: Tx, permit: Permit<'seal.add'>, seals: readonly ListedSeal[]): Promise<void>
/** The latest per reader and stream is kept; an older one changes nothing. */
export declare function storeCursor(
  tx: Tx,
  permit: Permit<'cursor.move'>,
  cursor: { readonly key: KeyId; readonly seq: number; readonly at: Instant; readonly signed: Signed },
): Promise<void>
export declare function cursorsOf(tx: Tx, permit: Permit<'cursor.list'>): Promise<readonly CursorRow[]>
/** Epochs and flow keys of the case by which the actor reads now: the rooms of her sockets. */
export declare function readableKeys(
  tx: Tx,
  permit: Permit<'case.read'>,
): Promise<readonly { readonly key: KeyId; readonly until: Instant }[]>
/** Where each stream of these keys stands, for `closes` (own keys only). */
export declare function streamsOf(
  tx: Tx,
  permit: Permit<'case.read'>,
  keys: readonly KeyId[],
): Promise<readonly { readonly key: KeyId; readonly thread: ThreadId; readonly count: number; readonly hash: Hash }[]>
export type { CaseId, Scope }
