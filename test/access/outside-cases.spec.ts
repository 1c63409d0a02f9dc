// Runs the rows that are about no case over HTTP: every role × each way to stand to the person, unit and organisation asked about.
import type { Operation } from '#libs/contracts'
import { capabilities } from '#libs/contracts'
import type { PlaceName } from '#libs/domain'
import { addDays } from '#libs/domain'
import { createHash, randomUUID } from 'node:crypto'
import { once, rowsOf } from '../support/database.ts'
import type { Given, Name } from '../support/given.ts'
import { given } from '../support/given.ts'
import { signs } from '../gates/pen.ts'
import { tableRoles, accessTable } from './access-table.ts'
import type { Asking } from './asking.ts'
import { ask, expected, givenRoles, said } from './asking.ts'
import type { AccessRelation } from './notation.ts'
import { relationsOf } from './notation.ts'

jest.setTimeout(240_000)

/** Each as she stands to Linnea, her unit, her board and her kommun. */
const stands: readonly (readonly [AccessRelation, Asking])[] = [
  ['own', 'linnea'],
  ['unassigned', 'osman'],
  ['otherBoard', 'erika'],
  ['stranger', 'ida'],
  ['anonymous', 'anonymous'],
]

let here: Given
beforeAll(async () => {
  here = await given(['linnea', 'mehmet', 'osman', 'erika', 'joakim', 'ida'])
}, 120_000)
afterAll(() => here.stop())

const outside = new Map(
  capabilities.flatMap(({ capability, table }) =>
    Object.entries(table)
      .filter(([, operation]) => !operation.path.includes(':caseId'))
      .map(([name, operation]): [string, Operation] => [`${capability}.${name}`, operation]),
  ),
)

type Ask = (who: Asking, operation: Operation) => Promise<string>
const octets = (length: number): string => Buffer.alloc(length, 7).toString('base64')
const plainly: Ask = async (who, { method, path }) => said(await ask(here, who, { method, path }))

/** What a list holds is its answer: it refuses nobody who is signed in. */
const listing =
  (holds: (body: never) => boolean): Ask =>
  async (who, { method, path }) => {
    const answer = await ask(here, who, { method, path })
    if (answer.status !== 200) return said(answer)
    return holds(answer.body as never) ? 'yes' : 'absent'
  }

/** Over, and she signs in again: the next question needs a session. */
const endingTheSession: Ask = async (who, { method, path }) => {
  const answer = await ask(here, who, { method, path })
  if (who !== 'anonymous' && answer.status === 200) {
    expect((await ask(here, who, { method: 'GET', path: '/session' })).status).toBe(401)
    await here.signInto(here.person(who).jar, who)
  }
  return said(answer)
}

type Key = { readonly signing: string; readonly encryption: string; readonly publicKey: string }
async function keyOf(name: Name): Promise<Key> {
  const [key] = await rowsOf<Key>(
    here.sluss.database.adminUrl,
    `select signing, encryption, translate(encode(public_key, 'base64'), E'\\n', '') as "publicKey" from staff_keys where user_id = $1`,
    [here.person(name).user],
  )
  if (key === undefined) throw new Error(`${name} has a key`)
  return key
}

/**
 * About Linnea's key, really signed by the one who asks, at a place that her chain has passed: whoever gets past the policy is refused
 * by the chain, and nothing is certified or ended.
 */
const aboutHerKey =
  (type: 'key.certified' | 'key.ended', body: () => Promise<object>): Ask =>
  async (who, { method, path }) => {
    const signer = who === 'anonymous' ? 'linnea' : who
    const place = `tenant/${here.person(signer).tenant}` as PlaceName
    const statement = await signs(here, signer, { place, type, body: await body(), behind: true })
    return said(await ask(here, who, { method, path, body: { statements: [statement], wraps: [] } }))
  }

const asks: Readonly<Record<string, Ask>> = {
  'sessions.tenants': plainly,
  'sessions.me': plainly,
  'sessions.end': endingTheSession,
  'sessions.endEverywhere': endingTheSession,
  'tenants.directory': listing(({ tenants }: { tenants: readonly { id: string }[] }) =>
    tenants.some((one) => one.id === here.person('linnea').tenant),
  ),
  'tenants.staff': listing(({ staff }: { staff: readonly { user: string }[] }) =>
    staff.some((one) => one.user === here.person('linnea').user),
  ),
  'tenants.chain': async (who, { method, path }) =>
    said(await ask(here, who, { method, path: path.replace(':tenantId', here.person('linnea').tenant) })),
  'keys.own': plainly,
  // No key at all: whoever gets past the policy is told what is wrong with it.
  'keys.create': async (who, { method, path }) => {
    const half = { publicKey: octets(60), signing: 'a'.repeat(64), encryption: 'b'.repeat(64) }
    return said(await ask(here, who, { method, path, body: { ...half, lockedPrivateKey: octets(60) } }))
  },
  'keys.pending': listing(({ keys }: { keys: readonly { user: string }[] }) =>
    keys.some((one) => one.user === here.person('linnea').user),
  ),
  'keys.certify': aboutHerKey('key.certified', async () => {
    const { user, persona, authority, unit } = here.person('linnea')
    return {
      user,
      ...(await keyOf('linnea')),
      roles: [...persona.roles].sort(),
      authority,
      units: [unit],
      validUntil: addDays(here.now(), 365),
      label: createHash('sha256').update('name and title').digest('hex'),
    }
  }),
  'keys.end': aboutHerKey('key.ended', async () => ({
    user: here.person('linnea').user,
    signing: (await keyOf('linnea')).signing,
    reason: 'lost',
  })),
  // Whole but for its number, which is nobody's: whoever gets past the policy is told so.
  'cases.open': async (who, { method, path }) => {
    const signer = who === 'anonymous' ? 'linnea' : who
    const place = `ledger/${randomUUID()}/${here.person(signer).authority}` as PlaceName
    const { unit } = here.person('linnea')
    const statements = [
      await signs(here, signer, { place, type: 'ledger.opened', body: { unit, as: 'owner' } }),
      await signs(here, signer, { place, type: 'case.opened', body: { number: 'ingens', individual: randomUUID() } }),
    ]
    return said(await ask(here, who, { method, path, body: { statements, wraps: [] } }))
  },
  // Of a case that Linnea opened and nobody else is assigned to.
  'cases.list': listing(({ cases }: { cases: readonly { id: string }[] }) => cases.some((one) => one.id === herCase)),
}
let herCase = ''

test('every operation about no case is asked here', () => {
  expect(Object.keys(asks).sort()).toEqual([...outside.keys()].sort())
})

/** A list of cases has the relations of a case; here those that need no consent. */
const relationsHere = (name: string): readonly AccessRelation[] =>
  relationsOf[accessTable[name]?.about ?? 'door'].filter((relation) => stands.some(([one]) => one === relation))

async function everyCell(name: string): Promise<Readonly<Record<'found' | 'wanted', readonly string[]>>> {
  const operation = outside.get(name)
  const question = asks[name]
  if (operation === undefined || question === undefined) throw new Error(`${name} is not asked`)
  const [found, wanted]: [string[], string[]] = [[], []]
  for (const [relation, who] of stands.filter(([one]) => relationsHere(name).includes(one))) {
    for (const role of who === 'anonymous' ? ['caseworker'] : tableRoles) {
      if (who !== 'anonymous') await givenRoles(here, who, [role])
      found.push(`${role} × ${relation}: ${await question(who, operation)}`)
      wanted.push(`${role} × ${relation}: ${expected(name, relation, [role])}`)
    }
    if (who !== 'anonymous') await givenRoles(here, who, here.person(who).persona.roles)
  }
  return { found, wanted }
}

test.each([...outside.keys()].filter((name) => !['keys.pending', 'cases.list'].includes(name)))(
  '%s is answered as the table says, for every role and relation',
  async (name) => {
    const { found, wanted } = await everyCell(name)
    expect(found).toEqual(wanted)
  },
)

test('cases.list holds the case as the table says, for every role and relation', async () => {
  herCase = await here.opens('linnea')
  const { found, wanted } = await everyCell('cases.list')
  expect(found).toEqual(wanted)
})

test('keys.pending holds the waiting key as the table says, for every role and relation', async () => {
  const { user } = here.person('linnea')
  await once(here.sluss.database.adminUrl, `update staff_keys set state = 'pending' where user_id = '${user}'`)
  const { found, wanted } = await everyCell('keys.pending')
  await once(here.sluss.database.adminUrl, `update staff_keys set state = 'certified' where user_id = '${user}'`)
  expect(found).toEqual(wanted)
})

test('after all of it, nothing is certified, ended or opened that was not before', async () => {
  const states = await rowsOf<{ state: string }>(here.sluss.database.adminUrl, 'select distinct state from staff_keys')
  expect(states).toEqual([{ state: 'certified' }])
  const cases = await rowsOf<{ id: string }>(here.sluss.database.adminUrl, 'select id from cases')
  expect(cases).toEqual([{ id: herCase }])
})
