// Which disclosures are refused, each with its own word (domain.md § 5).
import type { MessageId } from '../ids.ts'
import { addDays, addMinutes, instant } from '../instant.ts'
import { mutual } from '../spec/deeds.ts'
import { aCaseWithPolice, aKeyedFlow, aMutualConsent } from '../spec/given.ts'
import { authorities, people, relative } from '../spec/world.ts'
import type { World } from '../spec/world.ts'
import type { StrandBodies } from '../statement.ts'

const { centrum, police } = authorities
const { linnea, petra } = people
type Body = StrandBodies['disclosure.made']

const toPolice = (given: ReturnType<typeof aCaseWithPolice>, change: Partial<Body> = {}) =>
  given.world.answerOnStrand(linnea, police, {
    type: 'disclosure.made',
    body: given.cast.linnea.disclosureBody(change),
  })
const inHours = (world: World, hours: number) => addMinutes(world.at, hours * 60)

test('a source discloses named messages on a ground in law, with no consent at all', () => {
  expect(toPolice(aCaseWithPolice())).toBe('accepted')
})

test('a category stands open for a day to three, no less and no more', () => {
  const given = aCaseWithPolice()
  const opens = (hours: number) => toPolice(given, { items: 'all', until: inHours(given.world, hours) })
  expect(opens(24)).toBe('accepted')
  expect(opens(72)).toBe('accepted')
  expect(addMinutes(inHours(given.world, 24), -1) < inHours(given.world, 24)).toBe(true)
  expect(toPolice(given, { items: 'all', until: addMinutes(inHours(given.world, 24), -1) })).toBe('too-short')
  expect(toPolice(given, { items: 'all', until: addMinutes(inHours(given.world, 72), 1) })).toBe('too-long')
  // Named messages may be shown for an hour, and for a year at most.
  expect(toPolice(given, { until: inHours(given.world, 1) })).toBe('accepted')
  expect(toPolice(given, { until: addDays(given.world.at, 366) })).toBe('accepted')
  expect(toPolice(given, { until: addDays(given.world.at, 367) })).toBe('too-long')
  expect(toPolice(given, { until: given.world.at })).toBe('ends-before-it-begins')
})

test('a ground counts within its dates alone', () => {
  const given = aCaseWithPolice()
  // The world begins in March 2025: the duty to inform law enforcement does not hold yet.
  expect(toPolice(given, { ground: { law: 'lag-2025-170' } })).toBe('ground-not-in-force')
  given.world.at = instant('2025-03-31T22:00Z')
  expect(toPolice(given, { ground: { law: 'lag-2025-170' } })).toBe('accepted')
})

test('a ground is for the kinds of authority that it names, on both sides', () => {
  const given = aCaseWithPolice()
  expect(toPolice(given, { ground: { law: 'osl-10-18a' } })).toBe('accepted')
  // The report about a child goes to a kommun; the general clause is not for social services.
  expect(toPolice(given, { ground: { law: 'sol-2001-14-1' } })).toBe('ground-not-theirs')
  expect(toPolice(given, { ground: { law: 'osl-10-27' } })).toBe('ground-not-theirs')
  const { world, cast } = given
  const fromPolice = (law: 'osl-10-27' | 'osl-10-18a') =>
    world.answerOnStrand(petra, centrum, {
      type: 'disclosure.made',
      body: cast.petra.disclosureBody({ ground: { law } }),
    })
  expect(fromPolice('osl-10-27')).toBe('accepted')
  expect(fromPolice('osl-10-18a')).toBe('ground-not-theirs')
})

test('a ground is for the categories that it names', () => {
  const given = aCaseWithPolice()
  expect(toPolice(given, { category: 'crime_milieu' })).toBe('accepted')
  expect(toPolice(given, { category: 'health' })).toBe('ground-without-category')
  expect(toPolice(given, { category: 'health', ground: { law: 'osl-10-28' } })).toBe('accepted')
})

test('nothing named is nothing disclosed', () => {
  const given = aCaseWithPolice()
  expect(toPolice(given, { items: [] })).toBe('empty-list')
  expect(toPolice(given, { units: [] })).toBe('empty-list')
  expect(toPolice(given)).toBe('accepted')
})

test('only assigned staff of the source who write in the category and may speak there disclose', () => {
  const { world, cast } = aCaseWithPolice()
  const body = cast.linnea.disclosureBody()
  const by = (who: (typeof people)[keyof typeof people]) =>
    world.answerOnStrand(who, police, { type: 'disclosure.made', body })
  expect(by(linnea)).toBe('accepted')
  expect(by(people.mats)).toBe('role-missing')
  expect(by(people.sara)).toBe('not-speaker')
  cast.mats.namesSpeakers(police, linnea, people.sara)
  expect(by(people.sara)).toBe('not-assigned')
  cast.mats.assigns(people.sara, { categories: ['plan'] })
  expect(by(people.sara)).toBe('not-reader')
  cast.mats.assigns(people.sara, { categories: ['plan', 'threat'] })
  expect(by(people.sara)).toBe('accepted')
})

test('a recipient can never disclose to herself: it is the source that says it, on its own strand', () => {
  const { world, cast } = aCaseWithPolice()
  const said = world.next(petra, world.strand(linnea, police), {
    type: 'disclosure.made',
    body: cast.petra.disclosureBody(),
  })
  expect(world.answer(said)).toBe('signer-of-another-authority')
})

test('it is closed by whoever is assigned at the source, and its receivers; what was never made cannot be', () => {
  const { world, cast } = aCaseWithPolice()
  const made = cast.linnea.breaksGlass(police)
  const closes = (who: (typeof people)[keyof typeof people], disclosure = made) =>
    world.answerOnStrand(who, police, { type: 'disclosure.closed', body: { disclosure } })
  expect(closes(linnea)).toBe('accepted')
  expect(closes(people.mats)).toBe('accepted')
  expect(closes(people.sara)).toBe('not-assigned')
  expect(closes(linnea, cast.mats.namesSpeakers(police, linnea))).toBe('disclosure-unknown')
  const there = { type: 'disclosure.closed' as const, body: { disclosure: made } }
  expect(world.answerOnStrand(petra, centrum, there)).toBe('disclosure-unknown')
})

test('the evidence of a consent is shown to a source that was asked to confirm it, in plan and by name', () => {
  const { world, cast, consent } = aMutualConsent()
  const ground = { consent: consent.registration }
  const shows = (change: Partial<Body> = {}) => toPolice({ world, cast }, { ground, category: 'plan', ...change })
  expect(shows()).toBe('accepted')
  expect(shows({ category: 'threat' })).toBe('outside-registration')
  expect(shows({ items: 'all', until: inHours(world, 24) })).toBe('outside-registration')
  expect(shows({ subject: relative })).toBe('outside-registration')
  expect(shows({ until: addDays(world.at, 365) })).toBe('outside-registration')
  const unshared = cast.linnea.registers(mutual(world, centrum, police))
  expect(shows({ ground: { consent: unshared.registration } })).toBe('registration-unknown')
  // The Police did not register it, and show none of its evidence.
  const back = cast.petra.disclosureBody({ ground, category: 'plan' })
  expect(world.answerOnStrand(petra, centrum, { type: 'disclosure.made', body: back })).toBe('registration-unknown')
})

test('a flow key rests on grants or on one disclosure of its own sort, never on both', () => {
  const { world, cast, compartment, toPolice: grant } = aKeyedFlow()
  const disclosure = cast.linnea.breaksGlass(police)
  const other = cast.linnea.breaksGlass(police, 24, { category: 'identity' })
  const keyed = (change: Partial<StrandBodies['flow.keyed']>) =>
    world.answerOnStrand(linnea, police, {
      type: 'flow.keyed',
      body: { ...cast.linnea.flowBody(compartment, police, { disclosure }), ...change },
    })
  expect(keyed({})).toBe('accepted')
  expect(keyed({ grants: [grant] })).toBe('disclosure-unknown')
  expect(keyed({ disclosure: other })).toBe('disclosure-unknown')
  expect(keyed({ disclosure: grant })).toBe('disclosure-unknown')
  expect(keyed({ until: addMinutes(inHours(world, 24), 1) })).toBe('until-too-late')
})

test('under the key of a disclosure of named messages no more seals are added than messages are named', () => {
  const { world, cast, compartment } = aKeyedFlow()
  const items = [world.fresh<MessageId>('message'), world.fresh<MessageId>('message')]
  const disclosure = cast.linnea.discloses(police, { items })
  const flow = cast.linnea.keysFlow(compartment, police, { disclosure })
  const adds = (count: number) =>
    world.answerOnStrand(linnea, police, {
      type: 'seals.added',
      body: { flow, count, list: cast.linnea.disclosureBody().reason },
    })
  expect(adds(2)).toBe('accepted')
  expect(adds(3)).toBe('outside-disclosure')
})
