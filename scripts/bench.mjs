// `npm run bench [name …]`: runs bench/*.bench.ts one after the other, each in a process of its own, so that figures do not disturb each other.
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { checkNode, ensurePackages } from './parts/install.mjs'
import { dataFolder, root } from './parts/places.mjs'
import { Stop, main, run } from './parts/run.mjs'

const say = (line) => process.stdout.write(`${line}\n`)

/** A benchmark is TypeScript and imports the built libraries through `#libs/*`: one file in, one file out, beside the others' data. */
async function compile(file) {
  const { transformFile } = await import('@swc/core')
  const { writeFileSync } = await import('node:fs')
  const { code } = await transformFile(file, { cwd: root, root, filename: file, configFile: join(root, '.swcrc') })
  const target = join(root, 'dist', 'bench', file.split('/').at(-1).replace(/\.ts$/, '.js'))
  mkdirSync(join(root, 'dist', 'bench'), { recursive: true })
  writeFileSync(target, code)
  return target
}

await main(async () => {
  checkNode()
  const folder = join(root, 'bench')
  const names = process.argv.slice(2)
  const all = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.ts')) : []
  const benches = all.filter((name) => name.endsWith('.bench.ts'))
  if (benches.length === 0) throw new Stop('There are no benchmarks in bench/.')
  const wanted = benches.filter((name) => names.length === 0 || names.some((part) => name.includes(part)))
  if (wanted.length === 0) throw new Stop(`No benchmark is called so. There are: ${benches.join(', ')}`)
  await ensurePackages(say)
  await build(say)
  mkdirSync(dataFolder, { recursive: true })
  for (const name of all) await compile(join(folder, name))
  let failed = 0
  for (const name of wanted) {
    say(`\n── ${name}`)
    const { code } = await run(process.execPath, [join(root, 'dist', 'bench', name.replace(/\.ts$/, '.js'))], {
      show: true,
      cwd: root,
    })
    if (code !== 0) failed += 1
  }
  return failed === 0 ? 0 : 1
})
