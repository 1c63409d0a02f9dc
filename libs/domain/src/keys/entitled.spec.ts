// Nobody comes to a source's content by way of somebody else who may read it (protocol.md § 11; § 5 "Reception key").
import { holdersOf } from '../cases/assigned.ts'
import { project } from '../cases/projection.ts'
import type { AuthorityId, KeyId, UserId } from '../ids.ts'
import { mutual, sort, terms } from '../spec/deeds.ts'
import type { Cast } from '../spec/given.ts'
import { aKeyedFlow } from '../spec/given.ts'
import { knows } from '../spec/knows.ts'
import { authorities, people, symbolicHash } from '../spec/world.ts'
import type { World } from '../spec/world.ts'
import { entitled } from './entitled.ts'
import { epochStanding, flowKeyStanding, receptionStanding } from './staleness.ts'

const { centrum, police, prison } = authorities
const { linnea, sara, petra, pelle, karl } = people
const everybody = Object.values(people)
const opening = (world: World, key: KeyId): readonly string[] =>
  everybody.filter((one) => knows(world.history, one.user).has(key)).map((one) => one.name)
const reads = ({ history, tenants, at }: World, user: UserId): readonly KeyId[] =>
  (project(history, tenants, at)?.readers ?? [])
    .filter((row) => row.user === user && row.from <= at && at < row.until)
    .map((row) => row.key)

/** Kriminalvården comes in on a consent of the Police's own: Centrum gives it nothing. */
function aRecipientOfTheRecipient() {
  const given = aKeyedFlow()
  const { world, cast } = given
  cast.kerstin.opensLedger('party')
  cast.kerstin.assigns(karl)
  cast.kerstin.namesSpeakers(police, karl)
  cast.rolf.namesSpeakers(prison, petra)
  const onward = cast.petra.registers(mutual(world, police, prison))
  cast.petra.grants(prison, [onward])
  cast.karl.receives(police)
  const compartment = cast.petra.opensCompartment()
  const epoch = cast.petra.startsEpoch(compartment)
  const flow = cast.petra.keysFlow(compartment, prison)
  return { ...given, police: { compartment, epoch, flow } }
}

test('a recipient’s recipient opens nothing of the source', () => {
  const { world, flow, epoch, compartment, police: onward } = aRecipientOfTheRecipient()
  expect(opening(world, flow)).toEqual(['linnea', 'petra'])
  expect(opening(world, epoch)).toEqual(['linnea'])
  expect(opening(world, onward.flow)).toEqual(['petra', 'karl'])
  expect(reads(world, karl.user)).toEqual([onward.flow])
  const { recipients, waiting } = entitled(world.history, world.tenants, compartment, world.at)
  expect([...recipients, ...waiting].map((one) => one.authority)).toEqual([police])
})

test('what the recipient gives onward it cannot give of the source: neither by its strand nor by the source’s', () => {
  const { world, cast, compartment, epoch, consent, police: own } = aRecipientOfTheRecipient()
  const onward = cast.petra.flowBody(own.compartment, prison)
  expect(world.answerOnStrand(petra, prison, { type: 'flow.keyed', body: { ...onward, compartment, epoch } })).toBe(
    'compartment-unknown',
  )
  const body = {
    subject: consent.subject,
    categories: ['threat' as const],
    purposes: ['casework' as const],
    units: null,
    from: world.at,
    until: consent.validUntil,
    includesEarlier: 'none' as const,
    restsOn: [consent.registration],
  }
  // Her consent names Centrum and the Police; that she may read gives her no way to Kriminalvården.
  expect(world.answerOnStrand(petra, prison, { type: 'grant.opened', body })).toBe('outside-registration')
  const place = world.strand(linnea, prison)
  expect(world.answer(world.next(petra, place, { type: 'grant.opened', body }))).toBe('signer-of-another-authority')
  const foreign = cast.petra.registers([terms(world, police, centrum)])
  expect(foreign.flows.some((one) => one.source === centrum)).toBe(false)
})

/** Both write to each other; Pelle of the Police leaves. What each side's honest clients do next is done. */
function afterPelle(renews: (cast: Cast, world: World) => void) {
  const { world, cast, compartment } = aKeyedFlow()
  cast.rolf.assigns(pelle)
  cast.rolf.namesSpeakers(centrum, petra, pelle)
  cast.linnea.receives(police)
  const old = cast.petra.receives(centrum)
  const theirs = cast.petra.opensCompartment()
  const theirEpoch = cast.petra.startsEpoch(theirs)
  const theirFlow = cast.petra.keysFlow(theirs, centrum)
  const ourFlow = cast.linnea.keysFlow(compartment, police)
  expect([old.reception, theirEpoch, theirFlow, ourFlow].map((key) => opening(world, key).includes('pelle'))).toEqual([
    true,
    true,
    true,
    true,
  ])
  cast.rolf.ends(pelle)
  cast.rolf.endsReception(centrum, old.reception)
  renews(cast, world)
  return { world, cast, compartment, theirs, old, theirEpoch, theirFlow, ourFlow }
}

test('a removed colleague does not come back by way of a mutual partner', () => {
  const { world, cast, compartment, theirs, old, theirEpoch, theirFlow, ourFlow } = afterPelle((cast) => {
    cast.petra.receives(centrum)
  })
  const { history, tenants, at } = world
  expect(receptionStanding(history, tenants, old.reception, at).state).toBe('stale')
  expect(epochStanding(history, tenants, theirEpoch, at).state).toBe('stale')
  expect([theirFlow, ourFlow].map((key) => flowKeyStanding(history, tenants, key, at).state)).toEqual([
    'stale',
    'stale',
  ])
  expect(reads(world, pelle.user)).toEqual([])
  const anew = [
    cast.petra.startsEpoch(theirs),
    cast.petra.keysFlow(theirs, centrum),
    cast.linnea.keysFlow(compartment, police),
  ]
  for (const key of anew) expect(opening(world, key)).not.toContain('pelle')
  for (const key of anew) expect(opening(world, key)).toContain('petra')
})

test('until the recipient has renewed its key the source leaves it out and writes under no key of it', () => {
  const { world, cast, compartment, old, ourFlow } = afterPelle(() => undefined)
  const { recipients, waiting } = entitled(world.history, world.tenants, compartment, world.at)
  expect(recipients).toEqual([])
  expect(waiting).toEqual([{ authority: police, units: null, disclosure: null, cause: 'key-ended' }])
  expect(flowKeyStanding(world.history, world.tenants, ourFlow, world.at).state).toBe('stale')
  // Nor is the ended key said again, by whoever of the Police wants to be sealed to it.
  const { reception, subject, category, units, publicKey, until } = old
  const again = { type: 'reception.key' as const, body: { reception, subject, category, units, publicKey, until } }
  expect(world.answerOnStrand(petra, centrum, again)).toBe('reception-differs')
  expect(() => cast.linnea.keysFlow(compartment, police)).toThrow('nobody to key the flow for')
})

test('an ended reception key is not named by a new flow key, nor one of another sort', () => {
  const { world, cast, compartment } = aKeyedFlow()
  const plan = cast.petra.receives(centrum, sort('plan'))
  const body = cast.linnea.flowBody(compartment, police, { reception: plan.reception, commit: symbolicHash('c') })
  expect(world.answerOnStrand(linnea, police, { type: 'flow.keyed', body })).toBe('reception-differs')
})

test('who may have a key is asked by authority: the same category elsewhere gives nothing', () => {
  const { world } = aKeyedFlow()
  const holders = (authority: AuthorityId): readonly UserId[] =>
    holdersOf(world.history, world.tenants, { authority, category: 'threat', units: null }, world.at).map(
      (one) => one.user,
    )
  expect(holders(centrum)).toEqual([linnea.user])
  expect(holders(police)).toEqual([petra.user])
  expect(holders(prison)).toEqual([])
  expect(holders(centrum)).not.toContain(sara.user)
})
