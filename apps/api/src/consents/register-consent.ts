// Registers a consent: one's own flows open at once, other sources are asked to confirm theirs (domain.md § 4 rule 2).
import type { consents as contract } from '#libs/contracts'
import type { Verified } from '#libs/domain'
import { cases } from '#libs/persistence'
import { checkAppend, storeAppend } from '../platform/append.ts'
import type { Handler } from '../platform/capability.ts'
import { Problem } from '../platform/problem.ts'

type Operation = (typeof contract)['table']['register']

export const registerConsent: Handler<Operation> = async (context, { params, body }) => {
  await cases.lockCase(context.tx, params.caseId)
  const permit = context.permit('consent.register', await cases.facts(context.tx, params.caseId))
  const checked = await checkAppend(context, params.caseId, body)
  showsOnlyItsWords(checked.verified)
  return storeAppend(context, permit, checked)
}

/** Who registers may show the words of what she registers; to disclose on another ground is another act. */
function showsOnlyItsWords(verified: readonly Verified[]): void {
  const registered = verified.flatMap(({ statement }) =>
    statement.type === 'consent.registered' ? [statement.body.registration] : [],
  )
  const isItsOwn = ({ statement }: Verified): boolean =>
    statement.type !== 'disclosure.made' ||
    ('consent' in statement.body.ground && registered.includes(statement.body.ground.consent))
  if (!verified.every(isItsOwn)) throw new Problem('statement-refused', { reason: 'registration-unknown' })
}
