// What a case comes to over time: many messages without a new key, keys renewed for years, custodians who follow each other, and a
// person whose key has ended without her having heard of it.
import type { CaseId, Custodian, RegistrationId } from '#libs/domain'
import { addDays, id } from '#libs/domain'
import { connect } from './connect.ts'
import { authorityOf, boras, Cast, police, unitOf } from './spec/cast.ts'

jest.setTimeout(180_000)

const cast = new Cast()
beforeAll(() => cast.begin())
afterEach(() => cast.server.lies.clear())

const day = 24 * 60
const tenantPlace = (of: typeof boras): `tenant/${string}` => `tenant/${of.id}`

async function shared(): Promise<{ readonly theCase: CaseId; readonly registration: RegistrationId }> {
  const [anna, erik, joakim] = [cast.session('anna'), cast.session('erik'), cast.session('joakim')]
  const theCase = await anna.openCase({ unit: unitOf(boras), title: 'Över tid' })
  const registration = await anna.registerConsent(theCase, cast.consent(['threat']))
  await joakim.assign(theCase, {
    user: id(cast.person('erik').user),
    categories: 'default',
    until: addDays(cast.at(), 90),
  })
  await erik.case(theCase)
  await erik.confirmConsent(theCase, registration)
  await anna.case(theCase)
  await erik.case(theCase)
  return { theCase, registration }
}

/** Everybody's newest certification, said once more with a later end; a custodian's by another, since nobody certifies herself. */
async function renewsAll(
  of: typeof boras,
  [one, other]: readonly ['mehmet' | 'joakim', 'erika' | 'ida'],
): Promise<void> {
  const ended = cast.server
    .statements()
    .flatMap((each) => (each.type === 'key.ended' ? [each.body.user as string] : []))
  for (const { user } of cast.server.people.filter((each) => each.tenant === of.id && !ended.includes(each.user))) {
    const newest = cast.server
      .statements()
      .findLast((each) => each.type === 'key.certified' && each.body.user === user && each.place === tenantPlace(of))
    if (newest?.type !== 'key.certified') throw new Error('everybody is certified')
    const validUntil = addDays(cast.at(), 365)
    const by = cast.person(one).user === user ? other : one
    await cast.says(by, tenantPlace(of), 'key.certified', { ...newest.body, validUntil })
  }
}

test('a hundred messages in turn, without a change of people, start no key after the first exchange', async () => {
  const { theCase } = await shared()
  const thread = await cast.write('anna', theCase, 'threat', '0')
  await cast.write('erik', theCase, 'threat', '1', thread)
  const before = cast.server.statements().length
  for (let sent = 2; sent < 100; sent += 1)
    await cast.write(sent % 2 === 0 ? 'anna' : 'erik', theCase, 'threat', String(sent), thread)
  expect(cast.server.statements()).toHaveLength(before)
  const all = Array.from({ length: 100 }, (_, place) => String(place))
  expect(await cast.read(cast.session('anna'), theCase, thread)).toEqual(all)
  expect(await cast.read(cast.session('erik'), theCase, thread)).toEqual(all)
})

test('a person whose key has ended and who was kept from hearing of it writes for nobody; what she wrote before stays', async () => {
  const { theCase } = await shared()
  const lisa = id<Parameters<ReturnType<Cast['session']>['endAssignment']>[1]>(cast.person('lisa').user)
  await cast.session('mehmet').assign(theCase, { user: lisa, categories: 'default', until: addDays(cast.at(), 90) })
  await cast.session('anna').case(theCase)
  const thread = await cast.write('lisa', theCase, 'threat', 'medan nyckeln gällde')
  cast.pass(1)
  const places = cast.server.statements().filter((one) => one.place === tenantPlace(boras)).length
  const stoppedAt = cast.server.headOf(tenantPlace(boras))
  await cast.session('mehmet').endKey(lisa, 'compromised')
  cast.pass(1)
  // Lisa alone is shown the chain as it was: her client goes on under keys that the others know to be closed.
  cast.server.lies.set('tenants.chain', ({ statements, ...rest }, person) => ({
    ...rest,
    statements: person.user === lisa ? (statements as unknown[]).slice(0, places) : statements,
  }))
  cast.server.lies.set('cases.read', ({ tenantHeads, ...rest }, person) => ({
    ...rest,
    tenantHeads: person.user === lisa ? { ...(tenantHeads as object), [boras.id]: stoppedAt } : tenantHeads,
  }))
  await cast.write('lisa', theCase, 'threat', 'efter att den avslutats', thread)
  for (const reader of ['anna', 'erik'] as const)
    expect(await cast.read(await cast.newDevice(reader), theCase, thread)).toEqual([
      'medan nyckeln gällde',
      'refused: author-not-certified',
    ])
  cast.server.lies.clear()
  await cast.write('anna', theCase, 'threat', 'de andra går vidare', thread)
  expect((await cast.read(await cast.newDevice('erik'), theCase, thread)).at(-1)).toBe('de andra går vidare')
})

test('an installation that pins another root opens nothing', async () => {
  const { theCase } = await shared()
  const other = connect({
    baseUrl: 'http://paper.example',
    fetch: cast.server.fetchOf(cast.person('anna')),
    rootFingerprint: 'ab'.repeat(32),
    clock: () => Date.parse(`${cast.at().slice(0, 16)}Z`),
  })
  await other.unlock(cast.passphrase)
  await expect(other.case(theCase)).rejects.toMatchObject({ name: 'root-differs' })
})

describe('after a year', () => {
  let theCase: CaseId
  let thread: Awaited<ReturnType<Cast['write']>>

  beforeAll(async () => {
    const begun = await shared()
    theCase = begun.theCase
    thread = await cast.write('anna', theCase, 'threat', 'i början')
    await cast.write('erik', theCase, 'threat', 'svar', thread)
    for (const days of [110, 110, 110]) {
      cast.pass(days * day)
      await renewsAll(boras, ['mehmet', 'erika'])
      await renewsAll(police, ['joakim', 'ida'])
    }
  })

  test('with keys renewed again and again, what was written stays readable and the next message opens', async () => {
    cast.pass(30 * day)
    await cast.write('anna', theCase, 'threat', 'ett år senare', thread)
    expect(await cast.read(await cast.newDevice('anna'), theCase, thread)).toEqual([
      'i början',
      'svar',
      'ett år senare',
    ])
  })

  test('and three changes of custodians, the first message opens, and what the first of them certified still stands', async () => {
    const named = async (...names: readonly ('mehmet' | 'erika' | 'anna')[]): Promise<readonly Custodian[]> => {
      const found = await Promise.all(names.map((name) => cast.session(name).asCustodian()))
      return found.filter((one) => one !== null)
    }
    const changes = [
      ['mehmet', ['mehmet', 'anna']],
      ['anna', ['anna', 'erika']],
      ['erika', ['erika', 'mehmet']],
    ] as const
    for (const [by, custodians] of changes) {
      cast.pass(day)
      await cast.says(by, tenantPlace(boras), 'custodians.set', {
        custodians: await named(...custodians),
        threshold: 1,
      })
    }
    await cast.write('anna', theCase, 'threat', 'efter tre byten', thread)
    expect((await cast.read(await cast.newDevice('anna'), theCase, thread)).at(-1)).toBe('efter tre byten')
    expect((await cast.session('anna').case(theCase)).parties).toContain(authorityOf(police))
  })
})

test('nothing that the clients tried by themselves was refused', () => {
  expect(cast.troubles).toEqual([])
})
