// The log of a case: one's own authority's entries.
import type { audit as contract } from '#libs/contracts'
import { quietActs } from '#libs/domain'
import { audit, cases } from '#libs/persistence'
import type { Handler } from '../platform/capability.ts'

export const ofCase: Handler<(typeof contract)['table']['ofCase']> = async (
  { tx, permit, scope },
  { params, query },
) => {
  const allowed = permit('audit.read', await cases.facts(tx, params.caseId))
  const page = await audit.pageOfCase(tx, allowed, {
    scope: scope('audit.read'),
    after: query.after ?? null,
    without: query.only === 'events' ? quietActs : [],
  })
  return { entries: page.rows.map((entry) => ({ ...entry, at: entry.at.toISOString() })), next: page.next }
}
