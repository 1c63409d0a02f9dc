// Searching and ordering one's cases on the device: the server sees neither the word nor the titles.
import type { CaseSummary } from '../../crypto/facade.ts'

const plain = (text: string) => text.normalize('NFC').toLocaleLowerCase('sv')

/** Whether number or working title holds every part of the word; an empty word matches all. */
export function matchesWord(summary: CaseSummary, word: string): boolean {
  const text = plain(`${summary.number} ${summary.title ?? ''}`)
  return plain(word)
    .split(/\s+/)
    .every((part) => text.includes(part))
}

const newestFirst = (one: CaseSummary, other: CaseSummary) => other.changedAt.localeCompare(one.changedAt)

/** What waits for this person apart from the rest, each newest first. */
export function waitingFirst(cases: readonly CaseSummary[]) {
  const sorted = [...cases].sort(newestFirst)
  return {
    waiting: sorted.filter((one) => one.waiting.length > 0),
    others: sorted.filter((one) => one.waiting.length === 0),
  }
}
