// From unticked cells to what is asked of the session: one narrowing per source and recipient.
import type { FlowView, Narrowing } from '../../crypto/facade.ts'
import { byPair } from './by-pair.ts'

export const cellName = (flow: Pick<FlowView, 'source' | 'recipient' | 'category'>): string =>
  `${flow.source}/${flow.recipient}/${flow.category}`

/** Which of these ways go on by another consent when this one loses those; until that is computed, none is said to. */
export function goingOn(
  flows: readonly FlowView[],
  loses: readonly Pick<FlowView, 'source' | 'recipient' | 'category'>[] | undefined,
): readonly FlowView[] {
  if (loses === undefined) return []
  const lost = new Set(loses.map(cellName))
  return flows.filter((flow) => flow.state === 'flows' && !lost.has(cellName(flow)))
}

/** Nothing unticked is no narrowing at all: an empty list would mean "all of it". */
export const narrowingsOf = (flows: readonly FlowView[], unticked: ReadonlySet<string>): readonly Narrowing[] =>
  byPair(flows.filter((flow) => unticked.has(cellName(flow)))).map(({ source, recipient, categories }) => ({
    source,
    recipient,
    categories,
  }))
