// Situations that specs begin with: a case, two authorities, a consent both ways, keys on both sides.
import type { CompartmentId, Hash, KeyId } from '../ids.ts'
import type { LedgerBodies } from '../statement.ts'
import type { RegistrationBody } from './deeds.ts'
import { Deeds, mutual } from './deeds.ts'
import type { PersonName } from './world.ts'
import { authorities, people, World } from './world.ts'

export type Cast = Readonly<Record<PersonName, Deeds>>

export const castOf = (world: World): Cast =>
  Object.fromEntries(Object.entries(people).map(([name, staff]) => [name, new Deeds(world, staff)])) as Cast

const { centrum, police } = authorities

/** Linnea has opened the case; her team leader lets her speak to the Police, whose Petra has come in. */
export function aCaseWithPolice(): { world: World; cast: Cast } {
  const world = new World()
  const cast = castOf(world)
  cast.linnea.opensCase()
  cast.mats.namesSpeakers(police, people.linnea)
  cast.rolf.opensLedger('party')
  cast.rolf.assigns(people.petra)
  cast.rolf.namesSpeakers(centrum, people.petra)
  return { world, cast }
}

/** The same with a mutual consent that both sources have made their own. */
export function aMutualConsent(): {
  world: World
  cast: Cast
  consent: RegistrationBody
  toPolice: Hash
  toCentrum: Hash
} {
  const { world, cast } = aCaseWithPolice()
  const consent = cast.linnea.registers(mutual(world, centrum, police, { categories: ['threat', 'plan'] }))
  cast.linnea.shares(consent, police)
  const toPolice = cast.linnea.grants(police, [consent], { categories: ['threat', 'plan'] })
  const toCentrum = cast.petra.grants(centrum, [consent])
  return { world, cast, consent, toPolice, toCentrum }
}

/** The same with Centrum's compartment `threat` keyed for its own staff and for the Police. */
export function aKeyedFlow(): ReturnType<typeof aMutualConsent> & {
  compartment: CompartmentId
  epoch: KeyId
  flow: KeyId
  reception: LedgerBodies['reception.started']
} {
  const given = aMutualConsent()
  const { linnea, petra } = given.cast
  const reception = petra.receives(centrum)
  const compartment = linnea.opensCompartment()
  const epoch = linnea.startsEpoch(compartment)
  const flow = linnea.keysFlow(compartment, police)
  return { ...given, compartment, epoch, flow, reception }
}
