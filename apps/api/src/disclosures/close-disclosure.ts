// A source ends a disclosure before its hours are over; needs nobody's approval, like all that narrows.
import type { disclosures as contract } from '#libs/contracts'
import { cases } from '#libs/persistence'
import { checkAppend, storeAppend } from '../platform/append.ts'
import type { Handler } from '../platform/capability.ts'
import { Problem } from '../platform/problem.ts'

type Operation = (typeof contract)['table']['close']

export const closeDisclosure: Handler<Operation> = async (context, { params, body }) => {
  const permit = context.permit('disclosure.close', await cases.lockedFacts(context.tx, params.caseId))
  const checked = await checkAppend(context, params.caseId, body)
  const isOther = checked.verified.some(
    ({ statement }) => statement.type === 'disclosure.closed' && statement.body.disclosure !== params.disclosure,
  )
  if (isOther) throw new Problem('statement-refused', { reason: 'disclosure-unknown' })
  return storeAppend(context, permit, checked)
}
