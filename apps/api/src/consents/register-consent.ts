// Registers a consent: one's own flows open at once, other sources are asked to confirm theirs (domain.md § 4 rule 2).
import { consents as contract } from '#libs/contracts'
import { cases } from '#libs/persistence'
import { checkAppend, storeAppend } from '../platform/append.ts'
import type { Handler } from '../platform/capability.ts'

const { register } = contract.table

export const registerConsent: Handler<typeof register> = async (context, { params, body }) => {
  await cases.lockCase(context.tx, params.caseId)
  const permit = context.permit('consent.register', await cases.facts(context.tx, params.caseId))
  return storeAppend(context, permit, await checkAppend(context, params.caseId, body), register.problems)
}
