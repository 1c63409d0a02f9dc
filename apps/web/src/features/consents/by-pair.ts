// Flows told as sentences: per source and recipient, the categories together.
import type { AuthorityId, Category } from '#libs/domain'
import { categories } from '#libs/domain'
import type { FlowView } from '../../crypto/facade.ts'

export type Pair = {
  readonly source: AuthorityId
  readonly recipient: AuthorityId
  readonly categories: readonly Category[]
}
type FlowName = Pick<FlowView, 'source' | 'recipient' | 'category'>

/** Each category once, in the catalogue's order. */
export function byPair(flows: readonly FlowName[]): readonly Pair[] {
  const pairs = new Map<string, FlowName>(flows.map((flow) => [`${flow.source}/${flow.recipient}`, flow]))
  return [...pairs.values()].map(({ source, recipient }) => ({
    source,
    recipient,
    categories: categories.filter((category) =>
      flows.some((flow) => flow.source === source && flow.recipient === recipient && flow.category === category),
    ),
  }))
}
