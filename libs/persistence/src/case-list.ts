// The ids of one page of a person's cases, in the list's order, as SQL: each way into a case read from the index that carries it.
import type { Phase } from '#libs/domain'
import type { RowColumns, waysOf } from './relations.sql.ts'
import { relationSql } from './relations.sql.ts'

type Listing = { readonly phase: Phase | null; readonly relation: 'assigned' | 'receiver' | null }

/**
 * The ids of one page, each way in read in order from the index that carries it: one's own assignments, or what names one's own
 * authority. Asked of `cases` instead, the same condition reads all that the person has, or all there are, for every page.
 * Parameters: $1 phase, $2 and $3 the place to go on from, $4 limit, $5 the person, $6 her authority.
 */
export function listedSql(ways: ReturnType<typeof waysOf>, listing: Listing): string {
  const inOrder = ways.map(({ asks, sql }) => {
    if (asks.has('assigned')) return wayIn('assignments', 'a.user_id = $5', sql, listing)
    if (asks.has('ownUnitNamed') || asks.has('ownAuthorityNamed'))
      return wayIn('parties', 'a.authority_id = $6', sql, listing)
    throw new Error('a list of cases that no index carries')
  })
  if (inOrder.length === 1) return inOrder.join('')
  return `select case_id, opened_at from (${inOrder.join(' union ')}) as ways order by opened_at desc, case_id desc limit $4`
}

function wayIn(
  from: 'assignments' | 'parties',
  whose: string,
  scoped: (row: RowColumns) => string,
  { phase, relation }: Listing,
): string {
  const row: RowColumns = { case: 'a.case_id', ...(from === 'assignments' ? { assignment: 'a' } : { party: 'a' }) }
  const conditions = [
    whose,
    scoped(row),
    '(a.opened_at, a.case_id) < ($2::timestamptz, $3::uuid)',
    phase === null
      ? '$1::text is null'
      : 'exists (select 1 from cases c where c.id = a.case_id and c.phase = $1::text)',
    ...(relation === null
      ? []
      : [
          `${relation === 'receiver' ? 'not ' : ''}${relationSql.assigned(from === 'assignments' ? row : { case: 'a.case_id' })}`,
        ]),
  ]
  return `(select a.case_id, a.opened_at from ${from} a where ${conditions.map((one) => `(${one})`).join(' and ')}
    order by a.opened_at desc, a.case_id desc limit $4)`
}
