// The threads of one case as this client has opened them: order checked by stream, each message opened or refused by itself.
import type { ReadMessage } from '#libs/contracts'
import { threads as operations } from '#libs/contracts'
import type {
  AuthorityId,
  ClosedStream,
  Hash,
  Instant,
  KeyId,
  MessageId,
  Purpose,
  Statement,
  ThreadId,
  UserId,
} from '#libs/domain'
import { addMinutes, assignmentSpans, clocksApartMinutes, threadShown } from '#libs/domain'
import type { PublicKey, Seen } from '#libs/protocol'
import { hashOfCiphertext, openMessage, streamNext, streamStart, StreamVerifier } from '#libs/protocol'
import type { CaseBook, StatementOf } from './case-book.ts'
import { authorityOfPlace, said } from './case-book.ts'
import type { Entry, SealKey } from './entries.ts'
import type { Http } from './http.ts'
import { openListed } from './late-seals.ts'
import type { Vault } from './vault.ts'

type Thread = {
  readonly id: ThreadId
  /** What was served in it, in that order. A message served in two threads is judged in each by itself. */
  readonly entries: Map<MessageId, Entry>
  readonly streams: Map<KeyId, StreamVerifier>
  /** One read after the other: of two at once, one would take what the other had taken for a repetition. */
  reading: Promise<void>
  /** The cursor of the last page read; that page is read again, since it may have grown. */
  cursor: string | undefined
  isWhole: boolean
}
const emptyThread = (id: ThreadId): Thread => ({
  id,
  entries: new Map(),
  streams: new Map(),
  reading: Promise.resolve(),
  cursor: undefined,
  isWhole: false,
})
/** A stream that contradicts what was seen of it, or ends before that. */
export type StreamAlarm = 'forked' | 'rolled-back'
type Listed = { readonly id: ThreadId; readonly purpose: Purpose; readonly first: Entry; readonly newest: Entry }

/** Said, or signed, to stand in another thread than the one it is served in: it may open there, and is nothing of this one. */
const isElsewhere = ({ result }: Entry): boolean => !result.ok && result.reason === 'message-elsewhere'

/** Opened by no seal of its own time: its late seal is checked with the whole list that announced it. */
const isLate = (entry: Entry | undefined): boolean =>
  entry !== undefined && !entry.result.ok && entry.result.reason === 'late-waiting'

export type Author = (user: UserId, at: Instant, authority: AuthorityId) => Promise<PublicKey | null>

export class ThreadBook {
  readonly #http: Http
  readonly #book: CaseBook
  readonly #vault: Vault
  readonly #own: AuthorityId
  readonly #author: Author
  readonly #threads = new Map<ThreadId, Thread>()
  /** What has opened, so that it is not opened twice; signed for one thread, so that it is known by its id. */
  readonly #opened = new Map<MessageId, Entry>()
  /** Where a message stands: the thread that it opened in, else the first that it was served in as its own. */
  readonly #threadOf = new Map<MessageId, ThreadId>()
  readonly #reached = new Map<string, Seen>()
  readonly #purposes = new Map<ThreadId, Purpose>()

  constructor(input: { http: Http; book: CaseBook; vault: Vault; own: AuthorityId; author: Author }) {
    this.#http = input.http
    this.#book = input.book
    this.#vault = input.vault
    this.#own = input.own
    this.#author = input.author
  }

  /** Forgets order and places, so that everything is asked for anew; what was opened stays opened only if it is served again. */
  invalidate(): void {
    this.#threads.clear()
    this.#threadOf.clear()
  }

  entry(message: MessageId): Entry | null {
    const thread = this.#threadOf.get(message)
    return thread === undefined ? null : (this.#threads.get(thread)?.entries.get(message) ?? null)
  }

  purpose(thread: ThreadId): Purpose | null {
    return this.#purposes.get(thread) ?? null
  }

  /** The threads there are for this reader; each is read to its end when it is opened, or where a late seal has to be checked. */
  async list(): Promise<readonly Listed[]> {
    const listed = await this.#listed()
    for (const { id, first, newest } of listed) if (isLate(first) || isLate(newest)) await this.load(id)
    const checked = (entry: Entry): Entry => (isLate(entry) ? (this.entry(entry.message.id) ?? entry) : entry)
    return listed.map((one) => ({ ...one, first: checked(one.first), newest: checked(one.newest) }))
  }

  async #listed(): Promise<readonly Listed[]> {
    const found = []
    let after: string | undefined
    do {
      const page = await this.#http.call(operations.table.list, {
        params: { caseId: this.#book.id },
        query: after === undefined ? {} : { after },
      })
      for (const thread of page.threads) {
        this.#purposes.set(thread.id, thread.purpose)
        found.push({
          id: thread.id,
          purpose: thread.purpose,
          first: await this.#open(thread.first, thread.id, null),
          newest: await this.#open(thread.newest, thread.id, null),
        })
      }
      after = page.next ?? undefined
    } while (after !== undefined)
    return found
  }

  async loadAll(): Promise<void> {
    for (const thread of await this.#listed()) await this.load(thread.id)
  }

  /** Reads a thread to its end; what was read is not opened again, and an answer repeated changes nothing. */
  async load(id: ThreadId): Promise<readonly Entry[]> {
    const thread = this.#threads.get(id) ?? emptyThread(id)
    this.#threads.set(id, thread)
    thread.reading = thread.reading.catch(() => undefined).then(() => this.#readOn(thread))
    await thread.reading
    await this.#openLate(thread)
    return [...thread.entries.values()]
  }

  async #readOn(thread: Thread): Promise<void> {
    for (;;) {
      const page = await this.#http.call(operations.table.read, {
        params: { caseId: this.#book.id, threadId: thread.id },
        query: thread.cursor === undefined ? { limit: 200 } : { after: thread.cursor, limit: 200 },
      })
      for (const message of page.messages) await this.#receive(thread, message)
      if (page.next === null) break
      thread.cursor = page.next
    }
    thread.isWhole = true
    this.#remember(thread)
  }

  /** How far each stream was ever served: what is dropped from its end afterwards is noticed, while this client is open. */
  #remember(thread: Thread): void {
    for (const [key, stream] of thread.streams) {
      const name = `${key}/${thread.id}`
      const before = this.#reached.get(name)
      if (before === undefined || before.n < stream.end.n) this.#reached.set(name, stream.end)
    }
  }

  /** Places for which nothing was served, by the message that follows them. */
  gapsBefore(id: ThreadId): ReadonlySet<MessageId> {
    const thread = this.#threads.get(id)
    const found = new Set<MessageId>()
    for (const entry of thread?.entries.values() ?? [])
      for (const seal of isElsewhere(entry) ? [] : entry.message.seals)
        if (!seal.late && thread?.streams.get(seal.key)?.gaps.some((gap) => gap.to === seal.seq - 1))
          found.add(entry.message.id)
    return found
  }

  /** Streams of a thread that are not as they were served before. */
  alarmsOf(id: ThreadId): readonly StreamAlarm[] {
    return [...(this.#threads.get(id)?.streams ?? [])].flatMap(([key, stream]) => {
      const before = this.#reached.get(`${key}/${id}`)
      const held = before === undefined ? null : stream.reaches(before)
      return held === null || held.ok ? [] : [held.error === 'stream-forked' ? 'forked' : 'rolled-back']
    })
  }

  /**
   * What somebody signed of a stream against one's own view of it. `ahead`: read again before it is called a roll-back; `unseen`: a
   * stream that this client cannot follow.
   */
  async compare(id: ThreadId, key: KeyId, seen: Seen): Promise<'agrees' | 'ahead' | 'forked' | 'unseen'> {
    const stream = this.#threads.get(id)?.streams.get(key)
    if (stream !== undefined) {
      const held = stream.reaches(seen)
      return held.ok ? 'agrees' : held.error === 'stream-forked' ? 'forked' : 'ahead'
    }
    const flow = said(this.#book.statements(), 'flow.keyed').find((one) => one.statement.body.flow === key)?.statement
    // Only of what one's own authority sends, and of a thread that opened whole, can the stream of another reader be made here.
    if (flow === undefined || authorityOfPlace(flow.place) !== this.#own || !this.#isWholeAndOpen(id)) return 'unseen'
    const hashes = await this.#sentHashes({ id: key, commit: flow.body.commit }, id)
    const own = hashes[seen.n]
    return own === undefined ? 'ahead' : own === seen.h ? 'agrees' : 'forked'
  }

  #isWholeAndOpen(id: ThreadId): boolean {
    const entries = [...(this.#threads.get(id)?.entries.values() ?? [])]
    return this.gapsBefore(id).size === 0 && entries.every((entry) => entry.result.ok)
  }

  async #receive(thread: Thread, message: ReadMessage): Promise<void> {
    if (thread.entries.has(message.id)) return
    this.#keep(thread, await this.#open(message, thread.id, thread))
  }

  #keep(thread: Thread, entry: Entry): void {
    const { id } = entry.message
    thread.entries.set(id, entry)
    if (entry.result.ok) this.#opened.set(id, entry)
    if (entry.result.ok || (!isElsewhere(entry) && !this.#threadOf.has(id))) this.#threadOf.set(id, thread.id)
  }

  /** Opens a message for the thread that it is shown in; with `thread`, it takes its places in the streams of it. */
  async #open(message: ReadMessage, shownIn: ThreadId, thread: Thread | null): Promise<Entry> {
    const ciphertext = await hashOfCiphertext(message.ciphertext)
    if (!ciphertext.ok) return { message, ciphertext: null, result: { ok: false, reason: ciphertext.error } }
    // Before it takes a place here that it was not given: what it says itself is held against the signed header when it is opened.
    if (message.thread !== shownIn)
      return { message, ciphertext: ciphertext.value, result: { ok: false, reason: 'message-elsewhere' } }
    let reason = 'late-waiting'
    const usable: { readonly seal: ReadMessage['seals'][number]; readonly key: SealKey }[] = []
    // Whoever reads by a consent and by a disclosure has the message in two streams: it has its place in each.
    for (const seal of message.seals.filter((one) => !one.late)) {
      const key = await this.sealKey(seal.key)
      if (typeof key === 'string' || key.items !== null) {
        reason = typeof key === 'string' ? key : 'outside-disclosure'
        continue
      }
      const placed = thread === null ? null : await this.#place(thread, seal, key, ciphertext.value)
      if (placed?.ok === false)
        return { message, ciphertext: ciphertext.value, result: { ok: false, reason: placed.error } }
      usable.push({ seal, key })
    }
    for (const { seal, key } of usable) {
      const before = this.#opened.get(message.id)
      if (before?.ciphertext === ciphertext.value && before.message.thread === shownIn) return before
      const expected = await this.#expectations(message, shownIn, key, null)
      const result = await openMessage({ ...message, seal }, key.key, expected)
      if (result.ok) {
        const { seen } = result.value
        // Nobody has read further than to the place before her own: what lies ahead contradicts as much as another hash.
        const stream = thread?.streams.get(seal.key)
        const isOrderDoubted = seen !== null && stream?.reaches(seen).ok === false
        if (seen !== null) await stream?.tell(seen)
        const opened = { ok: true, opened: result.value, late: false, isOrderDoubted, source: key.source } as const
        return { message, ciphertext: ciphertext.value, result: opened }
      }
      reason = result.error
    }
    return { message, ciphertext: ciphertext.value, result: { ok: false, reason } }
  }

  async #place(
    thread: Thread,
    seal: ReadMessage['seals'][number],
    key: SealKey,
    ciphertext: Hash,
  ): ReturnType<StreamVerifier['accept']> {
    const stream =
      thread.streams.get(seal.key) ?? (await StreamVerifier.start(key.commit, { key: seal.key, context: thread.id }))
    thread.streams.set(seal.key, stream)
    return stream.accept(seal.seq, ciphertext)
  }

  async #openLate(thread: Thread): Promise<void> {
    if (![...thread.entries.values()].some(isLate)) return
    for (const one of await this.#listed())
      if (this.#threads.get(one.id)?.isWhole !== true && one.id !== thread.id) await this.load(one.id)
    const waiting = [...this.#threads.values()].flatMap((one) => [...one.entries.values()].filter(isLate))
    const opened = await openListed({
      waiting,
      announced: said(this.#book.statements(), 'seals.added').map((one) => one.statement),
      sealKey: (key) => this.sealKey(key),
      expectations: (message, key, late) => this.#expectations(message, message.thread, key, late),
    })
    for (const entry of opened) {
      const own = this.#threads.get(entry.message.thread)
      if (own !== undefined) this.#keep(own, entry)
    }
  }

  /** What verified statements say of a key, or the word for why it cannot be used. */
  async sealKey(id: KeyId): Promise<SealKey | string> {
    const statements = [...this.#book.statements()]
    const epoch = said(statements, 'epoch.started').find((one) => one.statement.body.epoch === id)?.statement
    const flow = said(statements, 'flow.keyed').find((one) => one.statement.body.flow === id)?.statement
    const body = epoch?.body ?? flow?.body
    if (body === undefined) return 'key-unknown'
    const key = await this.#vault.open(id)
    if (!key.ok) return key.error
    const shared = { key: key.value, commit: body.commit, compartment: body.compartment, until: body.until }
    if (epoch !== undefined)
      return {
        ...shared,
        items: null,
        onlyThread: null,
        source: this.#own,
        writers: epoch.body.readers.filter((reader) => reader.write).map((reader) => reader.user),
        strand: null,
      }
    if (flow === undefined) return 'key-unknown'
    const source = authorityOfPlace(flow.place)
    const strand = this.#book.place(flow.place)
    return {
      ...shared,
      source,
      writers: flow.body.writers,
      ...this.#limitsOf(flow),
      strand: source === this.#own ? null : strand.map((one) => one.statement),
    }
  }

  /** What the disclosure that a flow key rests on names; a key that rests on one unknown here seals nothing. */
  #limitsOf(flow: StatementOf<'flow.keyed'>): Pick<SealKey, 'items' | 'onlyThread'> {
    const { disclosure } = flow.body
    if (disclosure === undefined) return { items: null, onlyThread: null }
    const made = this.#book.find(disclosure)
    if (made?.statement.type !== 'disclosure.made') return { items: [], onlyThread: null }
    const { items } = made.statement.body
    return { items: items === 'all' ? null : items, onlyThread: threadShown(made.statement.body) }
  }

  async #expectations(
    message: ReadMessage,
    thread: ThreadId,
    key: SealKey,
    late: Parameters<typeof openMessage>[2]['late'],
  ): Promise<Parameters<typeof openMessage>[2]> {
    return {
      compartment: key.compartment,
      thread,
      author: await this.#author(message.author, message.at, key.source),
      // A late seal is vouched for by who signed its list, among the key's writers; its author may have left since.
      writers: late === null ? this.#writersOf(key, message) : [message.author],
      speakers: key.strand === null || late !== null ? null : speakersAt(key.strand, message.at),
      until: key.until,
      closed: this.#closed(key, thread),
      late,
      known: (id) => (this.#opened.get(id)?.message.thread ?? thread) !== thread,
    }
  }

  /** A colleague who joined an epoch by `wraps.added` with `write` writes under it too; who has left the case writes no more. */
  #writersOf(key: SealKey, { author, at }: ReadMessage): readonly UserId[] {
    // Another authority's assignments are not shown: there its list of speakers says who has left.
    if (key.strand === null && !this.#wasAssigned(author, at)) return []
    if (key.writers.includes(author)) return key.writers
    const joined = said(this.#book.statements(), 'wraps.added').some(
      ({ statement }) =>
        statement.body.key === key.key.id &&
        statement.body.readers.some((reader) => reader.user === author && reader.write),
    )
    return joined ? [...key.writers, author] : key.writers
  }

  #wasAssigned(user: UserId, at: Instant): boolean {
    return assignmentSpans(this.#book.history, this.#own, user).some(
      (span) => span.from <= at && at <= addMinutes(span.until, clocksApartMinutes),
    )
  }

  /** The final list of a key, from the source's own chains: nobody else's closes it, though she may have said so. */
  #closed({ key, commit, source }: SealKey, thread: ThreadId): ClosedStream | null {
    for (const { statement } of this.#book.statements()) {
      if (!('closes' in statement.body) || authorityOfPlace(statement.place) !== source) continue
      const closed = statement.body.closes.find((one) => one.key === key.id)
      if (closed === undefined) continue
      // A stream that the final list does not name had no message: everything in it lies beyond.
      return closed.streams.find((stream) => stream.context === thread) ?? { context: thread, count: 0, hash: commit }
    }
    return null
  }

  /** How far this client has read a stream; for one that one's own authority sends, how far it has been sent. */
  async seen(key: { readonly id: KeyId; readonly commit: Hash }, id: ThreadId): Promise<Seen> {
    return this.#threads.get(id)?.streams.get(key.id)?.head ?? this.#sent(key, id)
  }

  /**
   * A stream to another authority as its source knows it. The source is served its epoch's seal only; the flow keys that a message
   * went under stand in there, so the running hash can be made from what was opened.
   */
  async #sent(key: { readonly id: KeyId; readonly commit: Hash }, id: ThreadId): Promise<Seen> {
    const hashes = await this.#sentHashes(key, id)
    const h = hashes.at(-1)
    if (h === undefined) throw new Error('a stream has a start')
    return { n: hashes.length - 1, h }
  }

  async #sentHashes(key: { readonly id: KeyId; readonly commit: Hash }, id: ThreadId): Promise<readonly Hash[]> {
    let h = await streamStart(key.commit, { key: key.id, context: id })
    const hashes = [h]
    for (const entry of this.#threads.get(id)?.entries.values() ?? []) {
      if (!entry.result.ok || entry.ciphertext === null) continue
      const isUnder = entry.result.opened.recipients?.some((note) => note.flow === key.id && note.cause === 'sealed')
      if (isUnder !== true) continue
      h = await streamNext(h, entry.ciphertext)
      hashes.push(h)
    }
    return hashes
  }

  /** The streams of a key to their end: what `closes` says of it. Every thread is loaded before this is asked. */
  async streamsOf(key: {
    readonly id: KeyId
    readonly commit: Hash
  }): Promise<readonly { readonly thread: ThreadId; readonly head: Seen }[]> {
    const found = []
    for (const [thread, { streams }] of this.#threads)
      found.push({ thread, head: streams.get(key.id)?.end ?? (await this.#sent(key, thread)) })
    return found.filter(({ head }) => head.n > 0)
  }

  headsOf(id: ThreadId): readonly { readonly key: KeyId; readonly head: Seen }[] {
    return [...(this.#threads.get(id)?.streams ?? [])].map(([key, stream]) => ({ key, head: stream.head }))
  }

  /** Every message of a compartment that this client has opened: what late seals can be made for. */
  openedIn(compartment: SealKey['compartment']): readonly Entry[] {
    return [...this.#threads.values()].flatMap((thread) =>
      [...thread.entries.values()].filter((entry) => entry.message.compartment === compartment && entry.result.ok),
    )
  }
}

/**
 * Who spoke when a message is dated. A list stands until the next one, both minutes included: who was taken off stays the author of
 * what she wrote before, and `closes` of the flow keys that named her keep out what is dated back.
 */
function speakersAt(statements: readonly Statement[], at: Instant): readonly UserId[] {
  const lists = statements.filter((one): one is StatementOf<'speakers'> => one.type === 'speakers')
  return lists.flatMap((list, place) => {
    const next = lists[place + 1]
    return list.at <= at && (next === undefined || at <= next.at) ? list.body.users : []
  })
}
