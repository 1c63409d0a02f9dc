// The table of imports bites: for each row of the house one import that it allows and one that it refuses, judged by the real rules.
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const root = join(__dirname, '..')

type Row = { readonly room: string; readonly from: string; readonly may: string; readonly mayNot: string }

const rows: readonly Row[] = [
  { room: 'domain', from: 'libs/domain/src/cases/a.ts', may: '../ids.ts', mayNot: 'node:crypto' },
  { room: 'domain without packages', from: 'libs/domain/src/cases/b.ts', may: '../ids.ts', mayNot: 'zod' },
  { room: 'policy', from: 'libs/policy/src/a.ts', may: '@casl/ability', mayNot: '#libs/persistence' },
  { room: 'protocol', from: 'libs/protocol/src/a.ts', may: 'openpgp', mayNot: '#libs/contracts' },
  { room: 'contracts', from: 'libs/contracts/src/a.ts', may: 'zod', mayNot: '#libs/policy' },
  { room: 'persistence', from: 'libs/persistence/src/a.ts', may: 'pg', mayNot: '#libs/contracts' },
  { room: 'client', from: 'libs/client/src/a.ts', may: '#libs/protocol', mayNot: 'pg' },
  { room: 'api', from: 'apps/api/src/consents/a.ts', may: '#libs/protocol/verify', mayNot: '#libs/protocol' },
  { room: 'api without openpgp', from: 'apps/api/src/keys/a.ts', may: '@nestjs/common', mayNot: 'openpgp' },
  { room: 'worker', from: 'apps/worker/src/audit/a.ts', may: '#libs/persistence', mayNot: '#libs/client' },
  { room: 'capabilities', from: 'apps/api/src/cases/a.ts', may: '../platform/b.ts', mayNot: '../threads/b.ts' },
  { room: 'web', from: 'apps/web/src/features/cases/a.ts', may: '#libs/policy', mayNot: '#libs/client' },
  { room: 'web without servers', from: 'apps/web/src/ui/a.ts', may: 'react', mayNot: '@nestjs/common' },
  { room: 'web’s worker', from: 'apps/web/src/crypto/a.ts', may: '#libs/protocol', mayNot: '#libs/persistence' },
  { room: 'idp', from: 'apps/idp/src/a.ts', may: 'oidc-provider', mayNot: '#libs/persistence' },
  { room: 'seed', from: 'apps/seed/src/a.ts', may: '#libs/client', mayNot: '#libs/protocol' },
  { room: 'docs', from: 'docs/a.mjs', may: 'sluss/client', mayNot: '#libs/protocol' },
  { room: 'test', from: 'test/a.spec.ts', may: '#libs/client', mayNot: '#libs/persistence' },
  { room: 'test/gates', from: 'test/gates/a.spec.ts', may: '#libs/persistence', mayNot: 'react' },
  {
    room: 'inside of a library',
    from: 'apps/api/src/audit/a.ts',
    may: '#libs/domain',
    mayNot: '../../../../libs/domain/src/ids.ts',
  },
]

type Violation = { readonly from: string; readonly to: string; readonly rule: { readonly name: string } }

const folder = mkdtempSync(join(realpathSync(tmpdir()), 'sluss-rooms-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

/** A house with the same rooms and doors, and nothing in them but the imports under test. */
function build(): void {
  for (const file of ['.dependency-cruiser.cjs', 'package.json', 'tsconfig.json'])
    copyFileSync(join(root, file), join(folder, file))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const lib of readdirSync(join(root, 'libs'))) put(`libs/${lib}/src/index.ts`, `export const ${lib} = 1\n`)
  put('libs/domain/src/ids.ts', 'export const ids = 1\n')
  put('libs/protocol/src/verify.ts', 'export const verify = 1\n')
  put('apps/api/src/platform/b.ts', 'export const b = 1\n')
  put('apps/api/src/threads/b.ts', 'export const b = 1\n')
  for (const { from, may, mayNot } of rows)
    put(from, `import * as may from '${may}'\nimport * as mayNot from '${mayNot}'\nexport const both = [may, mayNot]\n`)
  put('libs/domain/src/round.ts', "import { trip } from './trip.ts'\nexport const round = (): unknown => trip\n")
  put('libs/domain/src/trip.ts', "import { round } from './round.ts'\nexport const trip = (): unknown => round\n")
  // A way round: a door that itself leads to what opens.
  put('libs/policy/src/index.ts', "export { policy } from './leak.ts'\n")
  put('libs/policy/src/leak.ts', "import * as openpgp from 'openpgp'\nexport const policy = openpgp\n")
  put('apps/worker/src/audit/leak.ts', "import { policy } from '#libs/policy'\nexport const leak = policy\n")
  put('apps/web/src/ui/types.ts', "import type { client } from '#libs/client'\nexport type T = typeof client\n")
}

function violations(): readonly Violation[] {
  build()
  const program = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs')
  const args = ['--config', '.dependency-cruiser.cjs', '--no-cache', '-T', 'json', 'apps', 'libs', 'test', 'docs']
  const { stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  if (!stdout.startsWith('{')) throw new Error(stderr)
  const { summary } = JSON.parse(stdout) as { summary: { violations: readonly Violation[] } } // the tool's own form
  return summary.violations
}

const found = violations()
const refusedFrom = (file: string): readonly Violation[] =>
  found.filter(({ from, rule }) => from === file && rule.name === 'not-in-allowed')

/** What an import comes out as, told apart well enough: the library's folder, the package's, or the file. */
const lands = (to: string, specifier: string): boolean => {
  if (specifier.startsWith('node:')) return to === specifier || `node:${to}` === specifier
  if (specifier === '#libs/protocol/verify') return to.endsWith('protocol/src/verify.ts')
  if (specifier === 'sluss/client') return to === 'libs/client/src/index.ts'
  if (specifier.startsWith('#libs/')) return to === `libs/${specifier.slice('#libs/'.length)}/src/index.ts`
  if (specifier.startsWith('.')) return to.endsWith(specifier.replaceAll('../', ''))
  return to.includes(`node_modules/${specifier}/`) || to.includes(`node_modules/@types/${specifier}/`)
}

test.each(rows)('$room: $may may be imported, $mayNot may not', ({ from, may, mayNot }) => {
  const refused = refusedFrom(from)
  expect(refused.filter(({ to }) => lands(to, mayNot))).toHaveLength(1)
  expect(refused.filter(({ to }) => lands(to, may))).toHaveLength(0)
})

test('a cycle is refused', () => {
  expect(found.some(({ rule, from }) => rule.name === 'no-cycles' && from.startsWith('libs/domain/src/'))).toBe(true)
})

test('a server that reaches openpgp by way of an allowed library is refused', () => {
  const ways = found.filter(({ rule }) => rule.name === 'server-cannot-decrypt').map(({ from }) => from)
  expect(ways).toContain('apps/worker/src/audit/leak.ts')
  expect(ways).not.toContain('apps/api/src/consents/b.ts')
})

test('the client’s types alone may be named outside the worker of the web', () => {
  expect(refusedFrom('apps/web/src/ui/types.ts')).toHaveLength(0)
})
