// A source narrows or closes its own flows under a consent; needs nobody's approval (domain.md § 4 rule 3).
import type { consents as contract } from '#libs/contracts'
import { cases } from '#libs/persistence'
import { checkAppend, storeAppend } from '../platform/append.ts'
import type { Handler } from '../platform/capability.ts'
import { namesOnly } from './registration-named.ts'

type Operation = (typeof contract)['table']['narrow']

export const narrowConsent: Handler<Operation> = async (context, { params, body }) => {
  const { tx } = context
  const permit = context.permit(
    'consent.narrow',
    await cases.lockedConsentFacts(tx, params.caseId, params.registrationId),
  )
  const checked = await checkAppend(context, params.caseId, body)
  await namesOnly(context, checked.verified, params)
  return storeAppend(context, permit, checked)
}
