// Opens messages and holds them against everything the reader knows: the receiver's checks of protocol.md § 6, each with its own refusal.
import type {
  ClosedStream,
  CompartmentId,
  Hash,
  Instant,
  ListedMessage,
  MessageId,
  Result,
  ThreadId,
  UserId,
} from '#libs/domain'
import { ok, refused } from '#libs/domain'
import type { Bytes } from './bytes.ts'
import { readUint32, unbase64 } from './bytes.ts'
import { checkOnePass, readLiteral } from './literal.ts'
import type { MessageBody, MessageContent, RecipientNote, SealContent } from './message-form.ts'
import { contentShape, messageCommit, partOf, readSeal, sealKeyOf } from './message-form.ts'
import type { SealedMessage } from './messages.ts'
import { gcmUnbox } from './open-primitives.ts'
import { openPacket } from './open-seipd.ts'
import { countPackets, readPackets, tags } from './packets.ts'
import { hashOfBytes } from './primitives.ts'
import type { PublicKey } from './public-key.ts'
import type { ProtocolRefusal } from './refusals.ts'
import { parseSignedBytes } from './signed-bytes.ts'
import { checkSignature, readSignature, secondsOf, signatureTypes } from './signatures.ts'
import type { Seen } from './streams.ts'
import type { CaseKey } from './wraps.ts'

/** A message as served, with the one seal that is to be opened. */
export type ReceivedMessage = Omit<SealedMessage, 'seals' | 'leftOut'> & {
  readonly seal: { readonly key: CaseKey['id']; readonly seq: number; readonly bytes: string; readonly late: boolean }
}

/** What the reader asked for and knows from verified statements; a message must agree with all of it. */
export type MessageExpectations = {
  readonly compartment: CompartmentId
  readonly thread: ThreadId
  /** The author's certified key; null where she has none that counts. */
  readonly author: PublicKey | null
  /** Who may write under the key: the epoch's readers with `write`, or the flow key's `writers`. */
  readonly writers: readonly UserId[]
  /** The strand's newest speakers; null within one's own authority. */
  readonly speakers: readonly UserId[] | null
  /** The key's `until`, exclusive. */
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
  /** How far the author had read this stream; null for a late seal. */
  readonly seen: Seen | null
  /** Who could read, from the epoch's seal; null elsewhere. */
  readonly recipients: readonly RecipientNote[] | null
  /** For late seals to others; never shown. */
  readonly messageKey: Bytes
}

/** What can be said before anything is opened: place, repetition, author, time, end of the stream. */
function refusalOutside(message: ReceivedMessage, expected: MessageExpectations): ProtocolRefusal | null {
  if (message.compartment !== expected.compartment || message.thread !== expected.thread) return 'message-elsewhere'
  if (expected.known(message.id)) return 'message-repeated'
  if (!expected.writers.includes(message.author)) return 'author-not-writer'
  if (expected.speakers !== null && !expected.speakers.includes(message.author)) return 'author-not-speaker'
  if (message.at >= expected.until) return 'content-after-until'
  const { late, seq } = message.seal
  if (!late && expected.closed !== null && seq > expected.closed.count) return 'content-after-closes'
  return null
}

async function openSeal(message: ReceivedMessage, key: CaseKey): Promise<Result<SealContent, ProtocolRefusal>> {
  const box = unbase64(message.seal.bytes)
  if (box === null || message.seal.key !== key.id) return refused('seal-does-not-open')
  const plaintext = await gcmUnbox(await sealKeyOf(key.hkdf, key.id, message.id), box)
  const content = plaintext === null ? null : readSeal(plaintext)
  return content === null ? refused('seal-does-not-open') : ok(content)
}

/** A late seal stands in the list that its `seals.added` signs, and nowhere else. */
function refusalOfOrder(
  content: SealContent,
  message: ReceivedMessage,
  expected: MessageExpectations,
  ciphertext: Hash,
): ProtocolRefusal | null {
  if ((content.kind === 'late') !== message.seal.late) return 'late-not-announced'
  if (content.kind !== 'late') return null
  if (expected.late?.n !== content.n) return 'late-not-announced'
  const listed = expected.late.list.some((one) => one.id === message.id && one.ciphertext === ciphertext)
  return listed ? null : 'late-not-listed'
}

/** Exactly one-pass, literal, signature; the signature by this key, in the minute the header names. */
async function openSigned(
  plaintext: Bytes,
  author: PublicKey,
  at: Instant,
): Promise<Result<MessageContent, ProtocolRefusal>> {
  const signatures = countPackets(plaintext, tags.signature)
  if (signatures !== null && signatures !== 1) return refused('signature-count')
  const bodies = readPackets(plaintext, [tags.onePass, tags.literal, tags.signature])
  if (!bodies.ok) return bodies
  const [first, second, third] = bodies.value
  if (!first || !second || !third) return refused('packet-malformed')
  const signature = readSignature(third, signatureTypes.binary)
  if (!signature.ok) return signature
  const announced = checkOnePass(first, signature.value.salt, signature.value.issuer)
  if (!announced.ok) return announced
  const data = readLiteral(second)
  if (!data.ok) return data
  const signed = await checkSignature(signature.value, data.value, author)
  if (!signed.ok) return signed
  if (signature.value.seconds !== readUint32(secondsOf(at), 0)) return refused('header-differs')
  const value = parseSignedBytes('message', data.value)
  if (!value.ok) return value
  return contentShape(value.value) ? ok(value.value) : refused('shape-wrong')
}

/** The signed header says the same, member by member, as what the server shows beside the ciphertext. */
function refusalOfHeader(content: MessageContent, message: ReceivedMessage, author: PublicKey): ProtocolRefusal | null {
  const { header } = content
  const same =
    header.id === message.id &&
    header.compartment === message.compartment &&
    header.context === message.thread &&
    header.author === message.author &&
    header.at === message.at &&
    header.commit === message.commit
  if (!same) return 'header-differs'
  return header.key === author.signing ? null : 'signer-differs'
}

async function refusalOfPart(
  seal: SealContent,
  content: MessageContent,
  message: ReceivedMessage,
): Promise<ProtocolRefusal | null> {
  if (seal.kind === 'late') return null
  const stream = { key: message.seal.key, context: message.thread }
  const part = await partOf(seal.salt, stream, seal.seen)
  return content.header.parts.includes(part) ? null : 'part-missing'
}

/** Opens a message; the first thing that does not agree is the reason. A refusal concerns this message alone. */
export async function openMessage(
  message: ReceivedMessage,
  key: CaseKey,
  expected: MessageExpectations,
): Promise<Result<OpenedMessage, ProtocolRefusal>> {
  const outside = refusalOutside(message, expected)
  if (outside !== null) return refused(outside)
  const { author } = expected
  if (author === null) return refused('author-not-certified')
  const bytes = unbase64(message.ciphertext)
  if (bytes === null) return refused('packet-malformed')
  const [opened, ciphertextHash] = await Promise.all([openSeal(message, key), hashOfBytes(bytes)])
  if (!opened.ok) return opened
  const seal = opened.value
  const order = refusalOfOrder(seal, message, expected, ciphertextHash)
  if (order !== null) return refused(order)
  const [commit, plaintext] = await Promise.all([
    messageCommit(seal.messageKey, message.id),
    openPacket(seal.messageKey, bytes),
  ])
  if (commit !== message.commit) return refused('commit-differs')
  if (!plaintext.ok) return plaintext
  const content = await openSigned(plaintext.value, author, message.at)
  if (!content.ok) return content
  const inside = refusalOfHeader(content.value, message, author) ?? (await refusalOfPart(seal, content.value, message))
  if (inside !== null) return refused(inside)
  const { header, body } = content.value
  return ok({
    id: header.id,
    author: header.author,
    at: header.at,
    body,
    ciphertextHash,
    seen: seal.kind === 'late' ? null : seal.seen,
    recipients: seal.kind === 'epoch' ? seal.recipients : null,
    messageKey: seal.messageKey,
  })
}
