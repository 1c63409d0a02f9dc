// Registers a consent: one's own flows open at once, other sources are asked to confirm theirs (domain.md § 4 rule 2).
import type { consents as contract } from '#libs/contracts'
import { cases } from '#libs/persistence'
import { checkAppend, storeAppend } from '../platform/append.ts'
import type { Handler } from '../platform/capability.ts'
import { showsOnlyItsWords } from './registration-named.ts'

type Operation = (typeof contract)['table']['register']

export const registerConsent: Handler<Operation> = async (context, { params, body }) => {
  const permit = context.permit('consent.register', await cases.lockedFacts(context.tx, params.caseId))
  const checked = await checkAppend(context, params.caseId, body)
  await showsOnlyItsWords(context, permit, checked.verified)
  return storeAppend(context, permit, checked)
}
