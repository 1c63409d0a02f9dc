// Opens a case: its owner's ledger begins, and the opener is assigned (domain.md § 1 "Receivers").
import type { cases as contract } from '#libs/contracts'
import type { CaseId, Verified } from '#libs/domain'
import { isCaseNumber } from '#libs/domain'
import { cases, tenants } from '#libs/persistence'
import { parsePlace, parseStatement } from '#libs/protocol/verify'
import { caseAnswer } from '../platform/answers.ts'
import { checkAppend, storeAppend } from '../platform/append.ts'
import type { Handler } from '../platform/capability.ts'
import { Problem, unwrapStatement } from '../platform/problem.ts'

type Operation = (typeof contract)['table']['open']

export const openCase: Handler<Operation> = async (context, { body }) => {
  const { tx, actor } = context
  const caseId = caseNamedIn(body.statements[0]?.bytes ?? '')
  const checked = await checkAppend(context, caseId, body)
  const opened = checked.verified.find(({ statement }) => statement.type === 'ledger.opened')?.statement
  const isWhole = checked.verified.some(({ statement }) => statement.type === 'case.opened')
  if (opened?.type !== 'ledger.opened' || opened.body.as !== 'owner' || !isWhole)
    throw new Problem('statement-refused', { reason: 'ledger-not-opened' })
  const { unit } = opened.body
  const permit = context.permit('case.open', { about: 'opening', case: caseId, authority: actor.authority, unit })
  // Asked before the lock, so that nobody waits for a case that is not hers, and again under it: two may open one at once.
  await cases.requireNew(tx, permit)
  await cases.lockCase(tx, caseId)
  await cases.requireNew(tx, permit)
  requireOwnNumber(checked.verified, await tenants.kommunCodeOf(tx, permit))
  const appended = await storeAppend(context, permit, checked)
  return { ...appended, case: caseAnswer(await cases.findCase(tx, permit)) }
}

/** Another's code would say that she owns what she does not, and would tell which of her numbers are taken. */
function requireOwnNumber(verified: readonly Verified[], kommunCode: string | null): void {
  for (const { statement } of verified)
    if (statement.type === 'case.opened' && !isCaseNumber(statement.body.number, kommunCode, statement.at))
      throw new Problem('statement-refused', { reason: 'number-wrong' })
}

function caseNamedIn(bytes: string): CaseId {
  const place = unwrapStatement(parsePlace(unwrapStatement(parseStatement(bytes)).place))
  if (place.chain !== 'ledger') throw new Problem('statement-refused', { reason: 'wrong-place' })
  return place.case
}
