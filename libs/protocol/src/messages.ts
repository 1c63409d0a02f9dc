// Seals messages: signed inside, encrypted once, and the message key sealed once per key in scope (protocol.md § 6).
import type { CompartmentId, Hash, Instant, KeyId, MessageId, ThreadId, UserId } from '#libs/domain'
import type { Bytes, Random } from './bytes.ts'
import { base64, concat, hashFrom } from './bytes.ts'
import { literal, onePass } from './literal.ts'
import type { MessageBody, RecipientNote, SealContent } from './message-form.ts'
import { messageCommit, paddedBytes, partOf, partsShown, sealKeyOf, writeSeal } from './message-form.ts'
import { gcmBox } from './primitives.ts'
import { encryptPacket } from './seipd.ts'
import { sign, signatureTypes } from './signatures.ts'
import type { StaffKey } from './staff-key.ts'
import type { Seen } from './streams.ts'
import type { CaseKey } from './wraps.ts'

/** The shape of the wire's `sealedMessage`. */
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

/** A current key, and how far the author has read its stream in this thread. */
export type SealUnder = { readonly key: CaseKey; readonly seen: Seen }

export type SealInput = {
  readonly id: MessageId
  readonly compartment: CompartmentId
  readonly thread: ThreadId
  readonly author: UserId
  readonly at: Instant
  readonly body: MessageBody
  readonly epoch: SealUnder
  readonly flows: readonly SealUnder[]
  readonly recipients: readonly RecipientNote[]
  readonly leftOut: SealedMessage['leftOut']
  readonly by: StaffKey
  readonly random: Random
}

type Ordered = { readonly under: SealUnder; readonly salt: Bytes; readonly part: Hash }

/** A message ready to send. Its key is made here and leaves only in seals; what does not fit is a caller's mistake (`fitsMessage`). */
export async function sealMessage(input: SealInput): Promise<SealedMessage> {
  const { id, compartment, thread, author, at, random } = input
  const messageKey = random(32)
  const ordered = await Promise.all(
    [input.epoch, ...input.flows].map(async (under): Promise<Ordered> => {
      const salt = random(16)
      return { under, salt, part: await partOf(salt, { key: under.key.id, context: thread }, under.seen) }
    }),
  )
  const fill = Array.from({ length: partsShown(ordered.length) - ordered.length }, () => hashFrom(random(32)))
  // Sorted, so that a part's place says nothing of whose it is; filled up, so that their number does not count the readers.
  const parts = [...ordered.map(({ part }) => part), ...fill].sort()
  const commit = await messageCommit(messageKey, id)
  const key = input.by.public.signing
  const header = { v: 1 as const, id, compartment, context: thread, author, key, at, commit, parts }
  const [ciphertext, seals] = await Promise.all([
    encryptSigned(paddedBytes(header, input.body), messageKey, input),
    Promise.all(ordered.map((one) => sealOne(one, messageKey, input))),
  ])
  return { id, compartment, thread, author, at, commit, ciphertext, seals, leftOut: input.leftOut }
}

async function encryptSigned(data: Bytes, messageKey: Bytes, input: SealInput): Promise<string> {
  const { at, by, random } = input
  const issuer = by.public.signing
  const signature = await sign({ type: signatureTypes.binary, data, at, issuer, signer: by.signer, random })
  const plaintext = concat(onePass(signature.salt, issuer), literal(data), signature.packet)
  return base64(await encryptPacket(messageKey, plaintext, random))
}

async function sealOne(one: Ordered, messageKey: Bytes, input: SealInput) {
  const { under, salt } = one
  const { seen } = under
  const content: SealContent =
    under === input.epoch
      ? { kind: 'epoch', messageKey, salt, seen, recipients: input.recipients }
      : { kind: 'flow', messageKey, salt, seen }
  return sealContent(content, under.key, input.id, input.random)
}

async function sealContent(content: SealContent, under: CaseKey, id: MessageId, random: Random) {
  // Drawn before anything is awaited: seals are made side by side, and the same randomness makes the same message.
  const nonce = random(12)
  const key = await sealKeyOf(under.hkdf, under.id, id)
  return { key: under.id, bytes: base64(await gcmBox(key, nonce, writeSeal(content))) }
}

export type LateSeal = {
  readonly id: MessageId
  readonly messageKey: Bytes
  /** The place of its `seals.added` on the strand. */
  readonly n: number
  readonly flow: CaseKey
  readonly random: Random
}

/** A seal for a message that waited, or that a grant opens afterwards: bound to the `seals.added` that lists it. */
export const sealLate = (late: LateSeal): Promise<{ readonly key: KeyId; readonly bytes: string }> =>
  sealContent({ kind: 'late', messageKey: late.messageKey, n: late.n }, late.flow, late.id, late.random)
