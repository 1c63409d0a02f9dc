// The demo's events in the order in which they happened; what lies later than now is left out.
import type { Instant } from '#libs/domain'
import { instantOf } from '#libs/domain'
import type { DemoTime } from './demo-files.ts'

const zone = 'Europe/Stockholm'
const dayMilliseconds = 86_400_000

/** Minutes that Stockholm is ahead of UTC at this moment. */
function aheadMinutes(milliseconds: number): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(milliseconds)
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((one) => one.type === type)?.value)
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'))
  return Math.round((local - Math.floor(milliseconds / 60_000) * 60_000) / 60_000)
}

/** The instant of a demo time: `d` days from the demo day, `t` o'clock in Stockholm, summer time or not. */
export function instantAt(time: DemoTime, today: number): Instant {
  const [hours = 0, minutes = 0] = time.t.split(':').map(Number)
  const local = new Date(today + aheadMinutes(today) * 60_000 + time.d * dayMilliseconds)
  const wall = Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate(), hours, minutes)
  return instantOf(wall - aheadMinutes(wall - aheadMinutes(wall) * 60_000) * 60_000)
}

export type Event = { readonly at: Instant; readonly what: string; readonly happen: () => Promise<void> }

/** In time order; events of one minute keep the order in which they were written down. */
export const inOrder = (events: readonly Event[], now: Instant): readonly Event[] =>
  events
    .map((event, place) => ({ event, place }))
    .filter(({ event }) => event.at <= now)
    .toSorted((a, b) => (a.event.at === b.event.at ? a.place - b.place : a.event.at < b.event.at ? -1 : 1))
    .map(({ event }) => event)
