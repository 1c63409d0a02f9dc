// The statements of one case as the domain's history: parsed once, folded on from where this process folded last time.
import type { CaseHistory, CaseId, Hash, TenantStates, Verified } from '#libs/domain'
import { emptyHistory, extend, hear } from '#libs/domain'
import type { StoredStatement } from '#libs/persistence'
import { parseStatement } from '#libs/protocol/verify'
import { problemForStatement } from './problem.ts'

type Folded = { readonly hashes: readonly Hash[]; readonly history: CaseHistory }

const casesKept = 500

export class Folds {
  readonly #kept = new Map<CaseId, Folded>()

  /**
   * The history after all of `stored`, which stand in the order accepted. A refusal of one of `fresh` ends the request; one of
   * what was accepted before cannot be, and is thrown as a fault.
   */
  fold(
    caseId: CaseId,
    tenants: TenantStates,
    stored: readonly StoredStatement[],
    fresh: ReadonlySet<Hash>,
  ): CaseHistory {
    const kept = this.#kept.get(caseId)
    const known =
      kept !== undefined && isPrefix(kept.hashes, stored) ? kept : { hashes: [], history: emptyHistory(caseId) }
    let history = known.history
    for (const one of stored.slice(known.hashes.length)) history = taken(history, tenants, one, fresh)
    this.#keep(caseId, { hashes: stored.map((one) => one.hash), history })
    return history
  }

  #keep(caseId: CaseId, folded: Folded): void {
    this.#kept.delete(caseId)
    this.#kept.set(caseId, folded)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > casesKept && oldest !== undefined) this.#kept.delete(oldest)
  }
}

/** What was kept may hold statements of a transaction that was rolled back: then nothing of it is used. */
const isPrefix = (hashes: readonly Hash[], stored: readonly StoredStatement[]): boolean =>
  hashes.length <= stored.length && hashes.every((hash, place) => stored[place]?.hash === hash)

/** What an authority sees of its case, folded anew: partial, and therefore not kept. */
export const foldVisible = (caseId: CaseId, tenants: TenantStates, stored: readonly StoredStatement[]): CaseHistory =>
  stored.reduce((history, one) => taken(history, tenants, one, new Set()), emptyHistory(caseId))

function taken(
  history: CaseHistory,
  tenants: TenantStates,
  stored: StoredStatement,
  fresh: ReadonlySet<Hash>,
): CaseHistory {
  const verified = verifiedBefore(stored)
  if (!stored.inChain) return hear(history, verified)
  const next = extend(history, tenants, verified)
  if (next.ok) return next.value
  if (fresh.has(stored.hash)) throw problemForStatement(next.error)
  throw new Error(`a statement accepted before does not fold: ${next.error}`)
}

/** Its signature was checked when it was accepted, and its hash is its primary key. */
function verifiedBefore(stored: StoredStatement): Verified {
  const parsed = parseStatement(stored.bytes)
  if (!parsed.ok) throw new Error(`a stored statement is out of form: ${parsed.error}`)
  return { statement: parsed.value, hash: stored.hash }
}
