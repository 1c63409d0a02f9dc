// Decisions of one's own authority whose signer's key has ended: shown to whoever may go through them, upheld or voided (protocol.md
// § 4 rule 1). Registering a consent opens grants in the same breath, so they are one decision to her who goes through them.
import { cases as operations } from '#libs/contracts'
import type { CaseId, Decision, Hash, UserId } from '#libs/domain'
import { covered, unsettled } from '#libs/domain'
import { endReceptions, nameSpeakers } from './assignments.ts'
import { recipientOfPlace } from './case-book.ts'
import { counterparts } from './case-facts.ts'
import type { Context, Worked } from './context.ts'
import type { Draft } from './draft.ts'
import { againIfMoved } from './narrowings.ts'
import { SlussProblem } from './problem.ts'
import type { DecisionView } from './views.ts'

type Found = { readonly view: Omit<DecisionView, 'mine'>; readonly parts: readonly Decision[] }

/** What waits, with whether this person is one who may go through it so that it counts. */
export async function decisionsOf(context: Context, worked: Worked): Promise<readonly DecisionView[]> {
  const found = foundIn(context, worked, (await context.me()).authority.id)
  const views: DecisionView[] = []
  for (const one of found) views.push({ ...one.view, mine: await wouldCount(context, worked, one.parts) })
  return views
}

/** Upholds or voids. What narrows is signed again by itself where the chain moved on; what widens goes back to her who asked. */
export async function settleDecisions(
  context: Context,
  caseId: CaseId,
  decisions: readonly Hash[],
  how: 'uphold' | 'void',
): Promise<void> {
  const me = await context.me()
  const settle = async (worked: Worked): Promise<void> => {
    const chosen = foundIn(context, worked, me.authority.id).filter(({ view }) => decisions.includes(view.id))
    if (chosen.length !== new Set(decisions).size) throw new SlussProblem('not-found-here', 0)
    const parts = chosen.flatMap((one) => one.parts)
    const draft = await context.draft(worked, how === 'void' ? 'narrowing' : 'any')
    await (how === 'uphold' ? uphold(draft, parts) : voidAll(worked, draft, parts))
    try {
      await context.http.call(operations.table.settle, { params: { caseId }, body: draft.append() })
    } finally {
      context.stale(caseId)
    }
  }
  await (how === 'void' ? againIfMoved(context, caseId, settle) : settle(await context.work(caseId)))
}

function foundIn(context: Context, worked: Worked, own: DecisionView['flows'][number]['source']): readonly Found[] {
  const groups = new Map<string, Decision[]>()
  for (const told of unsettled(worked.book.history, context.tenants.states, own, context.now())) {
    const name = `${told.statement.by} ${subjectOf(told)}`
    groups.set(name, [...(groups.get(name) ?? []), told])
  }
  return [...groups.values()].flatMap((parts): Found[] => {
    const [first] = parts
    return first === undefined ? [] : [{ view: viewOf(worked, first, parts), parts }]
  })
}

/** What belongs to one decision: an assignment alone; a consent with the grants that rest on it. */
function subjectOf({ hash, statement }: Decision): string {
  if (statement.type === 'consent.registered') return statement.body.registration
  return statement.type === 'grant.opened' ? (statement.body.restsOn[0] ?? hash) : hash
}

function viewOf(worked: Worked, first: Decision, parts: readonly Decision[]): Found['view'] {
  const { hash, statement } = first
  const shared = { id: hash, by: statement.by as UserId, at: statement.at } // only tenant chains are signed by the root
  if (statement.type === 'assignment.added') {
    const { user, categories, until } = statement.body
    return { ...shared, kind: 'assignment', user, categories, until, registration: null, flows: [] }
  }
  const flows = parts.flatMap((part): DecisionView['flows'] => {
    if (part.statement.type === 'consent.registered') return part.statement.body.flows
    if (part.statement.type === 'assignment.added') return []
    const { body, place } = part.statement
    const named = 'categories' in body ? body.categories : [body.category]
    return [{ source: part.from, recipient: recipientOfPlace(place), categories: named }]
  })
  const named = flows.map(({ source, recipient, categories }) => ({ source, recipient, categories }))
  const isRegistered = parts.some((part) => part.statement.type === 'consent.registered')
  const kind = statement.type === 'disclosure.made' ? 'disclosure' : isRegistered ? 'consent' : 'confirmation'
  const until = statement.type === 'consent.registered' ? statement.body.validUntil : statement.body.until
  return {
    ...shared,
    kind,
    user: null,
    categories: [...new Set(named.flatMap((flow) => flow.categories))],
    until,
    registration: registrationOf(first),
    flows: [...new Map(named.map((flow) => [JSON.stringify(flow), flow])).values()],
  }
}

function registrationOf({ statement }: Decision): DecisionView['registration'] {
  if (statement.type === 'consent.registered') return statement.body.registration
  return statement.type === 'grant.opened' ? (statement.body.restsOn[0] ?? null) : null
}

/** Tried on a draft that is thrown away: the domain says whether she may, and whether what she upholds then counts. */
async function wouldCount(context: Context, worked: Worked, parts: readonly Decision[]): Promise<boolean> {
  try {
    const draft = await context.draft(worked)
    await uphold(draft, parts)
    return parts.every((told) => covered(draft.history, draft.setting.tenants, told, draft.at))
  } catch (problem) {
    if (problem instanceof SlussProblem) return false
    throw problem
  }
}

/** One statement for each place, ledger first: a strand is spoken on by those whose assignment the ledger carries. */
async function uphold(draft: Draft, parts: readonly Decision[]): Promise<void> {
  const kept = parts.filter((one) => one.to === null).map((one) => one.hash)
  if (kept.length > 0) await draft.say('upheld', { keeps: kept, closes: [] })
  const strands = new Set(parts.flatMap((one) => (one.to === null ? [] : [one.to])))
  for (const to of strands)
    await draft.tell(to, 'upheld', {
      keeps: parts.filter((one) => one.to === to).map((one) => one.hash),
      closes: [],
    })
}

/** With a voided assignment go the names and reception keys that went with it, as where it is ended. */
async function voidAll(worked: Worked, draft: Draft, parts: readonly Decision[]): Promise<void> {
  for (const { to, hash, statement } of parts) {
    if (to !== null) await draft.tell(to, 'voided', { of: hash })
    else await draft.say('voided', { of: hash })
    if (statement.type !== 'assignment.added') continue
    for (const other of counterparts(worked.book, draft.setting.holder.authority)) {
      await nameSpeakers(worked, draft, other, statement.body.user)
      await endReceptions(worked, draft, other, statement.body.user)
    }
  }
}
