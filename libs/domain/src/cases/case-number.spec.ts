// Case numbers: made and recognised by the one form, code, year and chance.
import fc from 'fast-check'
import { instant } from '../instant.ts'
import { caseNumber, isCaseNumber, noKommun } from './case-number.ts'

const at = instant('2026-03-02T09:15Z')

test.each([
  ['1480', 12_345, '1480-2026-12345'],
  ['0114', 7, '0114-2026-00007'],
  ['1490', 4_294_967_295, '1490-2026-67295'],
  [null, 99_999, '0000-2026-99999'],
])('%s with chance %s is %s', (code, chance, number) => {
  expect(caseNumber(code, at, chance)).toBe(number)
})

test('every number made is recognised for its own code and year, and for no other', () => {
  const code = fc.option(fc.integer({ min: 114, max: 2584 }).map((n) => String(n).padStart(4, '0')))
  fc.assert(
    fc.property(code, code, fc.nat(0xffff_ffff), (own, other, chance) => {
      const number = caseNumber(own, at, chance)
      expect(isCaseNumber(number, own, at)).toBe(true)
      expect(isCaseNumber(number, other, at)).toBe((own ?? noKommun) === (other ?? noKommun))
      expect(isCaseNumber(number, own, instant('2027-03-02T09:15Z'))).toBe(false)
    }),
  )
})

test.each([
  '1480-2026-1234',
  '1480-2026-123456',
  '1480-2026-1234x',
  '1480-2026-',
  '11480-2026-12345',
  'S-2026-12345',
  '',
])('%s is no number of a case in Göteborg', (number) => {
  expect(isCaseNumber(number, '1480', at)).toBe(false)
})
