// What a handler is given: who, when, the transaction, and the two questions to the policy; every answer leaves a trace.
import type { Act, CaseId, Instant } from '#libs/domain'
import type { AuditEntry, Database, Tx } from '#libs/persistence'
import { audit, tenants } from '#libs/persistence'
import type { Actor, Denial, FactsOf, ListAct, ListRelationName, Permit, Scope } from '#libs/policy'
import { decide, isPermit, isScope, scopeOf } from '#libs/policy'
import { deniedAs, Problem } from './problem.ts'
import type { SignedIn } from './session.ts'

/** What happens after the commit and must not undo it. */
export type After = () => void | Promise<void>

type Common = {
  readonly at: Instant
  readonly tx: Tx
  /** The proof that the policy allows the act, or the end of the request as the policy's denial says. */
  permit<A extends Act>(act: A, facts: FactsOf<A> | null): Permit<A>
  scope<A extends ListAct>(act: A): Scope<A, ListRelationName>
  enqueue(after: After): void
  /**
   * Writes the entries so far now rather than last: before a lock that others wait for, which then lasts for one call and the commit.
   * They fall with the transaction all the same.
   */
  record(): Promise<void>
}
export type Context = Common & { readonly actor: Actor }
/** At the door nobody is anybody. */
export type DoorContext = Common & { readonly actor: null }

class DeniedHere extends Problem {
  readonly denial: Denial
  constructor(denial: Denial, problem: Problem) {
    super(problem.problem, problem.details)
    this.denial = denial
  }
}

type Trace = { readonly entries: AuditEntry[]; recorded: number; readonly afters: After[] }
const untraced = (): Trace => ({ entries: [], recorded: 0, afters: [] })

/** What a request names, whether or not there is such a thing: so that a denial is kept with the case that was asked for. */
export type Asked = { readonly act: Act; readonly case: CaseId | null; readonly subject: string | null }

export class Contexts {
  readonly #database: Database
  readonly #failed: (act: Act, error: unknown) => void

  /** `failed`: is told of what was to happen after a commit and did not. */
  constructor(database: Database, failed: (act: Act, error: unknown) => void) {
    this.#database = database
    this.#failed = failed
  }

  /**
   * Runs `work` as the person, as she stands now, in one transaction with its audit entries. A denial is written after the
   * rollback, in a transaction of its own. `signedIn: null` ends in 401.
   */
  async as<T>(
    signedIn: SignedIn | null,
    asked: Asked,
    at: Instant,
    work: (context: Context) => Promise<T>,
  ): Promise<T> {
    if (signedIn === null) throw new Problem('not-signed-in')
    const trace = untraced()
    const result = await this.#denialsKept(signedIn, asked, () =>
      this.#database.run(signedIn, async (tx) => {
        const actor = await tenants.currentActor(tx)
        if (actor === null) throw new Problem('not-signed-in')
        const answer = await work(contextOf(actor, at, tx, trace))
        if (trace.entries.length === 0) throw new Error(`${asked.act}: answered without asking the policy`)
        await record(tx, trace)
        return answer
      }),
    )
    await runAfter(trace.afters, (error) => this.#failed(asked.act, error))
    return result
  }

  /** As `as`, for what the server asks itself about a listener before it tells her something: no act of hers, so no trace. */
  watching<T>(signedIn: SignedIn, at: Instant, work: (context: Context) => Promise<T>): Promise<T> {
    const trace = untraced()
    return this.#database.run(signedIn, async (tx) => {
      const actor = await tenants.currentActor(tx)
      if (actor === null) throw new Problem('not-signed-in')
      return work(contextOf(actor, at, tx, trace))
    })
  }

  /** Runs `work` for somebody who has not signed in; only the acts at the door are allowed there. */
  atDoor<T>(at: Instant, work: (context: DoorContext) => Promise<T>): Promise<T> {
    const trace = untraced()
    return this.#database.run('anonymous', (tx) => work({ ...common(null, at, tx, trace), actor: null }))
  }

  async #denialsKept<T>(person: SignedIn, asked: Asked, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof DeniedHere) {
        const entry = deniedEntry(error.denial, asked)
        await this.#database.run(person, (tx) => audit.record(tx, [entry]))
      }
      throw error
    }
  }
}

/** One failing does not undo what is committed, nor keep back the next; what was not told is told by the worker's repetition. */
export async function runAfter(afters: readonly After[], failed: (error: unknown) => void): Promise<void> {
  for (const after of afters) await Promise.resolve().then(after).catch(failed)
}

const contextOf = (actor: Actor, at: Instant, tx: Tx, trace: Trace): Context => ({
  ...common(actor, at, tx, trace),
  actor,
})

function common(actor: Actor | null, at: Instant, tx: Tx, trace: Trace): Common {
  return {
    at,
    tx,
    permit: (act, facts) => {
      const decision = decide(actor, act, facts, at)
      if (!isPermit(decision)) throw new DeniedHere(decision, deniedAs(decision))
      trace.entries.push(allowedEntry(decision))
      return decision
    },
    scope: (act) => {
      const decision = scopeOf(actor, act, at)
      if (!isScope(decision)) throw new DeniedHere(decision, deniedAs(decision))
      if (trace.entries.length === 0)
        trace.entries.push({ act, outcome: 'allowed', case: null, subject: null, reason: null })
      return decision
    },
    enqueue: (after) => {
      trace.afters.push(after)
    },
    record: () => record(tx, trace),
  }
}

async function record(tx: Tx, trace: Trace): Promise<void> {
  const entries = trace.entries.slice(trace.recorded)
  trace.recorded = trace.entries.length
  await audit.record(tx, entries)
}

type LooseIds = Readonly<Record<string, unknown>>
const textIn = (ids: LooseIds, name: string): string | null => {
  const value = ids[name]
  return typeof value === 'string' ? value : null
}

/** What was asked about, besides the case: the narrowest id that the permit was given for. */
const subjectIn = (ids: LooseIds): string | null =>
  ['registration', 'thread', 'compartment', 'key', 'user', 'tenant'].reduce<string | null>(
    (found, name) => found ?? textIn(ids, name),
    null,
  )

function allowedEntry(permit: Permit): AuditEntry {
  const ids: LooseIds = permit.ids
  const inCase = 'case' in permit.ids ? permit.ids.case : null
  return { act: permit.act, outcome: 'allowed', case: inCase, subject: subjectIn(ids), reason: null }
}

/**
 * A denial is kept with the ids that were asked for, unlooked-up: the same for what is there and what is not, so that writing it
 * tells her nothing. It stands in the log of her own authority, whose case it may be; no other authority learns who it was that asked
 * (domain.md § 6 "Absence"; threat-model.md).
 */
const deniedEntry = (denial: Denial, asked: Asked): AuditEntry => ({
  act: denial.act,
  outcome: denial.answer === 'refused' ? 'refused' : 'absent',
  case: asked.case,
  subject: asked.subject,
  reason: denial.answer === 'refused' ? denial.problem : null,
})
