// What a disclosure opens, and that it and consents leave each other alone (domain.md § 5; protocol.md § 5).
import { project } from '../cases/projection.ts'
import { holds } from '../cases/span.ts'
import { flowsAt } from '../consents/effective-scope.ts'
import type { CompartmentId, KeyId, MessageId, UserId } from '../ids.ts'
import { addDays } from '../instant.ts'
import { entitled, entitledToItems } from '../keys/entitled.ts'
import { flowKeyStanding } from '../keys/staleness.ts'
import { aCaseWithPolice, aKeyedFlow, aMutualConsent } from '../spec/given.ts'
import { authorities, people } from '../spec/world.ts'
import type { World } from '../spec/world.ts'

const { centrum, police } = authorities
const { linnea, petra } = people
const rows = (world: World) => {
  const projection = project(world.history, world.tenants, world.at)
  if (projection === null) throw new Error('no case')
  return projection
}
const reads = (world: World, key: KeyId, user: UserId): boolean =>
  rows(world).readers.some(
    (row) => row.key === key && row.user === user && row.from <= world.at && world.at < row.until,
  )
const standing = (world: World, flow: KeyId) => flowKeyStanding(world.history, world.tenants, flow, world.at).state
const recipients = (world: World, compartment: CompartmentId) =>
  entitled(world.history, world.tenants, compartment, world.at).recipients
const isParty = (world: World): boolean =>
  rows(world).parties.some((one) => one.authority === police && one.during.some((span) => holds(span, world.at)))

/** Centrum's threat compartment keyed for its own staff, the Police with a reception key, and no consent. */
function withoutConsent() {
  const given = aCaseWithPolice()
  const compartment = given.cast.linnea.opensCompartment()
  given.cast.linnea.startsEpoch(compartment)
  given.cast.petra.receives(centrum)
  return { ...given, compartment }
}

test('named messages are sealed late under a key of their own; nothing written meanwhile is', () => {
  const { world, cast, compartment } = withoutConsent()
  expect(isParty(world)).toBe(false)
  const items = [world.fresh<MessageId>('message'), world.fresh<MessageId>('message')]
  const disclosure = cast.linnea.discloses(police, { items })
  expect(recipients(world, compartment)).toEqual([])
  expect(rows(world).flows).toEqual([])
  expect(entitledToItems(world.history, world.tenants, compartment, world.at)).toEqual([
    expect.objectContaining({ authority: police, disclosure, grants: [], items }),
  ])
  expect(isParty(world)).toBe(true)
  const flow = cast.linnea.keysFlow(compartment, police, { disclosure })
  expect(reads(world, flow, petra.user)).toBe(true)
  world.waitsDays(30)
  expect(reads(world, flow, petra.user)).toBe(false)
  expect(entitledToItems(world.history, world.tenants, compartment, world.at)).toEqual([])
  expect(isParty(world)).toBe(false)
})

test('a broken glass is a flow like any other until its hours are over, and its key ends then by the clock', () => {
  const { world, cast, compartment } = withoutConsent()
  const disclosure = cast.linnea.breaksGlass(police, 24)
  expect(recipients(world, compartment)).toEqual([
    expect.objectContaining({ authority: police, disclosure, grants: [] }),
  ])
  const flow = cast.linnea.keysFlow(compartment, police, { disclosure })
  expect(rows(world).flows).toEqual([
    expect.objectContaining({ recipient: police, disclosure, key: flow, from: world.at, until: addDays(world.at, 1) }),
  ])
  expect(reads(world, flow, petra.user)).toBe(true)
  world.waits(24 * 60 - 1)
  expect(standing(world, flow)).toBe('current')
  world.waits(1)
  expect(standing(world, flow)).toBe('stale')
  expect(reads(world, flow, petra.user)).toBe(false)
  expect(recipients(world, compartment)).toEqual([])
})

test('it opens the category that it names, for the purpose that it names, and no other', () => {
  const { world, cast } = withoutConsent()
  const [health, funding] = [cast.linnea.opensCompartment('health'), cast.linnea.opensCompartment('threat', 'funding')]
  cast.petra.receives(centrum, { subject: cast.linnea.disclosureBody().subject, category: 'health', units: null })
  cast.linnea.breaksGlass(police, 72)
  for (const other of [health, funding]) expect(recipients(world, other)).toEqual([])
})

test.each([
  'the source closes it',
  'a leader of the source closes it',
  'it is voided',
  'the recipient leaves',
  'the owner closes the case',
])('it ends at once when %s', (how) => {
  const { world, cast, compartment } = withoutConsent()
  const disclosure = cast.linnea.breaksGlass(police, 72)
  const flow = cast.linnea.keysFlow(compartment, police, { disclosure })
  if (how === 'the source closes it') cast.linnea.closesDisclosure(police, disclosure)
  else if (how === 'a leader of the source closes it') cast.mats.closesDisclosure(police, disclosure)
  else if (how === 'it is voided') world.onStrand(linnea, police, { type: 'voided', body: { of: disclosure } })
  else if (how === 'the recipient leaves') cast.petra.leaves(centrum)
  else world.onLedger(linnea, { type: 'case.closed', body: { phase: 'closed' } })
  expect(standing(world, flow)).toBe('stale')
  expect(reads(world, flow, petra.user)).toBe(false)
  expect(recipients(world, compartment)).toEqual([])
})

test('what rests on law no withdrawal touches; what shows the evidence of a consent ends with that consent', () => {
  const { world, cast, consent } = aMutualConsent()
  const plan = cast.linnea.opensCompartment('plan')
  cast.linnea.startsEpoch(plan)
  const sort = { subject: consent.subject, category: 'plan' as const, units: null }
  cast.petra.receives(centrum, sort)
  const ground = { consent: consent.registration }
  const evidence = cast.linnea.discloses(police, { category: 'plan', ground })
  const byLaw = cast.linnea.discloses(police, { category: 'plan', ground: { law: 'osl-10-28' } })
  const disclosed = () => entitledToItems(world.history, world.tenants, plan, world.at).map((one) => one.disclosure)
  expect(disclosed()).toEqual([evidence, byLaw])
  cast.petra.withdraws([consent], centrum)
  expect(flowsAt(world.history, world.at)).toEqual([])
  expect(disclosed()).toEqual([byLaw])
})

test('a disclosure and a consent to the same authority have a key each, and neither opens what the other does', () => {
  const { world, cast, compartment, flow, toPolice, consent } = aKeyedFlow()
  const disclosure = cast.linnea.breaksGlass(police, 24)
  const broken = cast.linnea.keysFlow(compartment, police, { disclosure })
  expect(standing(world, flow)).toBe('current')
  expect(recipients(world, compartment).map((one) => one.disclosure)).toEqual([null, disclosure])
  cast.linnea.closes(police, toPolice)
  expect([reads(world, flow, petra.user), reads(world, broken, petra.user)]).toEqual([false, true])
  // A later consent that includes what was shared before opens what was shared by consent, not what was disclosed.
  world.waitsDays(2)
  cast.linnea.grants(police, [consent], { includesEarlier: 'shared-before', until: addDays(world.at, 30) })
  expect([reads(world, flow, petra.user), reads(world, broken, petra.user)]).toEqual([true, false])
})

test('two disclosures of the same sort have a key each, and ending one leaves the other', () => {
  const { world, cast, compartment } = withoutConsent()
  const [first, second] = [cast.linnea.breaksGlass(police, 24), cast.linnea.breaksGlass(police, 72)]
  const keys = [first, second].map((disclosure) => cast.linnea.keysFlow(compartment, police, { disclosure }))
  expect(keys.map((key) => standing(world, key))).toEqual(['current', 'current'])
  cast.linnea.closesDisclosure(police, first)
  expect(keys.map((key) => standing(world, key))).toEqual(['stale', 'current'])
  expect(keys.map((key) => reads(world, key, petra.user))).toEqual([false, true])
})

test('until the recipient has a key it waits, and on a disclosure whose signer’s key has ended nothing new rests', () => {
  const { world, cast } = aCaseWithPolice()
  const compartment = cast.linnea.opensCompartment()
  const disclosure = cast.linnea.breaksGlass(police, 72)
  const waiting = () => entitled(world.history, world.tenants, compartment, world.at).waiting
  expect(waiting()).toEqual([{ authority: police, units: null, disclosure, cause: 'no-key' }])
  cast.petra.receives(centrum)
  expect(waiting()).toEqual([])
  world.endsKey(linnea)
  expect(waiting()).toEqual([{ authority: police, units: null, disclosure, cause: 'uncovered' }])
})

test('where units are named it is shown to their receivers, and read by their staff alone', () => {
  const { world, cast } = aCaseWithPolice()
  const units = people.pelle.units
  cast.rolf.assigns(people.pelle)
  const compartment = cast.linnea.opensCompartment()
  cast.linnea.startsEpoch(compartment)
  const disclosure = cast.linnea.breaksGlass(police, 24, { units })
  const sort = { subject: cast.linnea.disclosureBody().subject, category: 'threat' as const, units }
  cast.rolf.namesSpeakers(centrum, petra, people.pelle)
  cast.pelle.receives(centrum, sort)
  const flow = cast.linnea.keysFlow(compartment, police, { disclosure })
  expect([reads(world, flow, people.pelle.user), reads(world, flow, petra.user)]).toEqual([true, false])
})
