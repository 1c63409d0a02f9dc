// What has been withdrawn or narrowed of a case between two readings of it; what ended by its own terms is no news.
import type { CaseView, Ending } from '../../crypto/facade.ts'

type Read = Pick<CaseView, 'consents'>
export type News = Ending & { readonly how: 'withdrawn' | 'narrowed' }

const isActOf = (ending: Ending | null): ending is News => ending?.how === 'withdrawn' || ending?.how === 'narrowed'

function endingsIn({ consents }: Read): ReadonlyMap<string, News> {
  const endings = consents.flatMap(({ registration, flows }) =>
    flows.flatMap(({ source, recipient, category, purpose, ended }) =>
      isActOf(ended) ? [[[registration, source, recipient, category, purpose].join(' '), ended] as const] : [],
    ),
  )
  return new Map(endings)
}

/** The latest of them; null where there are none. */
export function newlyEnded(before: Read, now: Read): News | null {
  const known = endingsIn(before)
  const fresh = [...endingsIn(now)].filter(([way]) => !known.has(way)).map(([, ending]) => ending)
  return fresh.reduce<News | null>((latest, one) => (latest === null || latest.at < one.at ? one : latest), null)
}
