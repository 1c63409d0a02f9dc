// Threads as shown: each message opened or refused by itself, with who has read it (protocol.md §§ 6–7).
import { threads as operations } from '#libs/contracts'
import type { AuthorityId, CaseId, Hash, Instant, KeyId, MessageId, ThreadId, UserId } from '#libs/domain'
import { addMinutes, clocksApartMinutes, disclosuresIn, keyEnds } from '#libs/domain'
import { signCursor, verifyCursor } from '#libs/protocol'
import { serverInstant } from './case-book.ts'
import { threadsOfWords } from './consent-words.ts'
import type { Context, Worked } from './context.ts'
import { compartmentOf } from './standing.ts'
import type { Entry } from './entries.ts'
import { mayStillCome, sealedLate, sentTo } from './lately.ts'
import type { SealedLate } from './lately.ts'
import type { MessagePage, Opened, Refused, ThreadAlarm, ThreadSummary } from './views.ts'

const pageLength = 200
type KeyEnds = ReturnType<typeof keyEnds>
type ReadBy = {
  readonly user: UserId
  readonly key: KeyId
  readonly seq: number
  readonly h: Hash
  readonly at: Instant
}

/** The threads there are for this reader, newest first. */
export async function listThreads(context: Context, caseId: CaseId): Promise<readonly ThreadSummary[]> {
  const worked = await context.work(caseId)
  const me = await context.me()
  const reasons = new Set<Hash | null>(disclosuresIn(worked.book.history).map((made) => made.statement.body.reason))
  const words = threadsOfWords(worked.book.statements())
  const endOf = keyEnds(worked.book.history, context.tenants.states)
  const unread = { own: me.authority.id, read: [], sent: [], endOf, became: (): 'waiting' => 'waiting' }
  const summaries: ThreadSummary[] = []
  for (const thread of await worked.threads.list()) {
    if (words.has(thread.id)) continue
    const read = await cursorsOf(context, worked, thread.id)
    const newest = shown(worked, thread.newest, unread)
    const first = shown(worked, thread.first, unread)
    const mine = read.filter((one) => one.user === me.user)
    const isRead = thread.newest.message.seals.some((seal) =>
      mine.some((one) => one.key === seal.key && one.seq >= seal.seq),
    )
    const isOwn = thread.newest.message.author === me.user
    summaries.push({
      id: thread.id,
      title: first.kind === 'opened' ? first.title : null,
      isReasonOfDisclosure: thread.first.message.thread === thread.id && reasons.has(thread.first.ciphertext),
      purpose: thread.purpose,
      newest,
      unread: !isRead && !isOwn,
    })
  }
  return summaries.toSorted((a, b) => (a.newest.acceptedAt < b.newest.acceptedAt ? 1 : -1))
}

/** A page of a thread, oldest first; `after` is a page's `next`. */
export async function readMessages(
  context: Context,
  caseId: CaseId,
  thread: ThreadId,
  after?: string,
): Promise<MessagePage> {
  const worked = await context.work(caseId)
  const own = (await context.me()).authority.id
  await worked.threads.load(thread)
  const read = await cursorsOf(context, worked, thread)
  const { alarms, receipts } = await heldAgainst(worked, thread, read)
  const entries = await worked.threads.load(thread)
  const places = placesOf(entries)
  const gaps = worked.threads.gapsBefore(thread)
  const endOf = keyEnds(worked.book.history, context.tenants.states)
  const late = await lateIn(worked, entries)
  const answers = answersIn(entries)
  const from = after === undefined ? 0 : Number.parseInt(after, 10)
  const page = entries.slice(from, from + pageLength)
  const next = from + pageLength < entries.length ? String(from + pageLength) : null
  const messages = page.flatMap((entry): readonly (Opened | Refused)[] => {
    const { id, acceptedAt } = entry.message
    const became = becameOf(context, worked, entry, late)
    const told = { own, read: receipts, sent: places.get(id) ?? [], endOf, became }
    const one = withLateReaders(worked, shown(worked, entry, told), late.get(id), [...receipts, ...answers])
    return gaps.has(id) ? [{ kind: 'refused', id, acceptedAt, reason: 'stream-gap' }, one] : [one]
  })
  return { messages, next, alarms }
}

/**
 * Where views of this thread contradict each other: what was served before, and what other readers have signed (protocol.md § 7).
 * Told, and never a reason not to read: author or server may be wrong, and nobody here can say which. What was signed of another
 * stream than one's own is no receipt: a server that dropped a message and moved the others up would have it shown as read.
 */
async function heldAgainst(
  worked: Worked,
  thread: ThreadId,
  read: readonly ReadBy[],
): Promise<{ readonly alarms: readonly ThreadAlarm[]; readonly receipts: readonly ReadBy[] }> {
  const alarms: ThreadAlarm[] = worked.threads.alarmsOf(thread).map((kind) => ({ kind, by: null }))
  let isReadAgain = false
  const receipts: ReadBy[] = []
  for (const cursor of read) {
    const { user, key, seq, h } = cursor
    let held = await worked.threads.compare(thread, key, { n: seq, h })
    // She may have read on meanwhile: only what is not there when it is asked for again was taken away.
    if (held === 'ahead' && !isReadAgain) {
      await worked.threads.load(thread)
      isReadAgain = true
      held = await worked.threads.compare(thread, key, { n: seq, h })
    }
    if (held === 'agrees') receipts.push(cursor)
    else if (held !== 'unseen') alarms.push({ kind: held === 'forked' ? 'forked' : 'rolled-back', by: user })
  }
  return { alarms, receipts }
}

/** Where a message stands in a stream. */
type StreamPlace = { readonly key: string; readonly seq: number }

/**
 * The places of one's own authority's messages in the streams of those they were sealed to. A source is served its epoch's seal
 * only; which flow keys a message went under stands in there, and the order of acceptance gives each its number.
 */
function placesOf(entries: readonly Entry[]): ReadonlyMap<MessageId, readonly StreamPlace[]> {
  const counts = new Map<string, number>()
  return new Map(
    entries.map(({ message, result }) => {
      const notes = result.ok ? (result.opened.recipients ?? []) : []
      const flows = notes.flatMap((note) => (note.cause === 'sealed' && note.flow !== null ? [note.flow] : []))
      const places = flows.map((key) => {
        const seq = (counts.get(key) ?? 0) + 1
        counts.set(key, seq)
        return { key, seq }
      })
      return [message.id, places]
    }),
  )
}

function shown(
  worked: Worked,
  { message, result }: Entry,
  {
    own,
    read,
    sent,
    endOf,
    became,
  }: {
    readonly own: AuthorityId
    readonly read: readonly ReadBy[]
    readonly sent: readonly StreamPlace[]
    readonly endOf: KeyEnds
    readonly became: Became
  },
): Opened | Refused {
  const { id, acceptedAt } = message
  if (!result.ok) return { kind: 'refused', id, acceptedAt, reason: result.reason }
  const compartment = compartmentOf(worked.book, message.compartment, result.source)
  if (compartment === null) return { kind: 'refused', id, acceptedAt, reason: 'message-elsewhere' }
  const { author, at, body } = result.opened
  const { text, title } = body.kind === 'text' ? body : { text: body.text.agreed, title: null }
  return {
    kind: 'opened',
    id,
    author,
    at,
    acceptedAt,
    authority: compartment.source,
    isUnconfirmed: worked.book.isUnconfirmed(compartment.source, own, author),
    category: compartment.category,
    purpose: compartment.purpose,
    text,
    title,
    sentTo: sentTo(result.opened.recipients, became),
    readBy: readersOf([...message.seals, ...sent], read, author),
    late: result.late,
    isOrderDoubted: result.isOrderDoubted,
    isDateDoubted: isDateDoubted(endOf, message, result.late),
  }
}

/**
 * Judged anew whenever it is shown, since that a key had ended may be heard of afterwards. Two honest clocks may be so far apart.
 * What was sealed late was not written under that key: who signed its list vouches for it.
 */
function isDateDoubted(endOf: KeyEnds, { at, acceptedAt, seals }: Entry['message'], isLate: boolean): boolean {
  if (at > addMinutes(serverInstant(acceptedAt), clocksApartMinutes)) return true
  const ends = seals.flatMap((seal) => (isLate || seal.late ? [] : (endOf(seal.key) ?? [])))
  return ends.some((end) => at > addMinutes(end, clocksApartMinutes))
}

type Became = Parameters<typeof sentTo>[1]
type Spoken = Pick<ReadBy, 'user' | 'at'>

/** Asked only where somebody had no key: the other threads have to be read for it. */
async function lateIn(worked: Worked, entries: readonly Entry[]): Promise<SealedLate> {
  const waits = ({ result }: Entry): boolean =>
    result.ok && (result.opened.recipients ?? []).some((note) => note.cause === 'waiting')
  if (!entries.some(waits)) return new Map()
  await worked.threads.loadAll()
  return sealedLate(worked)
}

function becameOf(context: Context, worked: Worked, entry: Entry, late: SealedLate): Became {
  const at = context.now()
  return (authority) => {
    if (late.get(entry.message.id)?.has(authority) === true) return 'sealed-late'
    return mayStillCome(worked, entry, authority, at) ? 'waiting' : 'never'
  }
}

/** Who has written in a thread has had it before her. */
const answersIn = (entries: readonly Entry[]): readonly Spoken[] =>
  entries.flatMap(({ message, result }) => (result.ok ? [{ user: message.author, at: message.at }] : []))

/**
 * A late seal has no place in a stream that a cursor could name: what its recipient's people have signed in the thread afterwards,
 * a cursor or an answer, says that they have had it before them.
 */
function withLateReaders(
  worked: Worked,
  message: Opened | Refused,
  late: ReadonlyMap<AuthorityId, Instant> | undefined,
  spoken: readonly Spoken[],
): Opened | Refused {
  if (message.kind === 'refused' || late === undefined) return message
  const known = new Set(message.readBy.map((one) => one.user))
  const readers = new Map<UserId, Instant>()
  for (const { user, at } of spoken) {
    const authority = worked.book.answer?.people.find((person) => person.user === user)?.authority
    const since = authority === undefined ? undefined : late.get(authority)
    if (since !== undefined && since <= at && !known.has(user)) readers.set(user, readers.get(user) ?? at)
  }
  return { ...message, readBy: [...message.readBy, ...[...readers].map(([user, at]) => ({ user, at }))] }
}

function readersOf(places: readonly StreamPlace[], read: readonly ReadBy[], author: UserId): Opened['readBy'] {
  const found = new Map<UserId, Instant>()
  for (const cursor of read) {
    const covers = places.some((place) => place.key === cursor.key && place.seq <= cursor.seq)
    if (covers && cursor.user !== author) found.set(cursor.user, cursor.at)
  }
  return [...found].map(([user, at]) => ({ user, at }))
}

/** Cursors whose signature is their reader's; others are no receipt. */
async function cursorsOf(context: Context, worked: Worked, thread: ThreadId): Promise<readonly ReadBy[]> {
  const { cursors } = await context.http.call(operations.table.cursors, {
    params: { caseId: worked.book.id, threadId: thread },
  })
  const found: ReadBy[] = []
  for (const { user, key, seq, cursor } of cursors) {
    const authority = worked.book.answer?.people.find((person) => person.user === user)?.authority
    const signer = authority === undefined ? null : await context.author(user, context.now(), authority)
    if (signer === null) continue
    const verified = await verifyCursor(cursor, signer)
    if (!verified.ok || verified.value.by !== user || verified.value.seq !== seq || !('key' in verified.value.stream))
      continue
    if (verified.value.stream.key !== key || verified.value.stream.context !== thread) continue
    found.push({ user, key, seq, h: verified.value.h, at: verified.value.at })
  }
  return found
}

/** Signs how far one has read each stream of a thread: the read receipt, and what makes two clients' views meet. */
export async function markRead(context: Context, caseId: CaseId, thread: ThreadId): Promise<void> {
  const worked = await context.work(caseId, 'as-known')
  const holder = await context.holder()
  await worked.threads.load(thread)
  for (const { key, head } of worked.threads.headsOf(thread)) {
    if (head.n === 0) continue
    const cursor = await signCursor(
      { by: holder.user, at: context.at(null), stream: { key, context: thread }, seq: head.n, h: head.h },
      holder.key,
      context.random,
    )
    await context.http.call(operations.table.moveCursor, {
      params: { caseId, threadId: thread },
      body: { key, seq: head.n, cursor },
    })
  }
}
