// Signing in, what is answered to whom, and signing out: over HTTP, with the real identity provider of development.
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signIn } from '#libs/client'
import type { CookieJar } from '#libs/client'
import { tenantIdOf } from '../apps/seed/src/ids.ts'
import { cookiesOf } from './support/bare.ts'
import { startSluss } from './support/running.ts'
import type { Running } from './support/running.ts'

let sluss: Running
beforeAll(async () => {
  sluss = await startSluss({ nodes: 2, rootFingerprint: 'a'.repeat(64) })
}, 60_000)
afterAll(() => sluss.stop())

const url = (node: number, path: string): URL => new URL(path, sluss.nodes[node]?.url)

async function ask(
  path: string,
  options: { jar?: CookieJar; method?: string; headers?: Record<string, string>; body?: unknown; node?: number } = {},
): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }> {
  const address = url(options.node ?? 0, path)
  const cookies = options.jar === undefined ? null : cookiesOf(options.jar)
  const answer = await fetch(address, {
    method: options.method ?? 'GET',
    headers: {
      accept: 'application/json',
      'x-sluss': '1',
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(cookies === null ? {} : { cookie: cookies }),
      ...options.headers,
    },
    ...(options.body === undefined
      ? {}
      : { body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body) }),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown>, headers: answer.headers }
}

const asMirjam = (): Promise<CookieJar> =>
  signIn({ baseUrl: sluss.nodes[0]?.url ?? '', tenant: tenantIdOf('t-goteborg'), login: 'p-mirjam' })

test('the organisations one can sign in at are there for anybody', async () => {
  const { status, body } = await ask('/sign-in/tenants')
  expect(status).toBe(200)
  expect(body['tenants']).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'Göteborgs Stad' })]))
})

test('without signing in every other operation answers 401, whatever is asked for', async () => {
  for (const path of ['/session', '/cases', '/cases/not-even-an-id', '/directory', '/keys/own'])
    expect(await ask(path)).toMatchObject({ status: 401, body: { type: '/problems/not-signed-in' } })
})

test('who has signed in on one node is herself on the other', async () => {
  const jar = await asMirjam()
  for (const node of [0, 1]) {
    const { status, body } = await ask('/session', { jar, node })
    expect(status).toBe(200)
    expect(body).toMatchObject({ name: 'Mirjam Öqvist', roles: ['caseworker'] })
  }
})

test('a request that could come from another site is refused', async () => {
  const jar = await asMirjam()
  const foreign = [{ 'x-sluss': '0' }, { 'sec-fetch-site': 'cross-site' }, { origin: 'https://elsewhere.example' }]
  for (const headers of foreign)
    expect(
      await ask('/session', { jar, method: 'DELETE', headers: headers as unknown as Record<string, string> }),
    ).toMatchObject({
      status: 403,
      body: { type: '/problems/cross-site-request' },
    })
  expect((await ask('/session', { jar })).status).toBe(200)
})

test('signing out here leaves the other session, signing out everywhere ends both', async () => {
  const [here, there] = [await asMirjam(), await asMirjam()]
  expect((await ask('/session', { jar: here, method: 'DELETE' })).status).toBe(200)
  expect((await ask('/session', { jar: here })).status).toBe(401)
  expect((await ask('/session', { jar: there })).status).toBe(200)
  expect((await ask('/sessions', { jar: there, method: 'DELETE' })).body['ended']).toBeGreaterThanOrEqual(1)
  expect((await ask('/session', { jar: there, node: 1 })).status).toBe(401)
})

test('a session ends when it has not been used, and at its absolute end although it is used', async () => {
  const { idleMinutes, absoluteHours } = sluss.settings
  const begin = Date.now()
  const at = (minutes: number): Promise<void> => sluss.setClock(new Date(begin + minutes * 60_000))
  try {
    const idle = await asMirjam()
    await at(idleMinutes - 1)
    expect((await ask('/session', { jar: idle })).status).toBe(200)
    await at(2 * idleMinutes)
    expect((await ask('/session', { jar: idle })).status).toBe(401)
    await at(0)
    const used = await asMirjam()
    for (let minutes = 0; minutes < absoluteHours * 60; minutes += idleMinutes - 1) {
      await at(minutes)
      expect((await ask('/session', { jar: used })).status).toBe(200)
    }
    await at(absoluteHours * 60 + 1)
    expect((await ask('/session', { jar: used })).status).toBe(401)
  } finally {
    await sluss.setClock('real')
  }
})

test('what is out of form is a problem that repeats nothing of it', async () => {
  const jar = await asMirjam()
  const wrong = [
    { path: '/cases?limit=many' },
    { path: '/keys/own', method: 'POST', body: { publicKey: 7, more: 'SECRET' } },
    { path: '/keys/own', method: 'POST', body: '{"not json' },
    { path: '/cases', method: 'POST', body: { statements: [{ bytes: '{}', signature: 'AAAA', extra: 1 }], wraps: [] } },
  ]
  for (const { path, ...options } of wrong) {
    const { status, body, headers } = await ask(path, { jar, ...options })
    expect({ status, type: body['type'] }).toEqual({ status: 400, type: '/problems/malformed-request' })
    expect(headers.get('content-type')).toContain('application/problem+json')
    expect(JSON.stringify(body)).not.toContain('SECRET')
  }
  const large = await ask('/cases', {
    jar,
    method: 'POST',
    body: { statements: [], wraps: [], padding: 'x'.repeat(1_100_000) },
  })
  expect(large).toMatchObject({ status: 413, body: { type: '/problems/too-large' } })
})

test('an unknown case and an unknown address are answered alike', async () => {
  const jar = await asMirjam()
  const answered = async (path: string): Promise<unknown> => {
    const { status, body, headers } = await ask(path, { jar })
    const { requestId: _, ...said } = body
    return { status, said, kept: headers.get('cache-control'), form: headers.get('content-type') }
  }
  const address = await answered('/no-such-thing')
  expect(address).toMatchObject({ status: 404, said: { type: '/problems/not-found' } })
  for (const path of [`/cases/${randomUUID()}`, `/cases/${randomUUID()}/threads`])
    expect(await answered(path)).toEqual(address)
})

test('nothing that is answered is kept on the way, be it granted, refused or unknown', async () => {
  const jar = await asMirjam()
  for (const path of [
    '/session',
    '/cases',
    '/keys/own',
    '/cases/not-an-id',
    '/no-such-thing',
    '/health',
    '/openapi.json',
  ])
    for (const who of [{}, { jar }])
      expect({ path, kept: (await ask(path, who)).headers.get('cache-control') }).toEqual({ path, kept: 'no-store' })
  const begun = await fetch(url(0, `/auth/login?tenant=${tenantIdOf('t-goteborg')}`), { redirect: 'manual' })
  expect(begun.headers.get('cache-control')).toBe('no-store')
})

test('the files of the client, which hold nothing of anybody, are kept', async () => {
  const client = mkdtempSync(join(tmpdir(), 'sluss-client-'))
  mkdirSync(join(client, 'assets'))
  for (const file of ['index.html', 'assets/app.js']) writeFileSync(join(client, file), '')
  const serving = await startSluss({ nodes: 1, rootFingerprint: 'a'.repeat(64), client })
  const kept = async (path: string): Promise<string | null> =>
    (await fetch(new URL(path, serving.publicUrl), { headers: { accept: 'text/html' } })).headers.get('cache-control')
  try {
    expect(await kept('/assets/app.js')).toContain('immutable')
    expect(await kept('/cases')).toBe('no-cache')
  } finally {
    await serving.stop()
    rmSync(client, { recursive: true })
  }
})

test('the pages carry the strict policy, and the documents are served', async () => {
  const health = await ask('/health')
  expect(health).toMatchObject({ status: 200, body: { database: true, redis: true } })
  expect(health.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect((await ask('/openapi.json')).body['openapi']).toBe('3.1.0')
  expect((await ask('/configuration.json')).body).toEqual({ rootFingerprint: 'a'.repeat(64) })
})
