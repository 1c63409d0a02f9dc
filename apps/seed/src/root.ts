// The root key of development: lies on disk, under a passphrase that anybody may read here. Production refuses it by fingerprint.
import type { RootFile } from '#libs/client'
import { createRoot } from '#libs/client'
import { instantOf } from '#libs/domain'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const demoRootPassphrase = 'demons rot, bara för utveckling'

/** The root of this data folder; made on first use. */
export async function demoRoot(folder: string): Promise<RootFile> {
  const path = join(folder, 'demo-root.json')
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as RootFile // written below, by this function
  const file = await createRoot({ passphrase: demoRootPassphrase, at: instantOf(Date.now()) })
  mkdirSync(folder, { recursive: true })
  writeFileSync(path, JSON.stringify(file), { mode: 0o600 })
  return file
}
