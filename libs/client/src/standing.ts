// How keys, speakers and flows of a case stand, as the domain computes it, in the words that the calls of this client use.
import type {
  AuthorityId,
  Category,
  CompartmentId,
  Hash,
  Instant,
  KeyId,
  Purpose,
  Recipient,
  SubjectId,
  UserId,
} from '#libs/domain'
import { epochStanding, flowKeyStanding, flowsAt } from '#libs/domain'
import { assignedUsers, withDraft } from './case-facts.ts'
import type { CaseBook, StatementOf } from './case-book.ts'
import { authorityOfPlace, ledgerPlace, said, strandPlace } from './case-book.ts'
import type { Draft } from './draft.ts'
import type { Readers } from './views.ts'

/** The epoch that may be written under now; null where one has to be started. */
export function currentEpoch(draft: Draft, compartment: CompartmentId): KeyId | null {
  const newest = said(withDraft(draft.setting.book, draft), 'epoch.started').findLast(
    (one) => one.statement.body.compartment === compartment,
  )
  if (newest === undefined) return null
  const { epoch } = newest.statement.body
  return epochStanding(draft.history, draft.setting.tenants, epoch, draft.at).state === 'current' ? epoch : null
}

/** The flow key to this recipient that may be sealed under now; null where one has to be started. */
export function currentFlow(draft: Draft, compartment: CompartmentId, recipient: Recipient): KeyId | null {
  const { book, holder, tenants } = draft.setting
  const strand = strandPlace(book.id, holder.authority, recipient.authority)
  const newest = said(withDraft(book, draft), 'flow.keyed').findLast(
    ({ statement }) =>
      statement.place === strand &&
      statement.body.compartment === compartment &&
      (statement.body.disclosure ?? null) === recipient.disclosure &&
      JSON.stringify(statement.body.units) === JSON.stringify(recipient.units),
  )
  if (newest === undefined) return null
  const { flow, writers } = newest.statement.body
  if (!writers.includes(holder.user)) return null
  return flowKeyStanding(draft.history, tenants, flow, draft.at).state === 'current' ? flow : null
}

/** Recipients all of whose grants the server says are withdrawn: left out on its word (protocol.md § 4 rule 4). No withdrawal touches a disclosure. */
export function leftOutByWord(book: SaidByServer, recipients: readonly Recipient[]): readonly Recipient[] {
  return recipients.filter((recipient) => recipient.disclosure === null && withdrawnByWord(book, recipient.grants))
}

/** The newest list of speakers on one's own strand to another authority; null while there is none. */
export function speakersOn(draft: Draft, to: AuthorityId): readonly UserId[] | null {
  const { book, holder } = draft.setting
  const strand = strandPlace(book.id, holder.authority, to)
  const lists = said(withDraft(book, draft), 'speakers').filter((one) => one.statement.place === strand)
  return lists.at(-1)?.statement.body.users ?? null
}

export function assignedWriters(draft: Draft): readonly UserId[] {
  const { book, holder } = draft.setting
  const own = ledgerPlace(book.id, holder.authority)
  return assignedUsers([...withDraft(book, draft)].filter(({ statement }) => statement.place === own))
}

export type CompartmentFact = {
  readonly source: AuthorityId
  readonly subject: SubjectId
  readonly category: Category
  readonly purpose: Purpose
}

/** What a compartment holds, by its source's own word: on the own ledger, or with the flow keys that it gives. */
export function compartmentOf(
  book: Pick<CaseBook, 'statements'>,
  compartment: CompartmentId,
  source: AuthorityId,
): CompartmentFact | null {
  for (const { statement } of book.statements()) {
    if (statement.type !== 'compartment.opened' && statement.type !== 'flow.keyed') continue
    if (statement.body.compartment !== compartment || authorityOfPlace(statement.place) !== source) continue
    const { subject, category, purpose } = statement.body
    return { source, subject, category, purpose }
  }
  return null
}

type SaidByServer = Pick<CaseBook, 'withdrawnByWord'>

/** Whether the server says, or has said, that what these grants open is withdrawn, before the signed reason has come. */
export function withdrawnByWord(book: SaidByServer, grants: readonly Hash[]): boolean {
  return grants.length > 0 && grants.every((grant) => book.withdrawnByWord.has(grant))
}

/** A grant of which nothing is open: taken back by somebody, or over by the clock. */
function howItWent(
  book: CaseBook,
  { statement, hash }: { readonly statement: StatementOf<'grant.opened'>; readonly hash: Hash },
  at: Instant,
): 'withdrawn' | 'ended' {
  const statements = [...book.statements()]
  if (said(statements, 'grant.closed').some((one) => one.statement.body.grant === hash)) return 'withdrawn'
  if (statement.body.until <= at) return 'ended'
  const isNarrowed = said(statements, 'grant.narrowed').some((one) => one.statement.body.grant === hash)
  const isHeard = said(statements, 'withdrawal.received').some(
    ({ statement: { body } }) =>
      body.registrations === 'all' || body.registrations.some((one) => statement.body.restsOn.includes(one)),
  )
  return isNarrowed || isHeard ? 'withdrawn' : 'ended'
}

type Cause = Readers['notReading'][number]['cause']

/** Why a party of the case does not read this sort of content; the nearest reason first. */
export function notReadingCause(
  book: CaseBook,
  draft: Draft,
  authority: AuthorityId,
  sort: { readonly category: Category; readonly purpose: Purpose },
): Cause {
  const own = draft.setting.holder.authority
  const given = said(book.place(strandPlace(book.id, own, authority)), 'grant.opened')
  // What was given of just this sort and is no more comes before what another consent leaves out: that was never asked for.
  const ofSort = given.findLast(
    ({ statement: { body } }) => body.categories.includes(sort.category) && body.purposes.includes(sort.purpose),
  )
  if (ofSort !== undefined) return howItWent(book, ofSort, draft.at)
  const open = flowsAt(draft.history, draft.at).filter((flow) => flow.source === own && flow.recipient === authority)
  if (open.some((flow) => flow.category === sort.category)) return 'purpose'
  if (open.length > 0) return 'category'
  const newest = given.at(-1)
  if (newest !== undefined) return howItWent(book, newest, draft.at)
  const asked = said(book.place(strandPlace(book.id, authority, own)), 'consent.shared')
  return asked.length > 0 ? 'not-confirmed' : 'none'
}
