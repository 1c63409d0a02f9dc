// A source's client closes what a withdrawal has taken already; the log says that, and not that she narrowed it (domain.md § 4 rule 3).
import type { consents as contract } from '#libs/contracts'
import { isWithdrawn } from '#libs/domain'
import { cases } from '#libs/persistence'
import { checkAppend, storeAppend } from '../platform/append.ts'
import type { Handler } from '../platform/capability.ts'
import { foldVisible } from '../platform/fold.ts'
import { Problem } from '../platform/problem.ts'
import { namesOnly } from './registration-named.ts'

type Operation = (typeof contract)['table']['follow']

export const followWithdrawal: Handler<Operation> = async (context, { params, body }) => {
  const { tx } = context
  const permit = context.permit(
    'consent.follow',
    await cases.lockedConsentFacts(tx, params.caseId, params.registrationId),
  )
  const checked = await checkAppend(context, params.caseId, body)
  await namesOnly(context, checked.verified, params)
  const visible = await cases.visibleStatements(tx, params.caseId)
  const history = foldVisible({ caseId: params.caseId, to: context.actor.authority }, checked.tenants, visible)
  const isMore = checked.verified.some(
    ({ statement }) => statement.type === 'grant.closed' && !isWithdrawn(history, statement.body.grant),
  )
  // What still stands is closed by a decision of hers, which is another act.
  if (isMore) throw new Problem('statement-refused', { reason: 'registration-unknown' })
  return storeAppend(context, permit, checked)
}
