// Upholds or voids what a colleague decided whose key has ended (protocol.md § 4 rule 1).
import type { cases as contract } from '#libs/contracts'
import { cases } from '#libs/persistence'
import { checkAppend, storeAppend } from '../platform/append.ts'
import type { Handler } from '../platform/capability.ts'

type Operation = (typeof contract)['table']['settle']

export const settleDecisions: Handler<Operation> = async (context, { params, body }) => {
  const permit = context.permit('decision.settle', await cases.lockedFacts(context.tx, params.caseId))
  return storeAppend(context, permit, await checkAppend(context, params.caseId, body))
}
