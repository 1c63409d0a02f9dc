// How a consent stands as a whole, in one word that is true: what it says is one thing, what flows by it another.
import type { AuthorityId, Category, Instant } from '#libs/domain'
import type { ConsentView, Ending, FlowView } from '../../crypto/facade.ts'
import type { Tone } from '../../ui/status-tag.tsx'

/**
 * `whole`: all of it flows; `narrowed`: all that was left of it does; `partly`: some does; `waits-…`: none does yet, and why; `nothing`: all of it has been narrowed away or is
 * over; `rests`: given in custody, until the person has been asked again.
 */
export type Standing =
  | 'whole'
  | 'narrowed'
  | 'partly'
  | 'waits-for-confirmation'
  | 'waits-for-key'
  | 'waits-for-both'
  | 'uncovered'
  | 'nothing'
  | 'rests'
  | Exclude<ConsentView['state'], 'standing'>

type Judged = Pick<ConsentView, 'state' | 'given'> & {
  readonly flows: readonly Pick<FlowView, 'source' | 'recipient' | 'state' | 'ended'>[]
}

export function standingOf({ state, given, flows }: Judged, at: Instant): Standing {
  if (state !== 'standing') return state
  if (given.how === 'in-custody' && given.restsFrom !== null && given.restsFrom <= at) return 'rests'
  const states = new Set(flows.map((flow) => flow.state).filter((one) => one !== 'ended'))
  if (states.size === 0) return 'nothing'
  if (states.has('flows') && states.size > 1) return 'partly'
  if (states.has('flows')) return flows.some((flow) => flow.ended?.how === 'narrowed') ? 'narrowed' : 'whole'
  const [confirmation, key] = [states.has('waiting-for-confirmation'), states.has('waiting-for-key')]
  if (confirmation && key) return 'waits-for-both'
  if (confirmation) return 'waits-for-confirmation'
  return key ? 'waits-for-key' : 'uncovered'
}

export const standingTones: Record<Standing, Tone> = {
  whole: 'good',
  narrowed: 'attention',
  partly: 'waiting',
  'waits-for-confirmation': 'waiting',
  'waits-for-key': 'waiting',
  'waits-for-both': 'waiting',
  uncovered: 'attention',
  nothing: 'ended',
  rests: 'ended',
  withdrawn: 'ended',
  expired: 'ended',
  lapsed: 'ended',
}

/** What has been narrowed away, act by act, each with its categories. */
export function narrowedAway(
  flows: readonly Pick<FlowView, 'category' | 'ended'>[],
): readonly { readonly ended: Ending; readonly categories: readonly Category[] }[] {
  const byAct = new Map<string, { readonly ended: Ending; readonly categories: Set<Category> }>()
  for (const { category, ended } of flows) {
    if (ended?.how !== 'narrowed') continue
    const act = `${ended.at} ${ended.by ?? ''}`
    byAct.set(act, { ended, categories: (byAct.get(act)?.categories ?? new Set()).add(category) })
  }
  return [...byAct.values()].map(({ ended, categories }) => ({ ended, categories: [...categories] }))
}

/** Whom it waits for: sources that have not confirmed, and recipients without a key. */
export function awaited({ state, flows }: Judged): {
  readonly toConfirm: readonly AuthorityId[]
  readonly toGetKeys: readonly AuthorityId[]
  readonly isUncovered: boolean
} {
  const waiting = state === 'standing' ? flows : []
  const of = (cause: FlowView['state']) => waiting.filter((flow) => flow.state === cause)
  return {
    toConfirm: [...new Set(of('waiting-for-confirmation').map((flow) => flow.source))],
    toGetKeys: [...new Set(of('waiting-for-key').map((flow) => flow.recipient))],
    isUncovered: of('uncovered').length > 0,
  }
}
