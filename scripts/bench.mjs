// `npm run bench [name …]`: runs bench/*.bench.ts one after the other, each in a process of its own, so that figures do not disturb each other.
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { checkNode, ensurePackages } from './parts/install.mjs'
import { dataFolder, root } from './parts/places.mjs'
import { Stop, main, run } from './parts/run.mjs'

const say = (line) => process.stdout.write(`${line}\n`)

/** A benchmark and the nodes that it starts are run from the sources, one process each. */
const runner = ['-C', 'sluss-source', '--import', './test/support/typescript.mjs']

await main(async () => {
  checkNode()
  const folder = join(root, 'bench')
  const given = process.argv.slice(2)
  const names = given.filter((word) => !word.startsWith('--'))
  const sizes = given.filter((word) => word.startsWith('--'))
  const benches = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.bench.ts')) : []
  if (benches.length === 0) throw new Stop('There are no benchmarks in bench/.')
  if (given.includes('--help'))
    throw new Stop(
      `npm run bench [-- name [--size=number …]]; bench/README.md says what each measures.\n${benches.map((name) => `  ${name.replace('.bench.ts', '')}`).join('\n')}`,
    )
  if (sizes.length > 0 && names.length === 0) throw new Stop('Sizes belong to one benchmark: name it.')
  const wanted = benches.filter((name) => names.length === 0 || names.some((part) => name.includes(part)))
  if (wanted.length === 0) throw new Stop(`No benchmark is called so. There are: ${benches.join(', ')}`)
  await ensurePackages(say)
  await build(say)
  mkdirSync(dataFolder, { recursive: true })
  let failed = 0
  for (const name of wanted) {
    say(`\n── ${name}`)
    const { code } = await run(process.execPath, [...runner, join('bench', name), ...sizes], {
      show: true,
      cwd: root,
    })
    if (code !== 0) failed += 1
  }
  return failed === 0 ? 0 : 1
})
