// What the root says in a tenant's chain after its founding: another secrecy area, the root that comes after it, and custodians in
// place of those who have lost their threshold (protocol.md § 3).
import type { Hash } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { addMinutes } from '../instant.ts'
import type { StatementRefusal } from '../refusals.ts'
import type { Result } from '../result.ts'
import { never, ok, refused } from '../result.ts'
import type { Custodian, TenantBodies, TenantStatement } from '../statement.ts'
import { custodiansRefusal } from './custody.ts'
import type { TenantState } from './tenant-chain.ts'

/** How long a replacement of the custodians is shown before it takes effect (protocol.md § 3). */
export const replacementHours = 72

/** Custodians whom the root has named in place of the present ones, until they take over or one of these contradicts. */
export type Replacement = {
  readonly hash: Hash
  readonly from: Instant
  readonly custodians: readonly Custodian[]
  readonly threshold: number
}

type Step = Result<TenantState, StatementRefusal>
export type RootStatement = Extract<TenantStatement, { type: (typeof rootTypes)[number] }>

const rootTypes = ['authority.added', 'root.rotated', 'custodians.replaced'] as const

export const isOfRoot = (statement: TenantStatement): statement is RootStatement =>
  rootTypes.some((type) => type === statement.type)

/** By the root of now alone: one that has been replaced says nothing more in this chain, a second rotation least of all. */
export function sayAsRoot(state: TenantState, statement: RootStatement, hash: Hash): Step {
  if (statement.by !== 'root' || statement.key !== state.root) return refused('signer-not-root')
  switch (statement.type) {
    case 'authority.added':
      return addAuthority(state, statement.body)
    case 'root.rotated':
      return statement.body.signing === state.root
        ? refused('key-reused')
        : ok({ ...state, root: statement.body.signing })
    case 'custodians.replaced':
      return replace(state, statement.body, { hash, from: addMinutes(statement.at, replacementHours * 60) })
    default:
      return never(statement)
  }
}

/** Only the root says which secrecy area is whose: else custodians could certify their people into another tenant's. */
function addAuthority(state: TenantState, { authority }: TenantBodies['authority.added']): Step {
  if (state.authorities.includes(authority)) return refused('authority-known-already')
  return ok({ ...state, authorities: [...state.authorities, authority] })
}

/** A newer one takes the place of one that waits, and its time begins anew. */
function replace(
  state: TenantState,
  { custodians, threshold }: TenantBodies['custodians.replaced'],
  when: Pick<Replacement, 'hash' | 'from'>,
): Step {
  const unsound = custodiansRefusal(state, { custodians, threshold })
  return unsound === null ? ok({ ...state, replacement: { ...when, custodians, threshold } }) : refused(unsound)
}

/**
 * The chain as it stands at `at`, with the new custodians where their time has come: by the clock, so that it needs no statement. A
 * replacement that has become unsound meanwhile, by an ended key, falls.
 */
export function replacedBy(state: TenantState, at: Instant): TenantState {
  const { replacement } = state
  if (replacement === null || at < replacement.from) return state
  if (custodiansRefusal(state, replacement) !== null) return { ...state, replacement: null }
  return withCustodians(state, replacement)
}

/** What the former custodians proposed falls with them, and so does what was to replace them. */
export const withCustodians = (
  state: TenantState,
  { custodians, threshold }: Pick<TenantState, 'custodians' | 'threshold'>,
): TenantState => ({ ...state, custodians, threshold, waiting: new Map(), replacement: null })

/** One present custodian is enough to say that the threshold is not lost. */
export const contradict = (state: TenantState, { of }: TenantBodies['voided']): Step =>
  state.replacement?.hash === of ? ok({ ...state, replacement: null }) : refused('statement-unknown')
