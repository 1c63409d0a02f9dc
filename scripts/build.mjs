// Builds what is run: apps and libs by swc into dist/, the browser's client by Vite into dist/web. Unchanged sources are not built again.
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, extname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { checkNode } from './parts/install.mjs'
import { distFolder, root } from './parts/places.mjs'
import { main, must } from './parts/run.mjs'
import { hashOf, isDone, mark } from './parts/stamps.mjs'

const isSpec = (file) => /\.spec\.tsx?$|\/spec\//.test(file)
const forServer = ['apps/api/src', 'apps/worker/src', 'apps/idp/src', 'apps/seed/src', 'libs']
const forBoth = ['package-lock.json', 'libs']
const copied = new Set(['.sql', '.json', '.html', '.css'])

/** Builds what has changed. Answers which parts were built. */
export async function build(say) {
  const server = hashOf(
    [...forServer, '.swcrc', 'package.json', 'package-lock.json', 'scripts/build.mjs'],
    (file) => !isSpec(file),
  )
  const web = hashOf([...forBoth, 'apps/web'], (file) => !isSpec(file))
  const parts = []
  if (!isDone(distFolder, 'build-server', server) || !existsSync(join(distFolder, 'libs'))) {
    say('Building the servers …')
    await buildServer()
    mark(distFolder, 'build-server', server)
    parts.push('server')
  }
  if (!isDone(distFolder, 'build-web', web) || !existsSync(join(distFolder, 'web', 'index.html'))) {
    say('Building the client …')
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
    await must('Building the client', process.execPath, [vite, 'build', '--logLevel', 'warn', 'apps/web'], {
      cwd: root,
    })
    mark(distFolder, 'build-web', web)
    parts.push('web')
  }
  return parts
}

async function buildServer() {
  const { transformFile } = await import('@swc/core')
  for (const part of ['apps', 'libs']) rmSync(join(distFolder, part), { recursive: true, force: true })
  const files = forServer.flatMap((folder) => [...filesBelow(join(root, folder))])
  await Promise.all(
    files.map(async (file) => {
      const target = join(distFolder, relative(root, file))
      if (copied.has(extname(file))) return copy(file, target)
      if (extname(file) !== '.ts' || isSpec(file) || file.endsWith('.d.ts')) return
      const output = target.replace(/\.ts$/, '.js')
      const { code, map } = await transformFile(file, {
        cwd: root,
        root,
        filename: file,
        configFile: join(root, '.swcrc'),
      })
      mkdirSync(dirname(output), { recursive: true })
      writeFileSync(output, `${code}\n//# sourceMappingURL=${output.split('/').at(-1)}.map\n`)
      writeFileSync(`${output}.map`, map ?? '')
    }),
  )
}

function copy(file, target) {
  mkdirSync(dirname(target), { recursive: true })
  copyFileSync(file, target)
}

function* filesBelow(folder) {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) yield* filesBelow(path)
    else yield path
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  await main(async () => {
    checkNode()
    const parts = await build((line) => process.stdout.write(`${line}\n`))
    process.stdout.write(
      parts.length === 0 ? 'Nothing has changed since the last build.\n' : `Built: ${parts.join(', ')}.\n`,
    )
  })
