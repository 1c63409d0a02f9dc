// Which messages a flow key may carry, at once or later (domain.md § 4 rule 6; protocol.md § 6).
import { project } from '../cases/projection.ts'
import { holds } from '../cases/span.ts'
import type { IncludesEarlier } from '../consents/categories.ts'
import type { CompartmentId, KeyId, MessageId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { addDays } from '../instant.ts'
import { terms } from '../spec/deeds.ts'
import { aCaseWithPolice } from '../spec/given.ts'
import { authorities } from '../spec/world.ts'
import type { World } from '../spec/world.ts'

const { centrum, police } = authorities

function keyNamed({ history, tenants, at }: World, flow: KeyId) {
  const row = project(history, tenants, at)?.keys.find((one) => one.key === flow)
  if (row?.kind !== 'flow') throw new Error('not a flow key of this case')
  return row
}
const carries = (world: World, flow: KeyId, at: Instant): boolean =>
  keyNamed(world, flow).covers.some((span) => holds(span, at))

/** The Police have been given something twice, with a gap between; each day is one at which Centrum has written. */
function givenTwice(includesEarlier: IncludesEarlier, first: IncludesEarlier = 'none') {
  const { world, cast } = aCaseWithPolice()
  const compartment: CompartmentId = cast.linnea.opensCompartment()
  cast.linnea.startsEpoch(compartment)
  const before = world.at
  world.waitsDays(1)
  const consent = cast.linnea.registers([terms(world, centrum, police)])
  const until = addDays(world.at, 100)
  const earlier = cast.linnea.grants(police, [consent], { includesEarlier: first, until })
  const during = world.at
  world.waitsDays(1)
  cast.linnea.closes(police, earlier)
  const between = world.at
  world.waitsDays(1)
  cast.linnea.grants(police, [consent], { includesEarlier, until })
  cast.petra.receives(centrum)
  const flow = cast.linnea.keysFlow(compartment, police)
  const now = world.at
  const carried = (): readonly boolean[] => [before, during, between, now].map((at) => carries(world, flow, at))
  return { world, cast, flow, carried }
}

test.each<[IncludesEarlier, IncludesEarlier, readonly boolean[]]>([
  ['none', 'none', [false, false, false, true]],
  ['shared-before', 'none', [false, true, false, true]],
  ['shared-before', 'all', [true, true, false, true]],
  ['all', 'none', [true, true, true, true]],
])(
  'a grant that includes %s, after one that included %s: before the first, in it, between them, since',
  (includesEarlier, first, expected) => {
    expect(givenTwice(includesEarlier, first).carried()).toEqual(expected)
  },
)

test('nothing is carried of the time after a flow has closed', () => {
  const { world, cast, flow } = givenTwice('all')
  expect(carries(world, flow, addDays(world.at, 1))).toBe(true)
  cast.linnea.leaves(police)
  expect(carries(world, flow, world.at)).toBe(false)
})

test('what was given for another sort carries nothing of this one', () => {
  const { world, cast } = aCaseWithPolice()
  const before = world.at
  const consent = cast.linnea.registers([terms(world, centrum, police, { categories: ['threat', 'plan'] })])
  const until = addDays(world.at, 100)
  cast.linnea.grants(police, [consent], { categories: ['plan'], includesEarlier: 'all', until })
  world.waitsDays(1)
  cast.linnea.grants(police, [consent], { includesEarlier: 'shared-before', until })
  const compartment = cast.linnea.opensCompartment()
  cast.linnea.startsEpoch(compartment)
  cast.petra.receives(centrum)
  const flow = cast.linnea.keysFlow(compartment, police)
  expect(carries(world, flow, before)).toBe(false)
  expect(carries(world, flow, world.at)).toBe(true)
})

describe('a disclosure', () => {
  function disclosed(items: readonly MessageId[] | 'all') {
    const { world, cast } = aCaseWithPolice()
    const compartment = cast.linnea.opensCompartment()
    cast.linnea.startsEpoch(compartment)
    const before = world.at
    world.waitsDays(1)
    cast.petra.receives(centrum)
    const disclosure = items === 'all' ? cast.linnea.breaksGlass(police, 24) : cast.linnea.discloses(police, { items })
    return { world, cast, before, disclosure, flow: cast.linnea.keysFlow(compartment, police, { disclosure }) }
  }
  test('of named messages carries these alone, whenever they were written', () => {
    const items = ['00000000-0000-4000-8000-00000000000a' as MessageId]
    const { world, flow, before } = disclosed(items)
    expect(keyNamed(world, flow).items).toEqual(items)
    expect(carries(world, flow, before)).toBe(true)
  })
  test('of a category carries everything of it until its hours are over or it is closed', () => {
    const { world, cast, flow, before, disclosure } = disclosed('all')
    expect(keyNamed(world, flow).items).toBeNull()
    expect([before, world.at, addDays(world.at, 1)].map((at) => carries(world, flow, at))).toEqual([true, true, false])
    world.waits(60)
    cast.linnea.closesDisclosure(police, disclosure)
    expect([before, world.at].map((at) => carries(world, flow, at))).toEqual([true, false])
  })
  test('carries nothing for a grant of the same flow, nor a grant for it', () => {
    const { world, cast, flow } = disclosed('all')
    const consent = cast.linnea.registers([terms(world, centrum, police)])
    cast.linnea.grants(police, [consent])
    world.waitsDays(2)
    expect(carries(world, flow, world.at)).toBe(false)
  })
})
