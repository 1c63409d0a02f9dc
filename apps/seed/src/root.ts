// The root key of the demo: in the repository, under a passphrase that anybody may read here, so that it is the same everywhere and
// production can refuse it by its fingerprint (apps/api/src/platform/settings.ts).
import type { RootFile } from '#libs/client'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const demoRootPassphrase = 'demons rot, bara för utveckling'

export const demoRoot = (demoFolder: string): RootFile =>
  JSON.parse(readFileSync(join(demoFolder, 'root.json'), 'utf8')) as RootFile // the repository's own file, as createRoot wrote it
