// What a button asks before it shows itself: the same policy as the server's, over what the client knows of the case.
import { useQuery } from '@tanstack/react-query'
import type { Act, Instant } from '#libs/domain'
import { endOfTime, instantOf } from '#libs/domain'
import type { Actor, CaseFacts, ConsentFacts, FactsOf, PersonFacts } from '#libs/policy'
import { isAllowed } from '#libs/policy'
import type { CaseView, ConsentView, KeyStatus, Me } from '../crypto/facade.ts'
import { reads } from './queries.ts'
import { useSession } from './session.tsx'

export const actorOf = (me: Me, key: KeyStatus): Actor => ({
  user: me.user,
  tenant: me.tenant.id,
  authority: me.authority.id,
  units: me.units.map((unit) => unit.id),
  roles: me.roles,
  // The session opens a key only while its certification stands.
  certifiedUntil: key.state === 'ready' ? endOfTime : null,
})

/** The case as the policy knows it; what the client cannot know is left to the server's answer. */
export function caseFacts(view: CaseView, me: Me): CaseFacts {
  const mine = view.assignments.find((one) => one.user === me.user)
  const isFormer = view.summary.relation === 'former'
  const state = mine === undefined ? 'none' : assignmentStates[mine.state]
  return {
    about: 'case',
    case: view.summary.id,
    owner: view.summary.owner.authority,
    assignment:
      mine === undefined || state === 'none'
        ? { state: 'none' }
        : { state, categories: mine.categories, until: mine.until },
    barred: mine?.state === 'barred',
    party: isFormer ? 'was' : 'is',
    // A receiver is shown the case because her unit is named; the others' units do not matter to any of their acts.
    units: view.summary.relation === 'receiver' ? null : [view.summary.owner.unit],
  }
}

const assignmentStates = {
  standing: 'standing',
  unconfirmed: 'standing',
  ended: 'ended',
  barred: 'ended',
  expired: 'expired',
} as const

export const consentFacts = (view: CaseView, consent: ConsentView, me: Me): ConsentFacts => ({
  about: 'consent',
  in: caseFacts(view, me),
  registration: consent.registration,
  heard:
    consent.registeredBy === me.authority.id
      ? 'registered'
      : consent.flows.some((flow) => flow.source === me.authority.id)
        ? 'shared'
        : 'granted',
})

/** A colleague as the policy knows her: lists of staff and of pending keys hold one's own organisation only. */
export const personFacts = (
  me: Me,
  person: { readonly user: Me['user']; readonly authority: Me['authority']['id'] },
): PersonFacts => ({
  about: 'person',
  user: person.user,
  tenant: me.tenant.id,
  authority: person.authority,
})

export type May = <A extends Act>(act: A, facts: FactsOf<A> | null) => boolean

/** Asks the policy as the person who is signed in; nothing is allowed before it is known who that is. */
export function useMay(): May {
  const session = useSession()
  const me = useQuery(reads.me(session)).data
  const key = useQuery(reads.key(session)).data
  return (act, facts) => {
    if (me === undefined || key === undefined) return false
    const at: Instant = instantOf(Date.now())
    return isAllowed(actorOf(me, key), act, facts, at)
  }
}
