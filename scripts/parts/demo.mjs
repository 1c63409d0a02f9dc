// The demo as the start script needs it: its root, its tenants, whether it is filled, and the table of people to sign in as.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { adminUrl, dataFolder, databaseName, distFolder, root, urlAs } from './places.mjs'
import { Stop, endWithScript, must } from './run.mjs'

const seeder = join(distFolder, 'apps', 'seed', 'src', 'main.js')
const demoFolder = join(root, 'apps', 'seed', 'demo')
const environment = () => ({ SLUSS_MODE: 'development', DEMO_FOLDER: demoFolder })

const demoFile = (name) => JSON.parse(readFileSync(join(demoFolder, name), 'utf8'))

/** The signing fingerprint of the demo's root. */
export const rootFingerprint = () => demoFile('root.json').signing

/** `[{short, id, name}]`. */
export async function demoTenants() {
  const { stdout } = await must('Reading the demo', process.execPath, [seeder, 'tenants'], { env: environment() })
  return JSON.parse(stdout.trim().split('\n').at(-1))
}

const stateFile = join(dataFolder, 'demo-state.json')
/** The bundled server is the same one at another port. */
const serverName = () => (process.env.DATABASE_URL ? new URL(adminUrl()).host : 'bundled')

/** 'none', 'begun' (interrupted: of no use) or 'filled', for the server that is used now. */
export function demoState() {
  if (!existsSync(stateFile)) return 'none'
  const { server, state, root: founder } = JSON.parse(readFileSync(stateFile, 'utf8'))
  if (server !== serverName()) return 'none'
  if (state === 'filled' && founder !== rootFingerprint())
    throw new Stop('The demo here was founded by another root than this Sluss has. Begin anew: npm start -- --reset')
  return state
}
const keepState = (state) =>
  writeFileSync(stateFile, JSON.stringify({ server: serverName(), state, root: rootFingerprint() }))
export const forgetDemo = () => rmSync(stateFile, { force: true })

/** Fills the demo through the API. `show` gets each line of progress. */
export async function fillDemo({ publicUrl, providers, show }) {
  keepState('begun')
  const env = {
    ...environment(),
    PUBLIC_URL: publicUrl,
    OWNER_DATABASE_URL: urlAs('owner'),
    IDENTITY_PROVIDERS: providers,
  }
  const child = spawn(process.execPath, [seeder, 'fill'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  endWithScript(child)
  let errors = ''
  let rest = ''
  child.stderr.on('data', (text) => (errors += text))
  child.stdout.on('data', (text) => {
    const lines = `${rest}${text}`.split('\n')
    rest = lines.pop()
    for (const line of lines) show(line)
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Stop(`The demo could not be filled.\n${errors.trim()}`)
  keepState('filled')
}

/** Throws the product's database away; it never held more than an interrupted demo, or `--reset` asked for it. */
export async function dropDatabase() {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: adminUrl() })
  await client.connect()
  try {
    await client.query(`drop database if exists ${databaseName} with (force)`)
  } finally {
    await client.end()
  }
}

/** The table of people, ready to print. */
export function demoTable() {
  const tenantById = new Map(demoFile('tenants.json').tenants.map((tenant) => [tenant.id, tenant]))
  const rows = demoFile('personas.json').personas.map(({ id, name, title, tenant, passphrase }) => [
    name,
    title,
    tenantById.get(tenant)?.name ?? tenant,
    id,
    passphrase,
  ])
  return tableOf(['Name', 'Role', 'Organisation', 'Login', 'Passphrase'], rows)
}

function tableOf(headings, rows) {
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column].length)))
  const line = (cells) => `  ${cells.map((cell, column) => cell.padEnd(widths[column])).join('  ')}`.trimEnd()
  return [line(headings), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)].join('\n')
}
