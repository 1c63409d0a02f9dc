// A case between three authorities for random histories: what each act does, and what an honest client does when it is next open.
import fc from 'fast-check'
import { holdersOf } from '../cases/assigned.ts'
import type { CaseHistory, Told } from '../cases/case-history.ts'
import { everySaying, ledgerOf, saying, strandOf } from '../cases/case-history.ts'
import type { AuthorityId, CompartmentId, Hash, KeyId, MessageId, UserId } from '../ids.ts'
import { addDays, addMinutes, earliest } from '../instant.ts'
import type { Recipient } from '../keys/entitled.ts'
import { entitled, entitledToItems, newestReception, receptionEndedAt } from '../keys/entitled.ts'
import { epochStanding, flowKeyStanding, holders, receptionStanding } from '../keys/staleness.ts'
import type { RegistrationBody } from './deeds.ts'
import { sort, terms } from './deeds.ts'
import type { Cast } from './given.ts'
import { castOf } from './given.ts'
import { knows } from './knows.ts'
import type { PersonName } from './world.ts'
import { authorities, people, World } from './world.ts'

const { centrum, police, prison } = authorities
export const readership = (authority: AuthorityId) => ({ authority, category: 'threat' as const, units: null })
export const staffOf: readonly (readonly [AuthorityId, PersonName, readonly PersonName[]])[] = [
  [centrum, 'mats', ['linnea', 'sara']],
  [police, 'rolf', ['petra', 'pelle', 'tuva']],
  [prison, 'kerstin', ['karl']],
]
export const ways: readonly (readonly [PersonName, AuthorityId])[] = [
  ['linnea', police],
  ['linnea', prison],
  ['petra', centrum],
  ['petra', prison],
]

/** What was written, and the keys that each message is sealed under, late seals included. */
export type Written = { readonly id: MessageId; readonly compartment: CompartmentId; readonly keys: Set<KeyId> }
type Given = { readonly by: PersonName; readonly to: AuthorityId; readonly hash: Hash }

export type Scene = {
  readonly world: World
  readonly cast: Cast
  readonly compartments: ReadonlyMap<AuthorityId, CompartmentId>
  /** A place for each act that gave something, whether it was accepted or not: later acts name one by its place. */
  readonly consents: (RegistrationBody | null)[]
  readonly grants: (Given | null)[]
  readonly disclosures: (Given | null)[]
  readonly written: Written[]
  readonly generations: Map<PersonName, number>
}

export function aScene(): Scene {
  const world = new World()
  const cast = castOf(world)
  cast.linnea.opensCase()
  cast.rolf.opensLedger('party')
  cast.rolf.assigns(people.petra)
  cast.kerstin.opensLedger('party')
  cast.kerstin.assigns(people.karl)
  for (const [from, leader, staff] of staffOf)
    for (const [to] of staffOf) if (from !== to) cast[leader].namesSpeakers(to, ...staff.map((name) => people[name]))
  const compartments = new Map([
    [centrum, cast.linnea.opensCompartment()],
    [police, cast.petra.opensCompartment()],
  ])
  const empty = { consents: [], grants: [], disclosures: [], written: [], generations: new Map<PersonName, number>() }
  return { world, cast, compartments, ...empty }
}

const everybody: readonly UserId[] = Object.values(people).map((one) => one.user)
export const opening = (history: CaseHistory, keys: readonly KeyId[]): readonly UserId[] =>
  everybody.filter((user) => keys.some((key) => knows(history, user).has(key))).sort()

/** What an honest client of a recipient does when it is next open: a key where there is none that stands, wraps for who lacks one. */
export function tidies({ world, cast }: Scene, authority: AuthorityId, staff: readonly PersonName[]): void {
  const may = holdersOf(world.history, world.tenants, readership(authority), world.at)
  const name = staff.find((one) => may.some((reader) => reader.user === people[one].user))
  if (name === undefined) return
  const deeds = cast[name]
  const last = (): ReturnType<typeof deeds.startsReception> | undefined =>
    saying(ledgerOf(world.history, authority), 'reception.started').at(-1)?.statement.body
  const started = last()
  const stands =
    started !== undefined &&
    receptionStanding(world.history, world.tenants, started.reception, world.at).state === 'current'
  const endedSomewhere =
    started !== undefined &&
    staffOf.some(([giver]) => receptionEndedAt(world.history, authority, giver, started.reception) !== null)
  const current = stands && !endedSomewhere ? started : deeds.startsReception()
  const held = holders(world.history, current.reception)
  const lacking = may.filter((one) => !held.some((holder) => holder.user === one.user && holder.key === one.key))
  if (lacking.length > 0) deeds.addsWraps(current.reception, ...lacking)
  const until = earliest(current.until, ...may.map((one) => one.until))
  for (const [giver] of staffOf) {
    if (giver === authority) continue
    const shown = newestReception(world.history, authority, giver, sort())?.statement.body
    if (shown === undefined || shown.reception !== current.reception || until < shown.until)
      deeds.publishes(giver, current, { until })
  }
}

/** An honest writer: current keys first, then one message under them. Null where she may not write. */
export function writes(
  { world, cast, compartments, written }: Scene,
  name: PersonName,
): { keys: readonly KeyId[]; compartment: CompartmentId; to: readonly AuthorityId[] } | null {
  const { authority, user } = people[name]
  const compartment = compartments.get(authority)
  if (compartment === undefined) return null
  const before = entitled(world.history, world.tenants, compartment, world.at)
  if (!before.own.some((one) => one.user === user && one.write)) return null
  const newest = saying(ledgerOf(world.history, authority), 'epoch.started').at(-1)?.statement.body.epoch
  const stands =
    newest !== undefined && epochStanding(world.history, world.tenants, newest, world.at).state === 'current'
  const epoch = stands ? newest : cast[name].startsEpoch(compartment)
  const held = holders(world.history, epoch)
  const lacking = before.own.filter((one) => !held.some((holder) => holder.user === one.user && holder.key === one.key))
  if (lacking.length > 0) cast[name].addsWraps(epoch, ...lacking)
  const keys = [epoch]
  for (const recipient of before.recipients) keys.push(flowFor({ world, cast }, name, compartment, recipient))
  const message = { id: world.fresh<MessageId>('message'), compartment, keys: new Set(keys) }
  written.push(message)
  return { keys, compartment, to: before.recipients.map((one) => one.authority) }
}

/** The current key of what this recipient reads by, its grants or one disclosure; a new one where there is none. */
function flowFor(
  { world, cast }: Pick<Scene, 'world' | 'cast'>,
  name: PersonName,
  compartment: CompartmentId,
  { authority, disclosure }: Recipient,
): KeyId {
  const keyed = saying(strandOf(world.history, people[name].authority, authority), 'flow.keyed').findLast(
    ({ statement: { body } }) => body.compartment === compartment && (body.disclosure ?? null) === disclosure,
  )?.statement.body.flow
  if (keyed !== undefined && flowKeyStanding(world.history, world.tenants, keyed, world.at).state === 'current')
    return keyed
  return cast[name].keysFlow(compartment, authority, disclosure === null ? {} : { disclosure })
}

/** Late seals of named messages, by a writer of their source who is on line. */
export function catchesUp(scene: Scene, name: PersonName): void {
  const { world, cast, compartments, written } = scene
  const { authority, user } = people[name]
  const compartment = compartments.get(authority)
  if (compartment === undefined) return
  const { own } = entitled(world.history, world.tenants, compartment, world.at)
  if (!own.some((one) => one.user === user && one.write)) return
  for (const recipient of entitledToItems(world.history, world.tenants, compartment, world.at)) {
    const sealed = (message: Written): boolean =>
      [...message.keys].some((key) =>
        everySaying(world.history, 'flow.keyed').some(
          ({ statement: { body } }) => body.flow === key && body.disclosure === recipient.disclosure,
        ),
      )
    const missing = written.filter((message) => recipient.items.includes(message.id) && !sealed(message))
    const newest = saying(ledgerOf(world.history, authority), 'epoch.started').at(-1)?.statement.body.epoch
    const stands =
      newest !== undefined && epochStanding(world.history, world.tenants, newest, world.at).state === 'current'
    if (missing.length === 0) continue
    if (!stands) cast[name].startsEpoch(compartment)
    const key = flowFor(scene, name, compartment, recipient)
    cast[name].addsSeals(recipient.authority, key, missing.length)
    for (const message of missing) message.keys.add(key)
  }
}

/** The append that ends an assignment ends her authority's reception keys on every strand (protocol.md § 5). */
function endsReceptions({ world, cast }: Scene, leader: PersonName): void {
  const { authority } = people[leader]
  for (const [giver] of staffOf) {
    const shown = giver === authority ? null : newestReception(world.history, authority, giver, sort())
    if (shown !== null) cast[leader].endsReception(giver, shown.statement.body.reception)
  }
}

export type Act =
  | { readonly act: 'assign' | 'end' | 'bar' | 'renew' | 'write'; readonly who: PersonName; readonly days: number }
  | { readonly act: 'consent' | 'leave'; readonly way: number; readonly days: number }
  | { readonly act: 'narrow' | 'close' | 'withdraw' | 'void'; readonly which: number; readonly by: PersonName }
  | { readonly act: 'disclose'; readonly way: number; readonly what: 'items' | 'all'; readonly hours: number }
  | { readonly act: 'end-disclosure'; readonly which: number }
  | { readonly act: 'wait'; readonly minutes: number }

const aWriter = fc.constantFrom<PersonName>('linnea', 'sara', 'petra', 'pelle', 'tuva', 'karl')
const anAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant('write' as const), who: aWriter, days: fc.constant(0) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constantFrom('assign' as const, 'end' as const, 'renew' as const),
      who: aWriter,
      days: fc.integer({ min: 1, max: 90 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('bar' as const), who: aWriter, days: fc.constant(0) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('consent' as const),
      way: fc.nat(3),
      days: fc.integer({ min: 1, max: 120 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constantFrom('narrow' as const, 'close' as const, 'withdraw' as const, 'void' as const),
      which: fc.nat(9),
      by: aWriter,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('disclose' as const),
      way: fc.nat(3),
      what: fc.constantFrom('items' as const, 'all' as const),
      hours: fc.integer({ min: 24, max: 72 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('end-disclosure' as const), which: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('leave' as const), way: fc.nat(3), days: fc.constant(0) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('wait' as const),
      minutes: fc.oneof(fc.constant(0), fc.constant(1), fc.integer({ min: 1, max: 60_000 })),
    }),
  },
)

/** Does it if the rules let her; a refusal leaves things as they were. */
export function attempt<T>(deed: () => T): T | null {
  try {
    return deed()
  } catch {
    // Refused: nothing has happened.
    return null
  }
}

export function acts(scene: Scene, act: Act): void {
  const { world, cast, consents, grants, disclosures } = scene
  switch (act.act) {
    case 'wait':
      world.waits(act.minutes)
      return
    case 'assign':
    case 'end':
    case 'bar': {
      const leader = staffOf.find(([authority]) => authority === people[act.who].authority)?.[1]
      if (leader === undefined) return
      const deeds = cast[leader]
      if (act.act === 'assign') attempt(() => deeds.assigns(people[act.who], { until: addDays(world.at, act.days) }))
      else
        attempt(() => {
          if (act.act === 'end') deeds.ends(people[act.who])
          else deeds.bars(people[act.who])
          endsReceptions(scene, leader)
        })
      return
    }
    case 'renew': {
      const generation = (scene.generations.get(act.who) ?? 1) + 1
      scene.generations.set(act.who, generation)
      attempt(() => world.certifies(people[act.who], addDays(world.at, act.days), generation))
      return
    }
    case 'consent': {
      const [by, to] = ways[act.way] ?? (['linnea', police] as const)
      const consent = attempt(() => cast[by].registers([terms(world, people[by].authority, to)]))
      const until = addDays(world.at, act.days)
      const hash = consent === null ? null : attempt(() => cast[by].grants(to, [consent], { until }))
      consents.push(consent)
      grants.push(hash === null ? null : { by, to, hash })
      return
    }
    case 'disclose': {
      const [by, to] = ways[act.way] ?? (['linnea', police] as const)
      const hash = attempt(() => discloses(scene, by, to, act))
      disclosures.push(hash === null ? null : { by, to, hash })
      return
    }
    case 'end-disclosure': {
      const made = disclosures[act.which % Math.max(disclosures.length, 1)] ?? null
      if (made !== null) attempt(() => cast[made.by].closesDisclosure(made.to, made.hash))
      return
    }
    case 'leave': {
      const [giver, to] = ways[act.way] ?? (['linnea', police] as const)
      const leaver = to === police ? 'petra' : to === prison ? 'karl' : 'linnea'
      attempt(() => cast[leaver].leaves(people[giver].authority))
      return
    }
    case 'withdraw': {
      const consent = consents[act.which % Math.max(consents.length, 1)]
      // It goes on the strand to the authority that registered, whoever heard it.
      const registrar = everySaying(world.history, 'consent.registered').find(
        (one) => one.statement.body.registration === consent?.registration,
      )?.from
      if (consent === undefined || consent === null || registrar === undefined) return
      attempt(() => cast[act.by].withdraws([consent], registrar === people[act.by].authority ? 'ledger' : registrar))
      return
    }
    case 'narrow':
    case 'close':
    case 'void': {
      const grant = grants[act.which % Math.max(grants.length, 1)]
      if (grant === undefined || grant === null) return
      const deeds = cast[grant.by]
      attempt(() =>
        act.act === 'narrow'
          ? deeds.narrows(grant.to, grant.hash, { categories: ['threat'] })
          : act.act === 'close'
            ? deeds.closes(grant.to, grant.hash)
            : world.onStrand(people[grant.by], grant.to, { type: 'voided', body: { of: grant.hash } }),
      )
      return
    }
    case 'write':
      return
  }
}

/** A ground that holds for these kinds of authority at any time, and of the messages there are every second one. */
function discloses(
  { world, cast, compartments, written }: Scene,
  by: PersonName,
  to: AuthorityId,
  act: Extract<Act, { act: 'disclose' }>,
): Hash {
  const ground = { law: 'brb-24-4' as const }
  if (act.what === 'all') return cast[by].breaksGlass(to, act.hours, { ground })
  const mine = written.filter((message) => message.compartment === compartments.get(people[by].authority))
  const items = mine.filter((_, place) => (place + act.hours) % 2 === 0).map((message) => message.id)
  return cast[by].discloses(to, { items, ground, until: addMinutes(world.at, act.hours * 60) })
}

/** The chains that an authority is shown: its own ledger and the strands from and to it. */
export function shownTo(history: CaseHistory, authority: AuthorityId): CaseHistory {
  const shown = <K>(lists: ReadonlyMap<K, readonly Told[]>): ReadonlyMap<K, readonly Told[]> =>
    new Map([...lists].map(([name, list]) => [name, list.filter((told) => [told.from, told.to].includes(authority))]))
  return { ...history, ledgersOf: authority, chains: shown(history.chains), types: shown(history.types) }
}

export const aPlay = fc.array(anAct, { minLength: 5, maxLength: 25 })
