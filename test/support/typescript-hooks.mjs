// The loader behind typescript.mjs: each TypeScript file as the build would write it, as it is asked for.
import { transformFile } from '@swc/core'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context)
  const file = fileURLToPath(url)
  const { code } = await transformFile(file, {
    cwd: root,
    root,
    filename: file,
    configFile: join(root, '.swcrc'),
    sourceMaps: 'inline',
    // Imports keep their `.ts`: it is the sources that are run.
    jsc: { rewriteRelativeImportExtensions: false },
  })
  return { format: 'module', source: code, shortCircuit: true }
}
