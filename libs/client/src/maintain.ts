// What a client does by itself when its user opens a case: passes a withdrawal on, makes and renews reception keys (receiving is
// use), gives colleagues who joined their wraps, and adds the seals of those who waited (protocol.md §§ 4–6).
import { consents, keys, threads } from '#libs/contracts'
import type {
  AuthorityId,
  CaseHistory,
  CaseId,
  Category,
  Hash,
  ItemsRecipient,
  ListedMessage,
  MessageId,
  Recipient,
  RegistrationId,
  SubjectId,
  ThreadId,
  UnitId,
} from '#libs/domain'
import {
  addDays,
  covered,
  disclosuresIn,
  disclosureSpan,
  entitled,
  entitledToItems,
  holdersOf,
  newestReception,
  threadShown,
} from '#libs/domain'
import type { Bytes, CaseKey, MessageBody } from '#libs/protocol'
import { listHash, sealLate } from '#libs/protocol'
import { withDraft } from './case-facts.ts'
import { authorityOfPlace, isStrandTo, ledgerPlace, recipientOfPlace, said, strandPlace } from './case-book.ts'
import type { Context, Worked } from './context.ts'
import type { Draft } from './draft.ts'
import { lackingIn } from './lacking.ts'
import { inListOrder } from './late-seals.ts'
import { coveredLate, disclosureOf } from './lately.ts'
import { addWraps, startEpoch, startFlow, startReception } from './make-keys.ts'
import { speaksTo } from './messages.ts'
import { grantsOf, lineOf, sayWithdrawal } from './narrowings.ts'
import { SlussProblem } from './problem.ts'
import { assignedWriters, currentEpoch, currentFlow, speakersOn } from './standing.ts'

/** A reception key that ends within this time is renewed when one of its holders opens the case (protocol.md § 5). */
const renewWithinDays = 14
/** As many seals as one request may carry. */
const sealsAtOnce = 1000

/** Does what can be done now; what somebody else was quicker with, or what is refused, waits for the next time. */
export async function maintain(context: Context, caseId: CaseId): Promise<void> {
  const worked = await context.work(caseId)
  if (worked.book.answer?.case.relation !== 'assigned') return
  // On chains of which something was refused nothing is widened, but a withdrawal is passed on (protocol.md § 2).
  for (const step of worked.book.refusals.size > 0 ? [passOn] : [passOn, receive, welcome, catchUp]) {
    try {
      await step(context, await context.work(caseId, 'as-known'))
    } catch (problem) {
      if (!(problem instanceof SlussProblem)) throw problem
      context.trouble(problem)
      context.stale(caseId)
    }
  }
}

/** Withdrawals heard by other parties of consents registered here: said on the own ledger, passed to the other sources. */
async function passOn(context: Context, worked: Worked): Promise<void> {
  const { authority: own } = await context.holder()
  const statements = [...worked.book.statements()]
  const heard = said(statements, 'withdrawal.received').filter((one) => isStrandTo(one.statement.place, own))
  const saidHere = said(statements, 'withdrawal.received').filter(
    (one) => one.statement.place === ledgerPlace(worked.book.id, own),
  )
  for (const registered of said(statements, 'consent.registered')) {
    const { registration, subject } = registered.statement.body
    for (const { statement } of heard) {
      const { registrations, scope } = statement.body
      const names =
        registrations === 'all'
          ? statement.body.subject === subject
          : registrations.includes(registration) ||
            // The reporter need not know of what renews it: what was told of before the withdrawal falls with it.
            (registered.statement.at <= statement.at &&
              lineOf(statements, registration).some((one) => registrations.includes(one)))
      const done = saidHere.some(
        (one) =>
          one.statement.body.registrations !== 'all' &&
          one.statement.body.registrations.includes(registration) &&
          JSON.stringify(one.statement.body.scope) === JSON.stringify(scope),
      )
      if (names && !done) await sendWithdrawal(context, worked, registration, scope ?? null)
    }
  }
  // A source that hears of a withdrawal from the registering authority closes its own grants.
  for (const { statement } of heard) {
    if (statement.body.registrations === 'all' || statement.body.scope !== undefined) continue
    for (const registration of statement.body.registrations) await closeOwn(context, worked, registration)
  }
}

async function sendWithdrawal(
  context: Context,
  worked: Worked,
  registration: RegistrationId,
  scope: Parameters<typeof sayWithdrawal>[3],
): Promise<void> {
  const draft = await context.draft(worked, 'narrowing')
  await sayWithdrawal(worked, draft, registration, scope)
  await context.http.call(consents.table.withdraw, {
    params: { caseId: worked.book.id, registrationId: registration },
    body: draft.append(),
  })
  context.stale(worked.book.id)
  await context.work(worked.book.id)
}

async function closeOwn(context: Context, worked: Worked, registration: RegistrationId): Promise<void> {
  const draft = await context.draft(worked, 'narrowing')
  const own = draft.setting.holder.authority
  for (const grant of grantsOf(worked.book.statements(), registration))
    if (authorityOfPlace(grant.statement.place) === own)
      await draft.tell(recipientOfPlace(grant.statement.place), 'grant.closed', { grant: grant.hash })
  if (draft.isEmpty) return
  await context.http.call(consents.table.follow, {
    params: { caseId: worked.book.id, registrationId: registration },
    body: draft.append(),
  })
  context.stale(worked.book.id)
  await context.work(worked.book.id)
}

type Receiving = {
  readonly subject: SubjectId
  readonly category: Category
  readonly units: readonly UnitId[] | null
  readonly givers: Set<AuthorityId>
}

/** What others give one's authority: one reception key per subject, category and units, whoever gives it. */
function receivingOf(worked: Worked, draft: Draft): readonly Receiving[] {
  const own = draft.setting.holder.authority
  const found = new Map<string, Receiving>()
  const closed = new Set(said(worked.book.statements(), 'grant.closed').map((one) => one.statement.body.grant))
  const receive = (category: Category, place: string, body: Pick<Receiving, 'subject' | 'units'>): void => {
    const { subject, units } = body
    const name = JSON.stringify([subject, category, units])
    const receiving = found.get(name) ?? { subject, category, units, givers: new Set<AuthorityId>() }
    receiving.givers.add(authorityOfPlace(place))
    found.set(name, receiving)
  }
  for (const { statement, hash } of said(worked.book.statements(), 'grant.opened')) {
    const { place, body } = statement
    if (recipientOfPlace(place) !== own || closed.has(hash) || body.until <= draft.at) continue
    for (const category of body.categories) receive(category, place, body)
  }
  for (const made of disclosuresIn(draft.history)) {
    const span = made.to === own ? disclosureSpan(draft.history, made) : null
    if (span !== null && draft.at < span.until)
      receive(made.statement.body.category, made.statement.place, made.statement.body)
  }
  return [...found.values()]
}

async function receive(context: Context, worked: Worked): Promise<void> {
  const draft = await context.draft(worked)
  const self = draft.setting.holder.user
  for (const receiving of receivingOf(worked, draft)) {
    const { subject, category, units } = receiving
    const holders = holdersOf(
      draft.history,
      draft.setting.tenants,
      { authority: draft.setting.holder.authority, category, units },
      draft.at,
    )
    if (!holders.some((holder) => holder.user === self)) continue
    const lacking = [...receiving.givers].filter(
      (giver) =>
        !isPublished(
          worked,
          draft,
          giver,
          receiving,
          holders.map((holder) => holder.key),
        ),
    )
    if (lacking.length === 0) continue
    // Who is not on a giver's list tells it nothing: one who is, or a receiver who names her, is quicker than a refusal.
    if (![...receiving.givers].every((giver) => speakersOn(draft, giver)?.includes(self) !== false)) continue
    for (const giver of receiving.givers) await speaksTo(draft, giver, self, assignedWriters(draft))
    await startReception(context, draft, worked, { subject, category, units, holders, givers: [...receiving.givers] })
  }
  await keep(context, worked, draft)
}

/** True where the newest key on the strand to this giver is usable: carried, not ended, not about to end, held by no key that is gone. */
function isPublished(
  worked: Worked,
  draft: Draft,
  giver: AuthorityId,
  sort: Omit<Receiving, 'givers'>,
  holders: readonly string[],
): boolean {
  const strand = worked.book.place(strandPlace(worked.book.id, draft.setting.holder.authority, giver))
  const { tenants, holder } = draft.setting
  const newest = newestReception(draft.history, holder.authority, giver, sort)
  if (newest === null || !covered(draft.history, tenants, newest, draft.at)) return false
  const { reception, until } = newest.statement.body
  if (said(strand, 'reception.ended').some((one) => one.statement.body.reception === reception)) return false
  if (until <= addDays(draft.at, renewWithinDays) && !endsWithGrant(worked, draft, giver, sort, until)) return false
  const started = said(worked.book.statements(), 'reception.started').find(
    (one) => one.statement.body.reception === reception,
  )
  // What the own ledger has not started is nobody's own key, whoever has put it on the strand.
  if (started === undefined) return false
  const added = said(worked.book.statements(), 'wraps.added').filter((one) => one.statement.body.key === reception)
  const held = [...started.statement.body.readers, ...added.flatMap((one) => one.statement.body.readers)]
  return held.every((reader) => holders.includes(reader.key))
}

/** A key that outlives what it receives needs no renewal. */
const endsWithGrant = (
  worked: Worked,
  draft: Draft,
  giver: AuthorityId,
  sort: Omit<Receiving, 'givers'>,
  until: string,
): boolean => {
  const strand = worked.book.place(strandPlace(worked.book.id, giver, draft.setting.holder.authority))
  const grants = said(strand, 'grant.opened').map(({ statement: { body } }) => body)
  const disclosures = said(strand, 'disclosure.made').map(({ statement: { body } }) => body)
  return [
    ...grants.filter((body) => body.subject === sort.subject && body.categories.includes(sort.category)),
    ...disclosures.filter((body) => body.subject === sort.subject && body.category === sort.category),
  ].every((body) => body.until <= until)
}

/** Wraps of every epoch and reception key that an assigned colleague is entitled to and was not given. */
async function welcome(context: Context, worked: Worked): Promise<void> {
  const draft = await context.draft(worked)
  for (const { key, kind, missing } of lackingIn(context, worked, draft.setting.holder.authority, draft.at)) {
    const opened = await (kind === 'epoch' ? worked.vault.open(key) : worked.vault.reception(key))
    if (opened.ok) await addWraps(context, draft, opened.value, missing)
  }
  await keep(context, worked, draft)
}

async function keep(context: Context, worked: Worked, draft: Draft): Promise<void> {
  if (draft.isEmpty) return
  await context.http.call(keys.table.maintain, { params: { caseId: worked.book.id }, body: draft.append() })
  context.stale(worked.book.id)
  await context.work(worked.book.id)
}

/** Late seals for each recipient that has a key now, for what waited for it or what a grant opens afterwards. */
async function catchUp(context: Context, worked: Worked): Promise<void> {
  const own = (await context.holder()).authority
  for (const { statement } of said(worked.book.place(ledgerPlace(worked.book.id, own)), 'compartment.opened')) {
    const draft = await context.draft(worked)
    const { own: readers, recipients } = entitled(
      draft.history,
      draft.setting.tenants,
      statement.body.compartment,
      draft.at,
    )
    const { user } = draft.setting.holder
    if (!readers.some((reader) => reader.user === user && reader.write)) continue
    const isHeard = ({ authority }: Recipient): boolean => speakersOn(draft, authority)?.includes(user) !== false
    for (const recipient of recipients.filter(isHeard))
      await sealMissing(context, statement.body.compartment, recipient, worked, draft.history)
    const named = entitledToItems(draft.history, draft.setting.tenants, statement.body.compartment, draft.at)
    for (const recipient of named.filter(isHeard))
      await sealItems(context, statement.body.compartment, recipient, worked)
  }
}

type Missing = { readonly id: MessageId; readonly ciphertext: ListedMessage['ciphertext']; readonly messageKey: Bytes }

async function sealMissing(
  context: Context,
  compartment: Parameters<typeof startEpoch>[3],
  recipient: Recipient,
  worked: Worked,
  history: CaseHistory,
): Promise<void> {
  await worked.threads.loadAll()
  const missing = missingFor(worked, history, compartment, recipient).slice(0, sealsAtOnce)
  if (missing.length > 0) await sealAll(context, worked, compartment, recipient, missing)
}

/** The messages that a disclosure names, all at once: the one `seals.added` under its key says that it is done. */
async function sealItems(
  context: Context,
  compartment: Parameters<typeof startEpoch>[3],
  recipient: ItemsRecipient,
  worked: Worked,
): Promise<void> {
  const { authority: own } = await context.holder()
  const strand = worked.book.place(strandPlace(worked.book.id, own, recipient.authority))
  const flows = said(strand, 'flow.keyed').filter((one) => one.statement.body.disclosure === recipient.disclosure)
  const isDone = said(strand, 'seals.added').some(({ statement }) =>
    flows.some((flow) => flow.statement.body.flow === statement.body.flow),
  )
  if (isDone) return
  await worked.threads.loadAll()
  const items = worked.threads.openedIn(compartment).flatMap(({ message, ciphertext, result }): Missing[] => {
    if (!result.ok || ciphertext === null || !recipient.items.includes(message.id)) return []
    if (!mayShow(worked, recipient, message.thread, result.opened.body)) return []
    return [{ id: message.id, ciphertext, messageKey: result.opened.messageKey }]
  })
  if (items.length === recipient.items.length) await sealAll(context, worked, compartment, recipient, items)
}

/** By the ground of a consent its own words alone are shown, whatever a colleague's client has named (domain.md § 4 rule 2). */
function mayShow(worked: Worked, { disclosure }: Recipient, thread: ThreadId, body: MessageBody): boolean {
  const made = disclosure === null ? null : worked.book.find(disclosure)
  if (made?.statement.type !== 'disclosure.made') return false
  const { ground } = made.statement.body
  if (!('consent' in ground)) return true
  return thread === threadShown({ ground }) && body.kind === 'consent' && body.registration === ground.consent
}

async function sealAll(
  context: Context,
  worked: Worked,
  compartment: Parameters<typeof startEpoch>[3],
  recipient: Recipient,
  missing: readonly Missing[],
): Promise<void> {
  const draft = await context.draft(worked)
  const flow = await flowKey(context, draft, worked, compartment, recipient)
  if (flow === null) return
  const ordered = inListOrder(missing.map(({ id, ciphertext }) => ({ id, ciphertext })))
  if (recipient.disclosure !== null && isAnnounced(worked, recipient, await listHash(ordered))) return
  await draft.tell(recipient.authority, 'seals.added', {
    flow: flow.id,
    count: ordered.length,
    list: await listHash(ordered),
  })
  const n = draft.statements.at(-1)?.statement.n ?? 0
  const seals = []
  for (const { id } of ordered) {
    const one = missing.find((message) => message.id === id)
    if (one !== undefined)
      seals.push({
        message: id,
        ...(await sealLate({ id, messageKey: one.messageKey, n, flow, random: context.random })),
      })
  }
  await context.http.call(threads.table.seal, {
    params: { caseId: worked.book.id },
    body: { append: draft.append(), seals },
  })
  const name = lateName(compartment, recipient)
  worked.sealedLate.set(name, new Set([...(worked.sealedLate.get(name) ?? []), ...missing.map((one) => one.id)]))
  context.stale(worked.book.id)
  await context.work(worked.book.id)
}

const lateName = (compartment: string, { authority, disclosure }: Recipient): string =>
  `${compartment}/${authority}${disclosure ?? ''}`

/** Another device, or a colleague, has sealed just these for the same disclosure: its list says so. */
const isAnnounced = (worked: Worked, { disclosure }: Recipient, list: Hash): boolean =>
  said(worked.book.statements(), 'seals.added').some(
    ({ statement: { body } }) => body.list === list && disclosureOf(worked, body.flow) === disclosure,
  )

/** What this recipient's grants cover and no flow key of it holds, less what this client has sealed to it already. */
function missingFor(
  worked: Worked,
  history: CaseHistory,
  compartment: Parameters<typeof startEpoch>[3],
  recipient: Recipient,
): readonly Missing[] {
  const done = worked.sealedLate.get(lateName(compartment, recipient)) ?? new Set<MessageId>()
  return coveredLate(worked, history, compartment, recipient).filter((one) => !done.has(one.id))
}

/** The current flow key to the recipient, started in the draft where there is none. */
async function flowKey(
  context: Context,
  draft: Draft,
  worked: Worked,
  compartment: Parameters<typeof startEpoch>[3],
  recipient: Recipient,
): Promise<CaseKey | null> {
  const opened = said(withDraft(worked.book, draft), 'compartment.opened').find(
    (one) => one.statement.body.compartment === compartment,
  )
  if (opened === undefined) return null
  const epochId = currentEpoch(draft, compartment)
  const epoch = epochId === null ? await startEpoch(context, draft, worked, compartment) : await openOr(worked, epochId)
  if (epoch === null) return null
  const current = currentFlow(draft, compartment, recipient)
  if (current !== null) return openOr(worked, current)
  const { subject, category, purpose } = opened.statement.body
  const writers = await speaksTo(draft, recipient.authority, draft.setting.holder.user, assignedWriters(draft))
  return startFlow(context, draft, worked, {
    compartment,
    sort: { subject, category, purpose },
    epoch,
    recipient,
    writers,
  })
}

async function openOr(worked: Worked, key: CaseKey['id']): Promise<CaseKey | null> {
  const opened = await worked.vault.open(key)
  return opened.ok ? opened.value : null
}
