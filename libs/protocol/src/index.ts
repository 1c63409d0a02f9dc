// The client's door: keys, wraps, statements, messages, streams, cursors.
import type {
  AuthorityId,
  CaseId,
  ClosedStream,
  CompartmentId,
  Fingerprint,
  Hash,
  Instant,
  KeyId,
  ListedMessage,
  MessageId,
  Result,
  Statement,
  SubjectId,
  ThreadId,
  UserId,
} from '#libs/domain'
import type { Bytes, Cursor, ProtocolRefusal, PublicKey, Signed, StreamName } from './verify.ts'

export * from './verify.ts'

/** Cryptographically strong random bytes; `crypto.getRandomValues` outside tests. */
export type Random = (length: number) => Bytes

// ---- staff keys
/** What opens wraps addressed to one X25519 subkey. */
export type Opener = { readonly encryption: Fingerprint; readonly recipient: Bytes; readonly agree: CryptoKey }
/** An unlocked staff (or root) key; neither private half can be exported from it. */
export type StaffKey = { readonly public: PublicKey; readonly signer: CryptoKey; readonly opener: Opener }
export type PrivateHalves = {
  readonly at: Instant
  readonly seed: Bytes
  readonly scalar: Bytes
  readonly publicKey: string
}
export type NewStaffKey = {
  readonly publicKey: string
  readonly signing: Fingerprint
  readonly encryption: Fingerprint
  readonly key: StaffKey
  readonly halves: PrivateHalves
}
export declare function createStaffKey(input: { readonly random: Random; readonly at: Instant }): Promise<NewStaffKey>
export declare function lockPrivateKey(halves: PrivateHalves, passphrase: string): Promise<string>
export declare function unlockPrivateKey(
  locked: string,
  passphrase: string,
  certified: { readonly signing: Fingerprint; readonly encryption: Fingerprint },
): Promise<Result<StaffKey, ProtocolRefusal>>
export declare function proposePassphrase(random: Random): string

// ---- statements
type Unsign<S> = S extends Statement ? Omit<S, 'v' | 'key'> : never
export type UnsignedStatement = Unsign<Statement>
export type SignedStatement = { readonly signed: Signed; readonly hash: Hash; readonly statement: Statement }
export declare function signStatement(
  unsigned: UnsignedStatement,
  by: StaffKey,
  random: Random,
): Promise<SignedStatement>
export declare function signCursor(cursor: Omit<Cursor, 'v' | 'key'>, by: StaffKey, random: Random): Promise<Signed>

// ---- keys of a case
/** An opened epoch or flow key, imported once. */
export type CaseKey = { readonly id: KeyId; readonly secret: Bytes; readonly hkdf: CryptoKey }
export declare function caseKey(id: KeyId, secret: Bytes): Promise<CaseKey>
/** HKDF(secret, JCS(["sluss/v1","commit",of,id])): `of` is the compartment, for a reception key the subject. */
export declare function commitOf(secret: Bytes, of: CompartmentId | SubjectId, id: KeyId): Promise<Hash>
export type WrapBytes = { readonly bytes: string; readonly hash: Hash }
export declare function wrapSecret(input: {
  readonly secret: Bytes
  readonly key: KeyId
  readonly to: PublicKey
  readonly random: Random
}): Promise<WrapBytes>
/** Opens a wrap and checks it against the statement: its hash, the key id within, the commitment. */
export declare function openWrap(
  bytes: string,
  by: Opener,
  expected: { readonly key: KeyId; readonly wrap: Hash; readonly of: CompartmentId | SubjectId; readonly commit: Hash },
): Promise<Result<CaseKey, ProtocolRefusal>>
export declare function createReception(input: {
  readonly random: Random
  readonly at: Instant
}): Promise<{ readonly publicKey: string; readonly secret: Bytes }>
/** Rebuilds the reception key's subkey from its secret; refused unless it is the certificate's. */
export declare function openReception(secret: Bytes, publicKey: string): Promise<Result<Opener, ProtocolRefusal>>
export declare function sealFlowKeyUnderEpoch(flow: CaseKey, epoch: CaseKey, random: Random): Promise<WrapBytes>
export declare function openFlowKeyUnderEpoch(
  bytes: string,
  epoch: CaseKey,
  expected: { readonly key: KeyId; readonly wrap: Hash; readonly of: CompartmentId; readonly commit: Hash },
): Promise<Result<CaseKey, ProtocolRefusal>>

// ---- messages
export type MessageBody = { readonly kind: 'text'; readonly title: string | null; readonly text: string }
/** How far the author had read a stream: its count and running hash. */
export type Seen = { readonly n: number; readonly h: Hash }
/** Who could read and who was left out, as it stood when the author sent it; inside the epoch's seal only. */
export type RecipientNote = {
  readonly authority: AuthorityId
  readonly flow: KeyId | null
  readonly cause: 'sealed' | 'waiting' | 'word' | 'uncovered'
}
export type SealInput = {
  readonly id: MessageId
  readonly compartment: CompartmentId
  readonly thread: ThreadId
  readonly author: UserId
  readonly at: Instant
  readonly body: MessageBody
  readonly epoch: { readonly key: CaseKey; readonly seen: Seen }
  readonly flows: readonly { readonly key: CaseKey; readonly seen: Seen }[]
  readonly recipients: readonly RecipientNote[]
  readonly leftOut: SealedMessage['leftOut']
  readonly by: StaffKey
  readonly random: Random
}
/** The shape of contracts' `sealedMessage`. */
export type SealedMessage = {
  readonly id: MessageId
  readonly compartment: CompartmentId
  readonly thread: ThreadId
  readonly author: UserId
  readonly at: Instant
  readonly commit: Hash
  readonly ciphertext: string
  readonly seals: readonly { readonly key: KeyId; readonly bytes: string }[]
  readonly leftOut: readonly { readonly flow: string; readonly cause: 'word' | 'uncovered' }[]
}
export declare function sealMessage(input: SealInput): Promise<SealedMessage>

/** A message as served, with the one seal that is opened. */
export type ReceivedMessage = Pick<
  SealedMessage,
  'id' | 'compartment' | 'thread' | 'author' | 'at' | 'commit' | 'ciphertext'
> & {
  readonly seal: { readonly key: KeyId; readonly seq: number; readonly bytes: string; readonly late: boolean }
}
/** What the reader knows from verified statements and has asked for; the message must agree with all of it. */
export type MessageExpectations = {
  readonly compartment: CompartmentId
  readonly thread: ThreadId
  /** The author's certified key; null where she has none that counts. */
  readonly author: PublicKey | null
  /** Who may write under the key: epoch readers with `write`, or `flow.keyed.writers`. */
  readonly writers: readonly UserId[]
  /** The strand's newest speakers; null within one's own authority. */
  readonly speakers: readonly UserId[] | null
  readonly until: Instant
  /** The final list of this stream where the key is closed; null while it is open. */
  readonly closed: ClosedStream | null
  /** The `seals.added` that a late seal must stand in; null where none is expected. */
  readonly late: { readonly n: number; readonly list: readonly ListedMessage[] } | null
  readonly known: (id: MessageId) => boolean
}
export type OpenedMessage = {
  readonly id: MessageId
  readonly author: UserId
  readonly at: Instant
  readonly body: MessageBody
  readonly ciphertextHash: Hash
  /** Null for a late seal. */
  readonly seen: Seen | null
  /** From the epoch's seal; null elsewhere. */
  readonly recipients: readonly RecipientNote[] | null
  /** For late seals to others; never shown. */
  readonly messageKey: Bytes
}
export declare function openMessage(
  message: ReceivedMessage,
  key: CaseKey,
  expected: MessageExpectations,
): Promise<Result<OpenedMessage, ProtocolRefusal>>
/** A seal added later: the message key and the `n` of its `seals.added` on the strand. */
export declare function sealLate(input: {
  readonly id: MessageId
  readonly messageKey: Bytes
  readonly n: number
  readonly flow: CaseKey
  readonly random: Random
}): Promise<{ readonly key: KeyId; readonly bytes: string }>

// ---- streams
/** Follows one stream: order, gaps, forks; and what authors say they had seen of it. */
export declare class StreamVerifier {
  static start(commit: Hash, stream: StreamName): Promise<StreamVerifier>
  readonly stream: StreamName
  /** Where the reader stands: what she signs as a cursor and names as `seen`. */
  get head(): Seen
  /** The next message; `seq` counts from 1. */
  accept(seq: number, ciphertextHash: Hash): Promise<Result<Seen, ProtocolRefusal>>
  /** What somebody else signed of this stream (a message's `seen`, a cursor, `closes`): `unknown` while it lies ahead. */
  compare(seen: Seen): Result<'agrees' | 'unknown', ProtocolRefusal>
}

// ---- on the device, and beside the case
export declare function sealDraft(text: string, by: StaffKey, random: Random): Promise<string>
export declare function openDraft(sealed: string, by: StaffKey): Promise<Result<string, ProtocolRefusal>>
export declare function sealTitle(title: string, of: CaseId, epoch: CaseKey, random: Random): Promise<string>
export declare function openTitle(bytes: string, of: CaseId, epoch: CaseKey): Promise<Result<string, ProtocolRefusal>>
