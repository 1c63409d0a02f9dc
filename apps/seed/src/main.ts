// Fills the demo: organisations as rows, everything else through the client library with real keys and encryption, in time order.
// Development only. `tenants` prints the tenants' ids; `fill` does the rest.
import { addDays, instantOf } from '#libs/domain'
import { enterOrganisations } from '#libs/persistence'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventsOf } from './case-events.ts'
import { certifyAll, makeKeys } from './ceremonies.ts'
import { Clock } from './clock.ts'
import type { Demo } from './demo-files.ts'
import { readDemo } from './demo-files.ts'
import { tenantIdOf } from './ids.ts'
import { organisationsOf } from './organisations.ts'
import { demoRoot } from './root.ts'
import { Staff } from './staff.ts'
import { inOrder } from './timeline.ts'

/** The day before the demo's oldest event, so that keys are certified when it begins. */
const beginDays = -220

const demoFolder = process.env['DEMO_FOLDER'] ?? demoFolderNear(dirname(fileURLToPath(import.meta.url)))

/** Beside the sources, or beside the built files under dist/. */
function demoFolderNear(folder: string): string {
  return join(folder.replace(`${join('dist', 'apps')}`, 'apps'), '..', 'demo')
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

function setting(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '') throw new Error(`${name} is not set`)
  return value
}

type Providers = Readonly<Record<string, { readonly issuer: string }>>

/** In a demo of people only, she has an account and no key yet: her first login can be tried. */
const newcomer = 'p-nermina'

/** What is to be filled in: all of it, or (`SLUSS_DEMO=people`) organisations, staff and keys without a single case. */
function wanted(demo: Demo): { readonly cases: Demo['cases']; readonly withKeys: Demo } {
  const choice = process.env['SLUSS_DEMO'] ?? ''
  if (choice === '') return { cases: demo.cases, withKeys: demo }
  if (choice !== 'people') throw new Error('SLUSS_DEMO is "people" or not set')
  return { cases: [], withKeys: { ...demo, personas: demo.personas.filter(({ id }) => id !== newcomer) } }
}

async function fill(): Promise<void> {
  const baseUrl = setting('PUBLIC_URL')
  const ownerUrl = setting('OWNER_DATABASE_URL')
  const providers = JSON.parse(setting('IDENTITY_PROVIDERS')) as Providers // checked by the API, which reads the same setting
  const demo = readDemo(demoFolder)
  const root = demoRoot(demoFolder)
  const clock = new Clock(baseUrl, ownerUrl)
  const staff = new Staff(demo, clock, { baseUrl, rootFingerprint: root.signing })
  const today = Date.now()
  const now = instantOf(today)
  const issuerOf = (tenant: string): string => {
    const issuer = providers[tenant]?.issuer
    if (issuer === undefined) throw new Error(`IDENTITY_PROVIDERS names no issuer for ${tenant}`)
    return issuer
  }
  await enterOrganisations(ownerUrl, organisationsOf(demo, issuerOf))
  say(`${demo.tenants.length} organisations entered`)
  try {
    const begin = addDays(now, beginDays)
    await clock.set(begin)
    const { cases, withKeys } = wanted(demo)
    await makeKeys(withKeys, staff, say)
    await certifyAll({ demo: withKeys, staff, root, ownerUrl, at: begin, progress: say })
    const events = inOrder(
      cases.flatMap((theCase) => eventsOf({ demo, staff, theCase, today })),
      now,
    )
    for (const [place, event] of events.entries()) {
      await clock.set(event.at)
      await event.happen()
      say(`${place + 1}/${events.length} ${event.at} ${event.what}`)
    }
  } finally {
    await clock.release()
    staff.close()
  }
  say('the demo is filled')
}

async function main(): Promise<void> {
  if (process.env['SLUSS_MODE'] !== 'development') throw new Error('The demo is for SLUSS_MODE=development only.')
  const [command] = process.argv.slice(2)
  switch (command) {
    case 'tenants':
      return say(
        JSON.stringify(readDemo(demoFolder).tenants.map(({ id, name }) => ({ short: id, id: tenantIdOf(id), name }))),
      )
    case 'fill':
      return fill()
    default:
      throw new Error('Say what to do: tenants or fill.')
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
