// Cases: the list with what waits, opening one, and the authority's own working title (domain.md § 2).
import { cases as operations, keys as keyOperations } from '#libs/contracts'
import type { CaseId, Phase, SubjectId, UnitId } from '#libs/domain'
import { addDays, caseNumber, id } from '#libs/domain'
import { sealTitle } from '#libs/protocol'
import { defaultCategoriesOf } from './assignments.ts'
import { individualOf } from './case-facts.ts'
import { waitingFor } from './case-view.ts'
import type { Context, Worked } from './context.ts'
import { compartmentFor, startEpoch } from './make-keys.ts'
import { SlussProblem } from './problem.ts'
import { randomId } from './randomness.ts'
import { currentEpoch } from './standing.ts'
import { summaryOf } from './summary.ts'
import type { CaseSummary } from './views.ts'

/** How long an opener's own assignment holds unless it is set otherwise. */
const openedDays = 365
/** How often a number is drawn before the refusal is passed on; a kommun has 100,000 of them a year. */
const mostDraws = 8

/** One page of the cases there are for this person; a case that cannot be opened is listed by its number. */
export async function listCases(
  context: Context,
  filter: { readonly phase?: Phase; readonly after?: string },
): Promise<{ readonly cases: readonly CaseSummary[]; readonly next: string | null }> {
  const answer = await context.http.call(operations.table.list, { query: filter })
  const found: CaseSummary[] = []
  for (const summary of answer.cases) {
    if (summary.relation === 'former' || context.unlocked === null) {
      found.push(await summaryOf(summary, null, []))
      continue
    }
    context.movedAt(summary.id, summary.changedAt)
    const worked = await workIfAllowed(context, summary.id)
    found.push(await summaryOf(summary, worked, worked === null ? [] : await waitingFor(context, worked)))
  }
  return { cases: found, next: answer.next }
}

/** Her scope may end between the list and the reading of a case. */
async function workIfAllowed(context: Context, caseId: CaseId): Promise<Worked | null> {
  try {
    return await context.work(caseId, 'as-known')
  } catch (problem) {
    if (problem instanceof SlussProblem && [403, 404].includes(problem.status)) return null
    throw problem
  }
}

/** Opens a case for a unit, assigns its opener, and keeps its working title under the own plan compartment. */
export async function openCase(
  context: Context,
  input: { readonly unit: UnitId; readonly title: string },
): Promise<CaseId> {
  const me = await context.me()
  await context.holder()
  await context.loadTenantOf(me.authority.id)
  await context.tenants.refresh(me.tenant.id)
  const caseId = id<CaseId>(randomId(context.random))
  await openNumbered(context, caseId, input.unit)
  if (input.title !== '') await retitle(context, caseId, input.title)
  return caseId
}

/** A number that another case of the organisation bears is drawn again. The id stays: only the number can be taken by chance. */
async function openNumbered(context: Context, caseId: CaseId, unit: UnitId): Promise<void> {
  for (let left = mostDraws - 1; ; left -= 1)
    try {
      return await openOnce(context, caseId, unit)
    } catch (problem) {
      const isTaken = problem instanceof SlussProblem && problem.name === 'already-exists'
      if (!isTaken || left === 0) throw problem
    }
}

async function openOnce(context: Context, caseId: CaseId, unit: UnitId): Promise<void> {
  const me = await context.me()
  const draft = await context.draft(await context.blank(caseId))
  const number = caseNumber(me.tenant.kommunCode, draft.at, chance(context))
  await draft.say('ledger.opened', { unit, as: 'owner' })
  await draft.say('case.opened', { number, individual: id<SubjectId>(randomId(context.random)) })
  const categories = await defaultCategoriesOf(context, me.user)
  await draft.say('assignment.added', {
    user: me.user,
    categories,
    until: addDays(draft.at, openedDays),
    reason: 'opened',
  })
  await context.http.call(operations.table.open, { body: draft.append() })
}

/** 32 random bits. */
const chance = (context: Context): number => context.random(4).reduce((number, byte) => number * 256 + byte, 0)

export async function retitle(context: Context, caseId: CaseId, title: string): Promise<void> {
  const worked = await context.work(caseId)
  const draft = await context.draft(worked)
  const sort = { subject: individualOf(worked.book), category: 'plan', purpose: 'casework' } as const
  const compartment = await compartmentFor(context, draft, worked, sort)
  const current = currentEpoch(draft, compartment)
  const opened = current === null ? null : await worked.vault.open(current)
  if (opened !== null && !opened.ok) throw new SlussProblem('key-missing', 0, opened.error)
  const key = opened?.value ?? (await startEpoch(context, draft, worked, compartment))
  if (!draft.isEmpty)
    await context.http.call(keyOperations.table.maintain, { params: { caseId }, body: draft.append() })
  const bytes = await sealTitle(title, caseId, key, context.random)
  await context.http.call(operations.table.title, { params: { caseId }, body: { key: key.id, bytes } })
  context.stale(caseId)
}
