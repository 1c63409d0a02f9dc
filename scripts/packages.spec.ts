// What comes with packages: a bad lock file is refused with a sentence, and no install script runs that nobody has allowed,
// by whichever npm is on the PATH.
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(__dirname, '..')
const folder = mkdtempSync(join(realpathSync(tmpdir()), 'sluss-packages-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function put(path: string, content: object): void {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), JSON.stringify(content))
}

/** npm hands its own settings down, `.npmrc` of this repository among them: the house under test has but its own. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)))

/** What a script in `cwd` says; throws with its words where it fails and was not expected to. */
function runs(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${stdout}${stderr}`)
  return stdout
}

describe('the check of a lock file', () => {
  const checked = (packages: object): { readonly passes: boolean; readonly says: string } => {
    put('lock.json', { packages: { '': {}, ...packages } })
    const args = [join(root, 'scripts', 'packages.mjs'), join(folder, 'lock.json')]
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    return { passes: status === 0, says: stdout.trim() }
  }

  test.each([
    ['an accepted licence', { 'node_modules/a': { license: 'MIT' } }],
    ['one of two licences accepted', { 'node_modules/a': { license: '(GPL-3.0 OR ISC)' } }],
    ['a licence accepted for this package', { 'node_modules/openpgp': { license: 'LGPL-3.0+' } }],
    ['an install script that is allowed', { 'node_modules/@swc/core': { license: 'MIT', hasInstallScript: true } }],
    ['one that is refused', { 'node_modules/b/node_modules/@scarf/scarf': { license: 'MIT', hasInstallScript: true } }],
  ])('lets %s pass', (_what, packages) => {
    expect(checked(packages)).toEqual({
      passes: true,
      says: '1 packages: licences and install scripts are in order.',
    })
  })

  test.each([
    ['another licence', { license: 'GPL-3.0' }, 'a is under GPL-3.0, which is not accepted'],
    ['one of two needed', { license: 'MIT AND GPL-3.0' }, 'a is under MIT AND GPL-3.0, which is not accepted'],
    ['a licence accepted elsewhere', { license: 'LGPL-3.0+' }, 'a is under LGPL-3.0+, which is not accepted'],
    ['no licence', {}, 'a states no licence'],
    [
      'an undecided install script',
      { license: 'MIT', hasInstallScript: true },
      'a wants to run a script at installation, which nobody has decided on',
    ],
    ['an address', { license: 'MIT', resolved: 'https://packages.example/a.tgz' }, 'a is locked to a download address'],
  ])('refuses %s, deep below too', (_what, entry, says) => {
    expect(checked({ 'node_modules/a': entry })).toEqual({ passes: false, says })
    expect(checked({ 'node_modules/b': { license: 'MIT' }, 'node_modules/b/node_modules/a': entry })).toEqual({
      passes: false,
      says,
    })
  })
})

describe('an installation', () => {
  const house = join(folder, 'house')
  const names = ['allowed', 'refused', 'undecided']
  const hasRun = (name: string): boolean => existsSync(join(house, 'node_modules', name, 'has-run'))

  /** Packages with an install script each, packed as a registry would hand them out. */
  function given(): void {
    for (const name of names) {
      const scripts = { postinstall: `node -e "fs.writeFileSync('has-run', '')"` }
      put(`packages/${name}/package.json`, { name, version: '1.0.0', scripts })
      runs(
        'npm',
        ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder],
        join(folder, 'packages', name),
      )
    }
    put('house/package.json', {
      name: 'house',
      version: '1.0.0',
      dependencies: Object.fromEntries(names.map((name) => [name, `file:../${name}-1.0.0.tgz`])),
      allowScripts: { allowed: true, refused: false },
    })
    mkdirSync(join(house, 'scripts', 'parts'), { recursive: true })
    for (const part of ['install', 'places', 'run', 'stamps'])
      copyFileSync(join(root, 'scripts', 'parts', `${part}.mjs`), join(house, 'scripts', 'parts', `${part}.mjs`))
    runs('npm', ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'], house)
  }

  const install = (): string =>
    runs(
      process.execPath,
      ['-e', "import('./scripts/parts/install.mjs').then((part) => part.ensurePackages(console.log))"],
      house,
    )

  beforeAll(given, 60_000)

  test('runs the script that is allowed, and no other', () => {
    expect(install()).toContain('Installing packages')
    expect(names.filter(hasRun)).toEqual(['allowed'])
  }, 60_000)

  test('that somebody has made by hand gets its allowed scripts, and no other', () => {
    copyFileSync(join(root, '.npmrc'), join(house, '.npmrc'))
    runs('npm', ['ci', '--no-audit', '--no-fund'], house)
    expect(names.filter(hasRun)).toEqual([])
    expect(install()).toBe('')
    expect(names.filter(hasRun)).toEqual(['allowed'])
  }, 60_000)
})

test('the images run no install script at all', () => {
  const installations = [
    ...readFileSync(join(root, 'docker', 'Dockerfile'), 'utf8').matchAll(/\bnpm (?:ci|i|install|rebuild)\b.*/g),
  ].map(([line]) => line)
  expect(installations.length).toBeGreaterThan(1)
  for (const line of installations) expect(line).toMatch(/^npm ci .*--ignore-scripts/)
})
