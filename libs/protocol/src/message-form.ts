// What a message is made of: header, body, padding; and the layout of its seals (protocol.md § 6).
import type {
  AuthorityId,
  CompartmentId,
  Fingerprint,
  Hash,
  Instant,
  KeyId,
  MessageId,
  ThreadId,
  UserId,
} from '#libs/domain'
import { isUuid } from '#libs/domain'
import type { Bytes } from './bytes.ts'
import { concat, hashFrom, idBytes, idText, readUint32, uint32, unhex, utf8 } from './bytes.ts'
import type { ConsentBody } from './consent-words.ts'
import { consentBody } from './consent-words.ts'
import { derive, hashOfBytes, importHkdf, jcs } from './primitives.ts'
import type { Shape } from './shape.ts'
import { either, list, matching, nullable, object, oneOf, text } from './shape.ts'
import { signedBytes } from './signed-bytes.ts'
import { at, fingerprint, hash, user } from './statement-shapes.ts'
import type { Seen, StreamName } from './streams.ts'

/** What is written. `title` only in a thread's first message. */
type TextBody = { readonly kind: 'text'; readonly title: string | null; readonly text: string }
/** Other kinds come with what they carry. */
export type MessageBody = TextBody | ConsentBody

export type MessageHeader = {
  readonly v: 1
  readonly id: MessageId
  readonly compartment: CompartmentId
  readonly context: ThreadId
  readonly author: UserId
  readonly key: Fingerprint
  readonly at: Instant
  readonly commit: Hash
  readonly parts: readonly Hash[]
}

export type MessageContent = { readonly header: MessageHeader; readonly body: MessageBody; readonly pad: string }

const id = <T extends string>(): Shape<T> => matching<T>(isUuid)
/** The longest body, as JCS in UTF-8: with its header it stays within the largest bucket, 128 KiB. */
export const longestBodyBytes = 120_000
const body: Shape<MessageBody> = either(
  object<TextBody>({ kind: oneOf('text'), title: nullable(text(300)), text: text(longestBodyBytes) }),
  consentBody,
)
const header: Shape<MessageHeader> = object<MessageHeader>({
  v: oneOf(1),
  id: id(),
  compartment: id(),
  context: id(),
  author: user,
  key: fingerprint,
  at,
  commit: hash,
  parts: list(hash),
})
export const contentShape: Shape<MessageContent> = object<MessageContent>({
  header,
  body,
  pad: matching((pad) => /^0*$/.test(pad)),
})

/** True where a body can be sent: the composer asks before it seals. */
export const fitsMessage = (candidate: MessageBody): boolean =>
  body(candidate) && utf8(jcs(candidate)).length <= longestBodyBytes

/** Powers of two from 1 KiB: about one bit of a text's length shows. */
const bucketOf = (length: number): number => 2 ** Math.max(10, Math.ceil(Math.log2(length)))

/** The signed bytes of a message, padded to its size bucket. */
export function paddedBytes(messageHeader: MessageHeader, messageBody: MessageBody): Bytes {
  const bare = signedBytes('message', { header: messageHeader, body: messageBody, pad: '' })
  const pad = '0'.repeat(bucketOf(bare.length) - bare.length)
  return signedBytes('message', { header: messageHeader, body: messageBody, pad })
}

/** HKDF(MK, JCS(["sluss/v1","commit",id])): in the header and outside, so that all readers opened the same bytes. */
export const messageCommit = async (messageKey: Bytes, message: MessageId): Promise<Hash> =>
  hashFrom(await derive(await importHkdf(messageKey), 'commit', message))

/** The key of one seal: the epoch's or flow key's, for this message alone. */
export const sealKeyOf = (hkdfKey: CryptoKey, key: KeyId, message: MessageId): Promise<Bytes> =>
  derive(hkdfKey, 'seal', key, message)

/** What the header signs of one seal: its stream and how far the author had read it, hidden from other readers by a salt. */
export const partOf = (salt: Bytes, stream: StreamName, seen: Seen): Promise<Hash> =>
  hashOfBytes(
    concat(salt, utf8(jcs({ stream: { context: stream.context, key: stream.key }, seen: { h: seen.h, n: seen.n } }))),
  )

/** How many parts a header shows: as many as there are, up to the next sixteen. */
export const partsShown = (seals: number): number => Math.ceil(seals / 16) * 16

// ---- the plaintext of a seal: kind ‖ MK(32) ‖ …, in bytes, since there is one per authority and message

/** Who could read and who was left out, as it stood when the author sent it; inside the epoch's seal only. */
export type RecipientNote = {
  readonly authority: AuthorityId
  readonly flow: KeyId | null
  readonly cause: 'sealed' | 'waiting' | 'word' | 'uncovered'
}

export type SealContent =
  | { readonly kind: 'flow'; readonly messageKey: Bytes; readonly salt: Bytes; readonly seen: Seen }
  | {
      readonly kind: 'epoch'
      readonly messageKey: Bytes
      readonly salt: Bytes
      readonly seen: Seen
      readonly recipients: readonly RecipientNote[]
    }
  | { readonly kind: 'late'; readonly messageKey: Bytes; readonly n: number }

const kinds = { flow: 1, epoch: 2, late: 3 } as const
const causes = ['sealed', 'waiting', 'word', 'uncovered'] as const
const noFlow = new Uint8Array(16)
const noteLength = 16 + 16 + 1

const writeNote = (note: RecipientNote): Bytes =>
  concat(
    idBytes(note.authority),
    note.flow === null ? noFlow : idBytes(note.flow),
    new Uint8Array([causes.indexOf(note.cause)]),
  )

export function writeSeal(content: SealContent): Bytes {
  const head = concat(new Uint8Array([kinds[content.kind]]), content.messageKey)
  if (content.kind === 'late') return concat(head, uint32(content.n))
  const ordered = concat(head, content.salt, uint32(content.seen.n), unhex(content.seen.h))
  return content.kind === 'flow' ? ordered : concat(ordered, ...content.recipients.map(writeNote))
}

function readNote(bytes: Bytes): RecipientNote | null {
  const cause = causes[bytes[32] ?? causes.length]
  if (cause === undefined) return null
  const flow = bytes.slice(16, 32)
  return {
    authority: idText(bytes.slice(0, 16)) as AuthorityId, // 16 bytes, written by `writeNote`
    flow: flow.some((byte) => byte !== 0) ? (idText(flow) as KeyId) : null, // likewise
    cause,
  }
}

const orderedLength = 1 + 32 + 16 + 4 + 32
const lateLength = 1 + 32 + 4

/** Null where the bytes are no seal's plaintext. */
export function readSeal(bytes: Bytes): SealContent | null {
  const messageKey = bytes.slice(1, 33)
  if (bytes[0] === kinds.late && bytes.length === lateLength)
    return { kind: 'late', messageKey, n: readUint32(bytes, 33) }
  if (bytes.length < orderedLength) return null
  const seen = { n: readUint32(bytes, 49), h: hashFrom(bytes.slice(53, 85)) }
  const ordered = { messageKey, salt: bytes.slice(33, 49), seen }
  if (bytes[0] === kinds.flow && bytes.length === orderedLength) return { kind: 'flow', ...ordered }
  const rest = bytes.length - orderedLength
  if (bytes[0] !== kinds.epoch || rest % noteLength !== 0) return null
  const recipients: RecipientNote[] = []
  for (let start = orderedLength; start < bytes.length; start += noteLength) {
    const note = readNote(bytes.slice(start, start + noteLength))
    if (note === null) return null
    recipients.push(note)
  }
  return { kind: 'epoch', ...ordered, recipients }
}

/** The lengths that a seal can have outside: nonce and tag are 28 octets. */
export const isSealLength = (length: number): 'seal' | 'late' | null => {
  if (length === lateLength + 28) return 'late'
  const rest = length - orderedLength - 28
  return rest >= 0 && rest % noteLength === 0 ? 'seal' : null
}
