// Messages, their seals and streams, threads as views of them, late seals, cursors. Facts for decisions are in thread-facts.ts.
import type { CompartmentId, Hash, Instant, KeyId, MessageId, Purpose, ThreadId, UserId } from '#libs/domain'
import { instantOf } from '#libs/domain'
import type { CaseFacts, Permit, Scope } from '#libs/policy'
import { pageOf, placeOf } from './cursor.ts'
import type { ConflictReason } from './problems.ts'
import { Conflict } from './problems.ts'
import { scopeSql } from './relations.sql.ts'
import type { ListedSeal, Page, SealRow, Signed } from './signed.ts'
import type { Tx } from './transaction.ts'
import { query } from './transaction.ts'

export { compartmentFacts, openingCompartmentFacts, threadFacts } from './thread-facts.ts'

export type MessageToStore = {
  readonly id: MessageId
  readonly compartment: CompartmentId
  readonly thread: ThreadId
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
export type StreamPlace = { readonly key: KeyId; readonly seq: number }
export type Accepted = {
  readonly acceptedAt: string
  readonly places: readonly StreamPlace[]
  /** False for a repetition: it is not to be published again. */
  readonly fresh: boolean
}
export type CursorRow = { readonly user: UserId; readonly key: KeyId; readonly seq: number; readonly cursor: Signed }
export type ThreadRow = {
  readonly id: ThreadId
  readonly purpose: Purpose
  readonly first: MessageRow
  readonly newest: MessageRow
}

const now = '(select sluss_now())'
const me = '(select sluss_user())'
const base64 = (column: string): string => `translate(encode(${column}, 'base64'), E'\\n', '')`
const threadPage = 50

// ---- writing

/**
 * Takes the message in, or throws Conflict: 'key-stale', 'seals-differ', 'clock-apart', 'message-refused', 'already-exists'. The
 * current epoch, and a current flow key or a name in `leftOut` for every open flow, each with its `seq`; idempotent by id.
 */
export async function acceptMessage(
  tx: Tx,
  permit: Permit<'message.send'>,
  message: MessageToStore,
): Promise<Accepted> {
  const { ids } = permit
  if (ids.compartment !== message.compartment || (ids.thread !== null && ids.thread !== message.thread))
    throw new Error('not the place that the permit is for')
  const [row] = await query<{
    answer: { outcome: 'accepted' | ConflictReason; accepted_at: string; places: StreamPlace[]; fresh: boolean }
  }>(tx, 'select sluss_accept_message($1, $2::jsonb) as answer', [ids.case, JSON.stringify(message)])
  if (row === undefined) throw new Error('no answer')
  const { outcome, accepted_at, places, fresh } = row.answer
  if (outcome !== 'accepted') throw new Conflict(outcome)
  return { acceptedAt: accepted_at, places, fresh }
}

/** Whether a message of the actor's own with this id was taken in before. */
export async function isKnown(tx: Tx, permit: Permit<'message.send'>, message: MessageId): Promise<boolean> {
  const rows = await query(
    tx,
    `select 1 from messages m where m.id = $1 and m.case_id = $2 and m.compartment_id = $3 and m.author_id = ${me}`,
    [message, permit.ids.case, permit.ids.compartment],
  )
  return rows.length > 0
}

/**
 * Late seals under current flow keys, for what an open grant of the flow covers or its disclosure names; after `storeAppend` of the
 * seals.added that lists them. Throws Conflict: 'key-stale', 'message-refused', 'already-exists'.
 */
export async function storeSeals(tx: Tx, permit: Permit<'seal.add'>, seals: readonly ListedSeal[]): Promise<void> {
  const listed = JSON.stringify(seals)
  const source = `jsonb_to_recordset($1::jsonb) as x (message uuid, key uuid, bytes text)
    join messages m on m.id = x.message and m.case_id = $2
    join content_keys k on k.id = x.key and k.kind = 'flow' and k.compartment_id = m.compartment_id`
  const [counts] = await query<{ current: number; covered: number; fitting: number }>(
    tx,
    `select count(*)::int as fitting,
            count(*) filter (where k.stale_since is null and k.valid_until > sluss_now())::int as current,
            count(*) filter (where m.at <@ k.covers and (k.items is null or m.id = any (k.items)))::int as covered
     from ${source}`,
    [listed, permit.ids.case],
  )
  if (counts?.fitting !== seals.length) throw new Conflict('message-refused')
  if (counts.current !== seals.length) throw new Conflict('key-stale')
  if (counts.covered !== seals.length) throw new Conflict('message-refused')
  await query(
    tx,
    `insert into streams (key_id, thread_id, case_id, compartment_id, authority_id, category, count, hash)
     select distinct k.id, m.thread_id, m.case_id, m.compartment_id, k.authority_id, k.category, 0,
            sluss_stream_start(k.commit, k.id, m.thread_id)
     from ${source} on conflict (key_id, thread_id) do nothing`,
    [listed, permit.ids.case],
  )
  await query(
    tx,
    `insert into seals (message_id, key_id, thread_id, bytes) select m.id, k.id, m.thread_id, decode(x.bytes, 'base64') from ${source}`,
    [listed, permit.ids.case],
  )
}

/** The latest per reader and stream is kept; an older one changes nothing. Throws Conflict('message-refused') beyond the stream's end. */
export async function storeCursor(
  tx: Tx,
  permit: Permit<'cursor.move'>,
  cursor: { readonly key: KeyId; readonly seq: number; readonly at: Instant; readonly signed: Signed },
): Promise<void> {
  const { ids } = permit
  const stream = [cursor.key, ids.thread, ids.case, cursor.seq]
  const reached = 'from streams s where s.key_id = $1 and s.thread_id = $2 and s.case_id = $3 and s.count >= $4'
  const [found] = await query(tx, `select 1 ${reached}`, stream)
  if (found === undefined) throw new Conflict('message-refused')
  await query(
    tx,
    `insert into cursors (user_id, key_id, thread_id, case_id, authority_id, compartment_id, seq, bytes, signature, at)
     select sluss_user(), s.key_id, s.thread_id, s.case_id, sluss_authority(), s.compartment_id, $4, $5, decode($6, 'base64'), $7
     ${reached}
     on conflict (user_id, key_id, thread_id) do update set seq = excluded.seq, bytes = excluded.bytes,
       signature = excluded.signature, at = excluded.at where cursors.seq < excluded.seq`,
    [...stream, cursor.signed.bytes, cursor.signed.signature, cursor.at],
  )
}

// ---- reading

/** The messages of a thread that the actor has written herself. */
export async function writtenBySelf(
  tx: Tx,
  permit: Permit<'consent.register'>,
  thread: ThreadId,
): Promise<readonly MessageId[]> {
  const rows = await query<{ id: MessageId }>(
    tx,
    `select m.id from messages m where m.thread_id = $1 and m.case_id = $2 and m.author_id = ${me}`,
    [thread, permit.ids.case],
  )
  return rows.map((row) => row.id)
}

const messageColumns = `m.id, m.compartment_id as compartment, m.thread_id as thread, m.author_id as author, sluss_instant(m.at) as at,
  sluss_moment(m.accepted_at) as moment, m.commit, m.ciphertext,
  (select json_agg(json_build_object('key', s.key_id, 'seq', s.seq, 'bytes', ${base64('s.bytes')}) order by s.key_id)
   from seals s where s.message_id = m.id) as seals`

type MessageAnswer = Omit<MessageRow, 'ciphertext' | 'acceptedAt' | 'seals'> & {
  readonly moment: string
  readonly ciphertext: Buffer
  readonly seals: readonly Omit<SealRow, 'late'>[]
}
const messageRow = ({ moment, ciphertext, seals, ...row }: MessageAnswer): MessageRow => ({
  ...row,
  acceptedAt: moment,
  ciphertext: ciphertext.toString('base64'),
  seals: seals.map((seal) => ({ ...seal, late: seal.seq === null })),
})

/** The messages of a thread that the actor reads now, in the order accepted, each with the seals that are hers alone. */
export async function pageMessages(
  tx: Tx,
  permit: Permit<'message.read'>,
  request: { readonly scope: Scope<'message.read'>; readonly after: string | null; readonly limit: number },
): Promise<Page<MessageRow>> {
  const place = placeOf(request.after, 'ascending')
  if (place === 'unreadable') return { rows: [], next: null }
  const rows = await query<MessageAnswer>(
    tx,
    `select ${messageColumns} from messages m
     where m.thread_id = $1 and m.case_id = $2 and (m.accepted_at, m.id) > ($3::timestamptz, $4::uuid)
       and ${scopeSql(request.scope, { case: 'm.case_id', message: 'm.id' })}
     order by m.accepted_at, m.id limit $5`,
    [permit.ids.thread, permit.ids.case, place.moment, place.id, request.limit + 1],
  )
  return pageOf(rows, request.limit, messageRow)
}

/** The threads of a case in which the actor reads something, the one last written in first. */
export async function pageThreads(
  tx: Tx,
  permit: Permit<'thread.list'>,
  request: { readonly scope: Scope<'thread.list'>; readonly after: string | null },
): Promise<Page<ThreadRow>> {
  const place = placeOf(request.after, 'descending')
  if (place === 'unreadable') return { rows: [], next: null }
  const readable = scopeSql(request.scope, { case: 'm.case_id', message: 'm.id' })
  const end = (order: 'asc' | 'desc'): string =>
    `(select m.id, m.accepted_at from messages m where m.thread_id = t.id and ${readable} order by m.accepted_at ${order}, m.id ${order} limit 1)`
  const rows = await query<{ id: ThreadId; purpose: Purpose; moment: string; first: MessageId; newest: MessageId }>(
    tx,
    `select t.id, t.purpose, f.id as first, n.id as newest, sluss_moment(n.accepted_at) as moment
     from threads t cross join lateral ${end('asc')} f cross join lateral ${end('desc')} n
     where t.case_id = $1 and (n.accepted_at, t.id) < ($2::timestamptz, $3::uuid)
     order by n.accepted_at desc, t.id desc limit $4`,
    [permit.ids.case, place.moment, place.id, threadPage + 1],
  )
  const messages = await messagesById(
    tx,
    rows.flatMap((row) => [row.first, row.newest]),
  )
  return pageOf(rows, threadPage, ({ id, purpose, first, newest }) => ({
    id,
    purpose,
    first: found(messages, first),
    newest: found(messages, newest),
  }))
}

async function messagesById(tx: Tx, ids: readonly MessageId[]): Promise<ReadonlyMap<MessageId, MessageRow>> {
  const rows = await query<MessageAnswer>(tx, `select ${messageColumns} from messages m where m.id = any ($1)`, [ids])
  return new Map(rows.map((row) => [row.id, messageRow(row)]))
}

function found(messages: ReadonlyMap<MessageId, MessageRow>, id: MessageId): MessageRow {
  const message = messages.get(id)
  if (message === undefined) throw new Error('a message that was there a moment ago')
  return message
}

/** The newest cursors in a thread that are the actor's to see: those of streams of her own authority's, and her colleagues'. */
export async function cursorsOf(tx: Tx, permit: Permit<'cursor.list'>): Promise<readonly CursorRow[]> {
  const rows = await query<{ user: UserId; key: KeyId; seq: number; bytes: string; signature: string }>(
    tx,
    `select user_id as user, key_id as key, seq, bytes, ${base64('signature')} as signature
     from cursors where thread_id = $1 and case_id = $2 order by user_id, key_id limit 2000`,
    [permit.ids.thread, permit.ids.case],
  )
  return rows.map(({ bytes, signature, ...row }) => ({ ...row, cursor: { bytes, signature } }))
}

/** Epochs and flow keys of the case by which the actor reads now: the rooms of her sockets. */
export async function readableKeys(
  tx: Tx,
  permit: Permit<'case.read'>,
): Promise<readonly { readonly key: KeyId; readonly until: Instant }[]> {
  const rows = await query<{ key: KeyId; until: Date }>(
    tx,
    `select key_id as key, max(valid_until) as until from readers
     where user_id = ${me} and case_id = $1 and valid_from <= ${now} and valid_until > ${now} group by key_id`,
    [permit.ids.case],
  )
  return rows.map((row) => ({ key: row.key, until: instantOf(row.until.getTime()) }))
}

/** Where each stream of these keys stands, for `closes`; of one's own authority's keys, and of those one reads by. */
export const streamsOf = (
  tx: Tx,
  caseFacts: CaseFacts,
  keys: readonly KeyId[],
): Promise<
  readonly { readonly key: KeyId; readonly thread: ThreadId; readonly count: number; readonly hash: Hash }[]
> =>
  query(
    tx,
    `select key_id as key, thread_id as thread, count, encode(hash, 'hex') as hash
     from streams where case_id = $1 and key_id = any ($2) order by key_id, thread_id`,
    [caseFacts.case, keys],
  )
