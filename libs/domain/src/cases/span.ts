// Stretches of time, `until` exclusive: how assignments, grants and keys are reckoned.
import type { Instant } from '../instant.ts'
import { earliest, latest } from '../instant.ts'

export type Span = { readonly from: Instant; readonly until: Instant }

export const holds = (span: Span, at: Instant): boolean => span.from <= at && at < span.until

/** What two spans share; null where nothing. */
export function meet(a: Span, b: Span): Span | null {
  const from = latest(a.from, b.from)
  const until = earliest(a.until, b.until)
  return from < until ? { from, until } : null
}

/** The same time without overlaps, in order; spans that touch become one. */
export function merge(spans: readonly Span[]): readonly Span[] {
  const sorted = [...spans].filter((span) => span.from < span.until).sort((a, b) => (a.from < b.from ? -1 : 1))
  const merged: Span[] = []
  for (const span of sorted) {
    const last = merged.at(-1)
    if (last === undefined || last.until < span.from) merged.push(span)
    else merged[merged.length - 1] = { from: last.from, until: latest(last.until, span.until) }
  }
  return merged
}

/** Every meeting of a span of one list with a span of the other, merged. */
export const meetAll = (some: readonly Span[], others: readonly Span[]): readonly Span[] =>
  merge(some.flatMap((a) => others.flatMap((b) => meet(a, b) ?? [])))
