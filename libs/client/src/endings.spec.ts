// How a way that a consent opened ended, and by whose word, as each authority is told.
import { addDays, id } from '#libs/domain'
import type { CaseId, Category, RegistrationId } from '#libs/domain'
import { Cast, authorityOf, boras, police, unitOf } from './spec/cast.ts'
import type { ConsentDraft, FlowView } from './views.ts'

jest.setTimeout(120_000)

const cast = new Cast()
const ours = authorityOf(boras)
const theirs = authorityOf(police)
beforeAll(() => cast.begin())

type Shared = { readonly theCase: CaseId; readonly registration: RegistrationId }

async function confirmed(change: Partial<ConsentDraft> = {}): Promise<Shared> {
  const [anna, erik, joakim] = [cast.session('anna'), cast.session('erik'), cast.session('joakim')]
  const theCase = await anna.openCase({ unit: unitOf(boras), title: 'Delat' })
  const registration = await anna.registerConsent(theCase, { ...cast.consent(['threat', 'plan']), ...change })
  await joakim.assign(theCase, {
    user: id(cast.person('erik').user),
    categories: 'default',
    until: addDays(cast.at(), 90),
  })
  await erik.case(theCase)
  await erik.confirmConsent(theCase, registration)
  return { theCase, registration }
}

async function consentOf(name: 'anna' | 'erik', { theCase, registration }: Shared) {
  const found = (await cast.session(name).case(theCase)).consents.find((one) => one.registration === registration)
  if (found === undefined) throw new Error('the consent is not there')
  return found
}
const ended = (flows: readonly FlowView[]) =>
  flows.filter((flow) => flow.state === 'ended').map(({ source, category, ended: how }) => [source, category, how])

test('what stands has not ended, and a narrowed way says who narrowed it while the others stand', async () => {
  const shared = await confirmed()
  expect((await consentOf('anna', shared)).flows.map((flow) => flow.ended)).toEqual([null, null, null, null])
  cast.pass(5)
  await cast.session('anna').narrowConsent(shared.theCase, shared.registration, { source: ours, categories: ['plan'] })
  const consent = await consentOf('anna', shared)
  expect(ended(consent.flows)).toEqual([[ours, 'plan', { how: 'narrowed', by: ours, at: cast.at() }]])
  expect([consent.state, consent.ended]).toEqual(['standing', null])
})

test('a withdrawal that the other authority heard stands in its name, as a whole and for each way, on both sides', async () => {
  const shared = await confirmed()
  await cast.session('erik').case(shared.theCase)
  cast.pass(5)
  const heard = { how: 'withdrawn', by: theirs, at: cast.at() }
  await cast.session('erik').withdrawConsent(shared.theCase, shared.registration)
  for (const name of ['anna', 'erik'] as const) {
    const consent = await consentOf(name, shared)
    expect([consent.state, consent.ended]).toEqual(['withdrawn', heard])
    for (const flow of consent.flows) expect([flow.state, flow.ended]).toEqual(['ended', heard])
  }
})

test('the clock ends in nobody’s name: a verbal consent lapses, any other runs out', async () => {
  const lapsesAt = addDays(cast.at(), 3)
  const spoken = await confirmed({ given: { how: 'verbally-with-witness', lapsesAt } })
  const written = await confirmed({ validUntil: addDays(cast.at(), 3) })
  cast.pass(3 * 1440)
  const [lapsed, expired] = [await consentOf('anna', spoken), await consentOf('anna', written)]
  expect([lapsed.state, lapsed.ended]).toEqual(['lapsed', { how: 'lapsed', by: null, at: lapsesAt }])
  expect([expired.state, expired.ended?.how, expired.ended?.by]).toEqual(['expired', 'expired', null])
  expect(lapsed.flows.map((flow) => flow.ended?.how)).toEqual(['lapsed', 'lapsed', 'lapsed', 'lapsed'])
})

test('a verbal consent is said to hold until its lapse, whatever end it was registered with: as a whole, and each way that waits or flows', async () => {
  const anna = cast.session('anna')
  const theCase = await anna.openCase({ unit: unitOf(boras), title: 'Muntligt' })
  const lapsesAt = addDays(cast.at(), 7)
  const spoken = { ...cast.consent(['threat']), given: { how: 'verbally-with-witness', lapsesAt } as const }
  const registration = await anna.registerConsent(theCase, spoken)
  const consent = await consentOf('anna', { theCase, registration })
  expect(consent.endsAt).toBe(lapsesAt)
  expect(consent.flows.map((flow) => [flow.source, flow.until])).toEqual([
    [ours, lapsesAt],
    [theirs, lapsesAt],
  ])
  const written = await consentOf('anna', await confirmed())
  for (const { until } of written.flows) expect(until).toBe(written.validUntil)
})

test('a way that two consents open stands with each of them, until the one that is withdrawn ends alone', async () => {
  const shared = await confirmed()
  const again = await cast.session('anna').registerConsent(shared.theCase, cast.consent(['threat']))
  const own = async (registration: RegistrationId) =>
    (await consentOf('anna', { ...shared, registration })).flows
      .filter((flow) => flow.source === ours && flow.category === 'threat')
      .map((flow) => flow.state)
  expect([await own(shared.registration), await own(again)]).toEqual([['flows'], ['flows']])
  cast.pass(1)
  await cast.session('anna').withdrawConsent(shared.theCase, shared.registration)
  expect([await own(shared.registration), await own(again)]).toEqual([['ended'], ['flows']])
})

test('what a withdrawal took is said to be withdrawn while another consent stands open; what none has named is left out by it', async () => {
  const shared = await confirmed()
  const anna = cast.session('anna')
  await anna.registerConsent(shared.theCase, cast.consent(['threat']))
  await cast.session('erik').case(shared.theCase)
  const why = async (category: Category) =>
    (await anna.readers(shared.theCase, category, 'casework')).notReading.map((one) => one.cause)
  cast.pass(1)
  await anna.withdrawConsent(shared.theCase, shared.registration)
  expect(await why('threat')).toEqual([])
  expect(await why('plan')).toEqual(['withdrawn'])
  expect(await why('health')).toEqual(['category'])
})
