// What others withdrew or narrowed while a page stood open is news; what was known, or ended by its own terms, is not.
import type { ConsentView, Ending } from '../../crypto/facade.ts'
import { newlyEnded } from './newly-ended.ts'

const ending = (how: Ending['how'], minute = '10') => ({ how, by: null, at: `2026-11-25T21:${minute}Z` }) as Ending
const flow = (category: string, ended: Ending | null) => ({ source: 'boras', recipient: 'polis', category, ended })
const read = (...flows: readonly ReturnType<typeof flow>[]) => ({
  consents: [{ registration: 'first', flows }] as unknown as readonly ConsentView[], // what is compared suffices
})

test('a way that has been withdrawn or narrowed since is news, the latest where there are several', () => {
  const before = read(flow('threat', null), flow('plan', null))
  expect(newlyEnded(before, read(flow('threat', ending('withdrawn')), flow('plan', null)))).toEqual(ending('withdrawn'))
  const both = read(flow('threat', ending('narrowed', '10')), flow('plan', ending('withdrawn', '12')))
  expect(newlyEnded(before, both)).toEqual(ending('withdrawn', '12'))
})

test('what was known before, or ended by its own terms, is none', () => {
  const known = read(flow('threat', ending('withdrawn')))
  expect(newlyEnded(known, known)).toBeNull()
  expect(newlyEnded(read(flow('threat', null)), read(flow('threat', null)))).toBeNull()
  expect(newlyEnded(read(flow('threat', null)), read(flow('threat', ending('expired'))))).toBeNull()
})
