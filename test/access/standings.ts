// People who stand to real cases in each way that the access table speaks of.
import type { CaseId, Category, RegistrationId, ThreadId } from '#libs/domain'
import type { Given, Name } from '../support/given.ts'
import type { Asking } from './asking.ts'
import type { AccessRelation } from './notation.ts'

export const everybody = ['linnea', 'mehmet', 'osman', 'erika', 'joakim', 'ida', 'nermina', 'robin', 'tove'] as const

export type Place = {
  readonly id: CaseId
  readonly registration: RegistrationId
  readonly thread: ThreadId
  readonly category: Category
}
export type Standing = { readonly who: Asking; readonly roles: readonly string[]; readonly place: Place }
export type Standings = ReadonlyMap<AccessRelation, readonly Standing[]>

/** Shared from Borås alone, and each side has written in its own compartment: the consent is not the Police's to confirm or narrow. */
async function sharedCase(here: Given, days: number): Promise<Place> {
  const { id, registration } = await here.aCaseSharedWithPolice(['threat'], { days, direction: 'from-us' })
  await here.writes('ida', id, 'threat', 'polisens eget')
  return { id, registration, thread: await here.writes('linnea', id, 'threat', 'hot, delat'), category: 'threat' }
}

/** The Police have asked for what Borås has not confirmed, and have not confirmed themselves what Borås has asked them for. */
async function awaitingCase(here: Given): Promise<Place> {
  const { id } = await here.aCaseSharedWithPolice(['threat'], { direction: 'from-us' })
  const thread = await here.writes('linnea', id, 'economy', 'bara vårt, ännu')
  await here.writes('ida', id, 'economy', 'polisens eget')
  const asked = here.consent(['economy'], { direction: 'to-us' })
  await here.session('ida').registerConsent(id, {
    ...asked,
    flows: asked.flows.map((flow) => ({ ...flow, counterpart: here.person('linnea').authority })),
  })
  const registration = await here.session('linnea').registerConsent(id, here.consent(['plan'], { direction: 'to-us' }))
  await here.session('ida').case(id)
  return { id, registration, thread, category: 'economy' }
}

/** `meanwhile`: what is done while nothing has ended yet, with the cases in which something will. */
export async function standingsIn(
  here: Given,
  meanwhile: (places: {
    readonly ended: Place
    readonly withdrawn: Place
    readonly open: Place
  }) => Promise<void> = () => Promise.resolve(),
  afterEnds: () => Promise<void> = () => Promise.resolve(),
): Promise<Standings> {
  const [open, ended, withdrawn, expired] = [
    await sharedCase(here, 100),
    await sharedCase(here, 100),
    await sharedCase(here, 100),
    await sharedCase(here, 1),
  ]
  const awaiting = await awaitingCase(here)
  const thread = await here.writes('linnea', open.id, 'health', 'bara vårt')
  await here.writes('ida', open.id, 'health', 'polisens eget')
  const otherCategory = { ...open, thread, category: 'health' } as const
  await here.pass(1)
  await meanwhile({ ended, withdrawn, open })
  await here.session('joakim').endAssignment(ended.id, here.person('ida').user, 'ended')
  await here.session('linnea').withdrawConsent(withdrawn.id, withdrawn.registration)
  await afterEnds()
  await here.pass(24 * 60)
  const stands = (who: Name, place: Place): Standing => ({ who, roles: here.person(who).persona.roles, place })
  return new Map<AccessRelation, readonly Standing[]>([
    ['own', [stands('linnea', open)]],
    ['unassigned', [stands('osman', open), stands('nermina', open)]],
    ['ended', [stands('ida', ended)]],
    ['receiver', [stands('joakim', open)]],
    ['otherBoard', [stands('erika', open)]],
    ['covered', [stands('ida', open)]],
    ['otherCategory', [stands('ida', otherCategory)]],
    ['awaiting', [stands('ida', awaiting)]],
    ['expired', [stands('ida', expired)]],
    ['withdrawn', [stands('ida', withdrawn)]],
    ['stranger', [stands('robin', open), stands('tove', open)]],
    ['anonymous', [{ who: 'anonymous', roles: ['caseworker'], place: open }]],
  ])
}
