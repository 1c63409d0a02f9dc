// Who gains and who loses, before it is done: the domain's own function before and after, on a draft that is thrown away.
import type { CaseId, RegistrationId } from '#libs/domain'
import { flowsAt, latest } from '#libs/domain'
import { individualOf } from './case-facts.ts'
import { termsOf } from './consents.ts'
import type { Context } from './context.ts'
import { lineOf, sayNarrowing, sayWithdrawal, scopeOf } from './narrowings.ts'
import type { ConsentDraft, Narrowing, ScopeChange } from './views.ts'

type Way = ScopeChange['gains'][number]

const wayOf = ({ source, recipient, category, purpose }: Way): Way => ({ source, recipient, category, purpose })
const nameOf = (way: Way): string => `${way.source} ${way.recipient} ${way.category} ${way.purpose}`
const without = (all: readonly Way[], others: readonly Way[]): readonly Way[] => {
  const names = new Set(others.map(nameOf))
  return [...new Map(all.filter((way) => !names.has(nameOf(way))).map((way) => [nameOf(way), wayOf(way)])).values()]
}

/** All ways of the consent that are not open already. Those from others open when they confirm; nothing is lost by consenting. */
export async function previewConsent(context: Context, caseId: CaseId, input: ConsentDraft): Promise<ScopeChange> {
  const worked = await context.work(caseId)
  const draft = await context.draft(worked)
  const own = draft.setting.holder.authority
  const terms = termsOf(input, own, individualOf(worked.book), latest(draft.at, input.givenAt))
  const asked = terms.flatMap(({ source, recipient, categories, purposes }) =>
    categories.flatMap((category) => purposes.map((purpose) => ({ source, recipient, category, purpose }))),
  )
  return { gains: without(asked, flowsAt(draft.history, draft.at)), loses: [] }
}

/** What this narrowing closes, as the domain computes it from the very statements that `narrowConsent` would send. */
export async function previewNarrowing(
  context: Context,
  caseId: CaseId,
  registration: RegistrationId,
  narrowing: Narrowing,
): Promise<ScopeChange> {
  const worked = await context.work(caseId)
  const draft = await context.draft(worked, 'narrowing')
  const before = flowsAt(draft.history, draft.at)
  let isOthers = false
  for (const one of lineOf(worked.book.statements(), registration))
    isOthers = (await sayNarrowing(worked, draft, one, narrowing)).others || isOthers
  if (isOthers) await sayWithdrawal(worked, draft, registration, scopeOf(narrowing))
  const after = flowsAt(draft.history, draft.at)
  return { gains: without(after, before), loses: without(before, after) }
}
