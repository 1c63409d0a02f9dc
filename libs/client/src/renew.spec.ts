// Renewing under a lying server: roles, units and name are signed as they were shown, and what differs from before is shown as such.
import { id } from '#libs/domain'
import type { Statement, UserId } from '#libs/domain'
import { authorityOf, boras, Cast } from './spec/cast.ts'
import type { Lie } from './spec/paper-server.ts'
import type { EndingKey } from './views.ts'

jest.setTimeout(120_000)

const cast = new Cast(2)
let anna: UserId
beforeAll(async () => {
  await cast.begin()
  anna = id<UserId>(cast.person('anna').user)
  cast.pass(60 * 24 * 345)
})
afterEach(() => cast.server.lies.clear())

type Certified = Extract<Statement, { type: 'key.certified' }>
const newest = (): Certified['body'] | undefined =>
  cast.server
    .statements()
    .filter((one): one is Certified => one.type === 'key.certified' && one.body.user === anna)
    .at(-1)?.body

async function shownTo(custodian: 'mehmet' | 'erika'): Promise<EndingKey> {
  const found = (await cast.session(custodian).endingKeys()).find((one) => one.user === anna)
  if (found === undefined) throw new Error('her certification ends soon')
  return found
}

const saysOfAnna =
  (change: object): Lie =>
  ({ staff }) => ({
    staff: (staff as { user: string }[]).map((one) => (one.user === anna ? { ...one, ...change } : one)),
  })

test('other roles, units and names in the server’s list are shown beside those of before, never signed unseen', async () => {
  const honest = await shownTo('mehmet')
  expect(honest).toMatchObject({
    name: 'anna',
    roles: ['caseworker'],
    before: { roles: ['caseworker'], authority: authorityOf(boras), units: honest.units, isNameSame: true },
  })
  cast.server.lies.set('tenants.staff', saysOfAnna({ roles: ['caseworker', 'team_leader'], units: [], name: 'Eva' }))
  const lied = await shownTo('mehmet')
  expect(lied).toMatchObject({ name: 'Eva', roles: ['caseworker', 'team_leader'], units: [] })
  expect(lied.before).toEqual({ ...honest.before, isNameSame: false })
  // The lie comes after she was shown the truth: it changes nothing of what she signs.
  await cast.session('mehmet').renewKey(honest)
  expect(newest()).toMatchObject({ roles: ['caseworker'], units: honest.units, signing: honest.signing })
  // Nor is the second one shown his word for what says something else.
  expect(await shownTo('erika')).toMatchObject({ proposal: null, waits: true })
})

test('the second custodian approves the statement that she was shown; so the certification is renewed', async () => {
  const honest = await shownTo('erika')
  expect(honest.proposal).toMatchObject({ by: cast.person('mehmet').user, validUntil: newest()?.validUntil })
  cast.server.lies.set('tenants.staff', saysOfAnna({ roles: ['team_leader'] }))
  await cast.session('erika').renewKey(honest)
  cast.server.lies.clear()
  const device = await cast.newDevice('anna')
  expect((await device.staff()).find((one) => one.user === anna)).toMatchObject({
    name: 'anna',
    roles: ['caseworker'],
    key: 'certified',
  })
  expect((await cast.session('erika').endingKeys()).map((one) => one.user)).not.toContain(anna)
})

test('only the key that is certified now is renewed', async () => {
  const lisa = (await cast.session('mehmet').endingKeys()).find((one) => one.user === cast.person('lisa').user)
  if (lisa === undefined) throw new Error('her certification ends soon')
  const { publicKey, signing, encryption } = await cast.shownTo('mehmet', 'erik')
  await expect(cast.session('mehmet').renewKey({ ...lisa, publicKey, signing, encryption })).rejects.toThrow(
    'not-found-here',
  )
  await cast.session('mehmet').renewKey(lisa)
})
