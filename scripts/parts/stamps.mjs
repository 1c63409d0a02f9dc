// Knowing that work is done already: a stamp beside the result holds the hash of what it was made from.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from './places.mjs'

const passed = new Set(['node_modules', 'dist', '.data', '.git'])

function* filesIn(path) {
  if (!existsSync(path)) return
  if (!statSync(path).isDirectory()) return yield path
  for (const name of readdirSync(path).sort()) if (!passed.has(name)) yield* filesIn(join(path, name))
}

/** SHA-256 over names and contents of the files below `paths` (relative to the repository) that `wanted` takes. */
export function hashOf(paths, wanted = () => true) {
  const hash = createHash('sha256')
  for (const path of paths)
    for (const file of filesIn(join(root, path)))
      if (wanted(file))
        hash
          .update(`${relative(root, file)}\0`)
          .update(readFileSync(file))
          .update('\0')
  return hash.digest('hex')
}

/** `folder`: where the result lies, so that the stamp goes when it goes. */
const stampOf = (folder, name) => join(folder, '.stamps', name)

export const isDone = (folder, name, hash) =>
  existsSync(stampOf(folder, name)) && readFileSync(stampOf(folder, name), 'utf8') === hash

export function mark(folder, name, hash) {
  mkdirSync(join(folder, '.stamps'), { recursive: true })
  writeFileSync(stampOf(folder, name), hash)
}
