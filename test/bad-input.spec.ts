// What nobody should send, at every operation of the wire: a problem with a 4xx each time, nothing of it repeated, nothing written.
import { randomUUID } from 'node:crypto'
import type { CaseId, RegistrationId, ThreadId } from '#libs/domain'
import type { Operation, ReadMessage } from '#libs/contracts'
import { threads } from '#libs/contracts'
import type { Bare } from './support/bare.ts'
import { operationsByName, sendBare } from './support/bare.ts'
import { rowsOf } from './support/database.ts'
import type { Given, Name } from './support/given.ts'
import { given } from './support/given.ts'

jest.setTimeout(60_000)

let here: Given
let ids: { readonly caseId: CaseId; readonly registrationId: RegistrationId; readonly threadId: ThreadId }
/** A message of hers as she reads it: what is sent is the same again but for its id, and as far from accepted as its one seal. */
let sent: ReadMessage
beforeAll(async () => {
  here = await given(['linnea', 'osman', 'mehmet', 'erika', 'joakim', 'ida'])
  const { id, registration } = await here.aCaseSharedWithPolice(['threat'])
  ids = { caseId: id, registrationId: registration, threadId: await here.writes('linnea', id, 'threat', 'hot') }
  const path = `/cases/${id}/threads/${ids.threadId}/messages`
  const answer = await sendBare(here.sluss.nodes[0]?.url ?? '', { method: 'GET', path, jar: here.person('linnea').jar })
  const [first] = threads.table.read.answer.parse(answer.body).messages
  if (first === undefined) throw new Error('she has written one')
  sent = first
}, 120_000)
afterAll(() => here.stop())

// ---- requests in form, about nothing

const octets = (length: number): string => Buffer.alloc(length, 7).toString('base64')
const signed = { bytes: '{}', signature: octets(64) }
const append = { statements: [signed], wraps: [{ key: randomUUID(), to: 'epoch', bytes: octets(60) }] }
const key = {
  publicKey: octets(90),
  signing: 'a'.repeat(64),
  encryption: 'b'.repeat(64),
  lockedPrivateKey: octets(90),
}

function bodyInForm(name: string): unknown {
  switch (name) {
    case 'keys.create':
      return key
    case 'cases.title':
      return { key: randomUUID(), bytes: octets(60) }
    case 'threads.send':
      return {
        append: null,
        message: {
          id: randomUUID(),
          compartment: sent.compartment,
          thread: ids.threadId,
          author: here.person('linnea').user,
          at: here.now(),
          commit: 'a'.repeat(64),
          ciphertext: sent.ciphertext,
          seals: sent.seals.map(({ key, bytes }) => ({ key, bytes })),
          leftOut: [{ flow: `${randomUUID()}/${randomUUID()}`, cause: 'word' }],
        },
      }
    case 'threads.seal':
      return { append, seals: [{ message: randomUUID(), key: randomUUID(), bytes: octets(100) }] }
    case 'threads.moveCursor':
      return { key: randomUUID(), seq: 1, cursor: signed }
    default:
      return append
  }
}

/** Somebody whom the policy lets through, so that what is wrong is met as far in as it can get. */
const whoMay = (name: string): Name => {
  if (['keys.pending', 'keys.certify', 'keys.end', 'keys.create'].includes(name)) return 'osman'
  if (name === 'cases.assign') return 'joakim'
  return ['consents.confirm', 'consents.narrow'].includes(name) ? 'ida' : 'linnea'
}

const pathOf = (operation: Operation, instead: Readonly<Record<string, string>> = {}): string =>
  operation.path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const known: Readonly<Record<string, string>> = { ...ids, tenantId: here.person('linnea').tenant }
    return instead[name] ?? known[name] ?? randomUUID()
  })

// ---- what is wrong with them

const half = '\ud800'
const deep = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels))
const wrongValues: readonly unknown[] = [
  null,
  -1,
  2 ** 31,
  1e300,
  '',
  'SECRET\u0000',
  `SECRET${half}`,
  '0000-01-01T00:00Z',
  'x'.repeat(70_000),
  [],
  { ['__proto__']: { SECRET: 1 } },
  deep(3_000),
]

type Path = readonly (string | number)[]
function placesIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([name, part]) => placesIn(part, [...path, name]))]
}
function replaced(value: unknown, [step, ...rest]: Path, by: unknown): unknown {
  if (step === undefined) return by
  if (Array.isArray(value)) return value.map((part, n) => (n === Number(step) ? replaced(part, rest, by) : part))
  const members = value as Readonly<Record<string, unknown>> // a place of it was found there
  return { ...members, [step]: replaced(members[step], rest, by) }
}

const wrongWhole: readonly string[] = [
  '{"statements":',
  'null',
  '7',
  '"SECRET"',
  '[]',
  '{}',
  '{"statements":1e400}',
  '['.repeat(100_000),
  `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
  '{"__proto__":{"statements":[]}}',
  '\u0000',
  '\ufeff{',
]

const place = (text: string): string => Buffer.from(text).toString('base64url')
const uuid = '00000000-0000-4000-8000-000000000000'
const wrongInQuery: readonly string[] = [
  '',
  'SECRET',
  '-1',
  '1e12',
  '99999999999999999999',
  'NaN',
  '\u0000',
  `${uuid}0`,
  'x'.repeat(5_000),
  place(`2025-99-99T00:00:00.000000Z ${uuid}`),
  place(`2025-02-30T00:00:00.000000Z ${uuid}`),
  place(`2025-02-20T24:00:00.000000Z ${uuid}`),
  place(`0000-01-01T00:00:00.000000Z ${uuid}`),
  place(`2025-01-01T00:00:00.000000Z abc`),
  place('2025-01-01T00:00:00.000000Z 9223372036854775808'),
  place(`2025-01-01T00:00:00.000000Z ${'-'.repeat(36)}`),
]
/** Read as the smallest number, which is in form. */
const isInForm = (name: string, value: string): boolean => value === '' && name === 'from'

const wrongInPath: readonly string[] = [
  'SECRET',
  '%00',
  '%E0%A4%A',
  '..%2f..%2fhealth',
  `${uuid}0`,
  uuid.replaceAll('0', 'G'),
  "'%20or%20''='",
  'x'.repeat(3_000),
]

const memberNames = (schema: Operation['params']): readonly string[] =>
  schema !== undefined && 'shape' in schema ? Object.keys(schema.shape as object) : [] // the parameters of a path or query are an object's

function* wrongRequests(name: string, operation: Operation): Iterable<Bare> {
  const { method } = operation
  const jar = here.person(whoMay(name)).jar
  const path = pathOf(operation)
  const body = operation.body === undefined ? null : bodyInForm(name)
  const common = { method, path, jar }
  for (const parameter of memberNames(operation.params))
    for (const wrong of wrongInPath)
      yield {
        ...common,
        path: pathOf(operation, { [parameter]: wrong }),
        text: body === null ? null : JSON.stringify(body),
      }
  for (const parameter of memberNames(operation.query)) {
    for (const wrong of wrongInQuery)
      if (!isInForm(parameter, wrong)) yield { ...common, path: `${path}?${parameter}=${encodeURIComponent(wrong)}` }
    yield { ...common, path: `${path}?${parameter}=1&${parameter}=2` }
  }
  if (operation.query !== undefined) yield { ...common, path: `${path}?more=SECRET` }
  if (method !== 'GET') {
    yield { ...common, text: '{"statements":' }
    yield { ...common, text: JSON.stringify({ padding: 'x'.repeat(1_100_000) }) }
    yield { ...common, text: '{}', headers: { 'content-type': 'application/json; charset=utf-99' } }
    yield { ...common, text: '{}', headers: { 'content-encoding': 'gzip' } }
    yield { ...common, text: '{}', headers: { 'content-encoding': 'sdch' } }
  }
  if (body === null) return
  for (const text of wrongWhole) yield { ...common, text }
  yield common
  for (const type of ['text/plain', 'application/xml', 'multipart/form-data', 'application/x-www-form-urlencoded', '*'])
    yield { ...common, text: JSON.stringify(body), headers: { 'content-type': type } }
  for (const at of placesIn(body))
    for (const wrong of wrongValues) yield { ...common, text: JSON.stringify(replaced(body, at, wrong)) }
  yield { ...common, text: JSON.stringify({ ...body, more: 'SECRET' }) }
}

// ---- what is answered

/** Rows in every table but of what was refused, which is what the log is for. */
async function rowsWritten(): Promise<unknown> {
  const tables = await rowsOf<{ name: string }>(
    here.sluss.database.adminUrl,
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname not like 'audit_%'`,
  )
  const counted = tables.map(({ name }) => `(select count(*) from ${name}) as ${name}`)
  counted.push(`(select count(*) from audit_entries where outcome = 'allowed') as acts`)
  return (await rowsOf(here.sluss.database.adminUrl, `select ${counted.join(', ')}`))[0]
}

async function answersTo(requests: Iterable<Bare>): Promise<{ readonly count: number; readonly wrong: string[] }> {
  const url = here.sluss.nodes[0]?.url ?? ''
  const waiting = requests[Symbol.iterator]()
  const wrong: string[] = []
  let count = 0
  const take = async (): Promise<void> => {
    for (let next = waiting.next(); next.done !== true; next = waiting.next()) {
      count += 1
      const answer = await sendBare(url, next.value)
      const isProblem =
        answer.status >= 400 &&
        answer.status < 500 &&
        answer.contentType.startsWith('application/problem+json') &&
        String(answer.body['type']).startsWith('/problems/') &&
        answer.body['status'] === answer.status &&
        !JSON.stringify(answer.body).includes('SECRET')
      if (!isProblem)
        wrong.push(
          `${answer.status} ${answer.contentType} to ${JSON.stringify({ ...next.value, jar: 0 }).slice(0, 400)}`,
        )
    }
  }
  await Promise.all(Array.from({ length: 6 }, take))
  return { count, wrong }
}

const takesInput = [...operationsByName].filter(
  ([, { params, query, method }]) => params !== undefined || query !== undefined || method !== 'GET',
)

test.each(takesInput)('%s answers whatever is wrong with a problem, and writes nothing', async (name, operation) => {
  const before = await rowsWritten()
  const { count, wrong } = await answersTo(wrongRequests(name, operation))
  expect(wrong).toEqual([])
  expect(count).toBeGreaterThan(4)
  expect(await rowsWritten()).toEqual(before)
})

test('the operations that take nothing are those one knows, and what is around the operations is as hard to upset', async () => {
  const others = [...operationsByName.keys()].filter((name) => !takesInput.some(([taken]) => taken === name))
  expect(others).toEqual([
    'sessions.tenants',
    'sessions.me',
    'tenants.directory',
    'tenants.staff',
    'keys.own',
    'keys.pending',
  ])
  const { jar } = here.person('linnea')
  const around: readonly Bare[] = [
    { method: 'GET', path: '/no-such-thing' },
    { method: 'GET', path: '/problems/%00' },
    { method: 'GET', path: '/problems/__proto__' },
    { method: 'GET', path: '/auth/sign-in' },
    { method: 'GET', path: '/auth/sign-in?tenant=SECRET' },
    { method: 'GET', path: `/auth/sign-in?tenant=${uuid}` },
    { method: 'GET', path: '/%E0%A4%A' },
    { method: 'PUT', path: '/cases', jar, text: '{}' },
    { method: 'PATCH', path: '/session', jar, text: '{' },
    ...['{}', '{"at":7}', '{"at":"2025-99-99T00:00:00Z"}', '{"at":"real","more":1}', '{"at":'].map((text) => ({
      method: 'POST',
      path: '/development/clock',
      text,
    })),
    { method: 'GET', path: '/session', headers: { cookie: 'sluss=%00' } },
    { method: 'GET', path: '/session', headers: { cookie: `sluss=s%3A${'x'.repeat(4_000)}` } },
  ]
  expect((await answersTo(around)).wrong).toEqual([])
})

test('the same requests in form are answered: what was refused was refused for what is wrong', async () => {
  const url = here.sluss.nodes[0]?.url ?? ''
  const { jar } = here.person('linnea')
  for (const name of ['cases.list', 'cases.read', 'threads.list', 'threads.read', 'threads.cursors', 'audit.ofCase']) {
    const operation = operationsByName.get(name)
    if (operation === undefined) throw new Error(name)
    const answer = await sendBare(url, { method: operation.method, path: pathOf(operation), jar })
    expect([name, answer.status]).toEqual([name, 200])
  }
  const beyond = place(`2025-01-01T00:00:00.000000Z ${uuid}`)
  const empty = await sendBare(url, { method: 'GET', path: `/cases?after=${beyond}`, jar })
  expect([empty.status, empty.body]).toEqual([200, { cases: [], next: null }])
})
