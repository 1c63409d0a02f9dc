// The development identity provider asks nobody for a secret: in production it does not start, however it is set up.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { readIdpSettings } from './settings.ts'

const root = join(__dirname, '../../..')
const good = {
  PORT: '0',
  IDP_URL: 'http://127.0.0.1:3001',
  PUBLIC_URL: 'http://127.0.0.1:3000',
  DEMO_FOLDER: join(root, 'apps/seed/demo'),
}

test('in production the process ends at once and says why', () => {
  const args = ['-C', 'sluss-source', '--import', './test/support/typescript.mjs', 'apps/idp/src/main.ts']
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env['PATH'], ...good, SLUSS_MODE: 'production' },
    encoding: 'utf8',
  })
  expect(status).toBe(1)
  expect(stderr).toContain('does not start in production: it asks nobody for a secret.\n')
})

test.each(['production', 'demo', ''])('its settings do not take the mode "%s" either', (mode) => {
  expect(readIdpSettings({ ...good, SLUSS_MODE: 'development' }).organisations.length).toBeGreaterThan(0)
  expect(() => readIdpSettings({ ...good, SLUSS_MODE: mode })).toThrow(/^SLUSS_MODE: /)
})
