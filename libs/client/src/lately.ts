// What late seals are made for, and what became of it: the source's own signed lists say what each of them held, though the seals
// themselves are shown to the recipient only (protocol.md § 6).
import type { AuthorityId, CaseHistory, CompartmentId, Hash, Instant, KeyId, MessageId, Recipient } from '#libs/domain'
import { coveredTimes, disclosuresIn, disclosureSpan, flowsAt, grantSpans, holds } from '#libs/domain'
import type { ListedMessage } from '#libs/domain'
import type { Bytes, RecipientNote } from '#libs/protocol'
import { listHash } from '#libs/protocol'
import type { StatementOf } from './case-book.ts'
import { authorityOfPlace, recipientOfPlace, said } from './case-book.ts'
import type { Worked } from './context.ts'
import type { Entry } from './entries.ts'
import { inListOrder } from './late-seals.ts'
import { compartmentOf, withdrawnByWord } from './standing.ts'

export type Listable = ListedMessage & { readonly messageKey: Bytes; readonly at: Instant }
type To = Pick<Recipient, 'authority' | 'units' | 'grants' | 'disclosure'>

/** The disclosure that a flow key rests on; null where it rests on grants. */
export const disclosureOf = (worked: Worked, flow: KeyId): Hash | null =>
  said(worked.book.statements(), 'flow.keyed').find((one) => one.statement.body.flow === flow)?.statement.body
    .disclosure ?? null

/** What this recipient's grants cover and was not sealed to it when written: what waited, and with `all` everything before. */
export function coveredLate(
  worked: Worked,
  history: CaseHistory,
  compartment: CompartmentId,
  recipient: To,
): readonly Listable[] {
  const sort = compartmentOf(worked.book, compartment, worked.book.own)
  const flow = sort === null ? [] : grantSpans(history, { ...sort, recipient: recipient.authority }, recipient.units)
  const times = coveredTimes(flow, recipient.grants)
  return worked.threads.openedIn(compartment).flatMap((entry): Listable[] => {
    const { message, ciphertext, result } = entry
    if (!result.ok || ciphertext === null) return []
    // The words of a consent are for those asked to confirm it and nobody else, whatever a grant opens (domain.md § 4 rule 2).
    if (result.opened.body.kind === 'consent') return []
    const listable = { id: message.id, ciphertext, messageKey: result.opened.messageKey, at: message.at }
    const notes = (result.opened.recipients ?? []).filter((one) => one.authority === recipient.authority)
    // A broken glass opens all of its category that is not sealed to it already, whatever a consent opened (protocol.md § 5).
    if (recipient.disclosure !== null)
      return notes.some((one) => one.flow !== null && disclosureOf(worked, one.flow) === recipient.disclosure)
        ? []
        : [listable]
    const note = notes.find((one) => one.flow === null || disclosureOf(worked, one.flow) === null)
    if (note?.cause === 'sealed' || note?.cause === 'word' || note?.cause === 'uncovered') return []
    return times.some((span) => holds(span, message.at)) ? [listable] : []
  })
}

/** When each message of one's own authority was sealed late, and to whom. */
export type SealedLate = ReadonlyMap<MessageId, ReadonlyMap<AuthorityId, Instant>>

/**
 * Each announced list is made again from what was opened here, and counts only where it is the one that was signed: of a list that
 * cannot be made again (a colleague's client knew of other messages) nothing is said.
 */
export async function sealedLate(worked: Worked): Promise<SealedLate> {
  const found = new Map<MessageId, Map<AuthorityId, Instant>>()
  const listed = new Map<string, Set<MessageId>>()
  for (const { statement } of said(worked.book.statements(), 'seals.added')) {
    const to = recipientOfPlace(statement.place)
    if (authorityOfPlace(statement.place) !== worked.book.own) continue
    const { name, candidates } = announcedBy(worked, statement, to)
    const before = listed.get(name) ?? new Set()
    const list = inListOrder(candidates.filter((one) => one.at <= statement.at && !before.has(one.id)))
    const { count, list: signed } = statement.body
    const hashed = list.map(({ id, ciphertext }) => ({ id, ciphertext }))
    if (list.length !== count || (await listHash(hashed)) !== signed) continue
    listed.set(name, new Set([...before, ...list.map((one) => one.id)]))
    for (const { id } of list) found.set(id, (found.get(id) ?? new Map<AuthorityId, Instant>()).set(to, statement.at))
  }
  return found
}

/** What the list under a flow key can hold, and the name under which no message stands in two of its lists. */
function announcedBy(
  worked: Worked,
  { body: { flow } }: StatementOf<'seals.added'>,
  to: AuthorityId,
): { readonly name: string; readonly candidates: readonly Listable[] } {
  const keyed = said(worked.book.statements(), 'flow.keyed').find((one) => one.statement.body.flow === flow)
  if (keyed === undefined) return { name: '', candidates: [] }
  const { compartment, units, grants, disclosure = null } = keyed.statement.body
  const made = disclosure === null ? null : worked.book.find(disclosure)?.statement
  const items = made?.type === 'disclosure.made' ? made.body.items : 'all'
  const recipient = { authority: to, units, grants, disclosure }
  const candidates = coveredLate(worked, worked.book.history, compartment, recipient)
  return {
    name: `${compartment}/${to}/${disclosure ?? ''}`,
    candidates: items === 'all' ? candidates : candidates.filter((one) => items.includes(one.id)),
  }
}

/** Whether what an authority waits for can still come: a way is open by which its source would seal it. */
export function mayStillCome(worked: Worked, { message, result }: Entry, to: AuthorityId, at: Instant): boolean {
  const { own, history } = worked.book
  const sort = result.ok ? compartmentOf(worked.book, message.compartment, own) : null
  if (sort === null) return false
  const byConsent = flowsAt(history, at).some(
    (flow) =>
      flow.source === own &&
      flow.recipient === to &&
      flow.category === sort.category &&
      flow.purpose === sort.purpose &&
      !withdrawnByWord(worked.book, flow.grants) &&
      coveredTimes(grantSpans(history, { ...sort, recipient: to }, flow.units), flow.grants).some((span) =>
        holds(span, message.at),
      ),
  )
  return byConsent || isDisclosed(worked, sort, message.id, to, at)
}

/** Open to it by a disclosure, as a whole or by name. */
function isDisclosed(
  worked: Worked,
  sort: NonNullable<ReturnType<typeof compartmentOf>>,
  message: MessageId,
  to: AuthorityId,
  at: Instant,
): boolean {
  const { own, history } = worked.book
  return disclosuresIn(history).some((made) => {
    const { subject, category, purpose, items } = made.statement.body
    if (made.from !== own || made.to !== to || subject !== sort.subject) return false
    if (category !== sort.category || purpose !== sort.purpose) return false
    const span = disclosureSpan(history, made)
    return (items === 'all' || items.includes(message)) && span !== null && holds(span, at)
  })
}

/**
 * Of one's own authority's messages: the others that it went to when it was written, each once; and of those that had no key then,
 * what became of it. Whoever was left out on the server's word was sent nothing.
 */
export function sentTo(
  notes: readonly RecipientNote[] | null,
  became: (authority: AuthorityId) => 'sealed-late' | 'waiting' | 'never',
):
  | readonly { readonly authority: AuthorityId; readonly state: 'sealed' | 'sealed-late' | 'waiting' | 'never' }[]
  | null {
  if (notes === null) return null
  const sealed = new Set(notes.filter((note) => note.cause === 'sealed').map((note) => note.authority))
  const others = new Set(
    notes.filter(({ cause, authority }) => cause !== 'word' && !sealed.has(authority)).map((note) => note.authority),
  )
  return [
    ...[...sealed].map((authority) => ({ authority, state: 'sealed' as const })),
    ...[...others].map((authority) => ({ authority, state: became(authority) })),
  ]
}
