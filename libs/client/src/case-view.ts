// A case as a page shows it: parties, assignments, consents, flows, what waits and what to be warned of. Computed, never asked for.
import type {
  AuthorityId,
  CaseId,
  Category,
  FlowTerms,
  Hash,
  IncludesEarlier,
  Instant,
  RegistrationId,
  TenantId,
} from '#libs/domain'
import {
  flowsAt,
  addDays,
  categories,
  earliest,
  endOfConsent,
  flowStanding,
  includesEarlierValues,
  latest,
  mayWrite,
  replacedBy,
} from '#libs/domain'
import { sixWords } from '#libs/protocol'
import { assignmentsOf, standingAssignments } from './assigned.ts'
import { counterparts, findIndividual } from './case-facts.ts'
import { authorityOfPlace, ledgerPlace, recipientOfPlace, said } from './case-book.ts'
import type { Context, Worked } from './context.ts'
import { decisionsOf } from './decisions.ts'
import { canGive, lackingIn, waitsFor } from './lacking.ts'
import { endingOf } from './endings.ts'
import { disclosuresOf } from './disclosures.ts'
import { grantsOf } from './narrowings.ts'
import { staffOf } from './people.ts'
import { SlussProblem } from './problem.ts'
import { withdrawnByWord } from './standing.ts'
import { summaryOf } from './summary.ts'
import type { AssignmentView, CaseSummary, CaseView, ConsentView, FlowView } from './views.ts'

/** What a case's history comes to for one's own authority: judged once for whatever is shown of it. */
type Judged = {
  readonly consents: readonly ConsentView[]
  readonly decisions: CaseView['decisions']
  readonly lacking: ReturnType<typeof lackingIn>
}

async function judge(context: Context, worked: Worked, own: AuthorityId): Promise<Judged> {
  return {
    consents: consentsOf(context, worked, own),
    decisions: await decisionsOf(context, worked),
    lacking: lackingIn(context, worked, own, context.now()),
  }
}

/** What waits for this person in a case. */
export async function waitingFor(context: Context, worked: Worked): Promise<CaseSummary['waiting']> {
  return waitingIn(context, worked, await judge(context, worked, (await context.me()).authority.id))
}

async function waitingIn(
  context: Context,
  worked: Worked,
  { consents, decisions, lacking }: Judged,
): Promise<CaseSummary['waiting']> {
  const me = await context.me()
  const relation = worked.book.answer?.case.relation
  const isAssigned = relation === 'assigned'
  const waiting: CaseSummary['waiting'][number][] = []
  if (decisions.some((decision) => decision.mine)) waiting.push('uphold')
  if (isAssigned && consents.some((consent) => consent.awaitsMyConfirmation)) waiting.push('confirm')
  if (isAssigned && consents.some((consent) => consent.endsSoon)) waiting.push('renew')
  if (relation === 'receiver' && standingAssignments(context, worked, me.authority.id).length === 0)
    waiting.push('assign')
  if (isAssigned && canGive(lacking, me.user)) waiting.push('give-keys')
  return waiting
}

export async function caseView(context: Context, caseId: CaseId): Promise<CaseView> {
  const worked = await context.work(caseId, 'as-known')
  const me = await context.me()
  const own = me.authority.id
  if (worked.book.answer === null) throw new SlussProblem('not-found', 404)
  const assignments = assignmentsOf(context, worked, own)
  const judged = await judge(context, worked, own)
  const { consents, decisions, lacking } = judged
  const mine = assignments.find((one) => one.user === me.user && one.state === 'standing')
  const head = worked.book.head(ledgerPlace(caseId, own))
  return {
    summary: await summaryOf(worked.book.answer.case, worked, await waitingIn(context, worked, judged)),
    individual: findIndividual(worked.book),
    parties: [own, ...counterparts(worked.book, own)],
    assignments,
    consents,
    flows: withWaiting(flowViews(context, worked, own), consents),
    decisions,
    keysFrom: waitsFor(lacking, me.user),
    disclosures: disclosuresOf(context, worked),
    people: await staffOf(context, worked),
    mayWrite: mine === undefined ? [] : writableOf(me.roles, mine.categories),
    warnings: [
      ...warningsOf(assignments, decisions),
      ...(worked.book.isHistoryDoubted ? (['history-differs'] as const) : []),
      ...(isReplacing(context, me.tenant.id) ? (['custodians-replaced'] as const) : []),
    ],
    words: head === null ? [] : sixWords(head.hash),
  }
}

/** The root has named other custodians for one's own tenant, who have not taken over yet. */
function isReplacing(context: Context, tenant: TenantId): boolean {
  const state = context.tenants.state(tenant)
  return state !== null && replacedBy(state, context.now()).replacement !== null
}

const writableOf = (roles: Parameters<typeof mayWrite>[0], assigned: readonly Category[]): readonly Category[] =>
  categories.filter((category) => mayWrite(roles, assigned, category))

/** No recovery key exists in this version, so that warning stands in every case. */
const warningsOf = (assignments: readonly AssignmentView[], decisions: CaseView['decisions']): CaseView['warnings'] => [
  ...(decisions.length > 0 ? (['uphold-needed'] as const) : []),
  'no-recovery-key',
  ...(assignments.filter((one) => one.state === 'standing').length < 2 ? (['one-reader'] as const) : []),
]

/** What is open, and what waits for a source to confirm it, each way once. */
const withWaiting = (open: readonly FlowView[], consents: readonly ConsentView[]): readonly FlowView[] => {
  const waiting = consents.flatMap((consent) => consent.flows.filter((one) => one.state === 'waiting-for-confirmation'))
  const shown = new Map(open.map((flow) => [wayName(flow), flow]))
  for (const flow of waiting) if (!shown.has(wayName(flow))) shown.set(wayName(flow), flow)
  return [...open, ...[...shown.values()].filter((flow) => !open.includes(flow))]
}

const wayName = ({ source, recipient, category, purpose }: FlowView): string =>
  `${source} ${recipient} ${category} ${purpose}`

const shownStates = {
  flows: 'flows',
  'no-key': 'waiting-for-key',
  'key-ended': 'waiting-for-key',
  uncovered: 'uncovered',
} as const satisfies Record<ReturnType<typeof flowStanding>, FlowView['state']>

/** Ways that are open now by the signed statements, and whether anything new can be sealed to them. */
function flowViews(context: Context, worked: Worked, own: AuthorityId): readonly FlowView[] {
  const { history } = worked.book
  const tenants = context.tenants.states
  const at = context.now()
  return flowsAt(history, at)
    .filter((flow) => flow.source === own || flow.recipient === own)
    .filter((flow) => !withdrawnByWord(worked.book, flow.grants))
    .map((flow) => ({
      source: flow.source,
      recipient: flow.recipient,
      units: flow.units,
      category: flow.category,
      purpose: flow.purpose,
      from: beginningOf(worked, flow.grants) ?? at,
      until: flow.until,
      state: shownStates[flowStanding(history, tenants, flow, at)],
      includesEarlier: widestOf(worked, flow.grants),
      grants: flow.grants,
      ended: null,
    }))
}

/** What of the past they open together. */
function widestOf(worked: Worked, grants: readonly Hash[]): IncludesEarlier {
  const opened = grants.flatMap((hash) => {
    const statement = worked.book.find(hash)?.statement
    return statement?.type === 'grant.opened' ? [statement.body.includesEarlier] : []
  })
  return includesEarlierValues.findLast((one) => opened.includes(one)) ?? 'none'
}

/** When the first of the grants that open a way now opened it. */
function beginningOf(worked: Worked, grants: readonly Hash[]): Instant | null {
  const [first, ...others] = grants.flatMap((hash) => {
    const opened = worked.book.find(hash)?.statement
    return opened?.type === 'grant.opened' ? [latest(opened.at, opened.body.from)] : []
  })
  return first === undefined ? null : earliest(first, ...others)
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
  const open = flowViews(context, worked, own)
  return heardOf(worked).map((heard): ConsentView => {
    const state = stateOf(worked, heard, own, at)
    const flows = heard.terms.flatMap((terms) => flowsOfTerms(worked, heard, terms, { state, open, at }))
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
      ended: state === 'standing' ? null : endingOf(worked, heard, null, at),
      flows: [...flows, ...receivedFlows(worked, heard, own, { open, at })],
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
  const endsAt = endOfConsent(view)
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

function stateOf(worked: Worked, heard: Heard, own: AuthorityId, at: Instant): ConsentView['state'] {
  const isWithdrawn = said(worked.book.statements(), 'withdrawal.received').some(({ statement: { body } }) => {
    const names =
      body.registrations === 'all'
        ? body.subject === heard.view.subject
        : body.registrations.includes(heard.registration)
    return names && body.scope === undefined
  })
  const granted = grantsOf(worked.book.statements(), heard.registration)
    .filter((grant) => authorityOfPlace(grant.statement.place) === own)
    .map((grant) => grant.hash)
  if (isWithdrawn || withdrawnByWord(worked.book, granted)) return 'withdrawn'
  const { given } = heard.view
  if (given.how === 'verbally-with-witness' && given.lapsesAt <= at) return 'lapsed'
  return heard.view.validUntil <= at ? 'expired' : 'standing'
}

/** Each way that the consent's words name, as it stands now. */
function flowsOfTerms(
  worked: Worked,
  heard: Heard,
  terms: FlowTerms,
  now: { readonly state: ConsentView['state']; readonly open: readonly FlowView[]; readonly at: Instant },
): readonly FlowView[] {
  const { state, open, at } = now
  return terms.categories.flatMap((category) =>
    terms.purposes.map((purpose): FlowView => {
      const { subject, source, recipient, units, validFrom, validUntil, includesEarlier } = terms
      const found = open.find(
        (flow) =>
          flow.source === source &&
          flow.recipient === recipient &&
          flow.category === category &&
          flow.purpose === purpose &&
          rests(worked, flow.grants, heard.registration),
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
        until: earliest(validUntil, endOfConsent(heard.view)),
        includesEarlier,
        grants: givenFor(worked, heard.registration).flatMap(({ statement: { place, body }, hash }) => {
          const isWay = authorityOfPlace(place) === source && recipientOfPlace(place) === recipient
          return isWay && body.categories.includes(category) && body.purposes.includes(purpose) ? [hash] : []
        }),
        state: isUnconfirmed ? 'waiting-for-confirmation' : 'ended',
        ended: isUnconfirmed ? null : endingOf(worked, heard, { subject, source, recipient, category, purpose }, at),
      }
    }),
  )
}

/** What the registering authority gives one's own, which its shared words to us do not name. */
function receivedFlows(
  worked: Worked,
  heard: Heard,
  own: AuthorityId,
  { open, at }: { readonly open: readonly FlowView[]; readonly at: Instant },
): readonly FlowView[] {
  if (heard.by === own) return []
  const standing = open.filter((flow) => flow.recipient === own && rests(worked, flow.grants, heard.registration))
  const names = new Set(standing.map(wayName))
  const ended = givenFor(worked, heard.registration).flatMap(({ statement: { place, at: said, body }, hash }) => {
    const [source, recipient] = [authorityOfPlace(place), recipientOfPlace(place)]
    if (recipient !== own) return []
    return body.categories.flatMap((category) =>
      body.purposes.flatMap((purpose): FlowView[] => {
        const { subject, units, from, until, includesEarlier } = body
        const way = { subject, source, recipient, category, purpose }
        const view = { source, recipient, category, purpose, units, until, includesEarlier, grants: [hash] }
        const flow: FlowView = { ...view, from: latest(said, from), state: 'ended', ended: null }
        return names.has(wayName(flow)) ? [] : [{ ...flow, ended: endingOf(worked, heard, way, at) }]
      }),
    )
  })
  return [...standing, ...ended]
}

/** Everything that was ever given by a registration, also what has been closed since. */
const givenFor = (worked: Worked, registration: RegistrationId) =>
  said(worked.book.statements(), 'grant.opened').filter(({ statement }) =>
    statement.body.restsOn.includes(registration),
  )

/** Whether one of them rests on it: what several consents open is told with each of them. */
const rests = (worked: Worked, grants: readonly Hash[], registration: RegistrationId): boolean =>
  grants.some((grant) => {
    const found = worked.book.find(grant)
    return found?.statement.type === 'grant.opened' && found.statement.body.restsOn.includes(registration)
  })
