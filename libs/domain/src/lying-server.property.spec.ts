// A server that lies to a client: what it withholds delays, and nothing that it can do adds a reader (protocol.md § 1, P2–P4).
import fc from 'fast-check'
import { holdersOf } from './cases/assigned.ts'
import type { CaseHistory } from './cases/case-history.ts'
import { emptyHistory, ledgerOf, saying } from './cases/case-history.ts'
import { extend } from './cases/extend.ts'
import { breakGlassHours } from './disclosures/may-disclose.ts'
import type { AuthorityId, KeyId, RegistrationId, UserId } from './ids.ts'
import type { Instant } from './instant.ts'
import { addMinutes } from './instant.ts'
import { entitled } from './keys/entitled.ts'
import { castOf } from './spec/given.ts'
import type { Act, Scene } from './spec/scene.ts'
import { acts, aPlay, aScene, attempt, catchesUp, readership, staffOf, tidies, writes } from './spec/scene.ts'
import { knows } from './spec/knows.ts'
import type { Staff, StrandSaying, World } from './spec/world.ts'
import { authorities, people, signed, signingOf, theCase } from './spec/world.ts'
import type { Head, PlaceName, Verified } from './statement.ts'

const { centrum, police } = authorities

function plays(scene: Scene, play: readonly Act[]): void {
  for (const act of play) {
    acts(scene, act)
    if (act.act === 'write') attempt(() => writes(scene, act.who))
    for (const [authority, , staff] of staffOf) tidies(scene, authority, staff)
    for (const [, , staff] of staffOf) for (const name of staff) attempt(() => catchesUp(scene, name))
  }
}

const isShown = (statement: Verified['statement'], authority: AuthorityId): boolean =>
  statement.place.split('/').slice(2).includes(authority)

/** What a client has taken in that is served its chains without their ends; null where one is refused, and nothing is written. */
function served(world: World, authority: AuthorityId, withheld: readonly number[]): CaseHistory | null {
  const shown = world.taken.filter(({ statement }) => isShown(statement, authority))
  const places = [...new Set(shown.map(({ statement }) => statement.place))]
  const length = (place: PlaceName): number => shown.filter(({ statement }) => statement.place === place).length
  const ends = new Map(places.map((place, n) => [place, length(place) - (withheld[n % withheld.length] ?? 0)]))
  let history: CaseHistory | null = emptyHistory(theCase, authority)
  for (const one of shown) {
    if (one.statement.n >= (ends.get(one.statement.place) ?? 0)) continue
    const next: ReturnType<typeof extend> | null = history === null ? null : extend(history, world.tenants, one)
    history = next?.ok === true ? next.value : null
  }
  return history
}

/** Whoever opens one of these keys by all that was ever wrapped, in the world and in what was said to the isolated client alone. */
function able(world: World, isolated: World, keys: readonly KeyId[]): readonly UserId[] {
  const types = new Map([...isolated.history.types].map(([type, list]) => [type, list] as const))
  for (const [type, list] of world.history.types) {
    const known = new Set((types.get(type) ?? []).map((one) => one.hash))
    types.set(type, [...list.filter((one) => !known.has(one.hash)), ...(types.get(type) ?? [])])
  }
  const everything: CaseHistory = { ...world.history, types }
  return Object.values(people)
    .map((one) => one.user)
    .filter((user) => keys.some((key) => knows(everything, user).has(key)))
}

test('withholding the ends of chains adds no reader beyond those of what was seen: it can only delay', () => {
  let [written, delayed] = [0, 0]
  fc.assert(
    fc.property(aPlay, fc.array(fc.nat(4), { minLength: 1, maxLength: 5 }), (play, withheld) => {
      const scene = aScene()
      plays(scene, play)
      for (const writer of ['linnea', 'petra'] as const) {
        const { authority } = people[writer]
        const history = served(scene.world, authority, withheld)
        if (history === null) continue
        const isolated = scene.world.servedWith(history)
        const message = attempt(() =>
          writes({ ...scene, world: isolated, cast: castOf(isolated), written: [] }, writer),
        )
        if (message === null) continue
        written += 1
        const { own, recipients } = entitled(isolated.history, isolated.tenants, message.compartment, isolated.at)
        const opens = able(scene.world, isolated, message.keys)
        const ofOwn = Object.values(people).filter((one) => one.authority === authority && opens.includes(one.user))
        expect(ofOwn.map((one) => one.user)).toEqual(expect.arrayContaining(own.map((one) => one.user)))
        // A colleague whose assignment is kept from her may have the key already, from another colleague who has seen it: never
        // somebody whom the authority itself did not assign.
        const assigned = saying(ledgerOf(scene.world.history, authority), 'assignment.added')
        const ever = new Set(assigned.map(({ statement: { body } }) => body.user))
        for (const { user } of ofOwn) expect(ever).toContain(user)
        // Elsewhere only staff of an authority that the writer has seen let in, to whom that authority itself gave its key.
        for (const user of opens) {
          const of = Object.values(people).find((one) => one.user === user)?.authority
          expect([authority, ...recipients.map((one) => one.authority)]).toContain(of)
        }
        // One who is let in no more opens it only where something that the writer's authority is shown was kept from her.
        const now = entitled(scene.world.history, scene.world.tenants, message.compartment, scene.world.at)
        const others = now.recipients.flatMap((one) =>
          holdersOf(scene.world.history, scene.world.tenants, readership(one.authority), scene.world.at),
        )
        const allowed = new Set([...now.own, ...others].map((one) => one.user))
        const late = opens.filter((user) => !allowed.has(user))
        if (late.length === 0) continue
        delayed += 1
        expect(withheld.some((count) => count > 0)).toBe(true)
      }
    }),
    { numRuns: 80 },
  )
  expect(written).toBeGreaterThan(0)
  expect(delayed).toBeGreaterThan(0)
})

test('what is served again, in another order, from an older head, or with something left out in the middle is refused', () => {
  fc.assert(
    fc.property(aPlay, fc.nat(), fc.nat(), (play, first, second) => {
      const { world, ...scene } = aScene()
      plays({ world, ...scene }, play)
      const shown = world.taken.filter(({ statement }) => isShown(statement, centrum))
      const again = shown[first % shown.length]
      if (again === undefined) throw new Error('the scene has said something')
      expect(world.answer(again)).toBe('out-of-order')
      // A chain with one statement missing, or two of them changed about, ends before the place: what follows has no predecessor.
      const place = again.statement.place
      const chain = shown.filter(({ statement }) => statement.place === place)
      const at = second % chain.length
      const rest = shown.filter((one) => one.statement.place !== place || one.statement.n < at)
      const lied = rest.reduce<CaseHistory>(
        (history, one) => {
          const next = extend(history, world.tenants, one)
          return next.ok ? next.value : history
        },
        emptyHistory(theCase, centrum),
      )
      for (const later of chain.slice(at + 1)) {
        const next = extend(lied, world.tenants, later)
        expect(next.ok ? 'accepted' : next.error).toBe('out-of-order')
      }
      // Another statement in a taken place, told to somebody who has seen the first: her next does not follow it.
      const last = chain[at]
      if (last === undefined || chain[at + 1] === undefined) return
      const forked = { ...chain[at + 1], statement: { ...chain[at + 1]?.statement, prev: again.hash } } as Verified
      if (again.hash === last.hash) return
      const seen = served(world, centrum, [0])
      if (seen === null) throw new Error('all that was taken in is accepted')
      const upTo: CaseHistory = {
        ...seen,
        chains: new Map([...seen.chains].map(([name, told]) => [name, name === place ? told.slice(0, at + 1) : told])),
      }
      const next = extend(upTo, world.tenants, forked)
      expect(next.ok ? 'accepted' : next.error).toBe('other-predecessor')
    }),
    { numRuns: 60 },
  )
})

/** All that a thief of an ended key could say to let somebody in: to her own authority, and to another. */
const widenings = ({ world, cast, consents }: Scene, at: Instant): readonly StrandSaying[] => [
  { type: 'speakers', body: { users: [people.linnea.user], closes: [] } },
  {
    type: 'disclosure.made',
    body: cast.linnea.disclosureBody({ items: 'all', until: addMinutes(at, breakGlassHours.least * 60) }),
  },
  {
    type: 'grant.opened',
    body: {
      subject: cast.linnea.disclosureBody().subject,
      categories: ['threat'],
      purposes: ['casework'],
      units: null,
      includesEarlier: 'all',
      from: world.at,
      until: cast.linnea.disclosureBody().until,
      restsOn: [consents.find((one) => one !== null)?.registration ?? world.fresh<RegistrationId>()],
    },
  },
]

test('what is signed with an ended key lets nobody in, also where it is dated back to before the end', () => {
  let taken = 0
  fc.assert(
    fc.property(aPlay, fc.integer({ min: 0, max: 10 }), fc.boolean(), (play, minutesAgo, pretends) => {
      const scene = aScene()
      const { world } = scene
      plays(scene, play)
      const compartment = scene.compartments.get(centrum)
      if (compartment === undefined) throw new Error('opened in the scene')
      const thief: Staff = people.linnea
      const key = { by: thief.user, key: signingOf('linnea', scene.generations.get('linnea') ?? 1) }
      const heads = world.heads()
      world.endsKey(thief, 'compromised')
      const endedAt = world.at
      world.waits(minutesAgo)
      const before = entitled(world.history, world.tenants, compartment, world.at)
      const at = pretends ? endedAt : world.at
      for (const said of widenings(scene, at)) {
        const chain = world.history.chains.get(world.strand(thief, police)) ?? []
        const last = chain.at(-1)
        const head: Head | null = last === undefined ? null : { n: last.statement.n, hash: last.hash }
        const forged = signed(world.strand(thief, police), head, at, key, said, pretends ? heads : world.heads())
        const answer = attempt(() => world.takes(forged))
        if (answer !== null) taken += 1
        if (!pretends) expect(answer).toBeNull()
      }
      const after = entitled(world.history, world.tenants, compartment, world.at)
      const names = (one: typeof before): readonly string[] => [
        ...one.own.map((reader) => reader.user),
        ...one.recipients.map((recipient) => `${recipient.authority} ${recipient.disclosure ?? ''}`),
      ]
      for (const name of names(after)) expect(names(before)).toContain(name)
    }),
    { numRuns: 80 },
  )
  // Some of it is taken in, since nobody who reads a chain can tell it from what was said in time: it carries nothing new.
  expect(taken).toBeGreaterThan(0)
})
