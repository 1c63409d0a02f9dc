// The laws of disclosures over random histories: what they open, and that consents are none the wiser (domain.md §§ 4–5).
import fc from 'fast-check'
import { project } from '../cases/projection.ts'
import { flowsAt } from '../consents/effective-scope.ts'
import { addMinutes } from '../instant.ts'
import { entitled } from '../keys/entitled.ts'
import type { Act, Scene } from '../spec/scene.ts'
import { acts, aPlay, aScene, attempt, catchesUp, opening, staffOf, tidies, writes } from '../spec/scene.ts'
import { authorities, people } from '../spec/world.ts'
import { disclosuresIn } from './disclosures.ts'

const { centrum, police, prison } = authorities
const rowsOf = ({ world }: Scene) => project(world.history, world.tenants, world.at)?.readers ?? []

/** Plays with everybody on line after each act; `before` is told of each act first. */
function plays(scene: Scene, play: readonly Act[], online = true): void {
  for (const act of play) {
    acts(scene, act)
    if (act.act === 'write') attempt(() => writes(scene, act.who))
    if (!online) continue
    for (const [authority, , staff] of staffOf) tidies(scene, authority, staff)
    for (const [, , staff] of staffOf) for (const name of staff) attempt(() => catchesUp(scene, name))
  }
}

/** Without the acts by which other things than disclosures open to the Police. */
const byDisclosuresAlone = aPlay.map((play) => play.filter((act) => act.act !== 'consent'))

test('without any consent the messages that can be opened elsewhere are those named, and those of an open category', () => {
  let opened = 0
  fc.assert(
    fc.property(byDisclosuresAlone, (play) => {
      const scene = aScene()
      const { world } = scene
      const mayBeOpened = new Set<string>()
      for (const act of play) {
        plays(scene, [act])
        for (const made of disclosuresIn(world.history)) {
          const { items } = made.statement.body
          if (items !== 'all') for (const item of items) mayBeOpened.add(`${item} ${made.to ?? ''}`)
        }
        if (act.act !== 'write') continue
        const written = scene.written.at(-1)
        if (written === undefined) continue
        for (const one of entitled(world.history, world.tenants, written.compartment, world.at).recipients)
          mayBeOpened.add(`${written.id} ${one.authority}`)
      }
      for (const message of scene.written) {
        const source = [...scene.compartments].find(([, compartment]) => compartment === message.compartment)?.[0]
        const able = opening(world.history, [...message.keys])
        for (const { user, authority } of Object.values(people)) {
          if (authority === source || !able.includes(user)) continue
          opened += 1
          expect(mayBeOpened).toContain(`${message.id} ${authority}`)
        }
      }
    }),
    { numRuns: 60 },
  )
  expect(opened).toBeGreaterThan(0)
})

test('a category is open in its hours and at no other moment', () => {
  fc.assert(
    fc.property(fc.integer({ min: 24, max: 72 }), fc.integer({ min: -120, max: 5_000 }), (hours, minutes) => {
      const { world, cast, compartments } = aScene()
      world.waits(120)
      const made = world.at
      cast.linnea.breaksGlass(police, hours)
      tidies({ world, cast, compartments } as Scene, police, ['petra'])
      const at = addMinutes(made, minutes)
      const compartment = compartments.get(centrum)
      if (compartment === undefined) throw new Error('opened in the scene')
      const { recipients, waiting } = entitled(world.history, world.tenants, compartment, at)
      expect(recipients.length + waiting.length).toBe(minutes >= 0 && minutes < hours * 60 ? 1 : 0)
    }),
    { numRuns: 40 },
  )
})

const aDisclosure = fc.record({
  act: fc.constant('disclose' as const),
  way: fc.nat(3),
  what: fc.constantFrom('items' as const, 'all' as const),
  hours: fc.integer({ min: 24, max: 72 }),
})

test('adding a disclosure takes nobody’s access, changes no flow of a consent and ends no key', () => {
  fc.assert(
    fc.property(aPlay, aDisclosure, (play, disclosure) => {
      const scene = aScene()
      const { world } = scene
      plays(scene, play)
      const before = { rows: rowsOf(scene), flows: flowsAt(world.history, world.at) }
      const keys = project(world.history, world.tenants, world.at)?.keys
      acts(scene, disclosure)
      expect(rowsOf(scene)).toEqual(before.rows)
      expect(flowsAt(world.history, world.at)).toEqual(before.flows)
      expect(project(world.history, world.tenants, world.at)?.keys).toEqual(keys)
      // Nor does it when everybody has sealed by it: rows are added, none is taken.
      plays(scene, [{ act: 'write', who: 'linnea', days: 0 }])
      expect(rowsOf(scene)).toEqual(expect.arrayContaining([...before.rows]))
    }),
    { numRuns: 40 },
  )
})

test('what flows from one authority to another never depends on disclosures between others', () => {
  fc.assert(
    fc.property(aPlay, (play) => {
      const isOther = (act: Act): boolean => act.act === 'disclose' && act.way !== 0
      const [whole, without] = [aScene(), aScene()]
      const flows = ({ world, compartments }: Scene) => {
        const compartment = compartments.get(centrum)
        if (compartment === undefined) throw new Error('opened in the scene')
        const toPolice = (one: { readonly authority: string }): boolean => one.authority === police
        const { recipients, waiting } = entitled(world.history, world.tenants, compartment, world.at)
        const scope = flowsAt(world.history, world.at).filter(
          (flow) => flow.source === centrum && flow.recipient === police,
        )
        return [
          scope.map(({ category, purpose, until }) => [category, purpose, until]),
          recipients.filter(toPolice).map(({ units, until, disclosure }) => [units, until, disclosure === null]),
          waiting.filter(toPolice).map(({ cause, disclosure }) => [cause, disclosure === null]),
        ]
      }
      for (const act of play) {
        if (act.act === 'end-disclosure') continue
        acts(whole, act)
        if (!isOther(act)) acts(without, act)
        expect(flows(whole)).toEqual(flows(without))
      }
      expect(prison).not.toBe(police)
    }),
    { numRuns: 60 },
  )
})
