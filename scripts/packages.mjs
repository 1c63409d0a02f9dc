// The check of packages: every licence is on the list, and every install script is decided in package.json's allowScripts.
// Another lock file can be named; `-- --audit` asks the registry for known faults, where it offers that.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './parts/places.mjs'
import { main, run } from './parts/run.mjs'

const accepted = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
  'OFL-1.1',
  'Python-2.0',
])

/** Accepted for these packages alone, and why. */
const acceptedByName = new Map([
  ['openpgp', ['LGPL-3.0+', 'unmodified, a chunk of its own in the client']],
  ['axe-core', ['MPL-2.0', 'tests only']],
  ['@axe-core/playwright', ['MPL-2.0', 'tests only']],
  ['lightningcss', ['MPL-2.0', 'build only, by way of Vite']],
  ['caniuse-lite', ['CC-BY-4.0', 'build only, data']],
])
/** Packages whose package.json says nothing in a form that npm keeps; read by a person in their own files. */
const readByHand = new Map([
  ['@react-aria/optimize-locales-plugin', 'Apache-2.0'],
  ['busboy', 'MIT'],
  ['streamsearch', 'MIT'],
  ['xmlhttprequest-ssl', 'MIT'],
])

const nameOf = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

/** `(MIT OR CC0-1.0)` needs one that is accepted, `Apache-2.0 AND MIT` needs all. */
function isAccepted(expression) {
  const bare = expression.replace(/^\((.*)\)$/, '$1')
  if (bare.includes(' OR ')) return bare.split(' OR ').some(isAccepted)
  return bare.split(' AND ').every((one) => accepted.has(one))
}

function licenceFault(name, licence) {
  const [family] = name.startsWith('lightningcss-') ? ['lightningcss'] : [name]
  const byName = acceptedByName.get(family)
  const said = licence ?? readByHand.get(name)
  if (said === undefined) return `${name} states no licence`
  if (isAccepted(said) || byName?.[0] === said) return null
  return `${name} is under ${said}, which is not accepted`
}

/** Faults found in a lock file and its package.json, as sentences. */
function faultsIn(lock, manifest) {
  const faults = []
  const decided = manifest.allowScripts ?? {}
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === '' || entry.link) continue
    const name = nameOf(path)
    const fault = licenceFault(name, entry.license)
    if (fault !== null) faults.push(fault)
    if (entry.hasInstallScript && typeof decided[name] !== 'boolean')
      faults.push(`${name} wants to run a script at installation, which nobody has decided on`)
    if (entry.resolved !== undefined) faults.push(`${name} is locked to a download address`)
  }
  return [...new Set(faults)]
}

async function audit() {
  const { code, output } = await run('npm', ['audit', '--omit=dev'], { cwd: root })
  if (/405|ENOAUDIT|not implemented|endpoint/i.test(output)) {
    process.stdout.write('The registry in use offers no audit.\n')
    return 0
  }
  process.stdout.write(output)
  return code
}

const read = (name) => JSON.parse(readFileSync(join(root, name), 'utf8'))

await main(async () => {
  if (process.argv.includes('--audit')) return audit()
  const file = process.argv[2]
  const lock = file === undefined ? read('package-lock.json') : JSON.parse(readFileSync(file, 'utf8'))
  const faults = faultsIn(lock, read('package.json'))
  const count = Object.keys(lock.packages).length - 1
  process.stdout.write(
    faults.length === 0 ? `${count} packages: licences and install scripts are in order.\n` : `${faults.join('\n')}\n`,
  )
  return faults.length === 0 ? 0 : 1
})
