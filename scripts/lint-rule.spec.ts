// The bans of the house bite where they should, and nowhere else; judged by the real configuration.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(__dirname, '..')

type Case = { readonly what: string; readonly file: string; readonly code: string; readonly elsewhere: string | null }

/** `elsewhere`: a file in which the same line is right; null where it is right nowhere. */
const cases: readonly Case[] = [
  {
    what: 'the clock',
    file: 'libs/domain/src/a.ts',
    code: 'export const a = Date.now()',
    elsewhere: 'apps/api/src/platform/a.ts',
  },
  {
    what: 'today',
    file: 'libs/policy/src/a.ts',
    code: 'export const a = new Date()',
    elsewhere: 'libs/client/src/a.ts',
  },
  {
    what: 'chance',
    file: 'libs/protocol/src/a.ts',
    code: 'export const a = Math.random()',
    elsewhere: 'libs/client/src/a.ts',
  },
  {
    what: 'ids made inside',
    file: 'libs/domain/src/a.ts',
    code: 'export const a = crypto.randomUUID()',
    elsewhere: 'libs/client/src/a.ts',
  },
  {
    what: 'timers',
    file: 'libs/protocol/src/a.ts',
    code: 'setTimeout(() => 0, 1)\nexport {}',
    elsewhere: 'apps/worker/src/a.ts',
  },
  {
    what: 'the process',
    file: 'libs/domain/src/a.ts',
    code: 'export const a = process.env',
    elsewhere: 'apps/api/src/main.ts',
  },
  {
    what: 'permits by cast',
    file: 'apps/api/src/cases/a.ts',
    code: 'type Permit = 1\nexport const a = {} as unknown as Permit',
    elsewhere: 'libs/policy/src/permit.ts',
  },
  {
    what: 'scopes by cast',
    file: 'libs/persistence/src/a.ts',
    code: 'type Scope<A> = A\nexport const a = {} as Scope<1>',
    elsewhere: 'libs/policy/src/permit.ts',
  },
  {
    what: 'text in a page',
    file: 'apps/web/src/features/cases/a.tsx',
    code: 'export const A = () => <p>Ärende</p>',
    elsewhere: 'apps/web/src/app/a.tsx',
  },
  {
    what: 'text in a label',
    file: 'apps/web/src/ui/a.tsx',
    code: 'export const A = () => <p aria-label="Ärende" />',
    elsewhere: null,
  },
  { what: 'any', file: 'libs/client/src/a.ts', code: 'export const a = (b: any) => b', elsewhere: null },
  {
    what: 'the exclamation mark',
    file: 'libs/client/src/a.ts',
    code: 'export const a = (b: string | null) => b!.length',
    elsewhere: null,
  },
  { what: 'enum', file: 'libs/domain/src/a.ts', code: 'export enum A { b }', elsewhere: null },
  {
    what: 'default exports',
    file: 'libs/contracts/src/a.ts',
    code: 'export default 1',
    elsewhere: 'test/browser/playwright.config.ts',
  },
]

type Judged = { readonly file: string; readonly code: string }

/** One process for all: ESLint is a module that Jest's CommonJS cannot load. */
function judge(texts: readonly Judged[]): readonly number[] {
  const program = `
    import { ESLint } from 'eslint'
    const eslint = new ESLint({ cwd: ${JSON.stringify(root)} })
    const counts = []
    for (const { file, code } of JSON.parse(process.argv[1])) {
      const [result] = await eslint.lintText(code + '\\n', { filePath: file })
      counts.push(result.messages.filter(({ fatal, severity }) => fatal || severity === 2).length)
    }
    process.stdout.write(JSON.stringify(counts))`
  const args = ['--input-type=module', '-e', program, JSON.stringify(texts)]
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  if (!stdout.startsWith('[')) throw new Error(stderr)
  return JSON.parse(stdout) as readonly number[] // printed by the program above
}

const refused = judge(cases)
const allowed = judge(cases.map(({ file, elsewhere, code }) => ({ file: elsewhere ?? file, code })))

test.each(cases.map((one, place) => ({ ...one, place })))(
  '$what: refused in $file, right in $elsewhere',
  ({ place, elsewhere }) => {
    expect(refused[place]).toBeGreaterThan(0)
    if (elsewhere !== null) expect(allowed[place]).toBe(0)
  },
)
