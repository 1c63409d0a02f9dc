// Runs the access table over HTTP: every operation in a case, for people who stand to it in each way, as the table says by hand.
import type { Operation } from '#libs/contracts'
import { capabilities } from '#libs/contracts'
import { randomUUID } from 'node:crypto'
import type { Given, Name } from '../support/given.ts'
import { rowsOf } from '../support/database.ts'
import { boras, given } from '../support/given.ts'
import type { Answer } from './asking.ts'
import { ask as send, expected, givenRoles, said } from './asking.ts'
import { accessRelations } from './notation.ts'
import type { Place, Standing, Standings } from './standings.ts'
import { everybody, standingsIn } from './standings.ts'

jest.setTimeout(180_000)

let here: Given
let standings: Standings

beforeAll(async () => {
  here = await given(everybody)
  standings = await standingsIn(here)
}, 300_000)
afterAll(() => here.stop())

const octets = (length: number): string => Buffer.alloc(length, 7).toString('base64')
const append = { statements: [{ bytes: '{}', signature: octets(64) }], wraps: [] }
/** Her own authority's compartment, or where it has none the owner's; an id that nothing has in an unknown case. */
async function compartmentOf(who: Name, { id, category }: Place): Promise<string> {
  const rows = await rowsOf<{ id: string; authority_id: string }>(
    here.sluss.database.adminUrl,
    'select id, authority_id from compartments where case_id = $1 and category = $2 order by authority_id = $3 desc, authority_id = $4 desc',
    [id, category, here.person(who).authority, boras],
  )
  return rows[0]?.id ?? randomUUID()
}

/** In form, and about nothing: whoever gets past the policy is refused for what it says. */
async function bodyFor(name: string, { who, place }: Standing): Promise<unknown> {
  const { thread } = place
  const key = randomUUID()
  switch (name) {
    case 'cases.title':
      return { key, bytes: octets(60) }
    case 'threads.send': {
      const seals = [{ key, bytes: octets(100) }]
      const [at, commit] = [here.now(), 'a'.repeat(64)]
      const message = {
        id: randomUUID(),
        compartment: await compartmentOf(who === 'anonymous' ? 'linnea' : who, place),
        thread,
        author: here.person('linnea').user,
        at,
        commit,
        ciphertext: octets(300),
        seals,
        leftOut: [],
      }
      return { append: null, message }
    }
    case 'threads.seal':
      return { append, seals: [{ message: randomUUID(), key, bytes: octets(100) }] }
    case 'threads.moveCursor':
      return { key, seq: 1, cursor: append.statements[0] }
    default:
      return append
  }
}

async function ask(operation: Operation, name: string, { who, place, roles }: Standing): Promise<Answer> {
  const path = operation.path
    .replace(':caseId', place.id)
    .replace(':threadId', place.thread)
    .replace(':registrationId', place.registration)
    .replace(':disclosure', 'a'.repeat(64))
  return send(here, who, {
    method: operation.method,
    path,
    ...(operation.body === undefined ? {} : { body: await bodyFor(name, { who, place, roles }) }),
  })
}

const unknownPlace = (): Place =>
  ({ id: randomUUID(), registration: randomUUID(), thread: randomUUID(), category: 'threat' }) as unknown as Place // ids that nothing has

const inCases = capabilities.flatMap(({ capability, table }) =>
  Object.entries(table)
    .filter(([, operation]) => operation.path.includes(':caseId'))
    .map(([name, operation]): [string, Operation] => [`${capability}.${name}`, operation]),
)

test('somebody stands in each way', () => {
  expect([...standings.keys()].sort()).toEqual([...accessRelations].sort())
})

test.each(inCases)('%s is answered as the table says', async (name, operation) => {
  const found: Record<string, string> = {}
  const wanted: Record<string, string> = {}
  for (const [relation, people] of standings)
    for (const standing of people) {
      const label = `${relation}: ${standing.who}`
      found[label] = said(await ask(operation, name, standing))
      wanted[label] = expected(name, relation, standing.roles)
    }
  expect(found).toEqual(wanted)
})

test.each(inCases)(
  '%s says of what is not there for her exactly what it says of an unknown id',
  async (name, operation) => {
    for (const relation of ['stranger', 'otherBoard', 'unassigned'] as const)
      for (const standing of standings.get(relation) ?? []) {
        const known = await ask(operation, name, standing)
        expect(known.status).toBe(404)
        expect(known.whole).toBe((await ask(operation, name, { ...standing, place: unknownPlace() })).whole)
      }
  },
)

test('a thread of another category is answered as one that does not exist in the same case', async () => {
  const [standing] = standings.get('otherCategory') ?? []
  if (standing === undefined) throw new Error('somebody stands so')
  for (const name of ['threads.read', 'threads.cursors', 'threads.moveCursor']) {
    const operation = inCases.find(([one]) => one === name)?.[1]
    if (operation === undefined) throw new Error(name)
    const known = await ask(operation, name, standing)
    expect(known.status).toBe(404)
    const unknown = { ...standing, place: { ...standing.place, thread: unknownPlace().thread } }
    expect(known.whole).toBe((await ask(operation, name, unknown)).whole)
  }
})

test.each(['security_officer', 'data_protection_officer', 'archivist'])(
  'the log of a case is read by a %s as the table says',
  async (role) => {
    const operation = inCases.find(([one]) => one === 'audit.ofCase')?.[1]
    if (operation === undefined) throw new Error('audit.ofCase')
    const [found, wanted]: [string[], string[]] = [[], []]
    for (const [relation, people] of standings)
      for (const { who, place } of people) {
        if (who !== 'anonymous') await givenRoles(here, who, [role])
        found.push(`${relation}, ${who}: ${said(await ask(operation, 'audit.ofCase', { who, place, roles: [role] }))}`)
        wanted.push(`${relation}, ${who}: ${expected('audit.ofCase', relation, [role])}`)
        if (who !== 'anonymous') await givenRoles(here, who, here.person(who).persona.roles)
      }
    expect(found).toEqual(wanted)
  },
)
