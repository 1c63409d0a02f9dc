// What an authority is shown does not depend on chains outside its own (protocol.md P8, § 11): twin worlds.
import fc from 'fast-check'
import type { CaseHistory } from './cases/case-history.ts'
import { emptyHistory } from './cases/case-history.ts'
import { extend } from './cases/extend.ts'
import type { AuthorityId } from './ids.ts'
import { entitled, entitledToItems } from './keys/entitled.ts'
import { epochStanding, flowKeyStanding, receptionStanding } from './keys/staleness.ts'
import type { Act, Scene } from './spec/scene.ts'
import { acts, aPlay, aScene, attempt, catchesUp, shownTo, staffOf, tidies, ways, writes } from './spec/scene.ts'
import type { World } from './spec/world.ts'
import { accepted, authorities, people, theCase } from './spec/world.ts'

const { prison } = authorities

/** One act, and then everybody's clients as if open. */
function plays(scene: Scene, act: Act): void {
  acts(scene, act)
  if (act.act === 'write') attempt(() => writes(scene, act.who))
  for (const [authority, , staff] of staffOf) tidies(scene, authority, staff)
  for (const [, , staff] of staffOf) for (const name of staff) attempt(() => catchesUp(scene, name))
}

/** The chains themselves, exactly; and what the authority's clients make of them. */
function judged(history: CaseHistory, world: World, authority: AuthorityId, scene: Scene): string {
  const { tenants, at } = world
  const told = [...history.chains.values()].flat()
  const standing = told.map(({ statement }) => {
    if (statement.type === 'epoch.started') return epochStanding(history, tenants, statement.body.epoch, at)
    if (statement.type === 'reception.started') return receptionStanding(history, tenants, statement.body.reception, at)
    // A flow key that another authority made stands or falls with an epoch that is not shown.
    if (statement.type !== 'flow.keyed' || statement.place.split('/')[2] !== authority) return null
    return flowKeyStanding(history, tenants, statement.body.flow, at)
  })
  const compartment = scene.compartments.get(authority)
  const scope =
    compartment === undefined
      ? null
      : [entitled(history, tenants, compartment, at), entitledToItems(history, tenants, compartment, at)]
  const chains = [...history.chains].filter(([, chain]) => chain.length > 0)
  return JSON.stringify([chains, standing, scope])
}

test('without all that does not concern it an authority is shown the same bytes, and accepts and judges them alike', () => {
  fc.assert(
    fc.property(aPlay, (play) => {
      const scene = aScene()
      const { world } = scene
      for (const act of play) plays(scene, act)
      for (const [authority] of staffOf) {
        const mine = world.taken.filter(({ statement }) => statement.place.split('/').slice(2).includes(authority))
        const alone = mine.reduce(
          (history, one) => accepted(extend(history, world.tenants, one), one.statement.type),
          emptyHistory(theCase, authority),
        )
        expect(judged(alone, world, authority, scene)).toBe(
          judged(shownTo(world.history, authority), world, authority, scene),
        )
      }
    }),
    { numRuns: 60 },
  )
})

const isForPrison = (given: readonly ({ readonly to: AuthorityId } | null)[], which: number): boolean =>
  given[which % Math.max(given.length, 1)]?.to === prison

/** Between the kommun and the Police alone: consents, disclosures, leaving, and what ends them. Names of places stay as they are. */
function concernsPrison(act: Act, scene: Scene): boolean {
  switch (act.act) {
    case 'consent':
    case 'disclose':
    case 'leave':
      return ways[act.way]?.[1] === prison
    case 'narrow':
    case 'close':
    case 'void':
    case 'withdraw':
      return isForPrison(scene.grants, act.which)
    case 'end-disclosure':
      return isForPrison(scene.disclosures, act.which)
    default:
      return true
  }
}

/** The same text but for random values: each id and hash by the order in which it is first shown. */
function withoutChance(text: string): string {
  const names = new Map<string, string>()
  return text.replaceAll(/[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gu, (value) => {
    const name = names.get(value) ?? `#${names.size}`
    names.set(value, name)
    return name
  })
}

/** The chains in the order of their places, the people by name. */
function shown(scene: Scene, authority: AuthorityId): string {
  const chains = [...shownTo(scene.world.history, authority).chains].filter(([, chain]) => chain.length > 0)
  const text = JSON.stringify(chains.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, chain]) => chain))
  const named = Object.entries(people).reduce((all, [name, one]) => all.replaceAll(one.user, name), text)
  return withoutChance(named)
}

test('a world in which two others never dealt with each other shows the third the same, but for random values', () => {
  let different = 0
  fc.assert(
    fc.property(aPlay, (play) => {
      const [whole, twin] = [aScene(), aScene()]
      for (const act of play) {
        // That Kriminalvården hears of a consent which is not its own is its own act, and has no twin.
        const isHearsay = act.act === 'withdraw' && act.by === 'karl' && !isForPrison(whole.grants, act.which)
        if (isHearsay) continue
        const concerns = concernsPrison(act, whole)
        plays(whole, act)
        if (concerns) plays(twin, act)
        else {
          // What did not happen keeps its place in the lists that later acts name places of.
          if (act.act === 'consent') {
            twin.consents.push(null)
            twin.grants.push(null)
          }
          if (act.act === 'disclose') twin.disclosures.push(null)
          for (const [authority, , staff] of staffOf) tidies(twin, authority, staff)
        }
        expect(shown(twin, prison)).toBe(shown(whole, prison))
      }
      if (whole.world.taken.length !== twin.world.taken.length) different += 1
    }),
    { numRuns: 60 },
  )
  expect(different).toBeGreaterThan(0)
})
