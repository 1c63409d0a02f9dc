// A consent that is asked for again: what the former said is filled in, how and when it is given now is not.
import type { CalendarDate } from '@internationalized/date'
import type { AuthorityId } from '#libs/domain'
import { categories, purposes } from '#libs/domain'
import type { ConsentView, ConsentWords, FlowView } from '../../crypto/facade.ts'
import { emptyDraft, newCounterpart, type Counterpart, type EditorDraft } from './editor-draft.ts'

/** What stands of the former; what was narrowed away is not asked for again by itself. */
export function renewalOf(
  consent: ConsentView,
  words: ConsentWords | undefined,
  own: AuthorityId,
  today: CalendarDate,
): EditorDraft {
  const standing = consent.flows.filter((flow) => flow.state !== 'ended')
  const flows = standing.length > 0 ? standing : consent.flows
  const others = new Set(flows.map((flow) => (flow.source === own ? flow.recipient : flow.source)))
  const known = words !== undefined && 'text' in words ? words.text : null
  return {
    ...emptyDraft(today),
    renews: consent.registration,
    givers: consent.givers ?? [],
    agreed: known?.agreed ?? '',
    language: known?.language ?? 'Svenska',
    interpreter: known?.interpreter ?? '',
    information: known?.information ?? '',
    counterparts: [...others].map((other) => counterpartOf(flows, own, other)),
  }
}

/** Both ways carry what both carried: what went one way only is chosen anew, with the person. */
function counterpartOf(flows: readonly FlowView[], own: AuthorityId, other: AuthorityId): Counterpart {
  const out = flows.filter((flow) => flow.source === own && flow.recipient === other)
  const back = flows.filter((flow) => flow.source === other && flow.recipient === own)
  const direction = back.length === 0 ? 'from-us' : out.length === 0 ? 'to-us' : 'mutual'
  const ways = [out, back].filter((way) => way.length > 0)
  return {
    ...newCounterpart(other),
    direction,
    units: out[0]?.units ?? null,
    categories: categories.filter((one) => ways.every((way) => way.some((flow) => flow.category === one))),
    purposes: purposes.filter((one) => ways.every((way) => way.some((flow) => flow.purpose === one))),
    // Otherwise what was read under the former consent would close with it.
    includesEarlier: 'shared-before',
  }
}
