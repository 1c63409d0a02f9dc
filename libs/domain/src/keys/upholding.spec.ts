// What still counts once its signer's key has ended or expired, clause by clause (protocol.md § 4 rule 1).
import { holdersOf } from '../cases/assigned.ts'
import { categories } from '../consents/categories.ts'
import type { Hash } from '../ids.ts'
import { addDays } from '../instant.ts'
import { Deeds } from '../spec/deeds.ts'
import type { Cast } from '../spec/given.ts'
import { aKeyedFlow, aMutualConsent, castOf } from '../spec/given.ts'
import type { Staff } from '../spec/world.ts'
import { authorities, people, staffMember, units, World } from '../spec/world.ts'
import { unsettled } from './decisions.ts'
import { entitled } from './entitled.ts'
import { covered } from './upholding.ts'

const { centrum, police } = authorities
const { linnea, sara, mats, petra, pelle, rolf } = people
const asta = staffMember('asta', 'goteborg', centrum, [units.sav], 'caseworker')
const maj = staffMember('maj', 'goteborg', centrum, [units.sav], 'team_leader')

/** Linnea's case, in which Mats has assigned Sara; nobody has said anything since. */
function anAssignment(): { world: World; cast: Cast; added: Hash } {
  const world = new World([...Object.values(people), asta, maj])
  const cast = castOf(world)
  cast.linnea.opensCase()
  return { world, cast, added: cast.mats.assigns(sara) }
}

function counts(world: World, hash: Hash): boolean {
  const told = [...world.history.chains.values()].flat().find((one) => one.hash === hash)
  if (told === undefined) throw new Error('never said')
  return covered(world.history, world.tenants, told, world.at)
}

const isOwnReader = ({ history, tenants, at }: World, staff: Staff): boolean =>
  holdersOf(history, tenants, { authority: centrum, category: 'threat', units: null }, at).some(
    (one) => one.user === staff.user,
  )

describe('(i) a key that stands', () => {
  test('carries what it said, and no longer from its end', () => {
    const { world, added } = anAssignment()
    expect(counts(world, added)).toBe(true)
    world.waits(5).endsKey(mats)
    expect(counts(world, added)).toBe(false)
    expect(isOwnReader(world, sara)).toBe(false)
    expect(isOwnReader(world, linnea)).toBe(true)
  })
  test('carries nothing from its expiry, and again when it is renewed', () => {
    const { world, added } = anAssignment()
    world.certifies(mats, addDays(world.at, 5))
    world.waitsDays(4)
    expect(counts(world, added)).toBe(true)
    world.waitsDays(1)
    expect(counts(world, added)).toBe(false)
    world.certifies(mats, addDays(world.at, 300))
    expect(counts(world, added)).toBe(true)
  })
})

describe('(ii) a later statement', () => {
  test('of a third person who did not know of the end carries it', () => {
    const { world, cast, added } = anAssignment()
    cast.linnea.opensCompartment()
    world.waits(5).endsKey(mats)
    expect(counts(world, added)).toBe(true)
    expect(isOwnReader(world, sara)).toBe(true)
  })
  test('that already knows of the end carries nothing', () => {
    const { world, cast, added } = anAssignment()
    world.endsKey(mats)
    cast.linnea.opensCompartment()
    expect(counts(world, added)).toBe(false)
  })
  test('of the signer, or of the one it benefits, carries nothing', () => {
    const { world, cast, added } = anAssignment()
    cast.sara.opensCompartment()
    cast.mats.assigns(asta)
    world.waits(5).endsKey(mats)
    expect(counts(world, added)).toBe(false)
  })
  test('of one whom a list of speakers names bears out nothing of that list; a third person’s does', () => {
    for (const witness of [sara, maj]) {
      const { world, cast } = aKeyedFlow()
      world.certifies(maj, addDays(world.at, 300))
      cast.mats.assigns(sara)
      const list = cast.mats.namesSpeakers(police, linnea, sara)
      new Deeds(world, witness).leaves(police)
      world.waits(5).endsKey(mats)
      expect(counts(world, list)).toBe(witness === maj)
    }
  })
  test('that is not itself carried carries nothing', () => {
    const { world, cast, added } = anAssignment()
    cast.linnea.opensCompartment()
    world.waits(5).endsKey(mats)
    expect(counts(world, added)).toBe(true)
    world.waits(5).endsKey(linnea)
    expect(counts(world, added)).toBe(false)
  })
  test('after the expiry carries nothing, before it does', () => {
    for (const days of [1, 6]) {
      const { world, cast, added } = anAssignment()
      world.certifies(mats, addDays(world.at, 5))
      world.waitsDays(days)
      cast.linnea.opensCompartment()
      world.waitsDays(6)
      expect(counts(world, added)).toBe(days === 1)
    }
  })
  test('in another chain carries nothing', () => {
    const { world, cast, added } = anAssignment()
    cast.linnea.namesSpeakers(police, linnea)
    world.waits(5).endsKey(mats)
    expect(counts(world, added)).toBe(false)
  })
})

describe('(iii) an upholding', () => {
  test('by an assigned colleague or by a team leader makes it count', () => {
    for (const keeper of [linnea, maj]) {
      const { world, added } = anAssignment()
      world.endsKey(mats)
      expect(counts(world, added)).toBe(false)
      new Deeds(world, keeper).upholds(added)
      expect(counts(world, added)).toBe(true)
    }
  })
  test('by the signer or the one it benefits is refused', () => {
    const { world, added } = anAssignment()
    const upheld = { type: 'upheld' as const, body: { keeps: [added], closes: [] } }
    expect(world.answerOnLedger(mats, upheld)).toBe('own-benefit')
    expect(world.answerOnLedger(sara, upheld)).toBe('own-benefit')
  })
  test('of a list of speakers is for a receiver, never for those whom it names', () => {
    const { world, cast } = aKeyedFlow()
    world.certifies(maj, addDays(world.at, 300))
    cast.mats.assigns(sara)
    const list = cast.mats.namesSpeakers(police, sara)
    world.waits(5).endsKey(mats)
    const upheld = { type: 'upheld' as const, body: { keeps: [list], closes: [] } }
    expect(world.answerOnStrand(sara, police, upheld)).toBe('own-benefit')
    expect(counts(world, list)).toBe(false)
    new Deeds(world, maj).upholdsOnStrand(police, list)
    expect(counts(world, list)).toBe(true)
  })
  test('by one whose own assignment is not carried counts when that is upheld, not before', () => {
    const { world, cast, added } = anAssignment()
    const other = cast.mats.assigns(asta)
    world.endsKey(mats)
    const astas = new Deeds(world, asta)
    astas.upholds(added)
    expect(counts(world, added)).toBe(false)
    cast.sara.upholds(other)
    expect(counts(world, added) || counts(world, other)).toBe(false)
    cast.linnea.upholds(other)
    expect(counts(world, other) && counts(world, added)).toBe(true)
  })
  test('on a strand counts by a speaker whose own assignment is carried, not before', () => {
    const { world, cast, consent } = aKeyedFlow()
    world.certifies(asta, addDays(world.at, 300))
    cast.mats.assigns(sara)
    const other = cast.mats.assigns(asta)
    cast.mats.namesSpeakers(police, linnea, sara, asta)
    const grant = cast.sara.grants(police, [consent])
    world.waits(5).endsKey(mats)
    world.endsKey(sara)
    new Deeds(world, asta).upholdsOnStrand(police, grant)
    expect(counts(world, grant)).toBe(false)
    cast.linnea.upholds(other)
    expect(counts(world, grant)).toBe(true)
  })
  test('by one whose assignment was voided counts no longer', () => {
    const { world, cast, added } = anAssignment()
    world.endsKey(mats)
    const other = cast.linnea.world.onLedger(maj, {
      type: 'assignment.added',
      body: { user: asta.user, categories, until: addDays(world.at, 30) },
    })
    new Deeds(world, asta).upholds(added)
    expect(counts(world, added)).toBe(true)
    cast.linnea.voids(other)
    expect(counts(world, added)).toBe(false)
  })
  test('falls with its own signer’s key unless somebody carries it on', () => {
    for (const isCarried of [true, false]) {
      const { world, cast, added } = anAssignment()
      world.endsKey(mats)
      cast.linnea.upholds(added)
      if (isCarried) new Deeds(world, maj).assigns(asta)
      world.waits(5).endsKey(linnea)
      expect(counts(world, added)).toBe(isCarried)
    }
  })
  test('never makes a voided statement count', () => {
    const { world, cast, added } = anAssignment()
    cast.linnea.voids(added)
    cast.linnea.upholds(added)
    expect(counts(world, added)).toBe(false)
  })
})

describe('nothing falls back', () => {
  test('an assignment that replaced another still cancels it', () => {
    const { world, cast, added } = anAssignment()
    cast.linnea.opensCompartment()
    world.waits(5)
    cast.mats.assigns(sara)
    world.waits(5).endsKey(mats)
    expect(counts(world, added)).toBe(true)
    expect(isOwnReader(world, sara)).toBe(false)
  })
  test('what narrows counts whoever said it while her key was good', () => {
    const { world, cast } = anAssignment()
    cast.mats.ends(sara)
    world.waits(5).endsKey(mats)
    expect(isOwnReader(world, sara)).toBe(false)
  })
  test('a recipient whose newest reception key is not carried waits, though an older one would stand', () => {
    const { world, cast, compartment } = aKeyedFlow()
    cast.rolf.assigns(pelle)
    cast.rolf.namesSpeakers(centrum, petra, pelle)
    cast.pelle.receives(centrum)
    const now = () => entitled(world.history, world.tenants, compartment, world.at)
    expect(now().recipients).toHaveLength(1)
    const [published] = [...world.history.chains.values()]
      .flat()
      .filter((one) => one.statement.by === pelle.user)
      .slice(-1)
    world.waits(5).endsKey(pelle)
    expect(now().recipients).toEqual([])
    expect(now().waiting).toEqual([expect.objectContaining({ authority: police, cause: 'uncovered' })])
    if (published === undefined) throw new Error('nothing published')
    new Deeds(world, rolf).upholdsOnStrand(centrum, published.hash)
    expect(now().recipients).toHaveLength(1)
  })
  test('a recipient whose newest grant is not carried waits, though an older one is open', () => {
    const { world, cast, consent, compartment } = aKeyedFlow()
    cast.mats.assigns(sara)
    cast.mats.namesSpeakers(police, linnea, sara)
    cast.sara.grants(police, [consent])
    world.waits(5).endsKey(sara)
    const { recipients, waiting } = entitled(world.history, world.tenants, compartment, world.at)
    expect(recipients).toEqual([])
    expect(waiting).toEqual([expect.objectContaining({ authority: police, cause: 'uncovered' })])
  })
})

describe('what waits to be gone through', () => {
  const waiting = ({ history, tenants, at }: World) =>
    unsettled(history, tenants, centrum, at).map(({ statement }) => [statement.type, statement.by])
  test('is what an ended key decided, that still has effect and that nobody carried on, until it is upheld or voided', () => {
    const { world, cast, consent } = aMutualConsent()
    const added = cast.mats.assigns(sara)
    cast.mats.namesSpeakers(police, linnea, sara)
    expect(waiting(world)).toEqual([])
    world.waits(5).endsKey(mats)
    expect(waiting(world)).toEqual([['assignment.added', mats.user]])
    cast.linnea.upholds(added)
    expect(waiting(world)).toEqual([])
    cast.linnea.grants(police, [consent], { until: consent.validUntil })
    world.waits(5).endsKey(linnea)
    expect(waiting(world)).toContainEqual(['grant.opened', linnea.user])
  })
  test('is nothing that has ended, been replaced or been voided', () => {
    for (const ending of ['ended', 'replaced', 'voided'] as const) {
      const { world, cast, added } = anAssignment()
      world.endsKey(mats)
      expect(waiting(world)).toHaveLength(1)
      if (ending === 'ended') new Deeds(world, maj).ends(sara)
      else if (ending === 'replaced') new Deeds(world, maj).assigns(sara)
      else cast.linnea.voids(added)
      expect(waiting(world)).toEqual([])
    }
  })
})

test('a thief of an old key never works silently', () => {
  const { world, cast } = anAssignment()
  const compartment = cast.linnea.opensCompartment()
  world.goesOffLine(mats)
  world.waits(1).endsKey(mats)
  world.waits(2)
  const slipped = cast.mats.assigns(asta)
  expect(counts(world, slipped)).toBe(false)
  const { own } = entitled(world.history, world.tenants, compartment, world.at)
  expect(own.map((one) => one.user)).toEqual([linnea.user, sara.user])
  const body = cast.linnea.epochBody(compartment)
  const withAsta = [...body.readers, ...body.readers.slice(0, 1).map((one) => ({ ...one, ...world.ownReader(asta) }))]
  const said = { type: 'epoch.started' as const, body: { ...body, readers: withAsta } }
  expect(world.answerOnLedger(linnea, said)).toBe('readers-differ')
  // The next who speaks has seen the end: from then on the old key is refused outright.
  cast.linnea.startsEpoch(compartment)
  expect(world.answerOnLedger(mats, { type: 'assignment.ended', body: { user: sara.user, closes: [] } })).toBe(
    'key-ended',
  )
})
