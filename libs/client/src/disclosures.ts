// Disclosures on a ground in law: of named messages, or of a category for some hours; and ending one early (domain.md § 5).
import { disclosures as operations, threads } from '#libs/contracts'
import type { CaseId, Category, Hash, Instant, ThreadId, UserId } from '#libs/domain'
import { addMinutes, categories, disclosuresIn, disclosureSpan, groundsFor, id, mayWrite } from '#libs/domain'
import { hashOfCiphertext } from '#libs/protocol'
import { individualOf } from './case-facts.ts'
import { authorityOfPlace, recipientOfPlace, said } from './case-book.ts'
import type { Context, Worked } from './context.ts'
import { compose, speaksTo } from './messages.ts'
import { againIfMoved } from './narrowings.ts'
import { SlussProblem } from './problem.ts'
import { randomId } from './randomness.ts'
import { assignedWriters, compartmentOf } from './standing.ts'
import type { DisclosureDraft, DisclosureView } from './views.ts'

/** Says the disclosure; its keys and seals follow by themselves once the recipient has a reception key. */
export async function disclose(context: Context, caseId: CaseId, input: DisclosureDraft): Promise<Hash> {
  const begun = await context.work(caseId)
  await checkGround(context, input)
  await checkItems(begun, input)
  const reason = await keepReason(context, begun, input)
  const worked = await context.work(caseId)
  const draft = await context.draft(worked)
  const { recipient, units, category, purpose, ground } = input
  const self = draft.setting.holder.user
  await speaksTo(draft, recipient, self, assignedWriters(draft))
  const made = await draft.tell(recipient, 'disclosure.made', {
    subject: individualOf(worked.book),
    category,
    purpose,
    units,
    items: 'messages' in input.what ? input.what.messages : 'all',
    ground: { law: ground },
    reason,
    until: 'hours' in input.what ? addMinutes(draft.at, input.what.hours * 60) : input.what.until,
  })
  await draft.tell(recipient, 'contacts', { users: [self] })
  await context.http.call(operations.table.make, { params: { caseId }, body: draft.append() })
  context.stale(caseId)
  return made
}

/** The age is asked for here alone: a statement, which the server reads, does not tell it. */
async function checkGround(context: Context, { recipient, category, ground, age }: DisclosureDraft): Promise<void> {
  const source = (await context.me()).tenant.kind
  const tenant = await context.loadTenantOf(recipient)
  const kind = tenant === null ? undefined : context.tenants.state(tenant)?.kind
  if (kind === undefined) throw new SlussProblem('not-found', 404)
  const at = context.now()
  const asked = { source, recipient: kind, category }
  const isOf = (years: number | null): boolean =>
    groundsFor({ ...asked, age: years }, at).some((one) => one.ground === ground)
  // Whatever else is wrong with the ground is refused by the statement's own rules, with their own word.
  if (isOf(0) && !isOf(age)) throw new SlussProblem('statement-refused', 0, 'ground-about-younger')
}

/** Each named message is one that this client has opened, of one's own authority's compartment for this sort. */
async function checkItems(worked: Worked, { category, purpose, what }: DisclosureDraft): Promise<void> {
  if (!('messages' in what)) return
  await worked.threads.loadAll()
  for (const message of what.messages) {
    const entry = worked.threads.entry(message)
    const sort =
      entry?.result.ok === true ? compartmentOf(worked.book, entry.message.compartment, worked.book.own) : null
    if (sort === null || sort.category !== category || sort.purpose !== purpose)
      throw new SlussProblem('not-found', 404)
  }
}

/** The reason is content of one's own authority in another category than the one disclosed, kept before anything is opened. */
async function keepReason(context: Context, worked: Worked, { category, reason }: DisclosureDraft): Promise<Hash> {
  const kept = await categoryFor(context, worked, category)
  const { append, message } = await compose(context, worked, {
    thread: id<ThreadId>(randomId(context.random)),
    category: kept,
    purpose: 'casework',
    body: { kind: 'text', title: null, text: reason },
    readers: null,
    toOthers: 'nobody',
  })
  await context.http.call(threads.table.send, {
    params: { caseId: worked.book.id },
    body: { append, message: { ...message, seals: [...message.seals], leftOut: [...message.leftOut] } },
  })
  context.stale(worked.book.id)
  const ciphertext = await hashOfCiphertext(message.ciphertext)
  if (!ciphertext.ok) throw new SlussProblem('not-an-answer', 0, ciphertext.error)
  return ciphertext.value
}

async function categoryFor(context: Context, worked: Worked, disclosed: Category): Promise<Category> {
  const { user, roles, authority } = await context.me()
  const assigned = said(worked.book.statements(), 'assignment.added').findLast(
    ({ statement }) => statement.body.user === user && authorityOfPlace(statement.place) === authority.id,
  )?.statement.body.categories
  const order: readonly Category[] = ['plan', 'measures', ...categories]
  const found = order.find((one) => one !== disclosed && mayWrite(roles, assigned ?? [], one))
  if (found === undefined) throw new SlussProblem('no-writing-role', 0)
  return found
}

/** Ends a disclosure of one's own authority at once; what was read is not taken back by it. */
export async function closeDisclosure(context: Context, caseId: CaseId, disclosure: Hash): Promise<void> {
  await againIfMoved(context, caseId, async (worked) => {
    const draft = await context.draft(worked, 'narrowing')
    const made = worked.book.find(disclosure)
    const own = draft.setting.holder.authority
    if (made?.statement.type !== 'disclosure.made' || authorityOfPlace(made.statement.place) !== own)
      throw new SlussProblem('not-found', 404)
    await draft.tell(recipientOfPlace(made.statement.place), 'disclosure.closed', { disclosure })
    await context.http.call(operations.table.close, { params: { caseId, disclosure }, body: draft.append() })
  })
  context.stale(caseId)
}

export function disclosuresOf(context: Context, worked: Worked): readonly DisclosureView[] {
  const at: Instant = context.now()
  return disclosuresIn(worked.book.history).map((made): DisclosureView => {
    const { category, purpose, units, items, ground, until } = made.statement.body
    const span = disclosureSpan(worked.book.history, made)
    return {
      disclosure: made.hash,
      source: made.from,
      recipient: recipientOfPlace(made.statement.place),
      units,
      category,
      purpose,
      items,
      ground,
      decidedBy: made.statement.by as UserId, // only tenant chains are signed by the root
      madeAt: made.statement.at,
      until: span?.until ?? until,
      state: span !== null && span.from <= at && at < span.until ? 'open' : 'over',
    }
  })
}
