// Narrowing and withdrawing a consent: anybody's duty, at once, and exactly the part that was named (domain.md § 4 rule 3).
import { consents as operations } from '#libs/contracts'
import type { AuthorityId, CaseId, Hash, RegistrationId, Verified, WithdrawalScope } from '#libs/domain'
import type { StatementOf } from './case-book.ts'
import { authorityOfPlace, recipientOfPlace, said, serverInstant } from './case-book.ts'
import type { Context, Worked } from './context.ts'
import type { Draft } from './draft.ts'
import { SlussProblem } from './problem.ts'
import type { Narrowing, Withdrawn } from './views.ts'

const attempts = 4

type Grant = { readonly statement: StatementOf<'grant.opened'>; readonly hash: Hash }

/** Grants, not closed. */
export function standingGrants(statements: Iterable<Verified>): readonly Grant[] {
  const all = [...statements]
  const closed = new Set(said(all, 'grant.closed').map((one) => one.statement.body.grant))
  return said(all, 'grant.opened').filter((one) => !closed.has(one.hash))
}

/** Those that rest on a registration. */
export const grantsOf = (statements: Iterable<Verified>, registration: RegistrationId): readonly Grant[] =>
  standingGrants(statements).filter((one) => one.statement.body.restsOn.includes(registration))

/**
 * A registration with those that it renews and that renew it, as far as they are told here: who takes a consent back takes back
 * what it took over from too.
 */
export function lineOf(statements: Iterable<Verified>, registration: RegistrationId): readonly RegistrationId[] {
  const renewals = said(statements, 'consent.registered').map((one) => one.statement.body)
  const line = [registration]
  for (const one of line)
    for (const { registration: newer, renews } of renewals) {
      if (renews === one && !line.includes(newer)) line.push(newer)
      if (newer === one && renews !== null && !line.includes(renews)) line.push(renews)
    }
  return line
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
  let isOthers = false
  for (const one of lineOf((await context.work(caseId)).book.statements(), registration)) {
    const params = { caseId, registrationId: one }
    const left = await againIfMoved(context, caseId, async (worked) => {
      const draft = await context.draft(worked, 'narrowing')
      const concerned = await sayNarrowing(worked, draft, one, narrowing)
      if (!draft.isEmpty) await context.http.call(operations.table.narrow, { params, body: draft.append() })
      return concerned
    })
    context.stale(caseId)
    isOthers ||= left.others
  }
  if (isOthers) await withdraw(context, caseId, registration, scopeOf(narrowing))
}

/** Withdraws the whole consent: heard by anybody assigned, in any party; it needs no form and no approval. */
export const withdrawConsent = (context: Context, caseId: CaseId, registration: RegistrationId): Promise<Withdrawn> =>
  withdraw(context, caseId, registration, null)

/** The one named first closes the others with it (domain `terms.ts`); they are told of by name afterwards. */
async function withdraw(
  context: Context,
  caseId: CaseId,
  registration: RegistrationId,
  scope: WithdrawalScope | null,
): Promise<Withdrawn> {
  let taken: Withdrawn = 'told'
  for (const one of lineOf((await context.work(caseId)).book.statements(), registration)) {
    const how = await withdrawOne(context, caseId, one, scope)
    if (how !== 'told') taken = how
  }
  return taken
}

/**
 * The server narrows at once in any case. What it could not put in its chain is said again there, unless this device's clock is what
 * stops it: then the withdrawal stands on the server's word (protocol.md § 4 rule 3).
 */
async function withdrawOne(
  context: Context,
  caseId: CaseId,
  registration: RegistrationId,
  scope: WithdrawalScope | null,
): Promise<Withdrawn> {
  for (let attempt = 1; ; attempt += 1) {
    const worked = await context.work(caseId)
    const draft = await context.draft(worked, 'withdrawal')
    await sayWithdrawal(worked, draft, registration, scope)
    const params = { caseId, registrationId: registration }
    const { heads, acceptedAt } = await context.http.call(operations.table.withdraw, { params, body: draft.append() })
    context.stale(caseId)
    if (draft.statements.every(({ statement }) => heads[statement.place] !== undefined)) return 'told'
    if (context.isApart(serverInstant(acceptedAt))) return 'heard-with-wrong-clock'
    if (attempt >= attempts) return 'heard'
  }
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
export async function againIfMoved<T>(
  context: Context,
  caseId: CaseId,
  act: (worked: Worked) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const worked = await context.work(caseId)
    try {
      return await act(worked)
    } catch (problem) {
      if (!(problem instanceof SlussProblem) || problem.name !== 'ledger-moved-on' || attempt >= attempts) throw problem
    }
  }
}
