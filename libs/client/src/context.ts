// What one session holds: who is signed in, her unlocked key, the chains and cases she has read. Lock empties it.
import { sessions, tenants as tenantOperations } from '#libs/contracts'
import type { AuthorityId, CaseId, Head, Instant, MessageId, PlaceName, TenantId, UserId } from '#libs/domain'
import { addMinutes, clockOffMinutes, instantOf, latest, staffKeyAt } from '#libs/domain'
import type { PublicKey, Random, StaffKey } from '#libs/protocol'
import { CaseBook } from './case-book.ts'
import { Draft } from './draft.ts'
import type { Http } from './http.ts'
import type { Live } from './live.ts'
import type { Outbox } from './outbox.ts'
import { SlussProblem } from './problem.ts'
import { TenantBook } from './tenant-book.ts'
import { ThreadBook } from './thread-book.ts'
import type { Holder } from './vault.ts'
import { Vault } from './vault.ts'
import type { Directory, Me } from './views.ts'

/** A case being worked in: its chains, its opened keys, its threads. */
export type Worked = {
  readonly book: CaseBook
  readonly vault: Vault
  readonly threads: ThreadBook
  /** Messages that this client has sealed late, by compartment and recipient: the server shows them to the recipient only. */
  readonly sealedLate: Map<string, Set<MessageId>>
  isFresh: boolean
}

export type Setting = {
  readonly http: Http
  /** Milliseconds since 1970; development and tests may set it. */
  readonly clock: () => number
  readonly random: Random
  readonly rootFingerprint: string
  readonly outbox: Outbox
  /** Passphrases of invented people, which protect nothing and may be weak. */
  readonly takesInventedPassphrases: boolean
  /** Told what the client tried by itself and was refused; nothing fails with it. */
  readonly trouble: (problem: SlussProblem) => void
}

/** A clock further ahead than this is not believed when an own statement is dated (protocol.md § 2). */
const believedAheadMinutes = 4

export class Context {
  readonly http: Http
  readonly random: Random
  readonly takesInventedPassphrases: boolean
  readonly tenants: TenantBook
  readonly outbox: Outbox
  readonly trouble: (problem: SlussProblem) => void
  readonly #clock: () => number
  readonly #worked = new Map<CaseId, Worked>()
  #me: Me | null = null
  #directory: Directory | null = null
  #unlocked: StaffKey | null = null
  live: Live | null = null

  constructor(setting: Setting) {
    this.http = setting.http
    this.random = setting.random
    this.takesInventedPassphrases = setting.takesInventedPassphrases
    this.#clock = setting.clock
    this.outbox = setting.outbox
    this.trouble = setting.trouble
    this.tenants = new TenantBook(setting.http, setting.rootFingerprint)
  }

  async me(): Promise<Me> {
    this.#me ??= await this.http.call(sessions.table.me)
    return this.#me
  }

  /** True once the server has said who this is, or a key of hers was opened. */
  get isSomebody(): boolean {
    return this.#me !== null || this.#unlocked !== null
  }

  async directory(): Promise<Directory> {
    this.#directory ??= (await this.http.call(tenantOperations.table.directory)).tenants
    return this.#directory
  }

  /** The server's word on which tenant to ask for; what counts is what that tenant's founding names. */
  async loadTenantOf(authority: AuthorityId): Promise<TenantId | null> {
    const known = this.tenants.tenantOf(authority)
    if (known !== null) return known
    const entry = (await this.directory()).find((tenant) => tenant.authorities.some((one) => one.id === authority))
    if (entry === undefined) return null
    await this.tenants.refresh(entry.id)
    return this.tenants.tenantOf(authority)
  }

  get unlocked(): StaffKey | null {
    return this.#unlocked
  }

  unlock(key: StaffKey): void {
    this.#unlocked = key
    this.#worked.clear()
  }

  /** Forgets keys and everything that they opened. */
  lock(): void {
    this.#unlocked = null
    this.#worked.clear()
  }

  async holder(): Promise<Holder> {
    const me = await this.me()
    if (this.#unlocked === null) throw new SlussProblem('locked', 0)
    return { user: me.user, authority: me.authority.id, key: this.#unlocked }
  }

  now(): Instant {
    return instantOf(this.#clock())
  }

  /** True where own clock and the server's are further apart than it takes statements from (protocol.md § 2). */
  isApart(server: Instant): boolean {
    return server > addMinutes(this.now(), clockOffMinutes) || this.now() > addMinutes(server, clockOffMinutes)
  }

  /** The instant of a new statement: own clock, or the newest one known here if that is a little ahead (protocol.md § 2). */
  at(newest: Instant | null): Instant {
    const own = this.now()
    return newest !== null && newest <= addMinutes(own, believedAheadMinutes) ? latest(own, newest) : own
  }

  /** The case, read again unless nothing can have changed since it was read. */
  async work(id: CaseId, how: 'newest' | 'as-known' = 'newest'): Promise<Worked> {
    const holder = await this.holder()
    await this.loadTenantOf(holder.authority)
    const known = this.#worked.get(id)
    const worked = known ?? this.#begin(id, holder)
    if (how === 'newest' || !worked.isFresh) {
      const isNew = await worked.book.refresh()
      for (const authority of this.parties(worked.book)) await this.loadTenantOf(authority)
      if (isNew) worked.threads.invalidate()
      worked.isFresh = true
    }
    this.#worked.set(id, worked)
    return worked
  }

  #begin(id: CaseId, holder: Holder): Worked {
    const book = new CaseBook(id, holder.authority, this.http, this.tenants)
    const vault = new Vault(this.http, book, holder)
    const author = (user: UserId, at: Instant, authority: AuthorityId): Promise<PublicKey | null> =>
      this.author(user, at, authority)
    const threads = new ThreadBook({ http: this.http, book, vault, own: holder.authority, author })
    return { book, vault, threads, sealedLate: new Map(), isFresh: false }
  }

  /** A case that nobody has opened yet. */
  async blank(id: CaseId): Promise<Worked> {
    return this.#begin(id, await this.holder())
  }

  /** Something moved: the next use of the case reads it again. */
  stale(id: CaseId): void {
    const worked = this.#worked.get(id)
    if (worked !== undefined) worked.isFresh = false
  }

  /** A case that has moved since it was read, as its list tells: one that is not followed is told of in no other way. */
  movedAt(id: CaseId, changedAt: string): void {
    if (this.#worked.get(id)?.book.answer?.case.changedAt !== changedAt) this.stale(id)
  }

  /** Her scope changed: decrypted content and keys of the case go. */
  drop(id: CaseId): void {
    this.#worked.delete(id)
  }

  parties(book: CaseBook): readonly AuthorityId[] {
    const found = new Set<AuthorityId>()
    for (const chain of book.answer?.chains ?? [])
      for (const part of chain.place.split('/').slice(2)) found.add(part as AuthorityId) // places are parsed with their statements
    return [...found]
  }

  /** The key that a person signed with at this time; it must be certified for the authority whose material she writes. */
  async author(user: UserId, at: Instant, authority: AuthorityId): Promise<PublicKey | null> {
    const tenant = await this.loadTenantOf(authority)
    const state = tenant === null ? null : this.tenants.state(tenant)
    if (state === null) return null
    const standing = staffKeyAt(state, user, at)
    if (standing === null || standing.authority !== authority) return null
    return this.tenants.key(standing.signing)
  }

  /**
   * Nothing is widened or written on chains of which something was refused; narrowing and withdrawal always work (protocol.md § 2). A
   * withdrawal is dated after all that is known here, whatever the clock says: the server takes it at any time.
   */
  async draft(worked: Worked, purpose: 'any' | 'narrowing' | 'withdrawal' = 'any'): Promise<Draft> {
    const holder = await this.holder()
    const [refused] = worked.book.refusals.values()
    if (refused !== undefined && purpose === 'any') throw new SlussProblem('chain-refused', 0, refused)
    const newest = worked.book.newestAt()
    return new Draft({
      book: worked.book,
      holder,
      tenants: this.tenants.states,
      at: purpose === 'withdrawal' ? latest(this.now(), newest ?? this.now()) : this.at(newest),
      random: this.random,
      tenantHeads: (place) => this.headsFor(place, worked.book),
    })
  }

  /** On a strand the heads of its two parties' tenants; on a ledger its own and those of its strands (protocol.md § 4). */
  headsFor(place: PlaceName, book: CaseBook): Readonly<Record<string, Head>> {
    const [chain = '', , ...authorities] = place.split('/')
    const named = chain === 'ledger' ? [...authorities, ...this.parties(book)] : authorities
    const tenants = named.flatMap((authority) => this.tenants.tenantOf(authority as AuthorityId) ?? []) // parts of a parsed place
    return this.tenants.headsOf(tenants)
  }
}
