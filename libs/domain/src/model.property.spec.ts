// The executable model: symbolic keys over random histories (protocol.md, introduction and § 11). What a person can open follows
// here from the wraps that exist, not from the rules; the rules must agree with it.
import fc from 'fast-check'
import { holdersOf } from './cases/assigned.ts'
import type { CaseHistory, Told } from './cases/case-history.ts'
import { everySaying, ledgerOf, saying, strandOf } from './cases/case-history.ts'
import { project } from './cases/projection.ts'
import type { AuthorityId, CompartmentId, Hash, KeyId, UserId } from './ids.ts'
import { addDays, earliest } from './instant.ts'
import { entitled, newestReception, receptionEndedAt } from './keys/entitled.ts'
import { epochStanding, flowKeyStanding, holders, receptionStanding } from './keys/staleness.ts'
import type { RegistrationBody } from './spec/deeds.ts'
import { sort, terms } from './spec/deeds.ts'
import type { Cast } from './spec/given.ts'
import { castOf } from './spec/given.ts'
import { knows } from './spec/knows.ts'
import type { PersonName } from './spec/world.ts'
import { authorities, people, World } from './spec/world.ts'

const { centrum, police, prison } = authorities
const readership = (authority: AuthorityId) => ({ authority, category: 'threat' as const, units: null })
const staffOf: readonly (readonly [AuthorityId, PersonName, readonly PersonName[]])[] = [
  [centrum, 'mats', ['linnea', 'sara']],
  [police, 'rolf', ['petra', 'pelle', 'tuva']],
  [prison, 'kerstin', ['karl']],
]
const ways: readonly (readonly [PersonName, AuthorityId])[] = [
  ['linnea', police],
  ['linnea', prison],
  ['petra', centrum],
  ['petra', prison],
]

type Scene = {
  readonly world: World
  readonly cast: Cast
  readonly compartments: ReadonlyMap<AuthorityId, CompartmentId>
  readonly consents: RegistrationBody[]
  readonly grants: { by: PersonName; to: AuthorityId; hash: Hash }[]
  readonly generations: Map<PersonName, number>
}

function aScene(): Scene {
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
  return { world, cast, compartments, consents: [], grants: [], generations: new Map() }
}

const everybody: readonly UserId[] = Object.values(people).map((one) => one.user)
const opening = (history: CaseHistory, keys: readonly KeyId[]): readonly UserId[] =>
  everybody.filter((user) => keys.some((key) => knows(history, user).has(key))).sort()

/** What an honest client of a recipient does when it is next open: a key where there is none that stands, wraps for who lacks one. */
function tidies({ world, cast }: Scene, authority: AuthorityId, staff: readonly PersonName[]): void {
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
function writes(
  { world, cast, compartments }: Scene,
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
  for (const recipient of before.recipients) {
    const keyed = saying(strandOf(world.history, authority, recipient.authority), 'flow.keyed').at(-1)?.statement.body
      .flow
    const current =
      keyed !== undefined && flowKeyStanding(world.history, world.tenants, keyed, world.at).state === 'current'
    keys.push(current ? keyed : cast[name].keysFlow(compartment, recipient.authority))
  }
  return { keys, compartment, to: before.recipients.map((one) => one.authority) }
}

/** The append that ends an assignment ends her authority's reception keys on every strand (protocol.md § 5). */
function endsReceptions({ world, cast }: Scene, leader: PersonName): void {
  const { authority } = people[leader]
  for (const [giver] of staffOf) {
    const shown = giver === authority ? null : newestReception(world.history, authority, giver, sort())
    if (shown !== null) cast[leader].endsReception(giver, shown.statement.body.reception)
  }
}

type Act =
  | { readonly act: 'assign' | 'end' | 'bar' | 'renew' | 'write'; readonly who: PersonName; readonly days: number }
  | { readonly act: 'consent' | 'leave'; readonly way: number; readonly days: number }
  | { readonly act: 'narrow' | 'close' | 'withdraw' | 'void'; readonly which: number; readonly by: PersonName }
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
function attempt(deed: () => unknown): void {
  try {
    deed()
  } catch {
    // Refused: nothing has happened.
  }
}

function acts(scene: Scene, act: Act): void {
  const { world, cast, consents, grants } = scene
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
      attempt(() => {
        const consent = cast[by].registers([terms(world, people[by].authority, to)])
        consents.push(consent)
        grants.push({ by, to, hash: cast[by].grants(to, [consent], { until: addDays(world.at, act.days) }) })
      })
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
      if (consent === undefined || registrar === undefined) return
      attempt(() => cast[act.by].withdraws([consent], registrar === people[act.by].authority ? 'ledger' : registrar))
      return
    }
    case 'narrow':
    case 'close':
    case 'void': {
      const grant = grants[act.which % Math.max(grants.length, 1)]
      if (grant === undefined) return
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

/** The chains that an authority is shown: its own ledger and the strands from and to it. */
function shownTo(history: CaseHistory, authority: AuthorityId): CaseHistory {
  const shown = <K>(lists: ReadonlyMap<K, readonly Told[]>): ReadonlyMap<K, readonly Told[]> =>
    new Map([...lists].map(([name, list]) => [name, list.filter((told) => [told.from, told.to].includes(authority))]))
  return { ...history, chains: shown(history.chains), types: shown(history.types) }
}

const runs = { numRuns: 120 }
const aPlay = fc.array(anAct, { minLength: 5, maxLength: 25 })

test('who can open a new message is exactly who is entitled, by the keys that exist and by the rows', () => {
  let sealedAcross = 0
  fc.assert(
    fc.property(aPlay, (play) => {
      const scene = aScene()
      const { world } = scene
      for (const act of play) {
        acts(scene, act)
        if (act.act !== 'write') continue
        for (const [authority, , staff] of staffOf) tidies(scene, authority, staff)
        const message = writes(scene, act.who)
        if (message === null) continue
        const { own, recipients } = entitled(world.history, world.tenants, message.compartment, world.at)
        expect(recipients.map((one) => one.authority)).toEqual(message.to)
        if (message.to.length > 0) sealedAcross += 1
        const others = recipients.flatMap((one) =>
          holdersOf(world.history, world.tenants, readership(one.authority), world.at),
        )
        const entitledNow = [...own, ...others].map((one) => one.user).sort()
        expect(opening(world.history, message.keys)).toEqual(entitledNow)
        const rows = project(world.history, world.tenants, world.at)?.readers ?? []
        const byRows = rows.filter(
          (row) => message.keys.includes(row.key) && row.from <= world.at && world.at < row.until,
        )
        expect([...new Set(byRows.map((row) => row.user))].sort()).toEqual(entitledNow)
      }
    }),
    runs,
  )
  expect(sealedAcross).toBeGreaterThan(0)
})

test('without any recipient being on line, nobody outside the authority that writes gains, and no own leaver opens', () => {
  fc.assert(
    fc.property(aPlay, (play) => {
      const scene = aScene()
      const { world } = scene
      for (const [authority, , staff] of staffOf) tidies(scene, authority, staff)
      for (const act of play) {
        acts(scene, act)
        const message = act.act === 'write' ? writes(scene, act.who) : null
        if (message === null || act.act !== 'write') continue
        const { own } = entitled(world.history, world.tenants, message.compartment, world.at)
        const able = opening(world.history, message.keys)
        const reached = [people[act.who].authority, ...message.to]
        const ownAble = able.filter((user) =>
          Object.values(people).some((one) => one.user === user && one.authority === people[act.who].authority),
        )
        expect(ownAble).toEqual(own.map((one) => one.user).sort())
        for (const user of able)
          expect(reached).toContain(Object.values(people).find((one) => one.user === user)?.authority)
        const rows = project(world.history, world.tenants, world.at)?.readers ?? []
        for (const row of rows.filter(
          (one) => message.keys.includes(one.key) && one.from <= world.at && world.at < one.until,
        ))
          expect(able).toContain(row.user)
      }
    }),
    runs,
  )
})

test('an authority judges alike by its own chains and by all of them', () => {
  fc.assert(
    fc.property(aPlay, (play) => {
      const scene = aScene()
      const { world } = scene
      for (const act of play) {
        acts(scene, act)
        if (act.act !== 'write') continue
        for (const [authority, , staff] of staffOf) tidies(scene, authority, staff)
        for (const [authority, compartment] of scene.compartments)
          expect(entitled(shownTo(world.history, authority), world.tenants, compartment, world.at)).toEqual(
            entitled(world.history, world.tenants, compartment, world.at),
          )
      }
    }),
    { numRuns: 80 },
  )
})
