// Runs the access table over HTTP: every operation in a case, for people who stand to it in each way, as the table says by hand.
import type { Operation } from '#libs/contracts'
import { capabilities } from '#libs/contracts'
import type { CaseId, Category, RegistrationId, ThreadId } from '#libs/domain'
import { randomUUID } from 'node:crypto'
import type { Given, Name } from '../support/given.ts'
import { rowsOf } from '../support/database.ts'
import { boras, given } from '../support/given.ts'
import type { Answer, Asking } from './asking.ts'
import { ask as send, expected, said } from './asking.ts'
import type { AccessRelation } from './notation.ts'

jest.setTimeout(180_000)

type Place = {
  readonly id: CaseId
  readonly registration: RegistrationId
  readonly thread: ThreadId
  readonly category: Category
}
type Standing = { readonly who: Asking; readonly roles: readonly string[]; readonly place: Place }

let here: Given
let standings: ReadonlyMap<AccessRelation, readonly Standing[]>

/** Shared from Borås alone, and each side has written in its own compartment: the consent is not the Police's to confirm or narrow. */
async function sharedCase(days: number): Promise<Place> {
  const { id, registration } = await here.aCaseSharedWithPolice(['threat'], { days, direction: 'from-us' })
  await here.writes('ida', id, 'threat', 'polisens eget')
  return { id, registration, thread: await here.writes('linnea', id, 'threat', 'hot, delat'), category: 'threat' }
}
const rolesOf = (who: Name): readonly string[] => here.person(who).persona.roles

beforeAll(async () => {
  here = await given(['linnea', 'mehmet', 'osman', 'erika', 'joakim', 'ida', 'nermina', 'robin', 'tove'])
  const [open, ended, withdrawn, expired] = [
    await sharedCase(100),
    await sharedCase(100),
    await sharedCase(100),
    await sharedCase(1),
  ]
  const thread = await here.writes('linnea', open.id, 'health', 'bara vårt')
  await here.writes('ida', open.id, 'health', 'polisens eget')
  const otherCategory = { ...open, thread, category: 'health' } as const
  await here.pass(1)
  await here.session('joakim').endAssignment(ended.id, here.person('ida').user, 'ended')
  await here.session('linnea').withdrawConsent(withdrawn.id, withdrawn.registration)
  await here.pass(24 * 60)
  const stands = (who: Name, place: Place): Standing => ({ who, roles: rolesOf(who), place })
  standings = new Map<AccessRelation, readonly Standing[]>([
    ['own', [stands('linnea', open)]],
    ['unassigned', [stands('osman', open), stands('nermina', open)]],
    ['ended', [stands('ida', ended)]],
    ['receiver', [stands('joakim', open)]],
    ['otherBoard', [stands('erika', open)]],
    ['covered', [stands('ida', open)]],
    ['otherCategory', [stands('ida', otherCategory)]],
    ['expired', [stands('ida', expired)]],
    ['withdrawn', [stands('ida', withdrawn)]],
    ['stranger', [stands('robin', open), stands('tove', open)]],
    ['anonymous', [{ who: 'anonymous', roles: ['caseworker'], place: open }]],
  ])
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
