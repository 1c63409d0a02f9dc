// The worker does not start without its settings, and says which.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { SettingsRefused } from '../../api/src/platform/settings.ts'
import { readWorkerSettings } from './settings.ts'

const good = {
  SLUSS_MODE: 'production',
  DATABASE_URL: 'postgres://sluss_app:x@db/sluss',
  REDIS_URL: 'redis://redis:6379',
}
const refusalOf = (source: Readonly<Record<string, string | undefined>>): string => {
  try {
    readWorkerSettings(source)
    return 'started'
  } catch (error) {
    if (error instanceof SettingsRefused) return error.message
    throw error
  }
}

test('complete settings are read', () => {
  expect(readWorkerSettings(good)).toEqual({
    databaseUrl: good.DATABASE_URL,
    redisUrl: good.REDIS_URL,
    logLevel: 'info',
    sealSeconds: 20,
    repeatSeconds: 5,
    verifySeconds: 3_600,
  })
})

test.each(Object.keys(good))('without %s it does not start', (name) => {
  expect(refusalOf({ ...good, [name]: undefined })).toBe(`${name} is not set.`)
  expect(refusalOf({ ...good, [name]: '' })).toBe(`${name} is not set.`)
})

test.each([
  ['DATABASE_URL', 'mysql://somebody:HEMLIGT@db'],
  ['REDIS_URL', 'http://HEMLIGT'],
  ['SEAL_SECONDS', '3600'],
  ['SLUSS_MODE', 'demo'],
])('%s cannot be %s, which is not repeated', (name, value) => {
  const refusal = refusalOf({ ...good, [name]: value })
  expect(refusal).toMatch(new RegExp(`^${name} cannot be used: `))
  expect(refusal).not.toContain('HEMLIGT')
})

test('the process itself ends with the sentences and nothing else', () => {
  const root = join(__dirname, '../../..')
  const args = ['-C', 'sluss-source', '--import', './test/support/typescript.mjs', 'apps/worker/src/main.ts']
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env['PATH'] },
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([1, 'SLUSS_MODE is not set.\nDATABASE_URL is not set.\nREDIS_URL is not set.\n'])
})
