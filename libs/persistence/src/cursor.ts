// Opaque places in ordered lists: the sort column and the id of the last row shown.
import type { Page } from './signed.ts'

export type Place = { readonly moment: string; readonly id: string }
type Order = 'ascending' | 'descending'

const form =
  /^((?!0000)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z) ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/

export const cursorOf = ({ moment, id }: Place): string => Buffer.from(`${moment} ${id}`).toString('base64url')

/** Smaller than every id that is given out. */
export const nil = '00000000-0000-0000-0000-000000000000'
/** Before every row, so that a first page asks what the others ask: `$1 is null or …` would make no index condition in a prepared plan. */
const before: Readonly<Record<Order, Place>> = {
  ascending: { moment: '-infinity', id: nil },
  descending: { moment: 'infinity', id: nil.replaceAll('0', 'f') },
}

/**
 * `unreadable` for a text that no list has given out: the caller shows nothing rather than the beginning again. The wire refuses
 * such a text before (`cursor` in libs/contracts); here a moment or an id that is none must not reach the database either.
 */
export function placeOf(cursor: string | null, order: Order): Place | 'unreadable' {
  if (cursor === null) return before[order]
  const match = form.exec(Buffer.from(cursor, 'base64url').toString('utf8'))
  const [, moment, id] = match ?? []
  return moment === undefined || id === undefined || !isMoment(moment) ? 'unreadable' : { moment, id }
}

/** A second that exists: what JavaScript rolls over (30 February), PostgreSQL refuses. */
function isMoment(moment: string): boolean {
  const milliseconds = Date.parse(moment)
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().slice(0, 19) === moment.slice(0, 19)
}

/** Cuts a list that was read one row longer than asked for, and says where the next page begins. */
export function pageOf<Row extends Place, Shown>(
  rows: readonly Row[],
  limit: number,
  show: (row: Row) => Shown,
): Page<Shown> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { rows: shown.map(show), next: rows.length > limit && last !== undefined ? cursorOf(last) : null }
}
