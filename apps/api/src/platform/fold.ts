// The statements of one case as the domain's history: parsed once, folded on from where this process folded last time.
import type { AuthorityId, CaseHistory, CaseId, Hash, TenantStates, Verified } from '#libs/domain'
import { emptyHistory, extend, hear, instantOf, keepPlace } from '#libs/domain'
import type { StoredStatement } from '#libs/persistence'
import { parseStatement } from '#libs/protocol/verify'
import { problemForStatement } from './problem.ts'

type Folded = { readonly hashes: readonly Hash[]; readonly history: CaseHistory }

const casesKept = 500

export class Folds {
  readonly #kept = new Map<CaseId, Folded>()
  readonly #alarm: (caseId: CaseId) => void

  /** `alarm`: told of a case with a statement that was accepted once and that the rules now refuse, which should not be. */
  constructor(alarm: (caseId: CaseId) => void) {
    this.#alarm = alarm
  }

  /**
   * The history after all of `stored`, which stand in the order accepted. A refusal of one of `fresh` ends the request; one of
   * what was accepted before is an alarm and stops nobody: what it widens falls, what it narrows counts.
   */
  fold(
    caseId: CaseId,
    tenants: TenantStates,
    stored: readonly StoredStatement[],
    fresh: ReadonlySet<Hash>,
  ): CaseHistory {
    const kept = this.#kept.get(caseId)
    const known =
      kept !== undefined && isPrefix(kept.hashes, stored)
        ? kept
        : { hashes: [], history: emptyHistory(caseId, 'everybody') }
    let history = known.history
    for (const one of stored.slice(known.hashes.length))
      history = taken(history, tenants, one, { fresh, alarm: this.#alarm })
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

const nothingFresh = { fresh: new Set<Hash>(), alarm: () => undefined }

/** What an authority sees of its case, folded anew: partial, and therefore not kept. */
export const foldVisible = (
  { caseId, to }: { readonly caseId: CaseId; readonly to: AuthorityId },
  tenants: TenantStates,
  stored: readonly StoredStatement[],
): CaseHistory => stored.reduce((history, one) => taken(history, tenants, one, nothingFresh), emptyHistory(caseId, to))

function taken(
  history: CaseHistory,
  tenants: TenantStates,
  stored: StoredStatement,
  { fresh, alarm }: { readonly fresh: ReadonlySet<Hash>; readonly alarm: (caseId: CaseId) => void },
): CaseHistory {
  const verified = verifiedBefore(stored)
  if (!stored.inChain) return hear(history, verified, instantOf(stored.acceptedAt.getTime()))
  const next = extend(history, tenants, verified)
  if (next.ok) return next.value
  if (fresh.has(stored.hash)) throw problemForStatement(next.error)
  const kept = keepPlace(history, verified)
  if (!kept.ok) throw new Error(`a statement accepted before has no place: ${kept.error}`)
  alarm(history.case)
  return kept.value
}

/** Its signature was checked when it was accepted, and its hash is its primary key. */
function verifiedBefore(stored: StoredStatement): Verified {
  const parsed = parseStatement(stored.bytes)
  if (!parsed.ok) throw new Error(`a stored statement is out of form: ${parsed.error}`)
  return { statement: parsed.value, hash: stored.hash }
}
