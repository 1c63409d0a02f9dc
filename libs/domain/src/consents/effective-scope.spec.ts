// What a consent opens, in the cases that the law knows by name (domain.md § 4 rules 3–6, § 1 "secrecy areas").
import { project } from '../cases/projection.ts'
import type { AuthorityId, Hash, KeyId, UserId } from '../ids.ts'
import { addDays } from '../instant.ts'
import { entitled } from '../keys/entitled.ts'
import { flowKeyStanding } from '../keys/staleness.ts'
import type { FlowTerms } from '../statement.ts'
import type { RegistrationBody } from '../spec/deeds.ts'
import { mutual, sort, terms } from '../spec/deeds.ts'
import { aCaseWithPolice, aKeyedFlow, aMutualConsent, castOf } from '../spec/given.ts'
import { authorities, people, symbolicHash, units, World } from '../spec/world.ts'
import type { Category } from './categories.ts'
import { flowsAt } from './effective-scope.ts'

const { centrum, hisingen, police } = authorities
const { linnea, petra, pelle, hanna } = people

const opens = ({ history, at }: World, from: AuthorityId, to: AuthorityId, category: Category = 'threat'): boolean =>
  flowsAt(history, at).some((flow) => flow.source === from && flow.recipient === to && flow.category === category)
const reads = ({ history, tenants, at }: World, key: KeyId, user: UserId): boolean =>
  project(history, tenants, at)?.readers.some(
    (row) => row.key === key && row.user === user && row.from <= at && at < row.until,
  ) === true

/** One way from Centrum to the Police, given as told. */
function given(change: Partial<RegistrationBody>): ReturnType<typeof aCaseWithPolice> {
  const { world, cast } = aCaseWithPolice()
  const consent = cast.linnea.registers([terms(world, centrum, police)], change)
  cast.linnea.grants(police, [consent])
  return { world, cast }
}

describe('how it was given (rule 4)', () => {
  test('a verbal consent lapses on its date, to the minute, unless confirmed in writing', () => {
    const { world, cast } = aCaseWithPolice()
    const lapsesAt = addDays(world.at, 7)
    const spoken = cast.linnea.registers([terms(world, centrum, police)], {
      given: { how: 'verbally-with-witness', lapsesAt },
    })
    cast.linnea.grants(police, [spoken])
    expect(flowsAt(world.history, world.at).map((flow) => flow.until)).toEqual([lapsesAt])
    world.waits(7 * 1440 - 1)
    expect(opens(world, centrum, police)).toBe(true)
    world.waits(1)
    expect(opens(world, centrum, police)).toBe(false)
    const written = cast.linnea.registers([terms(world, centrum, police, { validUntil: addDays(world.at, 100) })], {
      renews: spoken.registration,
    })
    cast.linnea.grants(police, [written], { until: addDays(world.at, 100) })
    expect(opens(world, centrum, police)).toBe(true)
  })
  test('a consent in custody rests from release', () => {
    const world = new World()
    const { world: inside } = given({ given: { how: 'in-custody', restsFrom: addDays(world.at, 10) } })
    expect(opens(inside, centrum, police)).toBe(true)
    expect(opens(inside.waitsDays(10), centrum, police)).toBe(false)
    const { world: noRelease } = given({ given: { how: 'in-custody', restsFrom: null } })
    expect(opens(noRelease.waitsDays(10), centrum, police)).toBe(true)
  })
})

test('a grant to units is read by their staff alone', () => {
  const { world, cast } = aCaseWithPolice()
  cast.rolf.assigns(pelle)
  const consent = cast.linnea.registers([terms(world, centrum, police, { units: [units.region] })])
  cast.linnea.grants(police, [consent], { units: [units.region] })
  const compartment = cast.linnea.opensCompartment()
  cast.linnea.startsEpoch(compartment)
  cast.petra.receives(centrum)
  // A key of the whole authority is not the unit's: it would be held by all of its assigned staff.
  expect(entitled(world.history, world.tenants, compartment, world.at).waiting).toEqual([
    expect.objectContaining({ units: [units.region], cause: 'no-key' }),
  ])
  const reception = cast.petra.receives(centrum, sort('threat', [units.region]))
  expect(reception.readers.map((one) => one.user)).toEqual([petra.user])
  const flow = cast.linnea.keysFlow(compartment, police)
  expect(reads(world, flow, petra.user)).toBe(true)
  expect(reads(world, flow, pelle.user)).toBe(false)
})

describe('what was written earlier (rule 6)', () => {
  const { world: scale } = aKeyedFlow()
  const later = scale.at
  /** Shared; closed; written without the Police; opened again by a grant that includes this much. */
  const openedAgain = (includesEarlier: FlowTerms['includesEarlier']) => {
    const before = aKeyedFlow()
    const { world, cast, consent, toPolice, compartment } = before
    cast.linnea.closes(police, toPolice)
    world.waitsDays(1)
    const between = cast.linnea.startsEpoch(compartment)
    world.waitsDays(1)
    cast.linnea.grants(police, [consent], { includesEarlier, until: addDays(later, 60) })
    return { ...before, between, now: cast.linnea.keysFlow(compartment, police) }
  }
  test('none: only from now on', () => {
    const { world, flow, between, now } = openedAgain('none')
    expect([flow, between, now].map((key) => reads(world, key, petra.user))).toEqual([false, false, true])
  })
  test('shared-before: what she could read then, not the time between', () => {
    const { world, flow, between, now } = openedAgain('shared-before')
    expect([flow, between, now].map((key) => reads(world, key, petra.user))).toEqual([true, false, true])
  })
  test('all: the time between too, by late seals under the key of now, never by the source’s own key', () => {
    const { world, flow, between, now } = openedAgain('all')
    expect([flow, between, now].map((key) => reads(world, key, petra.user))).toEqual([true, false, true])
    const late = { type: 'seals.added' as const, body: { flow: now, count: 3, list: symbolicHash<Hash>('list') } }
    expect(world.answerOnStrand(linnea, police, late)).toBe('accepted')
    expect(flowKeyStanding(world.history, world.tenants, flow, world.at).state).toBe('stale')
  })
  test('what the registration does not give back, no grant does', () => {
    const { world, cast } = aCaseWithPolice()
    const consent = cast.linnea.registers([terms(world, centrum, police, { includesEarlier: 'none' })])
    expect(() => cast.linnea.grants(police, [consent], { includesEarlier: 'shared-before' })).toThrow(
      'outside-registration',
    )
  })
})

describe('between two boards of one kommun', () => {
  const boards = () => {
    const world = new World()
    const cast = castOf(world)
    cast.linnea.opensCase()
    cast.mats.namesSpeakers(hisingen, linnea)
    const consent = cast.linnea.registers(mutual(world, centrum, hisingen))
    cast.linnea.grants(hisingen, [consent])
    cast.linnea.shares(consent, hisingen)
    return { world, cast, consent }
  }
  test('nothing flows back before the other board has confirmed, by its own people', () => {
    const { world, cast, consent } = boards()
    expect(opens(world, centrum, hisingen)).toBe(true)
    expect(opens(world, hisingen, centrum)).toBe(false)
    cast.henrik.opensLedger('party')
    cast.henrik.assigns(hanna)
    cast.henrik.namesSpeakers(centrum, hanna)
    cast.hanna.grants(centrum, [consent])
    expect(opens(world, hisingen, centrum)).toBe(true)
  })
  test('each reads by its own assignment, and a withdrawal that one hears closes both', () => {
    const { world, cast, consent } = boards()
    cast.henrik.opensLedger('party')
    cast.henrik.assigns(hanna)
    cast.henrik.namesSpeakers(centrum, hanna)
    cast.hanna.grants(centrum, [consent])
    const compartment = cast.linnea.opensCompartment()
    const epoch = cast.linnea.startsEpoch(compartment)
    cast.hanna.receives(centrum)
    const flow = cast.linnea.keysFlow(compartment, hisingen)
    const who = (key: KeyId) => [linnea, hanna, people.henrik, people.sara].map((one) => reads(world, key, one.user))
    expect(who(epoch)).toEqual([true, false, false, false])
    expect(who(flow)).toEqual([false, true, false, false])
    cast.hanna.withdraws([consent], centrum)
    expect(opens(world, centrum, hisingen) || opens(world, hisingen, centrum)).toBe(false)
    expect(who(flow)).toEqual([false, false, false, false])
    expect(who(epoch)).toEqual([true, false, false, false])
  })
})

describe('several who must consent (rule 5)', () => {
  const guardians = () => {
    const { world, cast } = aCaseWithPolice()
    const one = cast.linnea.registers([terms(world, centrum, police, { categories: ['threat', 'plan', 'health'] })], {
      givers: ['guardian'],
    })
    const other = cast.linnea.registers([terms(world, centrum, police, { categories: ['threat', 'plan'] })], {
      givers: ['guardian'],
    })
    cast.linnea.grants(police, [one, other], { categories: ['threat', 'plan'] })
    return { world, cast, one, other }
  }
  test('open what each of them gives, no more', () => {
    const { world, cast, one, other } = guardians()
    expect(opens(world, centrum, police) && opens(world, centrum, police, 'plan')).toBe(true)
    expect(() => cast.linnea.grants(police, [one, other], { categories: ['health'] })).toThrow('outside-registration')
  })
  test.each([0, 1])('one withdrawal closes, whichever of them it is (%i)', (which) => {
    const { world, cast, one, other } = guardians()
    cast.petra.withdraws([which === 0 ? one : other], centrum)
    expect(opens(world, centrum, police) || opens(world, centrum, police, 'plan')).toBe(false)
  })
  test('one who takes back a part closes that part', () => {
    const { world, cast, other } = guardians()
    cast.petra.withdraws([other], centrum, { categories: ['plan'] })
    expect(opens(world, centrum, police)).toBe(true)
    expect(opens(world, centrum, police, 'plan')).toBe(false)
  })
})

describe('a consent that is renewed', () => {
  const renewal = () => {
    const { world, cast } = aCaseWithPolice()
    const flows = () => [terms(world, centrum, police, { categories: ['threat', 'plan'] })]
    const former = cast.linnea.registers(flows())
    cast.linnea.grants(police, [former], { categories: ['threat', 'plan'] })
    world.waitsDays(1)
    const renewed = cast.linnea.registers(flows(), { renews: former.registration })
    cast.linnea.grants(police, [renewed], { categories: ['threat', 'plan'] })
    world.waitsDays(1)
    return { world, cast, former, renewed }
  }
  test.each(['former', 'renewed'] as const)(
    'a withdrawal of the %s, heard by one who knows no other, takes both',
    (which) => {
      const given = renewal()
      given.cast.petra.withdraws([given[which]], centrum)
      expect(opens(given.world, centrum, police) || opens(given.world, centrum, police, 'plan')).toBe(false)
    },
  )
  test('a part that is taken back is taken back from both', () => {
    const { world, cast, renewed } = renewal()
    cast.petra.withdraws([renewed], centrum, { categories: ['plan'] })
    expect(opens(world, centrum, police)).toBe(true)
    expect(opens(world, centrum, police, 'plan')).toBe(false)
  })
  test('one that is registered after the withdrawal begins anew, whatever it renews', () => {
    const { world, cast, former } = renewal()
    cast.petra.withdraws([former], centrum)
    world.waitsDays(1)
    const anew = cast.linnea.registers([terms(world, centrum, police)], { renews: former.registration })
    cast.linnea.grants(police, [anew])
    expect(opens(world, centrum, police)).toBe(true)
  })
  test('a consent that renews nothing stands when another is withdrawn', () => {
    const { world, cast, former } = renewal()
    const other = cast.linnea.registers([terms(world, centrum, police)])
    cast.linnea.grants(police, [other])
    cast.petra.withdraws([former], centrum)
    expect(opens(world, centrum, police)).toBe(true)
    expect(opens(world, centrum, police, 'plan')).toBe(false)
  })
})

test('consent of one subject opens nothing about another', () => {
  const { world, cast } = aMutualConsent()
  const aboutRelative = cast.linnea.opensCompartment('threat', 'casework', world.fresh('relative'))
  expect(entitled(world.history, world.tenants, aboutRelative, world.at).recipients).toEqual([])
  expect(entitled(world.history, world.tenants, aboutRelative, world.at).waiting).toEqual([])
  expect(opens(world, centrum, police)).toBe(true)
})
