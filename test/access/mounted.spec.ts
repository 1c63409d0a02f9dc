// Nothing is mounted that the access table or the hand-written list of public doors does not speak of.
import { capabilities, requests } from '#libs/contracts'
import type { RequestHandler } from 'express'
import express from 'express'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { io } from 'socket.io-client'
import type { RunningApi } from '../../apps/api/src/platform/start.ts'
import { startApi } from '../../apps/api/src/platform/start.ts'
import { freePort } from '../support/cluster.ts'
import type { Given } from '../support/given.ts'
import { given } from '../support/given.ts'
import { heardBy, mountedOn, namespacesOf } from '../support/mounted.ts'
import { cookieOf } from '../gates/pen.ts'
import { accessTable } from './access-table.ts'

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
  const { settings } = here.sluss
  inProduction = await startApi({ ...settings, mode: 'production', port: await freePort(), webFolder: folder })
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

/** Something that answers, as a careless hand would mount it. */
const quietly: RequestHandler = (_request, response) => void response.json({ quietly: true })

test.each<readonly [string, (api: ReturnType<typeof express>) => void, string]>([
  ['a route', (api) => api.get('/quietly', quietly), 'GET /quietly'],
  ['every method of a path', (api) => api.all('/quietly', quietly), 'GET /quietly'],
  ['a router', (api) => api.use(express.Router().post('/quietly', quietly)), 'POST /quietly'],
  [
    'a router under a path',
    (api) => api.use('/in', express.Router().get('/quietly', quietly)),
    'GET /(somewhere)/quietly',
  ],
])('%s that is mounted past the binder is found', (_what, mount, found) => {
  const api = express()
  mount(api)
  expect(mountedOn(api).routes).toContain(found)
})

test('a route that is mounted on the running API itself is found', async () => {
  const before = mountedOn(node().express).routes
  node().express.get('/quietly', quietly)
  const added = mountedOn(node().express).routes.filter((route) => !before.includes(route))
  expect(added).toEqual(['GET /quietly'])
})

test('a path that is answered by bare middleware is found', () => {
  const api = express()
  api.use('/quietly', quietly)
  expect(mountedOn(api).middleware).toEqual(['quietly at a path of its own'])
})

test('a socket is listened to for the table’s requests and no other, in one namespace', async () => {
  const socket = io(node().url, {
    transports: ['websocket'],
    forceNew: true,
    extraHeaders: { cookie: cookieOf(here, 'linnea') },
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
