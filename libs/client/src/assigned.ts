// Who of one's own authority is assigned to a case, as its ledger tells.
import type { AuthorityId, Hash, UserId } from '#libs/domain'
import { covered } from '#libs/domain'
import { ledgerPlace } from './case-book.ts'
import type { Context, Worked } from './context.ts'
import type { AssignmentView } from './views.ts'

export const standingAssignments = (context: Context, worked: Worked, own: AuthorityId): readonly AssignmentView[] =>
  assignmentsOf(context, worked, own).filter((one) => one.state === 'standing' || one.state === 'unconfirmed')

export function assignmentsOf(context: Context, worked: Worked, own: AuthorityId): readonly AssignmentView[] {
  const at = context.now()
  const { history } = worked.book
  const found = new Map<UserId, AssignmentView & { readonly added: Hash | null }>()
  for (const told of history.chains.get(ledgerPlace(worked.book.id, own)) ?? []) {
    const { statement } = told
    if (statement.type === 'assignment.added') {
      const { user, categories: named, until } = statement.body
      const stands = covered(history, context.tenants.states, told, at) ? 'standing' : 'unconfirmed'
      if (found.get(user)?.state !== 'barred')
        found.set(user, {
          user,
          categories: named,
          until,
          state: until <= at ? 'expired' : stands,
          added: told.hash,
        })
    }
    if (statement.type === 'assignment.ended' || statement.type === 'assignment.barred') {
      const { user } = statement.body
      const before = found.get(user)
      const state = statement.type === 'assignment.ended' ? 'ended' : 'barred'
      found.set(user, {
        user,
        categories: before?.categories ?? [],
        until: before?.until ?? statement.at,
        state,
        added: null,
      })
    }
    if (statement.type === 'voided')
      for (const one of found.values())
        if (one.added === statement.body.of) found.set(one.user, { ...one, state: 'ended' })
  }
  return [...found.values()].map(({ added: _, ...view }) => view)
}
