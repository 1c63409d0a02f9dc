// The policy, condition by condition: each "cannot" has its "can" beside it.
import type { Act, AuthorityId, UnitId } from '#libs/domain'
import { addMinutes, endOfTime, roles } from '#libs/domain'
import type { Actor } from './actor.ts'
import { decide, scopeOf } from './decide.ts'
import type { CaseFacts, ContentFacts, FactsOf } from './facts.ts'
import { actorAs, anna, at, bo, boras, caseOf, contentOf, later, police, theCase, theConsent } from './fixtures.ts'

const caseworker = actorAs('caseworker')
const officer = actorAs('local_coordinator', 'covered')
const leader = actorAs('team_leader')

function answerTo<A extends Act>(actor: Actor | null, act: A, facts: FactsOf<A> | null, when = at): string {
  const decision = decide(actor, act, facts, when)
  return decision.answer === 'refused' ? decision.problem : decision.answer
}
const reads = (change: Partial<ContentFacts> = {}, of: Partial<CaseFacts> = {}, actor = caseworker): string => {
  const content = contentOf('own', 'message.read')
  return answerTo(actor, 'message.read', { ...content, ...change, in: { ...content.in, ...of } })
}

describe('a list for a person with several roles', () => {
  const waysOf = (actor: Actor): readonly string[] => {
    const scope = scopeOf(actor, 'case.list', at)
    if (scope.answer !== 'scope' || scope.condition === null) return []
    const { condition } = scope
    return (condition.operator === 'or' ? condition.value : [condition]).map((way) => JSON.stringify(way))
  }

  test('is one list of ways in, each once and none inside another, whatever the roles', () => {
    for (const first of roles)
      for (const second of roles) {
        const ways = waysOf({ ...caseworker, roles: [first, second] })
        const ofEach = [first, second].flatMap((role) => waysOf({ ...caseworker, roles: [role] }))
        expect(ways.toSorted()).toEqual([...new Set(ofEach)].toSorted())
        for (const way of ways) expect(way).not.toContain('"or"')
      }
    expect(waysOf({ ...caseworker, roles: ['caseworker', 'regional_coordinator', 'team_leader'] })).toHaveLength(3)
  })
})

describe('a bar (jäv)', () => {
  test('shuts out the one who is assigned, as if her assignment had ended', () => {
    expect(reads()).toBe('yes')
    expect(reads({}, { barred: true })).toBe('absent')
    expect(reads({ coverage: 'former' }, { barred: true })).toBe('assignment-ended')
    expect(answerTo(caseworker, 'case.read', { ...caseOf('own'), barred: true })).toBe('assignment-ended')
  })

  test('hides the case from a receiver who was never assigned', () => {
    const named = caseOf('unassigned')
    expect(answerTo(leader, 'assignment.add', named)).toBe('yes')
    for (const act of ['case.read', 'assignment.add', 'assignment.end', 'key.maintain', 'audit.read'] as const) {
      expect(answerTo(leader, act, { ...named, barred: true })).toBe('absent')
    }
  })

  test('keeps a reviewer from the log of the case that it concerns', () => {
    const reviewer = actorAs('security_officer')
    expect(answerTo(reviewer, 'audit.read', caseOf('unassigned'))).toBe('yes')
    expect(answerTo(reviewer, 'audit.read', { ...caseOf('unassigned'), barred: true })).toBe('absent')
  })
})

describe('an end is exclusive', () => {
  const before = addMinutes(later, -1)

  test('of an assignment, also when the store still calls it standing', () => {
    expect(answerTo({ ...caseworker, certifiedUntil: endOfTime }, 'case.read', caseOf('own'), before)).toBe('yes')
    expect(answerTo({ ...caseworker, certifiedUntil: endOfTime }, 'case.read', caseOf('own'), later)).toBe(
      'assignment-ended',
    )
  })

  test('of a certification: the one who would be allowed is told that her key is what is missing', () => {
    const of: CaseFacts = {
      ...caseOf('own'),
      assignment: { state: 'standing', categories: ['threat'], until: endOfTime },
    }
    expect(answerTo(caseworker, 'case.read', of, before)).toBe('yes')
    expect(answerTo(caseworker, 'case.read', of, later)).toBe('key-not-certified')
    expect(answerTo({ ...caseworker, certifiedUntil: null }, 'case.read', of)).toBe('key-not-certified')
  })

  test('of a flow', () => {
    const covered = contentOf('covered', 'message.read')
    expect(answerTo(officer, 'message.read', { ...covered, until: addMinutes(at, 1) })).toBe('yes')
    expect(answerTo(officer, 'message.read', { ...covered, until: at })).toBe('absent')
    expect(answerTo(officer, 'message.read', { ...covered, coverage: 'former', until: at })).toBe('scope-ended')
  })
})

test('a key that is not certified says so only to whom the thing is known', () => {
  const pending = { ...actorAs('caseworker', 'stranger'), certifiedUntil: null }
  expect(answerTo(pending, 'case.read', caseOf('stranger'))).toBe('absent')
  expect(answerTo({ ...officer, certifiedUntil: null }, 'message.read', contentOf('withdrawn', 'message.read'))).toBe(
    'scope-ended',
  )
})

describe('what is one’s own', () => {
  test('is what one’s own authority is the source of; a store that errs about it opens nothing', () => {
    const other: AuthorityId = police.authority
    expect(reads()).toBe('yes')
    expect(reads({ source: other })).toBe('absent')
    const mine = contentOf('own', 'message.send')
    expect(answerTo(caseworker, 'message.send', mine)).toBe('yes')
    expect(answerTo(caseworker, 'message.send', { ...mine, source: other })).toBe('absent')
    // Covered content can be read, but only its source writes there.
    expect(answerTo(caseworker, 'message.send', { ...mine, source: other, coverage: 'covered' })).toBe('role-missing')
  })

  test('is cut by the categories of one’s assignment (inner secrecy), and so is what flows in', () => {
    const narrow = { assignment: { state: 'standing', categories: ['plan'], until: later } } as const
    expect(reads({ category: 'plan' }, narrow)).toBe('yes')
    expect(reads({ category: 'threat' }, narrow)).toBe('absent')
    const covered = contentOf('covered', 'message.read')
    expect(answerTo(officer, 'message.read', { ...covered, category: 'plan', in: { ...covered.in, ...narrow } })).toBe(
      'yes',
    )
    expect(answerTo(officer, 'message.read', { ...covered, in: { ...covered.in, ...narrow } })).toBe('absent')
  })

  test('is not what reaches a blocked subject', () => {
    expect(reads({ reachesBlockedSubject: true })).toBe('absent')
    expect(
      answerTo(caseworker, 'message.send', { ...contentOf('own', 'message.send'), reachesBlockedSubject: true }),
    ).toBe('absent')
  })

  test('gives the case’s owner nothing of what others wrote', () => {
    expect(reads({ source: police.authority, coverage: 'none' })).toBe('absent')
  })

  test('has a working title only for those who carry its category', () => {
    const withPlan = caseOf('own')
    expect(answerTo(caseworker, 'case.title', withPlan)).toBe('yes')
    const withoutPlan: CaseFacts = {
      ...withPlan,
      assignment: { state: 'standing', categories: ['threat'], until: later },
    }
    expect(answerTo(caseworker, 'case.title', withoutPlan)).toBe('role-missing')
  })
})

describe('a case closed to one’s authority', () => {
  const closed = caseOf('withdrawn')

  test('keeps the stub and what narrows, and takes nothing that widens', () => {
    expect(answerTo(officer, 'case.read', closed)).toBe('yes')
    expect(
      answerTo(officer, 'consent.withdraw', {
        about: 'consent',
        in: closed,
        registration: theConsent,
        heard: 'granted',
      }),
    ).toBe('yes')
    expect(answerTo(officer, 'consent.register', closed)).toBe('scope-ended')
    expect(answerTo(officer, 'message.send', contentOf('withdrawn', 'message.send'))).toBe('scope-ended')
  })

  test('says so only where that is what stops the act', () => {
    const never: CaseFacts = { ...closed, party: 'never' }
    expect(answerTo(officer, 'consent.register', never)).toBe('role-missing')
  })
})

describe('a consent', () => {
  const about = (heard: 'registered' | 'shared' | 'granted' | 'none') =>
    ({ about: 'consent', in: caseOf('awaiting'), registration: theConsent, heard }) as const

  test('is absent to an authority that has not heard of it, also within a case it has', () => {
    for (const act of ['consent.confirm', 'consent.narrow', 'consent.withdraw'] as const) {
      expect(answerTo(officer, act, about('none'))).toBe('absent')
      expect(answerTo(officer, act, about('shared'))).toBe('yes')
    }
  })

  test('is confirmed by a source that was asked, never by a mere recipient', () => {
    expect(answerTo(officer, 'consent.confirm', about('granted'))).toBe('role-missing')
    expect(answerTo(officer, 'consent.narrow', about('granted'))).toBe('role-missing')
    expect(answerTo(officer, 'consent.withdraw', about('granted'))).toBe('yes')
  })
})

describe('opening a case', () => {
  const opening = (unit: UnitId, authority: AuthorityId = boras.board) =>
    ({ about: 'opening', case: theCase, authority, unit }) as const

  test('is for a unit of one’s own, of one’s own authority', () => {
    expect(answerTo(caseworker, 'case.open', opening(boras.unit))).toBe('yes')
    expect(answerTo(caseworker, 'case.open', opening(boras.otherUnit))).toBe('absent')
    expect(answerTo(caseworker, 'case.open', opening(boras.unit, boras.otherBoard))).toBe('absent')
  })
})

describe('keys of staff', () => {
  test('one’s own key and session are one’s own', () => {
    const mine = { about: 'person', user: anna, authority: boras.board, tenant: boras.tenant } as const
    for (const act of ['session.read', 'session.end', 'key.read-own', 'key.create'] as const) {
      expect(answerTo(caseworker, act, mine)).toBe('yes')
      expect(answerTo(caseworker, act, { ...mine, user: bo })).toBe('absent')
    }
  })

  test('a custodian certifies others of her own tenant, and never herself nor anybody of another', () => {
    const custodian = actorAs('key_custodian')
    expect(
      answerTo(custodian, 'key.certify', { about: 'person', user: bo, authority: boras.board, tenant: boras.tenant }),
    ).toBe('yes')
    expect(
      answerTo(custodian, 'key.certify', { about: 'person', user: anna, authority: boras.board, tenant: boras.tenant }),
    ).toBe('role-missing')
    expect(
      answerTo(custodian, 'key.certify', {
        about: 'person',
        user: bo,
        authority: boras.otherBoard,
        tenant: boras.tenant,
      }),
    ).toBe('yes')
    expect(
      answerTo(custodian, 'key.certify', {
        about: 'person',
        user: bo,
        authority: police.authority,
        tenant: police.tenant,
      }),
    ).toBe('absent')
  })
})

test('facts about something else than the act’s subject are answered as absent, whatever they say', () => {
  // Only a mistyped caller can get here; the compiler refuses it.
  expect(answerTo(caseworker, 'case.read', contentOf('own', 'message.read') as never)).toBe('absent')
  expect(
    answerTo(caseworker, 'key.maintain', {
      about: 'person',
      user: anna,
      authority: boras.board,
      tenant: boras.tenant,
    } as never),
  ).toBe('absent')
  expect(answerTo(caseworker, 'case.read', null)).toBe('absent')
})
