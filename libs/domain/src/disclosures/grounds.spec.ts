// Which ground holds on which day, towards whom and about whom (domain.md § 5).
import { instant } from '../instant.ts'
import { groundIds, grounds, groundsAt, groundsFor } from './grounds.ts'

const named = (day: string): readonly string[] => groundsAt(instant(`${day}T12:00Z`)).map((one) => one.ground)
const toPolice = (age: number | null) =>
  groundsFor(
    { source: 'kommun', recipient: 'police_region', category: 'threat', age },
    instant('2025-09-01T12:00Z'),
  ).map((one) => one.ground)

test('each ground stands once in the table', () => {
  expect(grounds.map((one) => one.ground)).toEqual([...groundIds])
})

test('the duty to report children changes act at the turn to July 2025, Swedish time, without a gap', () => {
  expect(named('2025-06-30')).toContain('sol-2001-14-1')
  expect(named('2025-06-30')).not.toContain('sol-2025-report')
  expect(named('2025-07-01')).toContain('sol-2025-report')
  expect(named('2025-07-01')).not.toContain('sol-2001-14-1')
  const reports = (at: string) =>
    groundsAt(instant(at))
      .filter((one) => one.ground.startsWith('sol-'))
      .map((one) => one.ground)
  expect(reports('2025-06-30T21:59Z')).toEqual(['sol-2001-14-1'])
  expect(reports('2025-06-30T22:00Z')).toEqual(['sol-2025-report'])
})

test('the duty to inform law enforcement begins on 1 April 2025', () => {
  expect(named('2025-03-31')).not.toContain('lag-2025-170')
  expect(named('2025-04-01')).toContain('lag-2025-170')
})

test('social services tell the Police about somebody under 21 to prevent crime, not about one older or of unknown age', () => {
  expect(toPolice(20)).toContain('osl-10-18a')
  expect(toPolice(21)).not.toContain('osl-10-18a')
  expect(toPolice(null)).not.toContain('osl-10-18a')
})

test('the general clause is not for social services', () => {
  expect(toPolice(30)).not.toContain('osl-10-27')
  const fromPolice = groundsFor(
    { source: 'police_region', recipient: 'kommun', category: 'threat', age: 30 },
    instant('2025-09-01T12:00Z'),
  )
  expect(fromPolice.map((one) => one.ground)).toContain('osl-10-27')
})
