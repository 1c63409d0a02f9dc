// A receiver assigns staff of her own authority, opening its ledger where it is the first (domain.md § 1).
import type { cases as contract } from '#libs/contracts'
import { cases } from '#libs/persistence'
import { checkAppend, storeAppend } from '../platform/append.ts'
import type { Handler } from '../platform/capability.ts'

type Operation = (typeof contract)['table']['assign']

export const addAssignment: Handler<Operation> = async (context, { params, body }) => {
  const permit = context.permit('assignment.add', await cases.lockedFacts(context.tx, params.caseId))
  return storeAppend(context, permit, await checkAppend(context, params.caseId, body))
}
