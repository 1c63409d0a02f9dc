// Nothing is mounted that the access table or the hand-written list of public doors does not speak of.
import { capabilities, requests } from '#libs/contracts'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { io } from 'socket.io-client'
import { cookiesOf } from '../support/bare.ts'
import type { Given } from '../support/given.ts'
import { given } from '../support/given.ts'
import { heardBy, mountedOn, namespacesOf } from '../support/mounted.ts'
import type { Running } from '../support/running.ts'
import { accessTable } from './access-table.ts'

type RunningApi = Running['nodes'][number]

jest.setTimeout(180_000)

/** What is open to whoever comes, each with the reason for which no row of the table is asked. */
const publicDoors: Readonly<Record<string, string>> = {
  'GET /health': 'asked by the proxy and by operations; answers with two booleans',
  'GET /openapi.json': 'the contract, which is public',
  'GET /problems/:name': 'what each problem means; the names are in the contract',
  'GET /configuration.json': 'the root’s fingerprint, which a client must know before anybody signs in',
  'GET /auth/login': 'begins a login at the provider of the tenant that was chosen',
  'GET /auth/callback/:tenant': 'ends that login; takes the state and the nonce of one that this browser began',
}
/** Only where no web client is served. */
const withoutClient = { 'GET /': 'says that this is the API' }
const inDevelopment = { 'POST /development/clock': 'moves the clock of a demo or a test; never mounted in production' }

/** What sees every request, in this order; Nest's own have no name: its first, and its answers to what nobody took or somebody threw. */
const nests = '<anonymous>'
const everyRequest = [
  nests,
  'nameRequest',
  'noStore',
  'helmetMiddleware',
  'session',
  'refuseCrossSite',
  'jsonParser',
  'answerProblem',
  nests,
  nests,
]
/** The built client: its files, and its one page for every address that a person opens. */
const client = ['serveStatic', 'servePage']

const bound = capabilities.flatMap(({ capability, table }) =>
  Object.entries(table).map(([name, { method, path }]) => ({
    row: `${capability}.${name}`,
    route: `${method} ${path}`,
  })),
)

let here: Given
let inProduction: RunningApi
const folder = mkdtempSync(join(tmpdir(), 'sluss-client-'))
beforeAll(async () => {
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Sluss</title>')
  here = await given(['linnea', 'mehmet', 'erika'])
  inProduction = await here.sluss.startNode({ mode: 'production', webFolder: folder })
})
afterAll(async () => {
  await inProduction.close()
  await here.stop()
  rmSync(folder, { recursive: true })
})

const node = (): RunningApi => {
  const [first] = here.sluss.nodes
  if (first === undefined) throw new Error('the suite asked for a node')
  return first
}
const expectedRoutes = (doors: Readonly<Record<string, string>>): readonly string[] =>
  [...bound.map(({ route }) => route), ...Object.keys(doors)].sort()

test('every mounted route has a row or a reason to be public, and each of them is mounted', () => {
  const { routes } = mountedOn(node().express)
  expect([...routes].sort()).toEqual(expectedRoutes({ ...publicDoors, ...withoutClient, ...inDevelopment }))
  expect(bound.filter(({ row }) => accessTable[row] === undefined)).toEqual([])
})

test('in production the clock is not there to be moved', async () => {
  expect([...mountedOn(inProduction.express).routes].sort()).toEqual(expectedRoutes(publicDoors))
})

test('what sees every request is what start.ts names, and no more', () => {
  expect(mountedOn(node().express).middleware).toEqual(everyRequest)
  const withClient = everyRequest.flatMap((name) => (name === 'session' ? [...client, name] : [name]))
  expect(mountedOn(inProduction.express).middleware).toEqual(withClient)
})

type Express = RunningApi['express']
/** Something that answers, as a careless hand would mount it. */
const quietly = (_request: unknown, response: { json(body: object): unknown }): void => {
  response.json({ quietly: true })
}

test.each<readonly [string, (api: Express) => void, string]>([
  ['a route', (api) => api.get('/quietly', quietly), 'GET /quietly'],
  ['a route for every method', (api) => api.all('/loudly', quietly), 'DELETE /loudly'],
  ['bare middleware under a path', (api) => api.use('/aside', quietly), 'quietly at a path of its own'],
  ['a whole API under a path', (api) => api.use('/beneath', inProduction.express), 'mounted_app at a path of its own'],
])('%s that is mounted past the binder is found', (_what, mount, found) => {
  const all = (): readonly string[] => Object.values(mountedOn(node().express)).flat()
  expect(all()).not.toContain(found)
  mount(node().express)
  expect(all()).toContain(found)
})

test('a socket is listened to for the table’s requests and no other, in one namespace', async () => {
  const socket = io(node().url, {
    transports: ['websocket'],
    forceNew: true,
    extraHeaders: { cookie: cookiesOf(here.person('linnea').jar) },
  })
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve())
      socket.once('connect_error', reject)
    })
    const heard = heardBy(node().sockets, socket.id ?? '')
    expect([...heard].sort()).toEqual(Object.keys(requests).sort())
    expect(heard.filter((name) => accessTable[`request ${name}`] === undefined)).toEqual([])
    // A second gateway would listen on the same socket.
    node()
      .sockets.sockets.sockets.get(socket.id ?? '')
      ?.on('case.erase', () => undefined)
    expect(heardBy(node().sockets, socket.id ?? '')).toContain('case.erase')
    expect(namespacesOf(node().sockets)).toEqual(['/'])
  } finally {
    socket.close()
  }
})
