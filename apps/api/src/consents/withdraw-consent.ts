// Records that a consent is withdrawn: anybody's duty, no approval, and never too late for its place (domain.md § 4 rule 3).
import type { consents as contract } from '#libs/contracts'
import { cases } from '#libs/persistence'
import { checkAppend, storeWithdrawal } from '../platform/append.ts'
import type { Handler } from '../platform/capability.ts'
import { namesOnly } from './registration-named.ts'

type Operation = (typeof contract)['table']['withdraw']

export const withdrawConsent: Handler<Operation> = async (context, { params, body }) => {
  const { tx } = context
  const permit = context.permit(
    'consent.withdraw',
    await cases.lockedConsentFacts(tx, params.caseId, params.registrationId),
  )
  const checked = await checkAppend(context, params.caseId, body)
  await namesOnly(context, checked.verified, params)
  return storeWithdrawal(context, permit, checked)
}
