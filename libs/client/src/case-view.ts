// A case as a page shows it: parties, assignments, consents, flows, what waits and what to be warned of. Computed, never asked for.
import type { AuthorityId, CaseId, Category, FlowTerms, Hash, Instant, RegistrationId, UserId } from '#libs/domain'
import { addDays, categories, earliest, latest, mayWrite } from '#libs/domain'
import { sixWords } from '#libs/protocol'
import { counterparts, findIndividual } from './case-facts.ts'
import { authorityOfPlace, ledgerPlace, said, strandPlace } from './case-book.ts'
import type { Context, Worked } from './context.ts'
import { grantsOf } from './narrowings.ts'
import { staffOf } from './people.ts'
import { SlussProblem } from './problem.ts'
import { openFlows } from './standing.ts'
import { summaryOf } from './summary.ts'
import type { AssignmentView, CaseSummary, CaseView, ConsentView, FlowView } from './views.ts'

/** What waits for this person in a case. */
export async function waitingFor(context: Context, worked: Worked): Promise<CaseSummary['waiting']> {
  const me = await context.me()
  const relation = worked.book.answer?.case.relation
  const waiting: CaseSummary['waiting'][number][] = []
  const isAssigned = relation === 'assigned'
  if (isAssigned && consentsOf(context, worked, me.authority.id).some((consent) => consent.awaitsMyConfirmation))
    waiting.push('confirm')
  if (isAssigned && consentsOf(context, worked, me.authority.id).some((consent) => consent.endsSoon))
    waiting.push('renew')
  if (relation === 'receiver' && standingAssignments(worked, me.authority.id, context.now()).length === 0)
    waiting.push('assign')
  return waiting
}

export async function caseView(context: Context, caseId: CaseId): Promise<CaseView> {
  const worked = await context.work(caseId, 'as-known')
  const me = await context.me()
  const own = me.authority.id
  if (worked.book.answer === null) throw new SlussProblem('not-found', 404)
  const assignments = assignmentsOf(worked, own, context.now())
  const mine = assignments.find((one) => one.user === me.user && one.state === 'standing')
  const consents = consentsOf(context, worked, own)
  const head = worked.book.head(ledgerPlace(caseId, own))
  return {
    summary: await summaryOf(worked.book.answer.case, worked, await waitingFor(context, worked)),
    individual: findIndividual(worked.book),
    parties: [own, ...counterparts(worked.book, own)],
    assignments,
    consents,
    flows: withWaiting(flowViews(context, worked, own), consents),
    people: await staffOf(context, worked),
    mayWrite: mine === undefined ? [] : writableOf(me.roles, mine.categories),
    warnings: warningsOf(assignments),
    words: head === null ? [] : sixWords(head.hash),
  }
}

const writableOf = (roles: Parameters<typeof mayWrite>[0], assigned: readonly Category[]): readonly Category[] =>
  categories.filter((category) => mayWrite(roles, assigned, category))

/** No recovery key exists in this version, so that warning stands in every case. */
const warningsOf = (assignments: readonly AssignmentView[]): CaseView['warnings'] =>
  assignments.filter((one) => one.state === 'standing').length < 2
    ? ['no-recovery-key', 'one-reader']
    : ['no-recovery-key']

const standingAssignments = (worked: Worked, own: AuthorityId, at: Instant): readonly AssignmentView[] =>
  assignmentsOf(worked, own, at).filter((one) => one.state === 'standing')

function assignmentsOf(worked: Worked, own: AuthorityId, at: Instant): readonly AssignmentView[] {
  const found = new Map<UserId, AssignmentView>()
  for (const { statement } of worked.book.place(ledgerPlace(worked.book.id, own))) {
    if (statement.type === 'assignment.added') {
      const { user, categories: named, until } = statement.body
      if (found.get(user)?.state !== 'barred')
        found.set(user, { user, categories: named, until, state: until <= at ? 'expired' : 'standing' })
    }
    if (statement.type === 'assignment.ended' || statement.type === 'assignment.barred') {
      const before = found.get(statement.body.user)
      const state = statement.type === 'assignment.ended' ? 'ended' : 'barred'
      found.set(statement.body.user, {
        user: statement.body.user,
        categories: before?.categories ?? [],
        until: before?.until ?? statement.at,
        state,
      })
    }
  }
  return [...found.values()]
}

/** What is open, and what waits for a source to confirm it, each way once. */
const withWaiting = (open: readonly FlowView[], consents: readonly ConsentView[]): readonly FlowView[] => {
  const waiting = consents.flatMap((consent) => consent.flows.filter((one) => one.state === 'waiting-for-confirmation'))
  const shown = new Map(open.map((flow) => [wayName(flow), flow]))
  for (const flow of waiting) if (!shown.has(wayName(flow))) shown.set(wayName(flow), flow)
  return [...open, ...[...shown.values()].filter((flow) => !open.includes(flow))]
}

const wayName = ({ source, recipient, category, purpose }: FlowView): string =>
  `${source} ${recipient} ${category} ${purpose}`

/** Ways that are open now by the signed statements. */
function flowViews(context: Context, worked: Worked, own: AuthorityId): readonly FlowView[] {
  const states = context.tenants.states
  const open = openFlows({ history: worked.book.history, setting: { tenants: states } }, context.now())
  return open
    .filter((flow) => flow.source === own || flow.recipient === own)
    .map((flow) => ({
      source: flow.source,
      recipient: flow.recipient,
      units: flow.units,
      category: flow.category,
      purpose: flow.purpose,
      from: beginningOf(worked, flow.grants) ?? context.now(),
      until: flow.until,
      state: hasReception(worked, flow.recipient, flow.source, flow.category, context.now())
        ? 'flows'
        : 'waiting-for-key',
      grant: flow.grants[0] ?? null,
    }))
}

/** When the first of the grants that open a way now opened it. */
function beginningOf(worked: Worked, grants: readonly Hash[]): Instant | null {
  const [first, ...others] = grants.flatMap((hash) => {
    const opened = worked.book.find(hash)?.statement
    return opened?.type === 'grant.opened' ? [latest(opened.at, opened.body.from)] : []
  })
  return first === undefined ? null : earliest(first, ...others)
}

function hasReception(
  worked: Worked,
  recipient: AuthorityId,
  source: AuthorityId,
  category: Category,
  at: Instant,
): boolean {
  const strand = worked.book.place(strandPlace(worked.book.id, recipient, source))
  const newest = said(strand, 'reception.key').findLast((one) => one.statement.body.category === category)
  if (newest === undefined || newest.statement.body.until <= at) return false
  return !said(strand, 'reception.ended').some(
    (one) => one.statement.body.reception === newest.statement.body.reception,
  )
}

type Heard = {
  readonly registration: RegistrationId
  readonly by: AuthorityId
  readonly terms: readonly FlowTerms[]
  readonly view: Pick<ConsentView, 'subject' | 'givers' | 'given' | 'givenAt' | 'validUntil' | 'renews'>
}

/** A consent as this authority knows it: registered here, or shared by the authority that registered it. */
function heardOf(worked: Worked): readonly Heard[] {
  const registered = said(worked.book.statements(), 'consent.registered').map(
    ({ statement: { place, body } }): Heard => {
      const { registration, subject, givers, given, givenAt, validUntil, renews, flows } = body
      return {
        registration,
        by: authorityOfPlace(place),
        terms: flows,
        view: { subject, givers, given, givenAt, validUntil, renews },
      }
    },
  )
  const shared = said(worked.book.statements(), 'consent.shared').map(({ statement: { place, body } }): Heard => {
    const { registration, subject, given, validUntil, flows } = body
    return {
      registration,
      by: authorityOfPlace(place),
      terms: flows,
      view: { subject, givers: null, given, givenAt: null, validUntil, renews: null },
    }
  })
  const known = new Set(registered.map((one) => one.registration))
  return [...registered, ...shared.filter((one) => !known.has(one.registration))]
}

function consentsOf(context: Context, worked: Worked, own: AuthorityId): readonly ConsentView[] {
  const at = context.now()
  return heardOf(worked).map((heard): ConsentView => {
    const state = stateOf(worked, heard, at)
    const flows = heard.terms.flatMap((terms) => flowsOfTerms(context, worked, heard, terms, state, own))
    const granted = grantsOf(worked.book.statements(), heard.registration).some(
      (grant) => authorityOfPlace(grant.statement.place) === own,
    )
    const isAsked = heard.by !== own && heard.terms.some((terms) => terms.source === own)
    return {
      registration: heard.registration,
      registeredBy: heard.by,
      ...heard.view,
      ...renewalOf(context, worked, heard, state, own),
      state,
      flows: [...flows, ...receivedFlows(context, worked, heard, own)],
      awaitsMyConfirmation:
        isAsked && !granted && state === 'standing' && !everGranted(worked, heard.registration, own),
    }
  })
}

/** How long before its end a consent is to be asked for again (domain.md § 4 rule 1). */
const remindedDays = 30

function renewalOf(
  context: Context,
  worked: Worked,
  { registration, by, view }: Heard,
  state: ConsentView['state'],
  own: AuthorityId,
): Pick<ConsentView, 'endsAt' | 'mayRenew' | 'isRenewed' | 'endsSoon'> {
  const { given, validUntil } = view
  const lapses = given.how === 'verbally-with-witness' ? [given.lapsesAt] : []
  const rests = given.how === 'in-custody' && given.restsFrom !== null ? [given.restsFrom] : []
  const endsAt = earliest(validUntil, ...lapses, ...rests)
  const isRenewed = said(worked.book.statements(), 'consent.registered').some(
    ({ statement: { body } }) => body.renews === registration,
  )
  const mayRenew = by === own && state !== 'withdrawn' && !isRenewed
  return {
    endsAt,
    isRenewed,
    mayRenew,
    endsSoon: mayRenew && state === 'standing' && endsAt <= addDays(context.now(), remindedDays),
  }
}

const everGranted = (worked: Worked, registration: RegistrationId, own: AuthorityId): boolean =>
  said(worked.book.statements(), 'grant.opened').some(
    ({ statement }) => authorityOfPlace(statement.place) === own && statement.body.restsOn.includes(registration),
  )

function stateOf(worked: Worked, heard: Heard, at: Instant): ConsentView['state'] {
  const isWithdrawn = said(worked.book.statements(), 'withdrawal.received').some(({ statement: { body } }) => {
    const names =
      body.registrations === 'all'
        ? body.subject === heard.view.subject
        : body.registrations.includes(heard.registration)
    return names && body.scope === undefined
  })
  if (isWithdrawn) return 'withdrawn'
  const { given } = heard.view
  if (given.how === 'verbally-with-witness' && given.lapsesAt <= at) return 'lapsed'
  return heard.view.validUntil <= at ? 'expired' : 'standing'
}

/** Each way that the consent's words name, as it stands now. */
function flowsOfTerms(
  context: Context,
  worked: Worked,
  heard: Heard,
  terms: FlowTerms,
  state: ConsentView['state'],
  own: AuthorityId,
): readonly FlowView[] {
  const open = flowViews(context, worked, own)
  return terms.categories.flatMap((category) =>
    terms.purposes.map((purpose): FlowView => {
      const { source, recipient, units, validFrom, validUntil } = terms
      const found = open.find(
        (flow) =>
          flow.source === source &&
          flow.recipient === recipient &&
          flow.category === category &&
          flow.purpose === purpose &&
          rests(worked, flow.grant, heard.registration),
      )
      if (found !== undefined && state === 'standing') return found
      const isUnconfirmed =
        state === 'standing' && source !== heard.by && !everGranted(worked, heard.registration, source)
      return {
        source,
        recipient,
        units,
        category,
        purpose,
        from: validFrom,
        until: validUntil,
        grant: null,
        state: isUnconfirmed ? 'waiting-for-confirmation' : 'ended',
      }
    }),
  )
}

/** What the registering authority gives one's own, which its shared words to us do not name. */
function receivedFlows(context: Context, worked: Worked, heard: Heard, own: AuthorityId): readonly FlowView[] {
  if (heard.by === own) return []
  return flowViews(context, worked, own).filter(
    (flow) => flow.recipient === own && rests(worked, flow.grant, heard.registration),
  )
}

const rests = (worked: Worked, grant: Hash | null, registration: RegistrationId): boolean => {
  const found = grant === null ? null : worked.book.find(grant)
  return found?.statement.type === 'grant.opened' && found.statement.body.restsOn.includes(registration)
}
