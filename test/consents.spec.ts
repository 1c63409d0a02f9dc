// What a consent opens and its end closes, end to end: the client library against the real server, database and keys.
import type { Given } from './support/given.ts'
import { given, refusal } from './support/given.ts'

jest.setTimeout(120_000)

let here: Given
beforeAll(async () => {
  here = await given(['linnea', 'mehmet', 'erika', 'joakim', 'ida'])
})
afterAll(() => here.stop())

test('a consent is registered, received, confirmed; both write; each sees what it covers; withdrawn, all of it goes', async () => {
  const id = await here.opens('linnea')
  const inner = await here.writes('linnea', id, 'health', 'bara vårt')
  const registration = await here.session('linnea').registerConsent(id, here.consent(['threat', 'plan']))
  const waiting = await here.session('joakim').cases({})
  expect(waiting.cases).toEqual([expect.objectContaining({ id, relation: 'receiver', waiting: ['assign'] })])
  expect(await refusal(here.session('ida').case(id))).toBe('not-found')
  await here.assigns('joakim', id, 'ida')
  expect((await here.session('ida').case(id)).consents).toEqual([
    expect.objectContaining({ registration, awaitsMyConfirmation: true }),
  ])
  await here.session('linnea').case(id)
  const thread = await here.writes('linnea', id, 'threat', 'till polisen')
  expect(await here.reads('ida', id, thread)).toEqual(['till polisen'])
  await here.session('ida').confirmConsent(id, registration)
  await here.session('linnea').case(id)
  await here.writes('ida', id, 'threat', 'svar', thread)
  expect(await here.reads('linnea', id, thread)).toEqual(['till polisen', 'svar'])
  const seen = await here.session('ida').threads(id)
  expect(seen.map((one) => one.id)).toContain(thread)
  expect(seen.map((one) => one.id)).not.toContain(inner)
  expect(await refusal(here.session('ida').messages(id, inner))).toBe('not-found')
  await here.pass(1)
  await here.session('linnea').withdrawConsent(id, registration)
  await here.pass(1)
  await here.writes('linnea', id, 'threat', 'efter återkallelsen', thread)
  expect(await here.reads('ida', id, thread)).toEqual(['svar'])
  expect(await here.reads('linnea', id, thread)).toEqual(['till polisen', 'efter återkallelsen'])
  expect(here.troubles).toEqual([])
})
