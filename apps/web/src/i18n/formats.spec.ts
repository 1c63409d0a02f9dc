// Days and times are Swedish, whatever zone the device is in and on the days when the clocks change.
import { CalendarDate } from '@internationalized/date'
import { dayAt, endOfDay, formatsFor, startOfDay } from './formats.ts'

test('the last day chosen is the last day shown, through summer and winter time', () => {
  for (const day of [new CalendarDate(2026, 3, 28), new CalendarDate(2026, 3, 29), new CalendarDate(2026, 10, 25)]) {
    const until = endOfDay(day)
    expect(formatsFor('sv-SE').lastDay(until)).toBe(formatsFor('sv-SE').date(startOfDay(day)))
  }
})

test('the end of a day is the beginning of the next in Sweden, whatever the device says', () => {
  expect(endOfDay(new CalendarDate(2026, 11, 25))).toBe('2026-11-25T23:00Z')
  expect(endOfDay(new CalendarDate(2026, 6, 30))).toBe('2026-06-30T22:00Z')
  expect(startOfDay(new CalendarDate(2026, 7, 1))).toBe('2026-06-30T22:00Z')
})

test('late in the evening by universal time it is tomorrow in Sweden', () => {
  expect(dayAt(Date.parse('2026-11-25T23:30:00Z')).toString()).toBe('2026-11-26')
})

test('times are Swedish', () => {
  expect(formatsFor('sv-SE').time('2026-11-25T13:02:00Z')).toBe('14:02')
})
