// A source discloses on a ground in law: what it names, on its own strand to the recipient (domain.md § 5).
import { disclosures as contract } from '#libs/contracts'
import { cases } from '#libs/persistence'
import { checkAppend, storeAppend } from '../platform/append.ts'
import type { Handler } from '../platform/capability.ts'

const { make } = contract.table

export const makeDisclosure: Handler<typeof make> = async (context, { params, body }) => {
  await cases.lockCase(context.tx, params.caseId)
  const permit = context.permit('disclosure.make', await cases.facts(context.tx, params.caseId))
  return storeAppend(context, permit, await checkAppend(context, params.caseId, body), make.problems)
}
