// Who of one's own authority works in a case: opening a ledger, assigning, ending (domain.md § 1 "Receivers"; protocol.md § 4).
import { cases as operations } from '#libs/contracts'
import type { AuthorityId, CaseId, Category, Instant, UserId } from '#libs/domain'
import { categoriesByRole } from '#libs/domain'
import { assignedUsers, counterparts, withDraft } from './case-facts.ts'
import { ledgerPlace, said, strandPlace } from './case-book.ts'
import type { Context, Worked } from './context.ts'
import type { Draft } from './draft.ts'
import { againIfMoved } from './narrowings.ts'
import { SlussProblem } from './problem.ts'
import { speakersOn } from './standing.ts'

export type Assignment = {
  readonly user: UserId
  readonly categories: readonly Category[] | 'default'
  readonly until: Instant
  readonly reason?: 'alone' | 'night'
}

/** The categories that a person's certified roles carry by default, in the domain's order (domain.md § 1 "Inner secrecy"). */
export async function defaultCategoriesOf(context: Context, user: UserId): Promise<readonly Category[]> {
  const me = await context.me()
  await context.tenants.refresh(me.tenant.id)
  return categoriesByRole(context.tenants.certified(me.tenant.id, user)?.roles ?? [])
}

/** Assigns a colleague or oneself, and names the authority's speakers on every strand of the case. */
export async function assign(context: Context, caseId: CaseId, input: Assignment): Promise<void> {
  const worked = await context.work(caseId)
  const me = await context.me()
  const named = input.categories === 'default' ? await defaultCategoriesOf(context, input.user) : input.categories
  const draft = await context.draft(worked)
  const ledger = ledgerPlace(caseId, me.authority.id)
  if (worked.book.place(ledger).length === 0) {
    const unit = me.units[0]
    if (unit === undefined) throw new SlussProblem('role-missing', 403)
    await draft.say('ledger.opened', { unit: unit.id, as: 'party' })
  }
  const { user, until } = input
  await draft.say('assignment.added', {
    user,
    categories: named,
    until,
    ...(input.reason === undefined ? {} : { reason: input.reason }),
  })
  for (const other of counterparts(worked.book, me.authority.id)) await nameSpeakers(worked, draft, other, null)
  await context.http.call(operations.table.assign, { params: { caseId }, body: draft.append() })
  context.stale(caseId)
}

/** Ends an assignment at once, with the names and reception keys that go with it; signed again by itself if the chain moved on. */
export async function endAssignment(
  context: Context,
  caseId: CaseId,
  user: UserId,
  how: 'ended' | 'barred',
): Promise<void> {
  await againIfMoved(context, caseId, async (worked) => {
    const me = await context.me()
    const draft = await context.draft(worked, 'narrowing')
    await draft.say(how === 'ended' ? 'assignment.ended' : 'assignment.barred', { user, closes: [] })
    for (const other of counterparts(worked.book, me.authority.id)) {
      await nameSpeakers(worked, draft, other, user)
      await endReceptions(worked, draft, other, user)
    }
    await context.http.call(operations.table.endAssignment, { params: { caseId }, body: draft.append() })
  })
  context.stale(caseId)
}

/** A list is written where it would differ from the newest one; `without` has just been taken off. */
export async function nameSpeakers(
  worked: Worked,
  draft: Draft,
  to: AuthorityId,
  without: UserId | null,
): Promise<void> {
  const own = ledgerPlace(worked.book.id, draft.setting.holder.authority)
  const statements = [...withDraft(worked.book, draft)].filter(({ statement }) => statement.place === own)
  const users = assignedUsers(statements).filter((user) => user !== without)
  const listed = speakersOn(draft, to)
  if (listed !== null && sameSet(listed, users)) return
  if (listed === null && users.length === 0) return
  await draft.tell(to, 'speakers', { users, closes: [] })
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one))

/** Reception keys of one's own that this person was given end on the strand where they were published (protocol.md § 5). */
export async function endReceptions(worked: Worked, draft: Draft, to: AuthorityId, user: UserId): Promise<void> {
  const strand = worked.book.place(strandPlace(worked.book.id, draft.setting.holder.authority, to))
  const ended = new Set(said(strand, 'reception.ended').map((one) => one.statement.body.reception))
  const held = new Set([
    ...said(worked.book.statements(), 'reception.started')
      .filter((one) => one.statement.body.readers.some((reader) => reader.user === user))
      .map((one) => one.statement.body.reception),
    ...said(worked.book.statements(), 'wraps.added')
      .filter((one) => one.statement.body.readers.some((reader) => reader.user === user))
      .map((one) => one.statement.body.key),
  ])
  const published = new Set(said(strand, 'reception.key').map((one) => one.statement.body.reception))
  for (const reception of published)
    if (held.has(reception) && !ended.has(reception)) await draft.tell(to, 'reception.ended', { reception })
}
