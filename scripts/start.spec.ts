// What `npm start` says about itself; what it does is in test/start.spec.ts.
import { spawnSync } from 'node:child_process'

const start = (...options: readonly string[]) =>
  spawnSync(process.execPath, ['scripts/start.mjs', ...options], { encoding: 'utf8', timeout: 20_000 })

test('--help prints the options and starts nothing', () => {
  const { status, stdout } = start('--help')
  expect(status).toBe(0)
  for (const word of ['--reset', 'PORT', 'DATABASE_URL', 'SLUSS_DATA']) expect(stdout).toContain(word)
  expect(stdout).not.toContain('Building')
})

test('an option that it does not know starts nothing either, and is named with those there are', () => {
  const { status, stdout, stderr } = start('--rest')
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr).toContain('npm start does not know --rest.')
  expect(stderr).toContain('--reset')
})
