// Time as the domain knows it: whole UTC minutes, `until` exclusive (protocol.md § 2).

declare const brand: unique symbol
/** `YYYY-MM-DDTHH:MMZ`; text order is time order, so instants compare with `<`. */
export type Instant = string & { readonly [brand]: 'Instant' }

// There is no year 0: some calendars have one, the database's has not.
const form = /^(?!0000)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z$/

/** A minute that exists: `Date.parse` takes 30 February for 2 March, so the text must come back as it was. */
export function isInstant(text: string): text is Instant {
  if (!form.test(text)) return false
  const milliseconds = Date.parse(text)
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().slice(0, 16) === text.slice(0, 16)
}

/** Parses the one written form; throws on anything else. */
export function instant(text: string): Instant {
  if (!isInstant(text)) throw new Error('not an instant')
  return text
}

/** The minute that holds this number of milliseconds since 1970. */
export const instantOf = (milliseconds: number): Instant =>
  instant(`${new Date(Math.floor(milliseconds / 60_000) * 60_000).toISOString().slice(0, 16)}Z`)

export const millisecondsOf = (at: Instant): number => Date.parse(at)
export const addMinutes = (at: Instant, minutes: number): Instant => instantOf(millisecondsOf(at) + minutes * 60_000)
export const addDays = (at: Instant, days: number): Instant => addMinutes(at, days * 1440)
export const earliest = (first: Instant, ...others: readonly Instant[]): Instant =>
  others.reduce((least, other) => (other < least ? other : least), first)
export const latest = (first: Instant, ...others: readonly Instant[]): Instant =>
  others.reduce((most, other) => (other > most ? other : most), first)

/** The open end: later than anything the product dates. */
export const endOfTime: Instant = instant('9999-12-31T23:59Z')

/** Before anything the product dates. */
export const beginningOfTime: Instant = instant('0001-01-01T00:00Z')

/** How far a device's clock may be off the server's, ahead or behind, for what it dates to be taken (protocol.md § 2). */
export const clockOffMinutes = 2
/** Two clocks, each as far off as it may be, may date what follows before what it followed. */
export const clocksApartMinutes = 2 * clockOffMinutes
