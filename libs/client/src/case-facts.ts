// Small questions about a case's statements that several calls ask.
import type { AuthorityId, Hash, KeyId, SubjectId, UserId, Verified } from '#libs/domain'
import type { CaseBook } from './case-book.ts'
import { said } from './case-book.ts'
import type { Draft } from './draft.ts'
import { SlussProblem } from './problem.ts'

/** Accepted statements and those just signed in this draft. */
export function* withDraft(book: CaseBook, draft: Draft | null): Iterable<Verified> {
  yield* book.statements()
  if (draft !== null) for (const one of draft.statements) yield { statement: one.statement, hash: one.hash }
}

/**
 * The individual of the case. The owner's ledger says it; another authority learns it from what is given it, and until then
 * does not write.
 */
export function findIndividual(book: CaseBook): SubjectId | null {
  const opened = said(book.statements(), 'case.opened')[0]
  if (opened !== undefined) return opened.statement.body.individual
  const shared = said(book.statements(), 'consent.shared')[0]
  if (shared !== undefined) return shared.statement.body.subject
  const given = said(book.statements(), 'grant.opened')[0] ?? said(book.statements(), 'disclosure.made')[0]
  return given?.statement.body.subject ?? null
}

export function individualOf(book: CaseBook): SubjectId {
  const individual = findIndividual(book)
  if (individual === null) throw new SlussProblem('not-found-here', 0)
  return individual
}

/** The commitment of an epoch or flow key, from the statement that started it. */
export function commitIn(book: CaseBook, draft: Draft, key: KeyId): Hash {
  const statements = [...withDraft(book, draft)]
  const epoch = said(statements, 'epoch.started').find((one) => one.statement.body.epoch === key)
  const flow = said(statements, 'flow.keyed').find((one) => one.statement.body.flow === key)
  const commit = epoch?.statement.body.commit ?? flow?.statement.body.commit
  if (commit === undefined) throw new SlussProblem('key-missing', 0)
  return commit
}

/** Authorities with a strand from or to one's own, in this case. */
export function counterparts(book: CaseBook, own: AuthorityId): readonly AuthorityId[] {
  const found = new Set<AuthorityId>()
  for (const { statement } of book.statements()) {
    const [chain, , from, to] = statement.place.split('/')
    if (chain !== 'strand') continue
    for (const party of [from, to]) if (party !== own) found.add(party as AuthorityId) // parts of a parsed place
  }
  return [...found]
}

/** Users with an `assignment.added` by one's own authority that nothing later has ended, whatever the clock says. */
export function assignedUsers(statements: Iterable<Verified>): readonly UserId[] {
  const assigned = new Set<UserId>()
  const added = new Map<Hash, UserId>()
  for (const { statement, hash } of statements) {
    if (statement.type === 'assignment.added') {
      assigned.add(statement.body.user)
      added.set(hash, statement.body.user)
    }
    if (statement.type === 'voided') {
      const user = added.get(statement.body.of)
      added.delete(statement.body.of)
      // A later assignment of hers stands on its own.
      if (user !== undefined && ![...added.values()].includes(user)) assigned.delete(user)
    }
    if (statement.type === 'assignment.ended' || statement.type === 'assignment.barred')
      assigned.delete(statement.body.user)
  }
  return [...assigned]
}
