// What was once accepted folds again, whatever has changed since and in whatever order chains are read: a new device and every
// server process do so, and a refusal there would shut the case for good (protocol.md §§ 2 and 4, P5).
import { addDays, addMinutes } from '../instant.ts'
import { entitled } from '../keys/entitled.ts'
import { epochStanding, flowKeyStanding } from '../keys/staleness.ts'
import { mutual } from '../spec/deeds.ts'
import { aCaseWithPolice, aKeyedFlow, aMutualConsent, castOf } from '../spec/given.ts'
import { authorities, people, start, symbolicHash, World } from '../spec/world.ts'
import { flowsAt } from '../consents/effective-scope.ts'
import type { Hash } from '../ids.ts'
import type { PlaceName, Verified } from '../statement.ts'
import type { CaseHistory } from './case-history.ts'
import { emptyHistory } from './case-history.ts'
import { extend } from './extend.ts'

const { centrum, police } = authorities

/** As a device does that has nothing yet: chain by chain in the order given, and whatever waits for another chain again later. */
function readAnew(
  world: World,
  places: readonly PlaceName[],
  ledgersOf: CaseHistory['ledgersOf'] = 'everybody',
): CaseHistory {
  const waiting = places.map((place) => [...(world.history.chains.get(place) ?? [])])
  let history = emptyHistory(world.history.case, ledgersOf)
  for (let isMoving = true; isMoving;) {
    isMoving = false
    for (const chain of waiting)
      for (let told = chain[0]; told !== undefined; told = chain[0]) {
        const verified: Verified = { statement: told.statement, hash: told.hash }
        const next = extend(history, world.tenants, verified)
        if (!next.ok) break
        history = next.value
        chain.shift()
        isMoving = true
      }
  }
  expect(waiting.flat().map((told) => told.statement.type)).toEqual([])
  return history
}

const places = (world: World): readonly PlaceName[] => [...world.history.chains.keys()]
const foldsInEveryOrder = (world: World): void => {
  readAnew(world, places(world))
  readAnew(world, [...places(world)].reverse())
}

describe('what was rightly said is read again after', () => {
  test('a leader has become something else', () => {
    const { world } = aKeyedFlow()
    world.waitsDays(1)
    world.certifies({ ...people.mats, roles: ['analyst'] }, addDays(start, 700))
    foldsInEveryOrder(world)
    expect(
      world.answerOnLedger(people.mats, { type: 'assignment.ended', body: { user: people.linnea.user, closes: [] } }),
    ).toBe('not-assigned')
  })
  test('a key has lapsed and been certified again', () => {
    const world = new World(Object.values(people), 30)
    const cast = castOf(world)
    cast.linnea.opensCase()
    const compartment = cast.linnea.opensCompartment()
    cast.linnea.startsEpoch(compartment)
    world.waitsDays(40)
    expect(world.answerOnLedger(people.linnea, { type: 'case.closed', body: { phase: 'closed' } })).toBe('key-ended')
    world.certifies(people.linnea, addDays(start, 300))
    foldsInEveryOrder(world)
    expect(entitled(world.history, world.tenants, compartment, world.at).own).toHaveLength(1)
  })
  test('a colleague’s key has ended whom an epoch names, also in the same minute and before its maker had heard of it', () => {
    const { world, cast } = aCaseWithPolice()
    cast.mats.assigns(people.sara)
    const compartment = cast.linnea.opensCompartment()
    world.goesOffLine(people.linnea)
    world.endsKey(people.sara)
    const named = [people.linnea, people.sara].map((one) => world.ownReader(one))
    const epoch = cast.linnea.startsEpoch(compartment, {
      readers: named.map(({ user, key, write }) => ({ user, key, write, wrap: symbolicHash<Hash>(`wrap ${user}`) })),
    })
    foldsInEveryOrder(world)
    expect(epochStanding(world.history, world.tenants, epoch, world.at)).toEqual({ state: 'stale', since: world.at })
  })
  test('a person has spoken, opened and keyed, and left in the same minute', () => {
    const { world, cast, flow } = aKeyedFlow()
    expect(flowKeyStanding(world.history, world.tenants, flow, world.at).state).toBe('current')
    cast.mats.ends(people.linnea)
    foldsInEveryOrder(world)
    expect(world.answerOnStrand(people.linnea, police, { type: 'party.left', body: {} })).toBe('accepted')
    world.waits(5)
    expect(world.answerOnStrand(people.linnea, police, { type: 'party.left', body: {} })).toBe('not-assigned')
  })
  test('a consent has been opened and withdrawn in the same minute', () => {
    const { world, cast } = aMutualConsent()
    expect(flowsAt(world.history, world.at)).not.toEqual([])
    cast.linnea.withdraws('all')
    foldsInEveryOrder(world)
    expect(flowsAt(world.history, world.at)).toEqual([])
  })
  test('a reception key has been said again with an earlier end, and ended, in the minute it was used', () => {
    const { world, cast, reception, flow } = aKeyedFlow()
    cast.petra.publishes(centrum, reception, { until: addMinutes(world.at, 5) })
    expect(flowKeyStanding(world.history, world.tenants, flow, addMinutes(world.at, 5)).state).toBe('stale')
    cast.petra.endsReception(centrum, reception.reception)
    foldsInEveryOrder(world)
    expect(flowKeyStanding(world.history, world.tenants, flow, world.at).state).toBe('stale')
  })
})

describe('the heads of the tenant chain', () => {
  test('must be named, be there, and never go back along a chain', () => {
    const { world } = aCaseWithPolice()
    const said = { type: 'case.closed' as const, body: { phase: 'closed' as const } }
    const place = world.ledger(people.linnea)
    const { statement, hash } = world.next(people.linnea, place, said)
    const own = Object.keys(statement.tenantHeads)
    const answer = (n: (head: number) => number | null): string =>
      world.answer({
        hash,
        statement: {
          ...statement,
          tenantHeads: Object.fromEntries(
            own.flatMap((name) => {
              const head = statement.tenantHeads[name]
              const changed = head === undefined ? null : n(head.n)
              return head === undefined || changed === null ? [] : [[name, { ...head, n: changed }]]
            }),
          ),
        },
      })
    expect(answer((n) => n)).toBe('accepted')
    expect(answer(() => null)).toBe('heads-missing')
    expect(answer((n) => n + 1)).toBe('heads-unknown')
    expect(answer((n) => n - 1)).toBe('heads-go-back')
  })
})

test('who has no path to a case cannot be assigned to it', () => {
  const { world, cast } = aCaseWithPolice()
  const said = {
    type: 'assignment.added' as const,
    body: { user: people.anders.user, categories: ['threat' as const], until: addDays(world.at, 9) },
  }
  expect(world.answerOnLedger(people.mats, said)).toBe('role-missing')
  expect(cast.mats.assigns(people.sara)).toHaveLength(64)
})

test('what another authority says about its statements on a strand is taken in without its ledger', () => {
  for (const say of ['upholds', 'voids'] as const) {
    const { world, cast, toPolice } = aMutualConsent()
    const said =
      say === 'upholds'
        ? cast.mats.upholdsOnStrand(police, toPolice)
        : world.onStrand(people.linnea, police, { type: 'voided', body: { of: toPolice } })
    const shown = places(world).filter((place) => place.split('/').slice(2).includes(police))
    expect(shown).not.toContain(world.ledger(people.linnea))
    const seen = readAnew(world, shown, police)
    expect([...seen.chains.values()].flat().map((told) => told.hash)).toContain(said)
    const sources = flowsAt(seen, world.at).map((flow) => flow.source)
    expect(sources.includes(centrum)).toBe(say === 'upholds')
  }
})

test('a long chain that two persons wrote in turn is judged in one walk when both keys have ended', () => {
  const { world, cast } = aCaseWithPolice()
  cast.mats.assigns(people.sara)
  const compartment = cast.sara.opensCompartment()
  for (let turn = 0; turn < 60; turn++) {
    cast.linnea.registers(mutual(world, centrum, police))
    cast.mats.assigns(people.sara, { until: addDays(start, 100 + turn) })
  }
  world.waits(1).endsKey(people.linnea)
  world.endsKey(people.mats)
  expect(entitled(world.history, world.tenants, compartment, world.at).own).toEqual([])
})
