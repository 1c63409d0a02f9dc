// Starts, gives and ends the keys of a case: epochs, reception keys, flow keys, wraps for new colleagues (protocol.md § 5).
import { keys as contract } from '#libs/contracts'
import { cases } from '#libs/persistence'
import { checkAppend, storeAppend } from '../platform/append.ts'
import type { Handler } from '../platform/capability.ts'

const { maintain } = contract.table

export const maintainKeys: Handler<typeof maintain> = async (context, { params, body }) => {
  await cases.lockCase(context.tx, params.caseId)
  const permit = context.permit('key.maintain', await cases.facts(context.tx, params.caseId))
  return storeAppend(context, permit, await checkAppend(context, params.caseId, body), maintain.problems)
}
