// Consents: registering, confirming, narrowing, withdrawing, and seeing beforehand who gains and who loses (domain.md § 4).
import { consents as operations } from '#libs/contracts'
import type {
  AuthorityId,
  CaseId,
  FlowTerms,
  Hash,
  RegistrationId,
  SubjectId,
  Verified,
  WithdrawalScope,
} from '#libs/domain'
import { earliest, hash, id, latest } from '#libs/domain'
import { individualOf } from './case-facts.ts'
import type { StatementOf } from './case-book.ts'
import { authorityOfPlace, recipientOfPlace, said } from './case-book.ts'
import type { Context, Worked } from './context.ts'
import type { Draft } from './draft.ts'
import { keepEvidence } from './evidence.ts'
import { speaksTo } from './messages.ts'
import { SlussProblem } from './problem.ts'
import { randomId } from './randomness.ts'
import { assignedWriters } from './standing.ts'
import type { ConsentDraft, Narrowing } from './views.ts'

const attempts = 4

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

/** A salted hash of what is kept as content: the statement holds to the words without telling them. */
async function saltedHash(context: Context, text: string): Promise<Hash> {
  const bytes = new Uint8Array([...context.random(16), ...new TextEncoder().encode(text)])
  const digest = new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes))
  return hash<Hash>([...digest].map((byte) => byte.toString(16).padStart(2, '0')).join(''))
}

/** Says the consent in a draft: on the own ledger, a grant on each own strand, and to each other source what it may confirm. */
export async function sayConsent(
  context: Context,
  worked: Worked,
  draft: Draft,
  input: ConsentDraft,
): Promise<RegistrationId> {
  const own = draft.setting.holder.authority
  const subject = individualOf(worked.book)
  const registration = id<RegistrationId>(randomId(context.random))
  const flows = termsOf(input, own, subject, latest(draft.at, input.givenAt))
  const { givers, given, givenAt, validUntil } = input
  const text = await saltedHash(context, JSON.stringify(flows))
  const evidence = input.evidence === '' ? null : await saltedHash(context, input.evidence)
  await draft.say('consent.registered', {
    registration,
    subject,
    givers,
    given,
    givenAt,
    validUntil,
    flows,
    text,
    evidence,
    renews: null,
  })
  for (const source of new Set(flows.map((flow) => flow.source)))
    if (source !== own) {
      await speaksTo(draft, source, draft.setting.holder.user, assignedWriters(draft))
      const asked = flows.filter((flow) => flow.source === source)
      await draft.tell(source, 'consent.shared', { registration, subject, given, validUntil, flows: asked, text })
    }
  for (const flow of flows) if (flow.source === own) await openGrant(draft, flow, registration)
  return registration
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
  if (input.evidence !== '') await keepEvidence(context, begun, input.evidence)
  const worked = await context.work(caseId)
  const draft = await context.draft(worked)
  const registration = await sayConsent(context, worked, draft, input)
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

type Grant = { readonly statement: StatementOf<'grant.opened'>; readonly hash: Hash }

/** Grants, not closed, that rest on a registration. */
export function grantsOf(statements: Iterable<Verified>, registration: RegistrationId): readonly Grant[] {
  const all = [...statements]
  const closed = new Set(said(all, 'grant.closed').map((one) => one.statement.body.grant))
  return said(all, 'grant.opened').filter(
    (one) => one.statement.body.restsOn.includes(registration) && !closed.has(one.hash),
  )
}

const sentBy =
  (own: AuthorityId) =>
  (grant: Grant): boolean =>
    authorityOfPlace(grant.statement.place) === own

/** Narrows in a draft: own grants by hand; what other sources give, by a withdrawal with a scope that their clients act on. */
export async function sayNarrowing(
  worked: Worked,
  draft: Draft,
  registration: RegistrationId,
  narrowing: Narrowing,
): Promise<{ readonly own: boolean; readonly others: boolean }> {
  const own = draft.setting.holder.authority
  const isWhole = narrowing.categories === undefined && narrowing.purposes === undefined
  const concerned = grantsOf(worked.book.statements(), registration).filter(
    (grant) =>
      (narrowing.source === undefined || authorityOfPlace(grant.statement.place) === narrowing.source) &&
      (narrowing.recipient === undefined || recipientOfPlace(grant.statement.place) === narrowing.recipient),
  )
  const mine = concerned.filter(sentBy(own))
  for (const grant of mine) {
    const to = recipientOfPlace(grant.statement.place)
    if (isWhole) await draft.tell(to, 'grant.closed', { grant: grant.hash })
    else
      await draft.tell(to, 'grant.narrowed', {
        grant: grant.hash,
        ...(narrowing.categories === undefined ? {} : { categories: narrowing.categories }),
        ...(narrowing.purposes === undefined ? {} : { purposes: narrowing.purposes }),
      })
  }
  return { own: mine.length > 0, others: narrowing.source !== own && othersGive(worked, own, registration, narrowing) }
}

function othersGive(worked: Worked, own: AuthorityId, registration: RegistrationId, narrowing: Narrowing): boolean {
  const terms = [
    ...said(worked.book.statements(), 'consent.registered'),
    ...said(worked.book.statements(), 'consent.shared'),
  ].filter((one) => one.statement.body.registration === registration)
  const others = terms.flatMap((one) =>
    one.statement.body.flows.map((flow) => ({ source: flow.source, recipient: flow.recipient })),
  )
  const granted = grantsOf(worked.book.statements(), registration).map((grant) => ({
    source: authorityOfPlace(grant.statement.place),
    recipient: recipientOfPlace(grant.statement.place),
  }))
  return [...others, ...granted].some(
    (flow) =>
      flow.source !== own &&
      (narrowing.source === undefined || flow.source === narrowing.source) &&
      (narrowing.recipient === undefined || flow.recipient === narrowing.recipient),
  )
}

/** What a withdrawal is told with where it is a narrowing: exactly that part, direction included. */
export const scopeOf = (narrowing: Narrowing): WithdrawalScope => ({
  ...(narrowing.categories === undefined ? {} : { categories: narrowing.categories }),
  ...(narrowing.purposes === undefined ? {} : { purposes: narrowing.purposes }),
  ...(narrowing.source === undefined ? {} : { sources: [narrowing.source] }),
  ...(narrowing.recipient === undefined ? {} : { recipients: [narrowing.recipient] }),
})

export async function narrowConsent(
  context: Context,
  caseId: CaseId,
  registration: RegistrationId,
  narrowing: Narrowing,
): Promise<void> {
  const params = { caseId, registrationId: registration }
  const left = await againIfMoved(context, caseId, async (worked) => {
    const draft = await context.draft(worked)
    const concerned = await sayNarrowing(worked, draft, registration, narrowing)
    if (!draft.isEmpty) await context.http.call(operations.table.narrow, { params, body: draft.append() })
    return concerned
  })
  context.stale(caseId)
  if (left.others) await withdraw(context, caseId, registration, scopeOf(narrowing))
}

/** Withdraws the whole consent: heard by anybody assigned, in any party; it needs no form and no approval. */
export const withdrawConsent = (context: Context, caseId: CaseId, registration: RegistrationId): Promise<void> =>
  withdraw(context, caseId, registration, null)

async function withdraw(
  context: Context,
  caseId: CaseId,
  registration: RegistrationId,
  scope: WithdrawalScope | null,
): Promise<void> {
  await againIfMoved(context, caseId, async (worked) => {
    const draft = await context.draft(worked)
    await sayWithdrawal(worked, draft, registration, scope)
    await context.http.call(operations.table.withdraw, {
      params: { caseId, registrationId: registration },
      body: draft.append(),
    })
  })
  context.stale(caseId)
}

/**
 * The withdrawal where it belongs: the registering authority says it on its ledger and to the other sources; any other party
 * says it to the registering authority, or to the source of its grant where it knows no other. Own grants close with it.
 */
export async function sayWithdrawal(
  worked: Worked,
  draft: Draft,
  registration: RegistrationId,
  scope: WithdrawalScope | null,
): Promise<void> {
  const own = draft.setting.holder.authority
  const statements = [...worked.book.statements()]
  const registered = said(statements, 'consent.registered').find(
    (one) => one.statement.body.registration === registration,
  )
  const shared = said(statements, 'consent.shared').filter((one) => one.statement.body.registration === registration)
  const grants = grantsOf(statements, registration)
  const subject =
    registered?.statement.body.subject ?? shared[0]?.statement.body.subject ?? grants[0]?.statement.body.subject
  if (subject === undefined) throw new SlussProblem('not-found', 404)
  const body = { registrations: [registration], subject, ...(scope === null ? {} : { scope }) }
  if (registered !== undefined) {
    await draft.say('withdrawal.received', body)
    for (const source of new Set(shared.map((one) => recipientOfPlace(one.statement.place)))) {
      const part = scopeTowards(scope, source, own)
      if (part !== 'nothing') await draft.tell(source, 'withdrawal.received', { ...body, ...(part && { scope: part }) })
    }
  } else {
    const registrar = shared.map((one) => authorityOfPlace(one.statement.place))
    const givers = grants.filter((grant) => !sentBy(own)(grant)).map((grant) => authorityOfPlace(grant.statement.place))
    for (const to of new Set(registrar.length > 0 ? registrar : givers))
      await draft.tell(to, 'withdrawal.received', body)
  }
  if (scope === null)
    for (const grant of grants.filter(sentBy(own)))
      await draft.tell(recipientOfPlace(grant.statement.place), 'grant.closed', { grant: grant.hash })
}

/**
 * The part of a withdrawal that concerns what one source gives, naming nobody but the two sides of its strand: another source or
 * recipient is not that source's to know. A registration is for flows in which the registering authority takes part, so every
 * flow of a source that was asked goes to it.
 */
function scopeTowards(
  scope: WithdrawalScope | null,
  source: AuthorityId,
  own: AuthorityId,
): WithdrawalScope | null | 'nothing' {
  if (scope === null || (scope.sources === undefined && scope.recipients === undefined)) return scope
  if (scope.sources?.includes(source) === false || scope.recipients?.includes(own) === false) return 'nothing'
  return { ...scope, sources: [source], recipients: [own] }
}

/** What narrows is signed again by itself when the chain has moved on (protocol.md § 4 rule 2). */
async function againIfMoved<T>(context: Context, caseId: CaseId, act: (worked: Worked) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const worked = await context.work(caseId)
    try {
      return await act(worked)
    } catch (problem) {
      if (!(problem instanceof SlussProblem) || problem.name !== 'ledger-moved-on' || attempt >= attempts) throw problem
    }
  }
}
