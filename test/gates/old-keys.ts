// Cryptography alone: what the private keys that somebody has ever had open of all that the database holds, past every gate and
// every rule of the client. Who has been removed keeps her keys; so does who has made a new one.
import type { CaseId, CompartmentId, Hash, Instant, KeyId, MessageId, SubjectId, ThreadId, UserId } from '#libs/domain'
import { addDays, id } from '#libs/domain'
import type { CaseKey, MessageExpectations, Opener, PublicKey, ReceivedMessage, StaffKey } from '#libs/protocol'
import {
  checkEpochSeal,
  openFlowKeyUnderEpoch,
  openMessage,
  openReception,
  openWrap,
  readPublicKey,
  unlockPrivateKey,
} from '#libs/protocol'
import { createHash } from 'node:crypto'
import { rowsOf } from '../support/database.ts'
import type { Given, Name } from '../support/given.ts'
import { ask } from './pen.ts'

type Made = {
  readonly key: KeyId
  readonly of: CompartmentId | SubjectId
  readonly commit: Hash
  /** A reception key's certificate; a flow key's epoch. */
  readonly publicKey?: string
  readonly epoch?: KeyId
}
type Wrap = { readonly key: KeyId; readonly holder: string; readonly bytes: string }
type Stored = Omit<ReceivedMessage, 'seal'> & { readonly seals: readonly ReceivedMessage['seal'][] }

/** All that the database holds of one case. */
export type Everything = {
  readonly made: ReadonlyMap<KeyId, Made>
  readonly wraps: readonly Wrap[]
  readonly messages: readonly Stored[]
  readonly authors: ReadonlyMap<UserId, readonly PublicKey[]>
}

type Holding = { readonly keys: StaffKey[]; readonly opened: Map<KeyId, CaseKey>; readonly read: Set<MessageId> }

export class OldKeys {
  readonly #here: Given
  readonly #holdings = new Map<Name, Holding>()

  constructor(here: Given) {
    this.#here = here
  }

  /** Keeps the private key that she has now, for good. */
  async keep(who: Name, passphrase = this.#here.person(who).persona.passphrase): Promise<void> {
    const { key } = (await ask(this.#here, who, '/keys/own')).body as {
      key: Parameters<typeof unlockPrivateKey>[2] & { lockedPrivateKey: string }
    }
    const unlocked = await unlockPrivateKey(key.lockedPrivateKey, passphrase, key)
    if (!unlocked.ok) throw new Error(unlocked.error)
    this.#of(who).keys.push(unlocked.value)
  }

  /** Every message of the case whose key she can compute from what she has ever had. */
  async opens(everything: Everything, who: Name): Promise<ReadonlySet<MessageId>> {
    const holding = this.#of(who)
    await openKeys(everything, holding)
    for (const message of everything.messages)
      if (!holding.read.has(message.id) && (await isOpened(everything, holding, message))) holding.read.add(message.id)
    return new Set(everything.messages.map(({ id: message }) => message).filter((message) => holding.read.has(message)))
  }

  #of(who: Name): Holding {
    const holding = this.#holdings.get(who) ?? { keys: [], opened: new Map(), read: new Set() }
    this.#holdings.set(who, holding)
    return holding
  }
}

/** Until nothing more opens: a reception key opens flow keys, an epoch opens those that were made under it. */
async function openKeys({ made, wraps }: Everything, { keys, opened }: Holding): Promise<void> {
  for (let before = -1; before < opened.size;) {
    before = opened.size
    for (const wrap of wraps) {
      const key = made.get(wrap.key)
      if (key === undefined || opened.has(wrap.key)) continue
      const found =
        wrap.holder === 'epoch' ? await bySource(opened, key, wrap) : await byOpener(keys, opened, made, key, wrap)
      if (found !== null) opened.set(wrap.key, found)
    }
  }
}

async function bySource(opened: ReadonlyMap<KeyId, CaseKey>, key: Made, { bytes }: Wrap): Promise<CaseKey | null> {
  const epoch = key.epoch === undefined ? undefined : opened.get(key.epoch)
  const hash = await checkEpochSeal(bytes)
  if (epoch === undefined || !hash.ok) return null
  const of = id<CompartmentId>(key.of)
  const found = await openFlowKeyUnderEpoch(bytes, epoch, { ...key, of, wrap: hash.value })
  return found.ok ? found.value : null
}

async function byOpener(
  keys: readonly StaffKey[],
  opened: ReadonlyMap<KeyId, CaseKey>,
  made: Everything['made'],
  key: Made,
  { bytes, holder }: Wrap,
): Promise<CaseKey | null> {
  const openers: Opener[] = keys.filter((one) => one.public.encryption === holder).map((one) => one.opener)
  const reception = opened.get(holder as KeyId) // an id or a fingerprint: one that is no key's id is found in neither
  const publicKey = made.get(holder as KeyId)?.publicKey
  if (reception !== undefined && publicKey !== undefined) {
    const opener = await openReception(reception.secret, publicKey)
    if (opener.ok) openers.push(opener.value)
  }
  const wrap = createHash('sha256').update(Buffer.from(bytes, 'base64')).digest('hex') as Hash
  for (const opener of openers) {
    const found = await openWrap(bytes, opener, { ...key, wrap })
    if (found.ok) return found.value
  }
  return null
}

/** A late seal is hers to open whatever its list says: it is the message key that counts here. */
async function isOpened({ authors }: Everything, { opened }: Holding, message: Stored): Promise<boolean> {
  for (const seal of message.seals) {
    const key = opened.get(seal.key)
    if (key === undefined) continue
    for (const author of authors.get(message.author) ?? []) {
      const found = await openMessage({ ...message, seal }, key, whateverIsSaid(message, author))
      if (found.ok || found.error === 'late-not-announced') return true
    }
  }
  return false
}

const whateverIsSaid = (message: Stored, author: PublicKey): MessageExpectations => ({
  compartment: message.compartment,
  thread: message.thread,
  author,
  writers: [message.author],
  speakers: null,
  until: addDays(message.at, 1),
  closed: null,
  late: null,
  known: () => false,
})

type Said = {
  readonly type: string
  readonly body: Readonly<Record<'epoch' | 'reception' | 'flow', KeyId>> & {
    readonly compartment: CompartmentId
    readonly subject: SubjectId
    readonly commit: Hash
    readonly publicKey: string
  }
}

function madeBy({ type, body }: Said): Made {
  const { compartment, subject, commit, publicKey, epoch } = body
  if (type === 'epoch.started') return { key: epoch, of: compartment, commit }
  if (type === 'reception.started') return { key: body.reception, of: subject, commit, publicKey }
  return { key: body.flow, of: compartment, commit, epoch }
}

/** Read as the superuser: what a thief of the database, or the operator, has. */
export async function everythingOf(here: Given, theCase: CaseId): Promise<Everything> {
  const { adminUrl } = here.sluss.database
  const said = await rowsOf<{ bytes: string }>(
    adminUrl,
    "select bytes from statements where case_id = $1 and type in ('epoch.started', 'reception.started', 'flow.keyed')",
    [theCase],
  )
  const wraps = await rowsOf<Wrap>(
    adminUrl,
    "select key_id as key, holder, replace(encode(bytes, 'base64'), E'\\n', '') as bytes from wraps where case_id = $1",
    [theCase],
  )
  const messages = await rowsOf<Stored & { at: Instant; thread: ThreadId }>(
    adminUrl,
    `select m.id, m.compartment_id as compartment, m.thread_id as thread, m.author_id as author,
            to_char(m.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"') as at, m.commit,
            replace(encode(m.ciphertext, 'base64'), E'\\n', '') as ciphertext,
            (select json_agg(json_build_object('key', s.key_id, 'seq', coalesce(s.seq, 0), 'late', s.seq is null,
                                               'bytes', replace(encode(s.bytes, 'base64'), E'\\n', ''))) from seals s where s.message_id = m.id) as seals
     from messages m where m.case_id = $1`,
    [theCase],
  )
  const certificates = await rowsOf<{ user: UserId; publicKey: string }>(
    adminUrl,
    `select user_id as user, replace(encode(public_key, 'base64'), E'\\n', '') as "publicKey" from staff_keys`,
  )
  const authors = new Map<UserId, PublicKey[]>()
  for (const { user, publicKey } of certificates) {
    const read = await readPublicKey(publicKey)
    if (read.ok) authors.set(user, [...(authors.get(user) ?? []), read.value])
  }
  const made = said.map(({ bytes }) => madeBy(JSON.parse(bytes) as Said)) // of the types asked for
  return { made: new Map(made.map((one) => [one.key, one])), wraps, messages, authors }
}
