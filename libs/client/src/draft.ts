// An append being written: each statement is signed and at once folded into a working copy of the case, so that what the
// server will refuse is refused here first, and what follows is computed from what has just been said (protocol.md § 4).
import type { Append } from '#libs/contracts'
import type {
  AuthorityId,
  CaseHistory,
  Hash,
  Head,
  Instant,
  KeyId,
  LedgerBodies,
  PlaceName,
  StrandBodies,
  TenantId,
  TenantState,
} from '#libs/domain'
import { extend } from '#libs/domain'
import type { Random, SignedStatement, UnsignedStatement, WrapBytes } from '#libs/protocol'
import { signStatement } from '#libs/protocol'
import type { CaseBook } from './case-book.ts'
import { ledgerPlace, strandPlace } from './case-book.ts'
import { SlussProblem } from './problem.ts'
import type { Holder } from './vault.ts'

export type DraftSetting = {
  readonly book: CaseBook
  readonly holder: Holder
  readonly tenants: ReadonlyMap<TenantId, TenantState>
  readonly at: Instant
  readonly random: Random
  /** Newest heads of the tenant chains that matter at this place. */
  readonly tenantHeads: (place: PlaceName) => Readonly<Record<string, Head>>
}

export class Draft {
  readonly at: Instant
  readonly setting: DraftSetting
  history: CaseHistory
  readonly statements: SignedStatement[] = []
  readonly #wraps: Append['wraps'] = []
  readonly #heads = new Map<PlaceName, Head>()

  constructor(setting: DraftSetting) {
    this.setting = setting
    this.at = setting.at
    this.history = setting.book.history
  }

  get isEmpty(): boolean {
    return this.statements.length === 0
  }

  /** On one's own authority's ledger. */
  async say<T extends keyof LedgerBodies & string>(type: T, body: LedgerBodies[T]): Promise<Hash> {
    return this.#sign(ledgerPlace(this.setting.book.id, this.setting.holder.authority), type, body)
  }

  /** On the strand from one's own authority to another. */
  async tell<T extends keyof StrandBodies & string>(to: AuthorityId, type: T, body: StrandBodies[T]): Promise<Hash> {
    return this.#sign(strandPlace(this.setting.book.id, this.setting.holder.authority, to), type, body)
  }

  carry(key: KeyId, to: string, wrap: WrapBytes): Hash {
    this.#wraps.push({ key, to: to as Append['wraps'][number]['to'], bytes: wrap.bytes }) // a fingerprint, a reception key's id or `epoch`, by our own callers
    return wrap.hash
  }

  async #sign(place: PlaceName, type: string, body: unknown): Promise<Hash> {
    const { book, holder, tenants, random } = this.setting
    const head = this.#heads.get(place) ?? book.head(place)
    const unsigned = {
      place,
      n: head === null ? 0 : head.n + 1,
      prev: head === null ? null : head.hash,
      at: this.at,
      by: holder.user,
      tenantHeads: this.setting.tenantHeads(place),
      type,
      body,
    } as UnsignedStatement // `say` and `tell` hold type and body together
    const signed = await signStatement(unsigned, holder.key, random)
    const next = extend(this.history, tenants, { statement: signed.statement, hash: signed.hash })
    if (!next.ok) throw new SlussProblem('statement-refused', 0, String(next.error))
    this.history = next.value
    this.#heads.set(place, { n: unsigned.n, hash: signed.hash })
    this.statements.push(signed)
    return signed.hash
  }

  append(): Append {
    return { statements: this.statements.map((one) => one.signed), wraps: this.#wraps }
  }
}
