// Dates, times and lists as people here write them: always Swedish time, whatever the device says.
import { type CalendarDate, parseAbsolute, toCalendarDate, toZoned } from '@internationalized/date'
import type { Instant } from '#libs/domain'
import { instantOf } from '#libs/domain'

export const zone = 'Europe/Stockholm'

export type Formats = {
  readonly date: (at: string) => string
  readonly time: (at: string) => string
  readonly dateTime: (at: string) => string
  /** The time alone today, with its day otherwise. */
  readonly moment: (at: string) => string
  /** The last day that an exclusive `until` still covers. */
  readonly lastDay: (until: string) => string
  readonly list: (words: readonly string[]) => string
  /** Terms that may hold an "and" of their own. */
  readonly terms: (terms: readonly string[]) => string
}

export function formatsFor(locale: string): Formats {
  const day = new Intl.DateTimeFormat(locale, { timeZone: zone, day: 'numeric', month: 'short', year: 'numeric' })
  const clock = new Intl.DateTimeFormat(locale, { timeZone: zone, hour: '2-digit', minute: '2-digit' })
  const both = new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  })
  const words = new Intl.ListFormat(locale, { type: 'conjunction' })
  return {
    date: (at) => day.format(new Date(at)),
    time: (at) => clock.format(new Date(at)),
    dateTime: (at) => both.format(new Date(at)),
    moment: (at) => (dayAt(Date.parse(at)).compare(dayAt(Date.now())) === 0 ? clock : both).format(new Date(at)),
    lastDay: (until) => day.format(new Date(Date.parse(until) - 60_000)),
    list: (all) => words.format(all),
    terms: (all) => all.join('; '),
  }
}

/** The calendar day in Sweden at this moment. */
export const dayAt = (milliseconds: number): CalendarDate =>
  toCalendarDate(parseAbsolute(new Date(milliseconds).toISOString(), zone))

/** The exclusive end of a day that is chosen as the last one: midnight after it. */
export const endOfDay = (day: CalendarDate): Instant =>
  instantOf(
    toZoned(day.add({ days: 1 }), zone)
      .toDate()
      .getTime(),
  )

export const startOfDay = (day: CalendarDate): Instant => instantOf(toZoned(day, zone).toDate().getTime())
