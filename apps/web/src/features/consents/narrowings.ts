// From unticked cells to what is asked of the session: one narrowing per source and recipient.
import type { FlowView, Narrowing } from '../../crypto/facade.ts'
import { byPair } from './by-pair.ts'

export const cellName = (flow: Pick<FlowView, 'source' | 'recipient' | 'category'>): string =>
  `${flow.source}/${flow.recipient}/${flow.category}`

/** Nothing unticked is no narrowing at all: an empty list would mean "all of it". */
export const narrowingsOf = (flows: readonly FlowView[], unticked: ReadonlySet<string>): readonly Narrowing[] =>
  byPair(flows.filter((flow) => unticked.has(cellName(flow)))).map(({ source, recipient, categories }) => ({
    source,
    recipient,
    categories,
  }))
