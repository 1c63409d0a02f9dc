// How a consent stands as a whole, in one word that is true: what it says is one thing, what flows by it another.
import type { AuthorityId, Instant } from '#libs/domain'
import type { ConsentView, FlowView } from '../../crypto/facade.ts'
import type { Tone } from '../../ui/status-tag.tsx'

/**
 * `whole`: all of it flows; `partly`: some does; `waits-…`: none does yet, and why; `nothing`: all of it has been narrowed away or is
 * over; `rests`: given in custody, until the person has been asked again.
 */
export type Standing =
  | 'whole'
  | 'partly'
  | 'waits-for-confirmation'
  | 'waits-for-key'
  | 'waits-for-both'
  | 'uncovered'
  | 'nothing'
  | 'rests'
  | Exclude<ConsentView['state'], 'standing'>

type Judged = Pick<ConsentView, 'state' | 'given'> & {
  readonly flows: readonly Pick<FlowView, 'source' | 'recipient' | 'state'>[]
}

export function standingOf({ state, given, flows }: Judged, at: Instant): Standing {
  if (state !== 'standing') return state
  if (given.how === 'in-custody' && given.restsFrom !== null && given.restsFrom <= at) return 'rests'
  const states = new Set(flows.map((flow) => flow.state).filter((one) => one !== 'ended'))
  if (states.size === 0) return 'nothing'
  if (states.has('flows')) return states.size === 1 ? 'whole' : 'partly'
  const [confirmation, key] = [states.has('waiting-for-confirmation'), states.has('waiting-for-key')]
  if (confirmation && key) return 'waits-for-both'
  if (confirmation) return 'waits-for-confirmation'
  return key ? 'waits-for-key' : 'uncovered'
}

export const standingTones: Record<Standing, Tone> = {
  whole: 'good',
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
