// The opened keys of one case: unwrapped on use, checked against the statements that made them, gone on lock (protocol.md § 5).
import { keys as operations } from '#libs/contracts'
import type { AuthorityId, CompartmentId, Fingerprint, Hash, KeyId, Result, UserId } from '#libs/domain'
import { ok, refused } from '#libs/domain'
import type { CaseKey, Opener, ProtocolRefusal, StaffKey } from '#libs/protocol'
import { openFlowKeyUnderEpoch, openReception, openWrap } from '#libs/protocol'
import type { CaseBook, StatementOf } from './case-book.ts'
import { authorityOfPlace, said } from './case-book.ts'
import type { Http } from './http.ts'

/** Who opens: her unlocked key, and whom she works for. */
export type Holder = { readonly user: UserId; readonly authority: AuthorityId; readonly key: StaffKey }
/** `key-not-given`: her own authority's, and no colleague's client has wrapped it to the key that she has now. */
export type VaultRefusal = ProtocolRefusal | 'key-unknown' | 'key-not-given' | 'wrap-missing'

export class Vault {
  readonly #http: Http
  readonly #book: CaseBook
  readonly #holder: Holder
  readonly #wraps = new Map<string, string>()
  readonly #opened = new Map<KeyId, CaseKey>()
  readonly #openers = new Map<KeyId, Opener>()

  constructor(http: Http, book: CaseBook, holder: Holder) {
    this.#http = http
    this.#book = book
    this.#holder = holder
  }

  /** A key that this client has just made. */
  keep(key: CaseKey): void {
    this.#opened.set(key.id, key)
  }

  /** An epoch of one's own authority, or a flow key from or to it. */
  async open(key: KeyId): Promise<Result<CaseKey, VaultRefusal>> {
    const opened = this.#opened.get(key)
    if (opened !== undefined) return ok(opened)
    const result = await this.#openAnew(key)
    if (result.ok) this.#opened.set(key, result.value)
    return result
  }

  async #openAnew(key: KeyId): Promise<Result<CaseKey, VaultRefusal>> {
    const epoch = said(this.#book.statements(), 'epoch.started').find((one) => one.statement.body.epoch === key)
    if (epoch !== undefined) return this.#openOwn(key, epoch.statement.body.compartment, epoch.statement.body.commit)
    const flow = said(this.#book.statements(), 'flow.keyed').find((one) => one.statement.body.flow === key)
    if (flow === undefined) return refused('key-unknown')
    return authorityOfPlace(flow.statement.place) === this.#holder.authority
      ? this.#openSent(flow.statement)
      : this.#openReceived(flow.statement)
  }

  async #openOwn(
    key: KeyId,
    of: Parameters<typeof openWrap>[2]['of'],
    commit: Hash,
  ): Promise<Result<CaseKey, VaultRefusal>> {
    const wraps = this.#wrapsNamed(key)
    if (wraps.length === 0) return refused('key-not-given')
    const bytes = await this.#wrap(key, this.#holder.key.public.encryption)
    if (bytes === null) return refused('wrap-missing')
    let last: Result<CaseKey, VaultRefusal> = refused('wrap-missing')
    for (const wrap of wraps) {
      last = await openWrap(bytes, this.#holder.key.opener, { key, wrap, of, commit })
      if (last.ok) return last
    }
    return last
  }

  /** The hashes under which own statements name a wrap of this key for this holder's key; the newest last said comes first. */
  #wrapsNamed(key: KeyId): readonly Hash[] {
    const mine = (reader: { readonly user: UserId; readonly key: Fingerprint }): boolean =>
      reader.user === this.#holder.user && reader.key === this.#holder.key.public.encryption
    const statements = [...this.#book.statements()]
    const added = said(statements, 'wraps.added').filter((one) => one.statement.body.key === key)
    const epochs = said(statements, 'epoch.started').filter((one) => one.statement.body.epoch === key)
    const receptions = said(statements, 'reception.started').filter((one) => one.statement.body.reception === key)
    return [...added.toReversed(), ...epochs, ...receptions].flatMap((one) =>
      one.statement.body.readers.filter(mine).map((reader) => reader.wrap),
    )
  }

  async #openSent(flow: StatementOf<'flow.keyed'>): Promise<Result<CaseKey, VaultRefusal>> {
    const { body } = flow
    const epoch = await this.open(body.epoch)
    if (!epoch.ok) return epoch
    const bytes = await this.#wrap(body.flow, 'epoch')
    if (bytes === null) return refused('wrap-missing')
    return openFlowKeyUnderEpoch(bytes, epoch.value, flowExpected(body, body.sealed))
  }

  async #openReceived(flow: StatementOf<'flow.keyed'>): Promise<Result<CaseKey, VaultRefusal>> {
    const { body } = flow
    const opener = await this.#opener(body.reception)
    if (!opener.ok) return opener
    const bytes = await this.#wrap(body.flow, body.reception)
    if (bytes === null) return refused('wrap-missing')
    return openWrap(bytes, opener.value, flowExpected(body, body.wrap))
  }

  async #opener(reception: KeyId): Promise<Result<Opener, VaultRefusal>> {
    const known = this.#openers.get(reception)
    if (known !== undefined) return ok(known)
    const started = said(this.#book.statements(), 'reception.started').find(
      (one) => one.statement.body.reception === reception,
    )
    if (started === undefined) return refused('key-unknown')
    const { subject, commit, publicKey } = started.statement.body
    const secret = this.#opened.get(reception) ?? (await this.#openOwn(reception, subject, commit))
    const key = 'ok' in secret ? secret : ok(secret)
    if (!key.ok) return key
    this.#opened.set(reception, key.value)
    const opener = await openReception(key.value.secret, publicKey)
    if (opener.ok) this.#openers.set(reception, opener.value)
    return opener
  }

  /** The secret of one's own reception key, for wrapping it to a colleague. */
  async reception(reception: KeyId): Promise<Result<CaseKey, VaultRefusal>> {
    const opener = await this.#opener(reception)
    if (!opener.ok) return opener
    const key = this.#opened.get(reception)
    return key === undefined ? refused('key-unknown') : ok(key)
  }

  async #wrap(key: KeyId, to: string): Promise<string | null> {
    const name = `${key}/${to}`
    const known = this.#wraps.get(name)
    if (known !== undefined) return known
    await this.#fetchWraps()
    return this.#wraps.get(name) ?? null
  }

  async #fetchWraps(): Promise<void> {
    let after: string | undefined
    for (;;) {
      const answer = await this.#http.call(operations.table.wraps, {
        params: { caseId: this.#book.id },
        query: after === undefined ? {} : { after },
      })
      for (const wrap of answer.wraps) this.#wraps.set(`${wrap.key}/${wrap.to}`, wrap.bytes)
      after = answer.wraps.at(-1)?.key
      if (!answer.more || after === undefined) return
    }
  }
}

const flowExpected = (
  body: { readonly flow: KeyId; readonly compartment: CompartmentId; readonly commit: Hash },
  wrap: Hash,
): { readonly key: KeyId; readonly wrap: Hash; readonly of: CompartmentId; readonly commit: Hash } => ({
  key: body.flow,
  wrap,
  of: body.compartment,
  commit: body.commit,
})
