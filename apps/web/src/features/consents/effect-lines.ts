// What narrowing or withdrawing comes to, as sentences: who no longer reads what of whom, and who still does by another consent.
import type { FlowView } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { useNames } from '../../session/names.ts'
import { byPair } from './by-pair.ts'

type Way = Pick<FlowView, 'source' | 'recipient' | 'category'>

export function useEffectLines(): (lost: readonly Way[], kept: readonly Way[]) => readonly string[] {
  const { t, format } = useText()
  const { noLonger, stillReads } = t.consents.narrow
  const names = useNames()
  const lines = (ways: readonly Way[], line: typeof noLonger) =>
    byPair(ways).map((pair) =>
      line(
        names.authority(pair.recipient),
        names.authority(pair.source),
        format.terms(pair.categories.map((category) => t.domain.categories[category])),
      ),
    )
  return (lost, kept) => [...lines(lost, noLonger), ...lines(kept, stillReads)]
}
