// What the policy hands out: permits that name what they are for, and scopes that say what a list may hold.
import type { Role } from '#libs/domain'
import type { Actor } from './actor.ts'
import { decide, isAllowed, scopeOf } from './decide.ts'
import { actorAs, at, caseOf, contentOf, theCase, theThread } from './fixtures.ts'

const caseworker = actorAs('caseworker')

describe('a permit', () => {
  test('is made only by a decision, and carries the ids asked about', () => {
    const decision = decide(caseworker, 'message.read', contentOf('own', 'message.read'), at)
    expect(decision).toMatchObject({
      answer: 'yes',
      act: 'message.read',
      ids: { case: theCase, thread: theThread },
      at,
    })
    expect(Object.getOwnPropertySymbols(decision)).toHaveLength(1)
  })

  test('at the door needs nobody', () => {
    expect(decide(null, 'tenant.choose', null, at)).toMatchObject({ answer: 'yes', actor: null })
  })

  test('decides a button too', () => {
    expect(isAllowed(caseworker, 'consent.register', caseOf('own'), at)).toBe(true)
    expect(isAllowed(actorAs('performer'), 'consent.register', caseOf('own'), at)).toBe(false)
  })
})

describe('a list', () => {
  const roles = (...held: Role[]): Actor => ({ ...caseworker, roles: held })

  test('of nobody is refused; of a role without any rule is empty', () => {
    expect(scopeOf(null, 'case.list', at)).toMatchObject({ answer: 'anonymous' })
    expect(scopeOf(roles('analyst'), 'case.list', at)).toMatchObject({ answer: 'scope', condition: null })
    expect(scopeOf(roles(), 'staff.list', at)).toMatchObject({ answer: 'scope', condition: null })
  })

  test('of one role is the relations of its rule; of two, either', () => {
    const assigned = {
      operator: 'and',
      value: [
        { operator: 'relation', name: 'certified' },
        { operator: 'relation', name: 'assigned' },
      ],
    }
    const one = scopeOf(roles('caseworker'), 'case.list', at)
    expect(one).toMatchObject({ condition: assigned })
    const same = scopeOf(roles('caseworker', 'intake_worker'), 'case.list', at)
    expect(JSON.stringify(same)).toBe(JSON.stringify({ ...one, actor: roles('caseworker', 'intake_worker') }))
    expect(JSON.stringify(scopeOf(roles('caseworker', 'regional_coordinator'), 'case.list', at))).toContain(
      'ownAuthorityNamed',
    )
  })

  test('of threads holds what may be read in them', () => {
    const threads = scopeOf(caseworker, 'thread.list', at)
    expect(threads).toMatchObject({ answer: 'scope', act: 'thread.list' })
    expect(JSON.stringify(threads)).toContain('sourceIsOwnOrFlowCovers')
  })

  test('says that the key is not certified where everything hangs on it, and not where something does not', () => {
    const uncertified = (actor: Actor): Actor => ({ ...actor, certifiedUntil: null })
    expect(scopeOf(uncertified(caseworker), 'case.list', at)).toMatchObject({
      answer: 'refused',
      problem: 'key-not-certified',
    })
    expect(scopeOf(uncertified(caseworker), 'staff.list', at)).toMatchObject({ answer: 'scope' })
    expect(scopeOf(uncertified(roles('caseworker', 'security_officer')), 'audit.read', at)).toMatchObject({
      answer: 'scope',
    })
    expect(scopeOf(uncertified(roles('analyst')), 'case.list', at)).toMatchObject({ answer: 'scope', condition: null })
  })
})
