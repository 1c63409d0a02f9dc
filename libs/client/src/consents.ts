// Consents: registering and confirming (domain.md § 4 rule 2). Narrowing and withdrawing are in narrowings.ts, the words in consent-words.ts.
import { consents as operations } from '#libs/contracts'
import type { AuthorityId, CaseId, FlowTerms, Instant, RegistrationId, SubjectId } from '#libs/domain'
import { earliest, id, latest } from '#libs/domain'
import { individualOf, withDraft } from './case-facts.ts'
import type { StatementOf } from './case-book.ts'
import { recipientOfPlace, said, strandPlace } from './case-book.ts'
import type { KeptWords } from './consent-words.ts'
import { keepWords } from './consent-words.ts'
import type { Context, Worked } from './context.ts'
import type { Draft } from './draft.ts'
import { speaksTo } from './messages.ts'
import { SlussProblem } from './problem.ts'
import { randomId } from './randomness.ts'
import { standingGrants } from './narrowings.ts'
import { assignedWriters, withdrawnByWord } from './standing.ts'
import type { ConsentDraft } from './views.ts'

/** The flows of a draft in the domain's own form: each direction of a mutual part is a flow of its own. */
export function termsOf(
  draft: ConsentDraft,
  own: AuthorityId,
  subject: SubjectId,
  from: FlowTerms['validFrom'],
): readonly FlowTerms[] {
  return draft.flows.flatMap((flow): FlowTerms[] => {
    const { categories, purposes, includesEarlier } = flow
    const shared = { subject, categories, purposes, includesEarlier, validFrom: from, validUntil: draft.validUntil }
    const outward: FlowTerms = { ...shared, source: own, recipient: flow.counterpart, units: flow.units }
    const inward: FlowTerms = { ...shared, source: flow.counterpart, recipient: own, units: null }
    if (flow.direction === 'from-us') return [outward]
    return flow.direction === 'to-us' ? [inward] : [outward, inward]
  })
}

/** Says the consent in a draft: on the own ledger, a grant on each own strand, and to each other source what it may confirm. */
async function sayConsent(
  worked: Worked,
  draft: Draft,
  registration: RegistrationId,
  input: ConsentDraft,
  kept: KeptWords,
): Promise<void> {
  const own = draft.setting.holder.authority
  const subject = individualOf(worked.book)
  const flows = termsOf(input, own, subject, latest(draft.at, input.givenAt))
  const { givers, given, givenAt, validUntil, shown, renews } = input
  const { text, evidence } = kept
  const words = { text, evidence, shown }
  await draft.say('consent.registered', {
    registration,
    subject,
    givers,
    given,
    givenAt,
    validUntil,
    flows,
    ...words,
    renews,
  })
  for (const source of new Set(flows.map((flow) => flow.source)))
    if (source !== own) {
      await speaksTo(draft, source, draft.setting.holder.user, assignedWriters(draft))
      const asked = flows.filter((flow) => flow.source === source)
      await draft.tell(source, 'consent.shared', { registration, subject, given, validUntil, flows: asked, ...words })
      if (shown === 'here') await showWords(draft, source, { registration, subject, validUntil }, kept)
    }
  const ours = flows.filter((flow) => flow.source === own)
  for (const recipient of new Set(ours.map((flow) => flow.recipient))) await closeWithdrawn(draft, recipient)
  for (const flow of ours) await openGrant(draft, flow, registration)
}

/** What the server says is withdrawn is closed by the source's own word before it opens anything anew to the same recipient. */
async function closeWithdrawn(draft: Draft, recipient: AuthorityId): Promise<void> {
  const { book, holder } = draft.setting
  const strand = strandPlace(book.id, holder.authority, recipient)
  const told = [...withDraft(book, draft)].filter(({ statement }) => statement.place === strand)
  for (const grant of standingGrants(told))
    if (withdrawnByWord(book, [grant.hash])) await draft.tell(recipient, 'grant.closed', { grant: grant.hash })
}

/** Words and evidence, and nothing else of `plan`, to a source that is asked; its client makes the key that they wait for. */
async function showWords(
  draft: Draft,
  source: AuthorityId,
  consent: { readonly registration: RegistrationId; readonly subject: SubjectId; readonly validUntil: Instant },
  kept: KeptWords,
): Promise<void> {
  const { registration, subject, validUntil } = consent
  await draft.tell(source, 'disclosure.made', {
    subject,
    category: 'plan',
    purpose: 'casework',
    units: null,
    items: [kept.message],
    ground: { consent: registration },
    reason: kept.text,
    until: validUntil,
  })
}

async function openGrant(draft: Draft, flow: FlowTerms, registration: RegistrationId): Promise<void> {
  const { subject, categories, purposes, units, includesEarlier } = flow
  const self = draft.setting.holder.user
  await speaksTo(draft, flow.recipient, self, assignedWriters(draft))
  await draft.tell(flow.recipient, 'grant.opened', {
    subject,
    categories,
    purposes,
    units,
    includesEarlier,
    from: latest(draft.at, flow.validFrom),
    until: flow.validUntil,
    restsOn: [registration],
  })
  await draft.tell(flow.recipient, 'contacts', { users: [self] })
}

export async function registerConsent(context: Context, caseId: CaseId, input: ConsentDraft): Promise<RegistrationId> {
  const begun = await context.work(caseId)
  for (const flow of input.flows) await context.loadTenantOf(flow.counterpart)
  const registration = id<RegistrationId>(randomId(context.random))
  const kept = await keepWords(context, begun, registration, input)
  const worked = await context.work(caseId)
  const draft = await context.draft(worked)
  await sayConsent(worked, draft, registration, input, kept)
  await context.http.call(operations.table.register, { params: { caseId }, body: draft.append() })
  context.stale(caseId)
  return registration
}

/** Opens one's own authority's flows of a consent that another authority registered and shared. */
export async function confirmConsent(context: Context, caseId: CaseId, registration: RegistrationId): Promise<void> {
  const worked = await context.work(caseId)
  const draft = await context.draft(worked)
  const shared = sharedWith(worked, draft.setting.holder.authority, registration)
  if (shared === null) throw new SlussProblem('not-found', 404)
  for (const flow of shared.body.flows) {
    if (flow.source !== draft.setting.holder.authority) continue
    await context.loadTenantOf(flow.recipient)
    await openGrant(draft, { ...flow, validUntil: earliest(flow.validUntil, shared.body.validUntil) }, registration)
  }
  await context.http.call(operations.table.confirm, {
    params: { caseId, registrationId: registration },
    body: draft.append(),
  })
  context.stale(caseId)
}

function sharedWith(
  worked: Worked,
  own: AuthorityId,
  registration: RegistrationId,
): StatementOf<'consent.shared'> | null {
  const shared = said(worked.book.statements(), 'consent.shared').find(
    ({ statement }) => statement.body.registration === registration && recipientOfPlace(statement.place) === own,
  )
  return shared?.statement ?? null
}
