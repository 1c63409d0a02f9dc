// The executable model: symbolic keys over random histories (protocol.md, introduction and § 11). What a person can open follows
// here from the wraps that exist, not from the rules; the rules must agree with it.
import fc from 'fast-check'
import { holdersOf } from './cases/assigned.ts'
import { project } from './cases/projection.ts'
import { entitled } from './keys/entitled.ts'
import { acts, aPlay, aScene, opening, readership, shownTo, staffOf, tidies, writes } from './spec/scene.ts'
import { people } from './spec/world.ts'

const runs = { numRuns: 120 }

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
        const entitledNow = [...new Set([...own, ...others].map((one) => one.user))].sort()
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
