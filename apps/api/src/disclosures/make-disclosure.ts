// A source discloses on a ground in law: what it names, on its own strand to the recipient (domain.md § 5).
import type { disclosures as contract } from '#libs/contracts'
import { cases } from '#libs/persistence'
import { checkAppend, storeAppend } from '../platform/append.ts'
import type { Handler } from '../platform/capability.ts'
import { Problem } from '../platform/problem.ts'

type Operation = (typeof contract)['table']['make']

export const makeDisclosure: Handler<Operation> = async (context, { params, body }) => {
  const permit = context.permit('disclosure.make', await cases.lockedFacts(context.tx, params.caseId))
  const checked = await checkAppend(context, params.caseId, body)
  // The words of a consent are shown where it is registered, and there it is looked at what is shown with them.
  if (
    checked.verified.some(({ statement }) => statement.type === 'disclosure.made' && 'consent' in statement.body.ground)
  )
    throw new Problem('statement-refused', { reason: 'outside-disclosure' })
  return storeAppend(context, permit, checked)
}
