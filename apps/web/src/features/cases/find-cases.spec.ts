// Cases are found by what is written of them, and those that wait come first.
import type { CaseSummary } from '../../crypto/facade.ts'
import { matchesWord, waitingFirst } from './find-cases.ts'

const aCase = (number: string, title: string | null, waiting: CaseSummary['waiting'] = []): CaseSummary =>
  ({ number, title, waiting, changedAt: `2026-11-${number.slice(-2)}T08:00Z` }) as CaseSummary // the rest plays no part

test('a case is found by any part of its number or title, in any order and case', () => {
  const found = aCase('1490-2026-00012', 'Koltrast Ö')
  for (const word of ['', ' ', '1490', 'koltrast', 'KOLTRAST', 'ö', 'trast 2026', '00012 kol']) {
    expect(matchesWord(found, word)).toBe(true)
  }
  for (const word of ['bofink', 'koltrast bofink', '1480']) expect(matchesWord(found, word)).toBe(false)
})

test('a title written with a composed letter is found by a decomposed one', () => {
  expect(matchesWord(aCase('1', 'Häger'), 'ha\u0308ger')).toBe(true)
})

test('what waits stands apart from the rest, each with the newest first', () => {
  const cases = [
    aCase('a-03', null),
    aCase('a-07', null, ['confirm']),
    aCase('a-05', null),
    aCase('a-09', null, ['assign']),
  ]
  const { waiting, others } = waitingFirst(cases)
  expect(waiting.map((one) => one.number)).toEqual(['a-09', 'a-07'])
  expect(others.map((one) => one.number)).toEqual(['a-05', 'a-03'])
})
