// The signed history of one case: its ledgers and strands as told so far. A client holds the chains of its own authority, the server all.
import type { AuthorityId, CaseId, Hash } from '../ids.ts'
import { id } from '../ids.ts'
import type { Instant } from '../instant.ts'
import type { LedgerStatement, PlaceName, StatementType, StrandStatement, Verified } from '../statement.ts'

export type CaseStatement = LedgerStatement | StrandStatement

/** A statement with its address taken apart; `to` is null on a ledger. */
export type Told<S extends CaseStatement = CaseStatement> = {
  readonly statement: S
  readonly hash: Hash
  readonly from: AuthorityId
  readonly to: AuthorityId | null
  /** Of a statement that only keeps its place (extend.ts `keepPlace`): what narrows counts all the same, anything else says nothing. */
  readonly kept?: 'narrowing' | 'mute'
}

/**
 * A withdrawal with the moment from which it counts. In its chain that is its own time, which the server has compared with its
 * clock; outside it, it is when the server heard it, so that no device's clock puts it off or reaches back behind what was read.
 */
export type Withdrawal = ToldOf<'withdrawal.received'> & { readonly since: Instant }

export type CaseHistory = {
  readonly case: CaseId
  /**
   * Whose ledgers are held here: a client's own authority's, or on the server everybody's. Such a ledger in which nothing stands has
   * not been opened; any other is not shown, and whoever serves the chains cannot make the one pass for the other.
   */
  readonly ledgersOf: AuthorityId | 'everybody'
  readonly chains: ReadonlyMap<PlaceName, readonly Told[]>
  /** The same statements by type, each in the order taken in: a case of years is asked by type at every step. */
  readonly types: ReadonlyMap<StatementType, readonly Told[]>
  /**
   * Withdrawals that the server has heard and whose chain is not completed yet: they narrow all the same (protocol.md § 4 rule 3).
   */
  readonly heard: readonly Withdrawal[]
}

export const emptyHistory = (caseId: CaseId, ledgersOf: CaseHistory['ledgersOf']): CaseHistory => ({
  case: caseId,
  ledgersOf,
  chains: new Map(),
  types: new Map(),
  heard: [],
})

export type CasePlace =
  | { readonly chain: 'ledger'; readonly case: CaseId; readonly from: AuthorityId; readonly to: null }
  | { readonly chain: 'strand'; readonly case: CaseId; readonly from: AuthorityId; readonly to: AuthorityId }

/** The parts of a ledger's or strand's address; null for anything else. */
export function casePlace(place: PlaceName): CasePlace | null {
  const [chain, caseText, from, to, more] = place.split('/')
  if (more !== undefined || caseText === undefined || from === undefined) return null
  try {
    if (chain === 'ledger' && to === undefined)
      return { chain, case: id<CaseId>(caseText), from: id<AuthorityId>(from), to: null }
    if (chain === 'strand' && to !== undefined && to !== from)
      return { chain, case: id<CaseId>(caseText), from: id<AuthorityId>(from), to: id<AuthorityId>(to) }
    return null
  } catch {
    return null
  }
}

export const isLedgerShown = ({ ledgersOf }: CaseHistory, authority: AuthorityId): boolean =>
  ledgersOf === 'everybody' || ledgersOf === authority

export const ledgerOf = (history: CaseHistory, authority: AuthorityId): readonly Told[] =>
  history.chains.get(`ledger/${history.case}/${authority}`) ?? []

export const strandOf = (history: CaseHistory, from: AuthorityId, to: AuthorityId): readonly Told[] =>
  history.chains.get(`strand/${history.case}/${from}/${to}`) ?? []

export type ToldOf<T extends StatementType> = Told<Extract<CaseStatement, { type: T }>>

const isOf = <T extends StatementType>(told: Told, type: T): told is ToldOf<T> =>
  told.statement.type === type && told.kept !== 'mute'

/** The statements of one type in a chain, in its order. */
export const saying = <T extends StatementType>(chain: readonly Told[], type: T): readonly ToldOf<T>[] =>
  chain.filter((told): told is ToldOf<T> => isOf(told, type))

/** The history with one statement more, at the end of its chain; whether it may stand there is asked by `extend`. */
export function withTold(history: CaseHistory, told: Told): CaseHistory {
  const { place, type } = told.statement
  const chain = [...(history.chains.get(place) ?? []), told]
  if (told.kept === 'mute') return { ...history, chains: new Map(history.chains).set(place, chain) }
  const alike = [...(history.types.get(type) ?? []), told]
  return {
    ...history,
    chains: new Map(history.chains).set(place, chain),
    types: new Map(history.types).set(type, alike),
  }
}

/** Every statement of the case, chain by chain. */
export const everything = (history: CaseHistory): readonly Told[] => [...history.chains.values()].flat()

/** Every statement of one type, in the order taken in. */
export const everySaying = <T extends StatementType>(history: CaseHistory, type: T): readonly ToldOf<T>[] =>
  (history.types.get(type) ?? []) as readonly ToldOf<T>[] // `withTold` files each statement under its own type

/** Takes a withdrawal in that the server accepted outside its chain at `since`; anything else is left as it is. */
export function hear(history: CaseHistory, verified: Verified, since: Instant): CaseHistory {
  const place = casePlace(verified.statement.place)
  if (place === null || place.case !== history.case || verified.statement.type !== 'withdrawal.received') return history
  const { statement, hash } = verified
  return { ...history, heard: [...history.heard, { statement, hash, from: place.from, to: place.to, since }] }
}

/** All withdrawals told in their chains. */
export const withdrawalsTold = (history: CaseHistory): readonly Withdrawal[] =>
  everySaying(history, 'withdrawal.received').map((told) => ({ ...told, since: told.statement.at }))

/** All withdrawals told or heard. */
export const withdrawals = (history: CaseHistory): readonly Withdrawal[] => [
  ...withdrawalsTold(history),
  ...history.heard,
]
