// What may be sealed under a flow key: messages of the times that its grants cover, or those that its disclosure names (protocol.md § 6).
import type { ToldOf } from '../cases/case-history.ts'
import type { Span } from '../cases/span.ts'
import { merge } from '../cases/span.ts'
import type { Grant } from '../consents/effective-scope.ts'
import type { Hash, MessageId } from '../ids.ts'
import { beginningOfTime } from '../instant.ts'
import type { Books } from './books.ts'

/** A message is covered if its own `at` falls in `covers` and, where `items` is a list, it is one of them. */
export type Covering = { readonly covers: readonly Span[]; readonly items: readonly MessageId[] | null }

type Granted = { readonly grant: Grant; readonly span: Span }

export function coveringOf(books: Books, told: ToldOf<'flow.keyed'>): Covering {
  const { subject, category, purpose, units, grants, disclosure } = told.statement.body
  if (told.to === null) return { covers: [], items: null }
  if (disclosure === undefined) {
    const way = { subject, category, purpose, source: told.from, recipient: told.to }
    return { covers: coveredTimes(books.granted(way, units), grants), items: null }
  }
  const open = books.disclosed.get(disclosure) ?? null
  const items = books.disclosures.get(disclosure)?.statement.body.items ?? []
  return {
    covers: open === null ? [] : [{ from: beginningOfTime, until: open.until }],
    items: items === 'all' ? null : items,
  }
}

/**
 * The times whose messages these grants of one flow open, while they are open: each its own; with `shared-before` also those of the
 * flow's earlier grants, for what waited then; with `all` everything before (domain.md § 4 rule 6). `all`: every grant of the flow.
 */
export function coveredTimes(all: readonly Granted[], grants: readonly Hash[]): readonly Span[] {
  const named = all.filter(({ grant }) => grants.includes(grant.hash))
  return merge(
    named.flatMap((one) =>
      one.grant.statement.body.includesEarlier === 'shared-before'
        ? [one, ...all.filter((other) => isEarlier(other, one))].map(opened)
        : [opened(one)],
    ),
  )
}

const opened = ({ grant, span }: Granted): Span =>
  grant.statement.body.includesEarlier === 'all' ? { from: beginningOfTime, until: span.until } : span

const isEarlier = (a: Granted, b: Granted): boolean =>
  a.span.from < b.span.from || (a.span.from === b.span.from && a.grant.statement.n < b.grant.statement.n)
