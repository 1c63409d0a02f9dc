// One demo case as events: opened, shared, received, confirmed, written in, withdrawn; each by its own member of staff.
import type { ConsentDraft, Connected } from '#libs/client'
import { SlussProblem } from '#libs/client'
import type { AuthorityId, CaseId, Instant, RegistrationId, ThreadId } from '#libs/domain'
import { addDays, addMinutes, earliest } from '#libs/domain'
import type { Demo, DemoCase, DemoConsent, DemoMessage, DemoThread, Persona } from './demo-files.ts'
import { authorityIdOf, unitIdOf, userIdOf } from './ids.ts'
import { authorityOf } from './organisations.ts'
import type { Staff } from './staff.ts'
import type { Event } from './timeline.ts'
import { instantAt } from './timeline.ts'

/** The longest that a consent lasts before it is renewed with the person (domain.md § 4 rule 1). */
const longestConsentDays = 365
/** Roles that hold content by assignment; the demo's deciders without one stay outside the threads. */
const isReceiver = (persona: Persona): boolean =>
  persona.roles.some((role) => role === 'team_leader' || role === 'institution_head' || role === 'regional_coordinator')

type Told = { readonly demo: Demo; readonly staff: Staff; readonly theCase: DemoCase; readonly today: number }

export function eventsOf(told: Told): readonly Event[] {
  const { theCase, staff, today } = told
  const at = (time: DemoCase['opened']): Instant => instantAt(time, today)
  const [opener] = theCase.assignments
  if (opener === undefined) throw new Error(`nobody works in ${theCase.id}`)
  const registrations = new Map<string, RegistrationId>()
  const threads = new Map<string, ThreadId>()
  let caseId: CaseId | null = null
  const opened = (): CaseId => {
    if (caseId === null) throw new Error(`${theCase.id} is written in before it is opened`)
    return caseId
  }
  const event = (moment: Instant, what: string, happen: Event['happen']): Event => ({
    at: moment,
    what: `${theCase.codename}: ${what}`,
    happen,
  })

  const opening = event(at(theCase.opened), 'the case is opened', async () => {
    const session = await staff.session(opener.persona)
    caseId = await session.openCase({ unit: unitIdOf(theCase.responsible.unit), title: theCase.codename })
  })
  const sharing = theCase.consents.flatMap((consent): readonly Event[] => {
    const from = at(consent.from)
    const events = [
      event(from, 'a consent is registered', async () => {
        const session = await staff.session(opener.persona)
        registrations.set(consent.id, await session.registerConsent(opened(), draftOf(told, consent)))
      }),
      ...consent.grants.map((grant, place) =>
        event(addMinutes(from, 5 + place), 'the other side receives and confirms', async () => {
          const authority = recipientOf(told, grant)
          const registration = registrations.get(consent.id)
          if (registration === undefined) throw new Error(`${consent.id} was not registered`)
          await receiveAt(told, opened(), authority, grant.direction === 'mutual' ? registration : null)
          await (await staff.session(opener.persona)).case(opened())
        }),
      ),
    ]
    const withdrawal = consent.withdrawnAt
    if (withdrawal === undefined) return events
    const end = event(at(withdrawal), 'the consent is withdrawn', async () => {
      const registration = registrations.get(consent.id)
      if (registration !== undefined)
        await (await staff.session(opener.persona)).withdrawConsent(opened(), registration)
    })
    return [...events, end]
  })
  const writing = theCase.threads.flatMap((thread) =>
    thread.messages
      .filter((message) => writes(staff, message))
      .map((message) =>
        event(at(message.at), `${message.author} writes`, () => write(told, opened(), thread, message, threads)),
      ),
  )
  const notes = theCase.notes
    .filter((note) => writes(staff, note))
    .map((note) =>
      event(at(note.at), `${note.author} notes`, () =>
        write(
          told,
          opened(),
          { id: note.id, title: 'Anteckning', category: note.category, purpose: 'casework', messages: [] },
          note,
          threads,
        ),
      ),
    )
  return [opening, ...sharing, ...writing, ...notes]
}

const writes = (staff: Staff, message: DemoMessage): boolean =>
  !staff.persona(message.author).roles.every((role) => ['team_leader', 'key_custodian'].includes(role))

async function write(
  told: Told,
  caseId: CaseId,
  thread: DemoThread,
  message: DemoMessage,
  threads: Map<string, ThreadId>,
): Promise<void> {
  await everybodyLooksIn(told, caseId, message)
  const session = await told.staff.session(message.author)
  await session.case(caseId)
  const { category, text } = message
  const { purpose, title } = thread
  const { version } = await session.readers(caseId, category, purpose)
  const known = threads.get(thread.id) ?? null
  // Whoever answers has read what was there, as far as it is hers to read.
  if (known !== null) await unlessOutside(session.markRead(caseId, known))
  const sent = await session.send(caseId, {
    thread: known,
    title: known === null ? title : null,
    category,
    purpose,
    text,
    readers: version,
  })
  threads.set(thread.id, sent.thread)
}

/**
 * Months lie between the demo's messages, and nobody's client was open: the author's first, so that she can receive, then the
 * others', so that keys are renewed and what waited for her is sealed. Who has lost the case since is told so, and stays out.
 */
async function everybodyLooksIn(told: Told, caseId: CaseId, message: DemoMessage): Promise<void> {
  const others = told.theCase.assignments.map((one) => one.persona).filter((persona) => persona !== message.author)
  for (const persona of [message.author, ...others]) {
    await unlessOutside((await told.staff.session(persona)).case(caseId))
  }
}

async function unlessOutside(call: Promise<unknown>): Promise<void> {
  try {
    await call
  } catch (problem) {
    if (!(problem instanceof SlussProblem) || (problem.status !== 403 && problem.status !== 404)) throw problem
  }
}

function tenantOf(told: Told, id: string): Demo['tenants'][number] {
  const tenant = told.demo.tenants.find((one) => one.id === id)
  if (tenant === undefined) throw new Error(`no tenant ${id} in the demo`)
  return tenant
}

type Grant = DemoConsent['grants'][number]

function recipientOf(told: Told, { recipient }: Grant): AuthorityId {
  const [unit] = recipient.units
  return unit === undefined
    ? authorityIdOf(recipient.tenant, recipient.board ?? null)
    : authorityOf(tenantOf(told, recipient.tenant), unit)
}

/** Named units only where one of them has a receiver: else nobody there would be shown the case, and it goes to the authority. */
function unitsOf(told: Told, { recipient }: Grant): ConsentDraft['flows'][number]['units'] {
  const hasReceiver = told.demo.personas.some((one) => recipient.units.includes(one.unit) && isReceiver(one))
  return hasReceiver ? recipient.units.map(unitIdOf) : null
}

function draftOf(told: Told, consent: DemoConsent): ConsentDraft {
  const from = instantAt(consent.from, told.today)
  return {
    givers: ['individual'],
    given: { how: 'in-person-written' },
    givenAt: from,
    validUntil: earliest(instantAt(consent.until, told.today), addDays(from, longestConsentDays)),
    words: {
      agreed: 'Uppgifterna får lämnas till dem som samtycket räknar upp, om det och så länge som det anger.',
      language: 'Svenska',
      interpreter: null,
      information: 'Information om samtycke, version 2',
      witness: null,
    },
    evidence: `${consent.form}. Pappret ligger i akten.`,
    shown: 'here',
    renews: null,
    flows: consent.grants.map((grant) => ({
      counterpart: recipientOf(told, grant),
      units: unitsOf(told, grant),
      direction: grant.direction === 'mutual' ? 'mutual' : 'from-us',
      categories: grant.categories,
      purposes: grant.purposes,
      includesEarlier: grant.includesEarlier,
    })),
  }
}

/** A receiver of the authority assigns those who work in the case; they open it, and one of them confirms. */
async function receiveAt(
  told: Told,
  caseId: CaseId,
  authority: AuthorityId,
  confirms: RegistrationId | null,
): Promise<void> {
  const belongs = (persona: Persona): boolean => authorityOf(tenantOf(told, persona.tenant), persona.unit) === authority
  const workers = told.theCase.assignments
    .map((one) => told.staff.persona(one.persona))
    .filter((one) => belongs(one) && !isReceiver(one))
  const receiver =
    told.demo.personas.find((one) => belongs(one) && one.roles.includes('team_leader')) ??
    told.demo.personas.find((one) => belongs(one) && isReceiver(one))
  if (receiver === undefined) throw new Error(`nobody receives at ${authority}`)
  const leader = await told.staff.session(receiver.id)
  const until = addDays(instantAt(told.theCase.opened, told.today), longestConsentDays)
  for (const worker of workers) await leader.assign(caseId, { user: userIdOf(worker.id), categories: 'default', until })
  const sessions: Connected[] = []
  for (const worker of workers) sessions.push(await told.staff.session(worker.id))
  for (const session of sessions) await session.case(caseId)
  const [first] = sessions
  if (first !== undefined && confirms !== null) await first.confirmConsent(caseId, confirms)
  for (const session of sessions) await session.case(caseId)
}
