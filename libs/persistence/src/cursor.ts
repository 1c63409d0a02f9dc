// Opaque places in ordered lists: the sort column and the id of the last row shown.
import type { Page } from './signed.ts'

export type Place = { readonly moment: string; readonly id: string }

const form = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z) ([0-9a-f-]{1,36})$/

export const cursorOf = ({ moment, id }: Place): string => Buffer.from(`${moment} ${id}`).toString('base64url')

/** `unreadable` for a text that no list has given out: the caller shows nothing rather than the beginning again. */
export function placeOf(cursor: string | null): Place | 'start' | 'unreadable' {
  if (cursor === null) return 'start'
  const match = form.exec(Buffer.from(cursor, 'base64url').toString('utf8'))
  const [, moment, id] = match ?? []
  return moment === undefined || id === undefined ? 'unreadable' : { moment, id }
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
