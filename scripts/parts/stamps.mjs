// Knowing that work is done already: a stamp in the data folder holds the hash of what the work was done from.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { dataFolder, root } from './places.mjs'

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

const stampOf = (name) => join(dataFolder, 'stamps', name)

export const isDone = (name, hash) => existsSync(stampOf(name)) && readFileSync(stampOf(name), 'utf8') === hash

export function mark(name, hash) {
  mkdirSync(join(dataFolder, 'stamps'), { recursive: true })
  writeFileSync(stampOf(name), hash)
}
