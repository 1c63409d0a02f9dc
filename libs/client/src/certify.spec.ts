// Certifying under a lying server: a custodian signs what she was shown and nothing else, and the second of two lends her name to no more.
import { addDays, id } from '#libs/domain'
import type { Instant, Statement, TenantBodies, UserId } from '#libs/domain'
import { createStaffKey } from '#libs/protocol'
import type { Lie } from './spec/paper-server.ts'
import { platformRandom } from './randomness.ts'
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
  await cast.certifies('erika', 'lisa')
  const hers = cast.server.headOf(place)
  expect(approved()).toHaveLength(before)
  expect(await shown()).toMatchObject({ name: 'lisa', roles: ['caseworker'], units: honest?.units })
  // What she proposed in its place is approved by the other, when he was shown the same.
  await cast.certifies('mehmet', 'lisa')
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

test('the key whose words were compared is the one certified, whatever the server answers when it is asked again', async () => {
  await cast.losesKey('lisa', 'mehmet')
  const compared = await cast.shownTo('mehmet', 'lisa')
  const planted = await createStaffKey({ random: platformRandom, at: cast.at() })
  const { publicKey, signing, encryption } = planted
  const other: Lie = ({ keys }) => ({
    keys: (keys as { user: string }[]).map((one) =>
      one.user === lisa ? { ...one, publicKey, signing, encryption, roles: ['team_leader'] } : one,
    ),
  })
  cast.server.lies.set('keys.pending', other)
  await cast.session('mehmet').certifyKey(compared)
  expect(certifications().at(-1)?.body).toMatchObject({ signing: compared.signing, roles: ['caseworker'] })
  // Who is shown the planted key hears other words for it, and is shown no colleague's word for it.
  const planting = await cast.shownTo('erika', 'lisa')
  expect(planting.words).not.toEqual(compared.words)
  expect(planting).toMatchObject({ roles: ['team_leader'], proposal: null })
  await expect(cast.session('erika').certifyKey({ ...planting, words: compared.words })).rejects.toThrow(
    'fingerprint-differs',
  )
  cast.server.lies.delete('keys.pending')
  const honest = await cast.shownTo('erika', 'lisa')
  expect(honest).toMatchObject({ words: compared.words, before: { roles: ['caseworker'], isNameSame: true } })
  expect(honest.proposal).toMatchObject({ of: cast.server.headOf(place)?.hash, by: cast.person('mehmet').user })
  await cast.session('erika').certifyKey(honest)
  expect(approved().at(-1)).toBe(honest.proposal?.of)
  expect(await shown()).toMatchObject({ roles: ['caseworker'], key: 'certified' })
})

test('a custodian approves the very statement that she was shown, and no other in its place', async () => {
  await cast.losesKey('lisa', 'mehmet')
  await cast.certifies('mehmet', 'lisa')
  const compared = await cast.shownTo('erika', 'lisa')
  const before = approved().length
  const { proposal } = compared
  if (proposal === null) throw new Error('Mehmet has proposed it')
  await expect(cast.session('erika').certifyKey({ ...compared, roles: ['team_leader'] })).rejects.toThrow(
    'ledger-moved-on',
  )
  // Mehmet's key ends, and with it what he had proposed.
  cast.pass(1)
  const { signing } = (await cast.keyOf('mehmet')).public
  await cast.says('erika', place, 'key.ended', { user: cast.person('mehmet').user, signing, reason: 'left' })
  await expect(cast.session('erika').certifyKey(compared)).rejects.toThrow('ledger-moved-on')
  expect(approved()).toHaveLength(before)
})
