// Late seals: for messages that waited for a reception key, or that a grant or a disclosure opens afterwards (protocol.md § 6).
import type { threads as contract } from '#libs/contracts'
import type { KeyId, Verified } from '#libs/domain'
import { cases, threads } from '#libs/persistence'
import { checkSeal } from '#libs/protocol/verify'
import { checkAppend, storeAppend } from '../platform/append.ts'
import type { Handler } from '../platform/capability.ts'
import { Problem, unwrapStatement } from '../platform/problem.ts'

type Operation = (typeof contract)['table']['seal']

export const addSeals: Handler<Operation> = async (context, { params, body }) => {
  const { tx } = context
  const permit = context.permit('seal.add', await cases.lockedFacts(tx, params.caseId))
  const checked = await checkAppend(context, params.caseId, body.append)
  for (const { bytes } of body.seals) unwrapStatement(checkSeal(bytes))
  checkCounts(
    checked.verified,
    body.seals.map(({ key }) => key),
  )
  const appended = await storeAppend(context, permit, checked)
  await threads.storeSeals(tx, permit, body.seals)
  return appended
}

/** As many seals for each flow as its statement says; which ones, each reader checks against the signed list. */
function checkCounts(verified: readonly Verified[], keys: readonly KeyId[]): void {
  const said = new Map<KeyId, number>()
  for (const { statement } of verified)
    if (statement.type === 'seals.added')
      said.set(statement.body.flow, (said.get(statement.body.flow) ?? 0) + statement.body.count)
  const isRight = [...said].every(([flow, count]) => keys.filter((key) => key === flow).length === count)
  if (!isRight || keys.some((key) => !said.has(key)))
    throw new Problem('statement-refused', { reason: 'late-not-listed' })
}
