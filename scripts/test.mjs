// `npm test`: installs what is missing, then lint, types, imports, packages, unit, integration and browser tests; ends in one line
// that counts them. `npm run test:unit -- name` runs one kind and passes the rest on to its runner.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { checkNode, ensureChromium, ensurePackages, ensureRedis } from './parts/install.mjs'
import { dataFolder, root } from './parts/places.mjs'
import { Stop, main, run } from './parts/run.mjs'

const say = (line) => process.stdout.write(`${line}\n`)
const bin = (...path) => [process.execPath, join(root, 'node_modules', ...path)]

/** Checks that pass or fail as one. */
const checks = [
  ['lint', [...bin('eslint', 'bin', 'eslint.js'), '.']],
  ['types', [...bin('typescript', 'bin', 'tsc'), '--noEmit', '-p', 'tsconfig.json']],
  ['types of the client', [...bin('typescript', 'bin', 'tsc'), '--noEmit', '-p', 'apps/web/tsconfig.json']],
  [
    'imports',
    [
      ...bin('dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      ...existing('apps', 'libs', 'test', 'bench', 'docs'),
    ],
  ],
  ['packages', [process.execPath, join(root, 'scripts', 'packages.mjs')]],
  ['format', [...bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.']],
]

function existing(...folders) {
  return folders.filter((folder) => existsSync(join(root, folder)))
}

async function runCheck([name, [command, ...args]]) {
  const began = Date.now()
  const { code, output } = await run(command, args, { cwd: root })
  say(`${code === 0 ? '✓' : '✗'} ${name} (${((Date.now() - began) / 1000).toFixed(0)} s)`)
  if (code !== 0) say(output.trim())
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/** Two at a time: the machine that this is made for has two cores. */
async function runChecks() {
  const waiting = [...checks]
  const counts = []
  const take = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) counts.push(await runCheck(next))
  }
  await Promise.all([take(), take()])
  return sum(counts)
}

const sum = (counts) =>
  counts.reduce((all, one) => ({ passed: all.passed + one.passed, failed: all.failed + one.failed }), {
    passed: 0,
    failed: 0,
  })

function* specsBelow(folder) {
  if (!existsSync(folder)) return
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && entry.name !== 'node_modules') yield* specsBelow(path)
    else if (/\.spec\.tsx?$/.test(entry.name)) yield path
  }
}

const isBrowser = (file) => file.startsWith(join(root, 'test', 'browser'))
const isWeb = (file) => file.startsWith(join(root, 'apps', 'web'))

const parts = {
  unit: {
    specs: () =>
      ['libs', 'apps', 'scripts']
        .flatMap((folder) => [...specsBelow(join(root, folder))])
        .filter((file) => !isWeb(file)),
    // They share nothing; by itself Jest would leave one of two cores idle.
    run: (args) => jest('unit', ['--maxWorkers=2', ...args]),
  },
  integration: {
    specs: () => [...specsBelow(join(root, 'test'))].filter((file) => !isBrowser(file)),
    async run(args) {
      if (!process.env.REDIS_URL) await ensureRedis(say)
      await build(say)
      // A suite that fails midway leaves servers and connections of its own, which a run would otherwise wait for without an end.
      return jest('integration', ['--forceExit', '--maxWorkers=2', ...args])
    },
  },
  browser: {
    specs: () => [...specsBelow(join(root, 'test', 'browser'))],
    async run(args) {
      const chromium = process.env.CHROMIUM || (await ensureChromium(say))
      if (!process.env.REDIS_URL) await ensureRedis(say)
      await build(say)
      return playwright(args, chromium)
    },
  },
}

function reportFile(name) {
  const folder = join(dataFolder, 'reports')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}.json`)
  rmSync(file, { force: true })
  return file
}

function readReport(name, file, code) {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'))
  throw new Stop(`The ${name} tests ended without a report (exit code ${code}).`)
}

async function jest(project, args) {
  const file = reportFile(project)
  const [command, program] = bin('jest', 'bin', 'jest.js')
  // Patterns come before --selectProjects, which would take them for names of projects.
  const all = [program, ...args, '--selectProjects', project, '--json', `--outputFile=${file}`]
  const { code } = await run(command, all, { show: true, cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  const report = readReport(project, file, code)
  // A file that does not load has no failed test, and has failed all the same.
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites
  return { passed: report.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed }
}

async function playwright(args, chromium) {
  const file = reportFile('browser')
  const [command, program] = bin('@playwright', 'test', 'cli.js')
  const all = [program, 'test', '-c', join('test', 'browser', 'playwright.config.ts'), '--reporter=list,json', ...args]
  const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: file, PLAYWRIGHT_JSON_OUTPUT_FILE: file, CHROMIUM: chromium }
  const { code } = await run(command, all, { show: true, cwd: root, env })
  const { stats, errors } = readReport('browser', file, code)
  const failed = stats.unexpected + (errors?.length ?? 0)
  // A flaky test has passed in the end; with retries it is counted, and named in the list above.
  return { passed: stats.expected + stats.flaky, failed: failed === 0 && code !== 0 ? 1 : failed }
}

async function runPart(name, args) {
  const specs = parts[name].specs()
  if (specs.length === 0) {
    say(`– ${name}: there are no tests of this kind yet`)
    return { passed: 0, failed: 0 }
  }
  say(`\n── ${name} (${specs.length} files)`)
  const count = await parts[name].run(args)
  if (count.passed + count.failed > 0 || args.length > 0) return count
  say(`✗ ${name}: ${specs.length} files, and not one test ran`)
  return { passed: 0, failed: 1 }
}

await main(async () => {
  checkNode()
  const [kind, ...args] = process.argv.slice(2)
  if (kind !== undefined && !(kind in parts))
    throw new Stop(`There are these kinds of tests: ${Object.keys(parts).join(', ')}.`)
  mkdirSync(dataFolder, { recursive: true, mode: 0o755 })
  await ensurePackages(say)
  const counts = []
  if (kind === undefined) {
    if (!process.env.REDIS_URL) await ensureRedis(say)
    if (!process.env.CHROMIUM && parts.browser.specs().length > 0) await ensureChromium(say)
    say('── checks')
    counts.push(await runChecks())
  }
  for (const name of kind === undefined ? Object.keys(parts) : [kind]) counts.push(await runPart(name, args))
  const { passed, failed } = sum(counts)
  say(`\n${passed} passed, ${failed} failed`)
  return failed === 0 && (passed > 0 || args.length === 0) ? 0 : 1
})
