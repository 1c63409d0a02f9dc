// What the protocol's specs are given: people with keys, keys of a case, a message under way; the randomness from a seed.
import { createHash } from 'node:crypto'
import type { AuthorityId, CaseId, CompartmentId, Instant, KeyId, MessageId, ThreadId, UserId } from '#libs/domain'
import { id as anId, instant } from '#libs/domain'
import type {
  Bytes,
  CaseKey,
  MessageExpectations,
  NewStaffKey,
  Random,
  ReceivedMessage,
  SealedMessage,
  SealInput,
  StaffKey,
} from '../index.ts'
import { caseKey, commitOf, createStaffKey, sealMessage, streamStart } from '../index.ts'

/** The same bytes for the same seed, so that vectors can be made again. */
export function seeded(seed: string): Random {
  let drawn = 0
  return (length) => {
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length; at += 32) {
      const block = createHash('sha256').update(`${seed}/${drawn++}`).digest()
      bytes.set(block.subarray(0, Math.min(32, length - at)), at)
    }
    return bytes
  }
}

export const random: Random = (length) => globalThis.crypto.getRandomValues(new Uint8Array(length))

const number = (n: number): string => n.toString(16).padStart(12, '0')
export const uuid = (n: number): string => `00000000-0000-4000-8000-${number(n)}`
export const user = (n: number): UserId => anId<UserId>(uuid(n))
export const authority = (n: number): AuthorityId => anId<AuthorityId>(uuid(n))
export const theCase: CaseId = anId<CaseId>(uuid(0xca5e))
export const compartment: CompartmentId = anId<CompartmentId>(uuid(0xc0))
export const otherCompartment: CompartmentId = anId<CompartmentId>(uuid(0xc1))
export const thread: ThreadId = anId<ThreadId>(uuid(0x7d))
export const otherThread: ThreadId = anId<ThreadId>(uuid(0x7e))
export const epochId: KeyId = anId<KeyId>(uuid(0xe0))
export const flowId: KeyId = anId<KeyId>(uuid(0xf0))
export const messageId = (n: number): MessageId => anId<MessageId>(uuid(0x1000 + n))

export const made: Instant = instant('2026-01-01T08:00Z')
export const noon: Instant = instant('2026-02-01T12:00Z')
export const tomorrow: Instant = instant('2026-02-02T12:00Z')

export const aStaffKey = (seed: string): Promise<NewStaffKey> => createStaffKey({ random: seeded(seed), at: made })

export type Given = {
  readonly anna: StaffKey
  readonly erik: StaffKey
  readonly epoch: CaseKey
  readonly flow: CaseKey
  readonly input: SealInput
  readonly sealed: SealedMessage
}

/** Anna writes one message under her authority's epoch and one flow key. */
export async function aMessage(changes: Partial<SealInput> = {}, seed = 'message'): Promise<Given> {
  const anna = (await aStaffKey('anna')).key
  const erik = (await aStaffKey('erik')).key
  const epoch = await caseKey(epochId, seeded('epoch')(32))
  const flow = await caseKey(flowId, seeded('flow')(32))
  const input: SealInput = {
    id: messageId(1),
    compartment,
    thread,
    author: user(1),
    at: noon,
    body: { kind: 'text', title: 'Samråd', text: 'Vi ses klockan tio. Åäö.' },
    epoch: { key: epoch, seen: await start(epoch) },
    flows: [{ key: flow, seen: await start(flow) }],
    recipients: [{ authority: authority(2), flow: flowId, cause: 'sealed' }],
    leftOut: [],
    by: anna,
    random: seeded(seed),
    ...changes,
  }
  return { anna, erik, epoch, flow, input, sealed: await sealMessage(input) }
}

export async function start(key: CaseKey) {
  const commit = await commitOf(key.secret, compartment, key.id)
  return { n: 0, h: await streamStart(commit, { key: key.id, context: thread }) }
}

/** As the server hands it to a reader who holds `key`. */
export function asServed(sealed: SealedMessage, key: KeyId, seq = 1): ReceivedMessage {
  const { seals, leftOut: _, ...outer } = sealed
  const seal = seals.find((one) => one.key === key)
  if (seal === undefined) throw new Error('no seal under that key')
  return { ...outer, seal: { key, bytes: seal.bytes, seq, late: false } }
}

export const expecting = (given: Given, changes: Partial<MessageExpectations> = {}): MessageExpectations => ({
  compartment,
  thread,
  author: given.anna.public,
  writers: [user(1)],
  speakers: null,
  until: tomorrow,
  closed: null,
  late: null,
  known: () => false,
  ...changes,
})

/** One octet turned in the middle. */
export function altered(base64Text: string, at = 0.5): string {
  const bytes = Uint8Array.from(atob(base64Text), (character) => character.charCodeAt(0))
  const index = Math.floor(bytes.length * at)
  bytes[index] = (bytes[index] ?? 0) ^ 1
  return written(bytes)
}
export const written = (bytes: Bytes): string => btoa(String.fromCharCode(...bytes))
export const read = (text: string): Bytes => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
