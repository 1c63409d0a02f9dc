// Ends or bars an assignment, with the reception keys that end by it (protocol.md § 5).
import type { cases as contract } from '#libs/contracts'
import { cases } from '#libs/persistence'
import { checkAppend, storeAppend } from '../platform/append.ts'
import type { Handler } from '../platform/capability.ts'

type Operation = (typeof contract)['table']['endAssignment']

export const endAssignment: Handler<Operation> = async (context, { params, body }) => {
  const permit = context.permit('assignment.end', await cases.lockedFacts(context.tx, params.caseId))
  return storeAppend(context, permit, await checkAppend(context, params.caseId, body))
}
