// Where two custodians certify together: the second lends her name to nothing but what she was shown.
import { addDays, id } from '#libs/domain'
import type { Instant, Statement, TenantBodies, UserId } from '#libs/domain'
import { boras, Cast } from './spec/cast.ts'

jest.setTimeout(120_000)

const cast = new Cast(2)
let lisa: UserId
const place = `tenant/${boras.id}`
beforeAll(async () => {
  await cast.begin()
  lisa = id<UserId>(cast.person('lisa').user)
})

type Certified = Extract<Statement, { type: 'key.certified' }>
const certifications = (): readonly Certified[] =>
  cast.server.statements().filter((one): one is Certified => one.type === 'key.certified' && one.body.user === lisa)
const approved = (): readonly string[] =>
  cast.server.statements().flatMap((one) => (one.type === 'approved' && one.place === place ? [one.body.of] : []))
const shown = async (): Promise<unknown> =>
  (await (await cast.newDevice('anna')).staff()).find((one) => one.user === lisa)

test.each([
  ['roles', (): Partial<Certified['body']> => ({ roles: ['team_leader', 'key_custodian'] })],
  ['units', () => ({ units: [] })],
  [
    'a name',
    () => ({ label: certifications()[0]?.body.label.replace(/^./, (one) => (one === '0' ? '1' : '0')) as never }),
  ],
  ['a longer life', () => ({ validUntil: addDays(cast.at(), 3650) as Instant })],
])('a proposal with other %s is not approved; the second custodian says what she was shown', async (_what, change) => {
  const honest = certifications()[0]?.body
  const before = approved().length
  const body = { ...honest, validUntil: addDays(cast.at(), 365), ...change() } as TenantBodies['key.certified']
  await cast.says('mehmet', place, 'key.certified', body)
  await cast.session('erika').certifyKey(lisa)
  const hers = cast.server.headOf(place)
  expect(approved()).toHaveLength(before)
  expect(await shown()).toMatchObject({ name: 'lisa', roles: ['caseworker'], units: honest?.units })
  // What she proposed in its place is approved by the other, when he was shown the same.
  await cast.session('mehmet').certifyKey(lisa)
  expect(approved()).toHaveLength(before + 1)
  expect(approved().at(-1)).toBe(hers?.hash)
})

test('what is only proposed is no certification yet', async () => {
  const honest = certifications()[0]?.body
  await cast.says('mehmet', place, 'key.certified', {
    ...honest,
    roles: ['team_leader'],
    validUntil: addDays(cast.at(), 365),
  })
  expect(await shown()).toMatchObject({ roles: ['caseworker'], key: 'certified' })
})
