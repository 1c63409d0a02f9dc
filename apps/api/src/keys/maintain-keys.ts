// Starts, gives and ends the keys of a case: epochs, reception keys, flow keys, wraps for new colleagues (protocol.md § 5).
import type { keys as contract } from '#libs/contracts'
import { cases } from '#libs/persistence'
import { checkAppend, storeAppend } from '../platform/append.ts'
import type { Handler } from '../platform/capability.ts'

type Operation = (typeof contract)['table']['maintain']

export const maintainKeys: Handler<Operation> = async (context, { params, body }) => {
  const permit = context.permit('key.maintain', await cases.lockedFacts(context.tx, params.caseId))
  return storeAppend(context, permit, await checkAppend(context, params.caseId, body))
}
