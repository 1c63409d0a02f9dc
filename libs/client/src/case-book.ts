// One case as this client knows it: its verified chains, folded by the domain; the same function as the server's (protocol.md § 4).
import { cases as operations } from '#libs/contracts'
import type { AnswerOf } from '#libs/contracts'
import type {
  AuthorityId,
  CaseHistory,
  CaseId,
  Hash,
  Head,
  Instant,
  PlaceName,
  Statement,
  UserId,
  Verified,
} from '#libs/domain'
import { emptyHistory, extend, id, instant, isNamedByHerselfAlone } from '#libs/domain'
import type { Signed } from '#libs/protocol'
import { parseStatement, verifyStatement } from '#libs/protocol'
import type { Http } from './http.ts'
import { SlussProblem } from './problem.ts'
import type { TenantBook } from './tenant-book.ts'

export type CaseAnswer = AnswerOf<typeof operations.table.read>

export class CaseBook {
  readonly id: CaseId
  /** The authority whose ledger is held; its own strands are judged by that, whatever the server serves first. */
  readonly own: AuthorityId
  readonly #http: Http
  readonly #tenants: TenantBook
  readonly #places = new Map<PlaceName, Verified[]>()
  /** The bytes of each accepted statement, by place and `n`: what is served later under the same `n` is held against them. */
  readonly #texts = new Map<PlaceName, readonly string[]>()
  /** Why the next statement of a place did not fold, until it does: it may rest on another chain's. */
  readonly #waiting = new Map<PlaceName, string>()
  readonly #incomingTexts = new Map<Hash, string>()
  /** Grants that the server has called withdrawn; a later registration opens others, its silence opens nothing (protocol.md § 4 rule 4). */
  readonly withdrawnByWord = new Set<Hash>()
  /** A colleague or another party has signed with another history of a tenant than the one known here. */
  isTenantForked = false
  /** Places whose newest statements were not accepted, and why: nothing is widened in the case until that is cleared. */
  readonly refusals = new Map<PlaceName, string>()
  history: CaseHistory
  answer: CaseAnswer | null = null

  constructor(caseId: CaseId, own: AuthorityId, http: Http, tenants: TenantBook) {
    this.id = caseId
    this.own = own
    this.#http = http
    this.#tenants = tenants
    this.history = emptyHistory(caseId, own)
  }

  /** True where a chain is not as it was seen, here or by somebody else: server or signer shows two histories (protocol.md P4). */
  get isHistoryDoubted(): boolean {
    return this.isTenantForked || [...this.refusals.values()].some((one) => one === 'forked' || one === 'rolled-back')
  }

  /** Every accepted statement, in no order between places. */
  *statements(): Iterable<Verified> {
    for (const chain of this.#places.values()) yield* chain
  }

  place(name: PlaceName): readonly Verified[] {
    return this.#places.get(name) ?? []
  }

  head(name: PlaceName): Head | null {
    const last = this.#places.get(name)?.at(-1)
    return last === undefined ? null : { n: last.statement.n, hash: last.hash }
  }

  find(hash: Hash): Verified | null {
    for (const verified of this.statements()) if (verified.hash === hash) return verified
    return null
  }

  /** True of somebody of another authority whom nobody but herself has named as one who speaks to one's own. */
  isUnconfirmed(from: AuthorityId, to: AuthorityId, user: UserId): boolean {
    return from !== to && isNamedByHerselfAlone(this.history, this.#tenants.states, { from, to, user })
  }

  newestAt(): Instant | null {
    let newest: Instant | null = null
    for (const { statement } of this.statements()) if (newest === null || statement.at > newest) newest = statement.at
    return newest
  }

  /** Reads the case again; answers whether anything in its chains is new. */
  async refresh(): Promise<boolean> {
    const answer = await this.#http.call(operations.table.read, { params: { caseId: this.id } })
    // A key that ended in a tenant chain closes keys of the case though nothing is said there (protocol.md § 5).
    if (!(await this.#tenants.reaches(answer.tenantHeads))) throw new SlussProblem('chain-refused', 0, 'forked')
    this.refusals.clear()
    this.#waiting.clear()
    this.#incomingTexts.clear()
    const incoming = new Map<PlaceName, Verified[]>()
    const served = new Set<PlaceName>(answer.chains.map((chain) => chain.place))
    for (const place of this.#places.keys()) if (!served.has(place)) this.refusals.set(place, 'rolled-back')
    for (const chain of answer.chains) incoming.set(chain.place, await this.#verified(chain.place, chain.statements))
    for (const { grant } of answer.withdrawnGrants) this.withdrawnByWord.add(grant)
    this.answer = answer
    const isNew = this.#fold(incoming)
    for (const [place, reason] of this.#waiting) if (!this.refusals.has(place)) this.refusals.set(place, reason)
    return isNew
  }

  async #verified(place: PlaceName, statements: readonly Signed[]): Promise<Verified[]> {
    const known = this.#places.get(place) ?? []
    const fresh: Verified[] = []
    let seen = 0
    for (const signed of statements) {
      const parsed = parseStatement(signed.bytes)
      if (!parsed.ok) return this.#refuse(place, parsed.error, fresh)
      if (parsed.value.place !== place) return this.#refuse(place, 'wrong-place', fresh)
      const before = this.#texts.get(place)?.[parsed.value.n]
      if (before !== undefined) {
        if (before !== signed.bytes) return this.#refuse(place, 'forked', fresh)
        seen += 1
        continue
      }
      // Her view of a tenant and ours meet here: two histories of it are told, and neither is believed more than the other.
      if (!(await this.#tenants.reaches(parsed.value.tenantHeads))) this.isTenantForked = true
      const key = await this.#tenants.key(parsed.value.key)
      if (key === null) return this.#refuse(place, 'signer-unknown', fresh)
      const verified = await verifyStatement(signed, key)
      if (!verified.ok) return this.#refuse(place, verified.error, fresh)
      fresh.push(verified.value)
      this.#incomingTexts.set(verified.value.hash, signed.bytes)
    }
    if (seen < known.length) this.#refuse(place, 'rolled-back', fresh)
    return fresh
  }

  #refuse(place: PlaceName, reason: string, fresh: Verified[]): Verified[] {
    this.refusals.set(place, reason)
    return fresh
  }

  /** Chains are merged by the signers' time; where one rests on another of the same minute, the order that folds is taken. */
  #fold(incoming: ReadonlyMap<PlaceName, readonly Verified[]>): boolean {
    const waiting = [...incoming].map(([place, list]) => ({ place, list, next: 0 }))
    let isNew = false
    for (;;) {
      const heads = waiting
        .flatMap((chain) => {
          const verified = chain.list[chain.next]
          return verified === undefined ? [] : [{ chain, verified }]
        })
        .sort((a, b) =>
          a.verified.statement.at < b.verified.statement.at
            ? -1
            : a.verified.statement.at > b.verified.statement.at
              ? 1
              : 0,
        )
      if (heads.length === 0) return isNew
      const taken = heads.find(({ chain, verified }) => this.#take(chain.place, verified))
      if (taken === undefined) return isNew
      taken.chain.next += 1
      isNew = true
    }
  }

  #take(place: PlaceName, verified: Verified): boolean {
    const next = extend(this.history, this.#tenants.states, verified)
    if (!next.ok) {
      this.#waiting.set(place, String(next.error))
      return false
    }
    this.#waiting.delete(place)
    this.history = next.value
    const chain = this.#places.get(place) ?? []
    chain.push(verified)
    this.#places.set(place, chain)
    this.#texts.set(place, [...(this.#texts.get(place) ?? []), this.#incomingTexts.get(verified.hash) ?? ''])
    this.#incomingTexts.delete(verified.hash)
    return true
  }
}

/** The server's time of its answer, cut to the minute. */
export const serverInstant = (text: string): Instant => instant(`${new Date(text).toISOString().slice(0, 16)}Z`)

export type StatementOf<T extends Statement['type']> = Extract<Statement, { type: T }>

/** All statements of one type in the case, with hash, in the order of their chains. */
export function said<T extends Statement['type']>(
  statements: Iterable<Verified>,
  type: T,
): readonly { readonly statement: StatementOf<T>; readonly hash: Hash }[] {
  const found: { statement: StatementOf<T>; hash: Hash }[] = []
  for (const { statement, hash } of statements) if (isOf(statement, type)) found.push({ statement, hash })
  return found
}

const isOf = <T extends Statement['type']>(statement: Statement, type: T): statement is StatementOf<T> =>
  statement.type === type

export const ledgerPlace = (caseId: CaseId, authority: AuthorityId): PlaceName => `ledger/${caseId}/${authority}`
export const strandPlace = (caseId: CaseId, from: AuthorityId, to: AuthorityId): PlaceName =>
  `strand/${caseId}/${from}/${to}`
export const authorityOfPlace = (place: PlaceName): AuthorityId => id<AuthorityId>(place.split('/')[2] ?? '')
/** The reading party of a strand. */
export const recipientOfPlace = (place: PlaceName): AuthorityId => id<AuthorityId>(place.split('/')[3] ?? '')
/** True for a strand to this authority; a ledger is to nobody. */
export const isStrandTo = (place: PlaceName, own: AuthorityId): boolean =>
  place.startsWith('strand/') && recipientOfPlace(place) === own
