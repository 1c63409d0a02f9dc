// Opening a thread of 1,000 messages in the client's own code, and sealing one, beside raw WebCrypto over the same bytes.
import type { AuthorityId, CompartmentId, KeyId, MessageId, ThreadId, UserId } from '#libs/domain'
import { addDays, id, instantOf } from '#libs/domain'
import type { CaseKey, MessageExpectations, Random, ReceivedMessage, SealedMessage, SealUnder } from '#libs/protocol'
import {
  caseKey,
  hashOfCiphertext,
  commitOf,
  createStaffKey,
  openMessage,
  sealMessage,
  streamStart,
  StreamVerifier,
} from '#libs/protocol'
import { randomUUID } from 'node:crypto'
import { lasting, milliseconds, sizes, spreadOf, Table, whole } from './figures.ts'

const size = sizes({ messages: 1_000, rounds: 5, characters: 400 })
const { subtle } = globalThis.crypto
const random: Random = (length) => globalThis.crypto.getRandomValues(new Uint8Array(length))
const anId = <T extends string>(): T => id<T & CompartmentId>(randomUUID()) as T // one constructor for all kinds of ids
const now = instantOf(Date.now())

const compartment = anId<CompartmentId>()
const thread = anId<ThreadId>()
const author = anId<UserId>()
const { key: anna } = await createStaffKey({ random, at: now })
const epoch = await caseKey(anId<KeyId>(), random(32))
const flow = await caseKey(anId<KeyId>(), random(32))

const startOf = async (key: CaseKey): Promise<SealUnder> => {
  const commit = await commitOf(key.secret, compartment, key.id)
  return { key, seen: { n: 0, h: await streamStart(commit, { key: key.id, context: thread }) } }
}
const under = { epoch: await startOf(epoch), flow: await startOf(flow) }
const text = 'Vi ses klockan tio på stationen. '.repeat(Math.ceil(size.characters / 33)).slice(0, size.characters)

const seal = (): Promise<SealedMessage> =>
  sealMessage({
    id: anId<MessageId>(),
    compartment,
    thread,
    author,
    at: now,
    body: { kind: 'text', title: null, text },
    epoch: under.epoch,
    flows: [under.flow],
    recipients: [{ authority: anId<AuthorityId>(), flow: flow.id, cause: 'sealed' }],
    leftOut: [],
    by: anna,
    random,
  })

const expected: MessageExpectations = {
  compartment,
  thread,
  author: anna.public,
  writers: [author],
  speakers: null,
  until: addDays(now, 30),
  closed: null,
  late: null,
  known: () => false,
}

/** As `ThreadBook` in libs/client does for each message of a thread: form, place in the stream, seal, commitment, signature, header. */
async function openAll(received: readonly ReceivedMessage[]): Promise<number> {
  const stream = await StreamVerifier.start(await commitOf(flow.secret, compartment, flow.id), {
    key: flow.id,
    context: thread,
  })
  let opened = 0
  for (const message of received) {
    const form = await hashOfCiphertext(message.ciphertext)
    const placed = form.ok && (await stream.accept(message.seal.seq, form.value)).ok
    const result = placed ? await openMessage(message, flow, expected) : null
    if (result?.ok === true && result.value.body.text === text) opened += 1
  }
  return opened
}

type Raw = {
  readonly box: Uint8Array<ArrayBuffer>
  readonly nonce: Uint8Array<ArrayBuffer>
  readonly signature: ArrayBuffer
}

/** The least that could be done with the same bytes: one AES-256-GCM and one Ed25519 operation, keys at hand, no form around them. */
async function rawCrypto() {
  const aes = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const pair = await subtle.generateKey('Ed25519', false, ['sign', 'verify'])
  if (!('privateKey' in pair) || !('encrypt' in subtle)) throw new Error('Ed25519 makes pairs')
  return {
    seal: async (data: Uint8Array<ArrayBuffer>): Promise<Raw> => {
      const nonce = globalThis.crypto.getRandomValues(new Uint8Array(12))
      const signature = await subtle.sign('Ed25519', pair.privateKey, data)
      return { nonce, signature, box: new Uint8Array(await subtle.encrypt({ name: 'AES-GCM', iv: nonce }, aes, data)) }
    },
    open: async ({ box, nonce, signature }: Raw): Promise<boolean> => {
      const data = await subtle.decrypt({ name: 'AES-GCM', iv: nonce }, aes, box)
      return subtle.verify('Ed25519', pair.publicKey, signature, data)
    },
  }
}

function received(sealed: readonly SealedMessage[]): readonly ReceivedMessage[] {
  return sealed.map(({ seals, leftOut: _, ...outer }, place) => {
    const seal = seals.find((one) => one.key === flow.id)
    if (seal === undefined) throw new Error('no seal for the flow')
    return { ...outer, seal: { ...seal, seq: place + 1, late: false } }
  })
}

const figures = { seal: [] as number[], rawSeal: [] as number[], open: [] as number[], rawOpen: [] as number[] }
const table = new Table()
const raw = await rawCrypto()
// One round more than is counted: the first warms the machine up.
for (let round = 0; round <= size.rounds; round += 1) {
  const sealed: SealedMessage[] = []
  const boxes: Raw[] = []
  const sealing = await lasting(async () => {
    for (let n = 0; n < size.messages; n += 1) sealed.push(await seal())
  })
  const bytes = sealed.map((one) => Uint8Array.from(Buffer.from(one.ciphertext, 'base64')))
  const rawSealing = await lasting(async () => {
    for (const data of bytes) boxes.push(await raw.seal(data))
  })
  const messages = received(sealed)
  let opened = 0
  const opening = await lasting(async () => {
    opened = await openAll(messages)
  })
  if (opened !== size.messages) table.fail(`${size.messages - opened} messages did not open`)
  let rawOpened = 0
  const rawOpening = await lasting(async () => {
    for (const one of boxes) if (await raw.open(one)) rawOpened += 1
  })
  if (rawOpened !== size.messages) table.fail('the baseline did not open its own')
  if (round === 0) continue
  figures.seal.push(sealing)
  figures.rawSeal.push(rawSealing)
  figures.open.push(opening)
  figures.rawOpen.push(rawOpening)
}

const each = (values: readonly number[]): number => spreadOf(values).median / size.messages
table.compare(
  `opening ${whole(size.messages)} messages`,
  spreadOf(figures.open).median,
  spreadOf(figures.rawOpen).median,
  { unit: 'ms' },
)
table.compare('one message opened and verified', each(figures.open), each(figures.rawOpen), { unit: 'ms' })
table.compare('one message signed and sealed twice', each(figures.seal), each(figures.rawSeal), { unit: 'ms' })
table.alone('slowest round of opening', milliseconds(Math.max(...figures.open)))
table.print(`thread: ${size.characters} characters, raw = WebCrypto AES-GCM + Ed25519`)
