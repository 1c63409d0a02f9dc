// Certifying over time: renewal, how many custodians a founding asks for, passphrases, and assigning oneself (protocol.md § 3; domain.md § 1).
import { connect } from '#libs/client'
import { addDays } from '#libs/domain'
import type { Given, Name } from './support/given.ts'
import { given, refusal } from './support/given.ts'

jest.setTimeout(120_000)

let here: Given
beforeAll(async () => {
  here = await given(['mirjam', 'dragan', 'helena', 'gunvor'])
}, 120_000)
afterAll(() => here.stop())

test('a receiver who is alone assigns herself with a reason and with categories that she chooses', async () => {
  const id = await here.opens('mirjam')
  const { user, session } = here.person('helena')
  const assigned = { user, until: addDays(here.now(), 5), reason: 'alone' } as const
  // Her role carries none by itself: nothing is ever taken to mean everything.
  expect(await refusal(session.assign(id, { ...assigned, categories: 'default' }))).toBe('empty-list')
  expect(await refusal(session.assign(id, { ...assigned, categories: ['threat'] }))).toBe('done')
  expect((await session.case(id)).assignments).toContainEqual(
    expect.objectContaining({ user, categories: ['threat'], state: 'standing' }),
  )
})

test('ending the last reader’s assignment says first what nobody could open any more, another’s does not', async () => {
  const id = await here.opens('mirjam')
  await here.writes('mirjam', id, 'threat', 'hot')
  await here.writes('mirjam', id, 'health', 'hälsa')
  const { user } = here.person('mirjam')
  const unreadable = async () => (await here.session('helena').previewEnding(id, user)).unreadable
  // The case's working title is kept in `plan`.
  expect(await unreadable()).toEqual(['threat', 'health', 'plan'])
  await here.assigns('helena', id, 'dragan')
  // Assigned is not enough: he has no keys before Mirjam's client has given them to him.
  expect(await unreadable()).toEqual(['threat', 'health', 'plan'])
  await here.session('mirjam').case(id)
  expect(await unreadable()).toEqual([])
})

test('a passphrase of one’s own choice is refused below 70 bits, and taken from there on', async () => {
  const session = connect({
    baseUrl: here.sluss.nodes[0]?.url ?? '',
    rootFingerprint: here.sluss.settings.rootFingerprint,
    jar: here.person('mirjam').jar,
    clock: here.milliseconds,
  })
  expect(await refusal(session.createKey('hemlighet123'))).toBe('passphrase-weak')
  // Long enough: what is refused now is that she has a key already.
  expect(await refusal(session.createKey(await session.proposePassphrase()))).toBe('already-exists')
  session.close()
})

test('a founding that asks for one certifier counts for nothing on a node that asks for two, as production does', async () => {
  const { unit, jar, persona } = here.person('mirjam')
  const strict = await here.sluss.startStricter()
  const opensAt = async (baseUrl: string): Promise<string> => {
    const rootFingerprint = here.sluss.settings.rootFingerprint
    const session = connect({ baseUrl, rootFingerprint, jar, clock: here.milliseconds })
    await session.unlock(persona.passphrase)
    const answer = await refusal(session.openCase({ unit, title: '' }))
    session.close()
    return answer
  }
  expect(await opensAt(here.sluss.nodes[0]?.url ?? '')).toBe('done')
  expect(await opensAt(strict.url)).toBe('signer-unknown')
  await strict.close()
})

test('a certification is renewed from thirty days before its end: the key stays, and who is not renewed is out', async () => {
  const [renewed, left] = [here.person('mirjam'), here.person('dragan')]
  const words = (await renewed.session.keyStatus()).words
  const before = (await renewed.session.keyStatus()).validUntil
  const custodian = here.session('helena')
  expect((await custodian.endingKeys()).map((one) => one.user)).not.toContain(renewed.user)
  await here.pass(340 * 24 * 60)
  const ending = await custodian.endingKeys()
  expect(ending.find((one) => one.user === renewed.user)).toMatchObject({ validUntil: before, waits: false })
  const renews = async (by: Name, name: Name): Promise<string> => {
    const shown = (await here.session(by).endingKeys()).find((one) => one.user === here.person(name).user)
    if (shown === undefined) throw new Error(`the certification of ${name} does not end soon`)
    return refusal(here.session(by).renewKey(shown))
  }
  expect(await renews('helena', 'helena')).toBe('role-missing')
  expect(await renews('helena', 'mirjam')).toBe('done')
  expect(await renews('gunvor', 'helena')).toBe('done')
  expect((await custodian.endingKeys()).map((one) => one.user)).not.toContain(renewed.user)
  await here.pass(30 * 24 * 60)
  const after = await renewed.session.keyStatus()
  expect(after).toMatchObject({ state: 'ready', words })
  expect(after.validUntil !== null && before !== null && after.validUntil > before).toBe(true)
  expect(await refusal(renewed.session.cases({}))).toBe('done')
  expect((await left.session.keyStatus()).state).toBe('ended')
  expect(await refusal(left.session.cases({}))).toBe('key-not-certified')
})
