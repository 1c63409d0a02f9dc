// `npm start`: from a fresh clone to a filled demo in the browser; a second start takes seconds and keeps the data. No dependencies,
// since it runs before `npm ci`. `npm start -- --reset` begins anew.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from './build.mjs'
import {
  demoState,
  demoTable,
  demoTenants,
  dropDatabase,
  fillDemo,
  forgetDemo,
  rootFingerprint,
} from './parts/demo.mjs'
import { checkNode, ensurePackages } from './parts/install.mjs'
import { adminUrl, dataFolder, databaseName, distFolder, ports, secrets, urlAs } from './parts/places.mjs'
import { requireFree } from './parts/ports.mjs'
import { endLeftPostgres, removePostgres, startPostgres } from './parts/postgres.mjs'
import { startRedis } from './parts/redis.mjs'
import { Stop, main } from './parts/run.mjs'
import { endLeftovers, forgetRunning, keepRunning } from './parts/running.mjs'
import { providersOf, publicUrl, startServices } from './parts/services.mjs'

const began = Date.now()
const options = process.argv.slice(2)
const isReset = options.includes('--reset')
const help = `npm start                 starts Sluss with its demo, and keeps the data between starts
npm start -- --reset      begins anew: what was there is removed, and the demo is filled again
npm start -- --help       prints this

From the environment:
PORT, IDP_PORT, POSTGRES_PORT, REDIS_PORT   where it listens (3000, 3001, 5433, 6380)
DATABASE_URL, REDIS_URL                     servers of your own instead of those that it brings (a superuser's address)
SLUSS_DATA                                  where data and logs lie (.data)
`
const say = (line) =>
  process.stdout.write(`${String(((Date.now() - began) / 1000).toFixed(1)).padStart(6)} s  ${line}\n`)
const isTerminal = process.stdout.isTTY === true

/** What runs, newest first: the order of stopping. */
const services = []

/** The first service to end without having been asked to. */
let isStopping = false
let fell
const fallen = new Promise((resolve) => (fell = resolve))

async function stopAll() {
  isStopping = true
  for (const one of services.splice(0)) await one.stop()
  forgetRunning()
}

function begin(one) {
  if (isStopping) void one.stop()
  services.unshift(one)
  keepRunning(publicUrl(), services)
  void one.ended.then(() => isStopping || fell(one))
  return one
}

/** Ctrl-C while something is being waited for: that waiting fails, and `main` must not speak of it. */
const interrupted = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve(signal))
})

/** Before anything takes time or is removed. */
async function checkPorts() {
  const wanted = ports()
  await requireFree([
    ['API and client', wanted.api, 'PORT'],
    ['identity provider', wanted.idp, 'IDP_PORT'],
    ...(process.env.DATABASE_URL ? [] : [['PostgreSQL', wanted.postgres, 'POSTGRES_PORT']]),
    ...(process.env.REDIS_URL ? [] : [['Redis', wanted.redis, 'REDIS_PORT']]),
  ])
}

async function databases() {
  const wanted = ports()
  const logFile = (name) => join(dataFolder, 'logs', `${name}.log`)
  if (!process.env.REDIS_URL) begin(await startRedis({ port: wanted.redis, logFile: logFile('redis'), say }))
  if (!process.env.DATABASE_URL)
    begin(await startPostgres({ port: wanted.postgres, password: secrets().admin, logFile: logFile('postgres') }))
  if (isReset || demoState() === 'begun') await dropDatabase()
  if (isReset || demoState() === 'begun') forgetDemo()
}

async function migrateDatabase() {
  const { migrate, prepare } = await import(
    pathToFileURL(join(distFolder, 'libs', 'persistence', 'src', 'migrate.js')).href
  )
  const { owner, app, read } = secrets()
  await prepare(adminUrl(), { database: databaseName, ownerPassword: owner, appPassword: app, readPassword: read })
  const { length } = await migrate(urlAs('admin'))
  if (length > 0) say(`Database ready (${length} migrations)`)
}

function progress(line) {
  if (!isTerminal) return say(line)
  process.stdout.write(`\r\x1b[K${' '.repeat(10)}${line.slice(0, (process.stdout.columns ?? 100) - 12)}`)
}

async function up() {
  mkdirSync(join(dataFolder, 'logs'), { recursive: true })
  await endLeftovers()
  await endLeftPostgres()
  await checkPorts()
  await ensurePackages(say)
  await build(say)
  if (isReset) reset()
  await databases()
  say('PostgreSQL and Redis are up')
  await migrateDatabase()
  const tenants = await demoTenants()
  await startServices({ fingerprint: rootFingerprint(), tenants, began: begin })
  say('API, worker and identity provider are up')
  if (demoState() !== 'filled') {
    say('Filling the demo through the client library, with real keys (once) …')
    await fillDemo({ publicUrl: publicUrl(), providers: providersOf(tenants), show: progress })
    if (isTerminal) process.stdout.write('\n')
  }
  process.stdout.write(
    `\n${demoTable()}\n\n  Sluss is running: ${publicUrl()}\n  Ctrl-C stops all of it. Logs: ${join(dataFolder, 'logs')}\n\n`,
  )
}

/** The secrets stay: a PostgreSQL given by DATABASE_URL has its roles' passwords from them. */
function reset() {
  if (!process.env.DATABASE_URL) removePostgres()
  rmSync(join(dataFolder, 'redis'), { recursive: true, force: true })
  forgetDemo()
}

/** Whoever has production's settings in the environment means something else than a demo without secrets. */
function checkMode() {
  const mode = process.env.SLUSS_MODE || 'development'
  if (mode === 'development') return
  throw new Stop(
    `npm start is for development, with invented people and public passphrases; SLUSS_MODE is ${mode}.\nUnset it, or see docker/README.md for an installation.`,
  )
}

/** A word that it does not know starts nothing: it may have been meant to spare the data. */
function checkOptions() {
  const unknown = options.find((one) => one !== '--reset')
  if (unknown !== undefined) throw new Stop(`npm start does not know ${unknown}.\n\n${help}`)
}

await main(async () => {
  if (options.includes('--help')) {
    process.stdout.write(help)
    return
  }
  checkOptions()
  checkNode()
  checkMode()
  const work = up()
  const running = work.then(() => Promise.race([interrupted, fallen]))
  try {
    const end = await Promise.race([interrupted, fallen, running])
    if (typeof end !== 'string') throw new Stop(`${end.name} ended by itself. Its last lines:\n${end.lastLines()}`)
    process.stdout.write('\n')
    say('Stopping …')
  } finally {
    running.catch(() => undefined)
    await stopAll()
  }
  say('Stopped')
})
// What may still be waited for (packages, the seeder) goes with this process.
process.exit()
