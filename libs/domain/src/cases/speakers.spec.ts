// Whether those who speak for another authority have been named by one of its receivers (protocol.md § 4 `speakers`).
import { castOf } from '../spec/given.ts'
import { authorities, people, World } from '../spec/world.ts'
import { isNamedByHerselfAlone } from './speakers.ts'

const { centrum, police } = authorities
const { linnea, sara, mats } = people

const isAlone = ({ history, tenants }: World, user = linnea.user): boolean =>
  isNamedByHerselfAlone(history, tenants, { from: centrum, to: police, user })

test('who opened the case and named herself is unconfirmed until a receiver’s list names her too', () => {
  const world = new World()
  const cast = castOf(world)
  cast.linnea.opensCase()
  expect(isAlone(world)).toBe(false)
  cast.linnea.namesSpeakers(police, linnea)
  expect(isAlone(world)).toBe(true)
  cast.mats.assigns(sara)
  cast.mats.namesSpeakers(police, linnea, sara)
  expect([linnea, sara].map(({ user }) => isAlone(world, user))).toEqual([false, false])
})

test('a receiver who names herself is confirmed by it, and a list that leaves somebody out confirms her not', () => {
  const world = new World()
  const cast = castOf(world)
  cast.linnea.opensCase()
  cast.linnea.namesSpeakers(police, linnea)
  cast.mats.namesSpeakers(police, mats)
  expect(isAlone(world, mats.user)).toBe(false)
  expect(isAlone(world)).toBe(true)
})
