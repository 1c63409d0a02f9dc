// A missing or dangerous setting stops start-up with a sentence that names it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSettings, SettingsRefused } from './settings.ts'

/** What `npm start` founds its organisations by; its private half lies beside it. */
const demoRoot = JSON.parse(readFileSync(join(__dirname, '../../../seed/demo/root.json'), 'utf8')) as {
  readonly signing: string
} // the file's own form
const tenant = '00000000-0000-4000-8000-000000000001'
const good = {
  SLUSS_MODE: 'production',
  PUBLIC_URL: 'https://sluss.example',
  DATABASE_URL: 'postgres://sluss_app:x@db/sluss',
  REDIS_URL: 'redis://redis:6379',
  SESSION_SECRET: 'k7Jq2mZr0vXw9TbL4nYp8sGd3fHc6aEu',
  ROOT_FINGERPRINT: '7'.repeat(64),
  IDENTITY_PROVIDERS: JSON.stringify({ [tenant]: { issuer: 'https://login.example', clientId: 'sluss' } }),
}

const refusalOf = (source: Readonly<Record<string, string | undefined>>): string => {
  try {
    readSettings(source)
    return 'started'
  } catch (error) {
    if (error instanceof SettingsRefused) return error.message
    throw error
  }
}

test('complete settings are read', () => {
  const settings = readSettings(good)
  expect(settings).toMatchObject({ mode: 'production', port: 3000, idleMinutes: 30, webFolder: null })
  expect([...settings.identityProviders.values()]).toEqual([{ issuer: 'https://login.example', clientId: 'sluss' }])
})

test.each(Object.keys(good))('without %s it does not start', (name) => {
  expect(refusalOf({ ...good, [name]: undefined })).toBe(`${name} is not set.`)
  expect(refusalOf({ ...good, [name]: '' })).toBe(`${name} is not set.`)
})

test.each([
  ['PORT', '70000'],
  ['PUBLIC_URL', 'sluss'],
  ['DATABASE_URL', 'mysql://db'],
  ['REDIS_URL', 'http://redis'],
  ['ROOT_FINGERPRINT', 'abc'],
  ['IDENTITY_PROVIDERS', '{'],
  ['IDENTITY_PROVIDERS', '{"not-an-id":{"issuer":"https://a.example","clientId":"b"}}'],
  ['SESSION_IDLE_MINUTES', '0'],
  ['SLUSS_MODE', 'demo'],
])('%s cannot be %s', (name, value) => {
  expect(refusalOf({ ...good, [name]: value })).toMatch(new RegExp(`^${name} cannot be used: `))
})

test.each([
  ['a page address without TLS', { PUBLIC_URL: 'http://sluss.example' }, 'PUBLIC_URL'],
  [
    'an issuer without TLS',
    { IDENTITY_PROVIDERS: JSON.stringify({ [tenant]: { issuer: 'http://login.example', clientId: 'a' } }) },
    'IDENTITY_PROVIDERS',
  ],
  ['nobody to sign in at', { IDENTITY_PROVIDERS: '{}' }, 'IDENTITY_PROVIDERS'],
  ['a short secret', { SESSION_SECRET: 'only-twenty-letters-' }, 'SESSION_SECRET'],
  ['a secret from an example', { SESSION_SECRET: 'change-me-change-me-change-me-change-me' }, 'SESSION_SECRET'],
  ['the root of the demo', { ROOT_FINGERPRINT: demoRoot.signing }, 'ROOT_FINGERPRINT'],
])('production refuses %s, development does not', (_what, change, name) => {
  expect(refusalOf({ ...good, ...change })).toMatch(new RegExp(`^${name} `))
  expect(refusalOf({ ...good, ...change, SLUSS_MODE: 'development' })).toBe('started')
})

test('production asks for two certifiers, development for one', () => {
  expect(readSettings(good).leastCertifiers).toBe(2)
  expect(readSettings({ ...good, SLUSS_MODE: 'development' }).leastCertifiers).toBe(1)
})

test('a refusal repeats no value', () => {
  expect(refusalOf({ ...good, DATABASE_URL: 'mysql://somebody:HEMLIGT@db' })).not.toContain('HEMLIGT')
})
