// A source narrows or closes its own flows under a consent; needs nobody's approval (domain.md § 4 rule 3).
import { consents as contract } from '#libs/contracts'
import { cases } from '#libs/persistence'
import { checkAppend, storeAppend } from '../platform/append.ts'
import type { Handler } from '../platform/capability.ts'
import { namesOnly } from './registration-named.ts'

const { narrow } = contract.table

export const narrowConsent: Handler<typeof narrow> = async (context, { params, body }) => {
  const { tx } = context
  await cases.lockCase(tx, params.caseId)
  const permit = context.permit('consent.narrow', await cases.consentFacts(tx, params.caseId, params.registrationId))
  const checked = await checkAppend(context, params.caseId, body)
  await namesOnly(context, checked.verified, params)
  return storeAppend(context, permit, checked, narrow.problems)
}
