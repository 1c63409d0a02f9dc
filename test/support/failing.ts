// Servers of a suite's own that can be killed as by the kernel and brought back at the same address, with what they had kept.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings } from '../../apps/api/src/platform/settings.ts'
import { freePort } from './cluster.ts'

export type Killable = {
  readonly url: string
  /** SIGKILL, and gone when this resolves. */
  readonly kill: () => Promise<void>
  readonly revive: () => Promise<void>
  readonly stop: () => Promise<void>
}

const patienceMs = 20_000

/** With fsync on. */
export async function killablePostgres(): Promise<Killable> {
  const dataFolder = join(process.cwd(), '.data')
  mkdirSync(dataFolder, { recursive: true })
  const port = await freePort()
  const wanted = join(dataFolder, `killed-${process.pid}-${port}`)
  const script = join(process.cwd(), 'test/support/postgres-server.mjs')
  let child: ChildProcess | null = null
  let databaseDir = wanted
  const start = async (): Promise<void> => {
    child = spawn(process.execPath, [script, wanted, `${port}`, 'durable'], { stdio: ['pipe', 'pipe', 'inherit'] })
    databaseDir = (JSON.parse(await lineOf(child)) as { databaseDir: string }).databaseDir // as the script prints it
  }
  const kill = async (): Promise<void> => {
    // The keeper first, or it would tidy up after its server.
    if (child !== null) await killed(child)
    const [line] = readFileSync(join(databaseDir, 'postmaster.pid'), 'utf8').split('\n')
    const postmaster = Number(line)
    const backends = childrenOf(postmaster)
    process.kill(postmaster, 'SIGKILL')
    // Until the last of them has noticed, they hold the cluster's memory.
    await until(() => [postmaster, ...backends].every((pid) => !isAlive(pid)))
    // Where nobody collects the dead, a new server would take its predecessor for alive.
    rmSync(join(databaseDir, 'postmaster.pid'))
  }
  await start()
  return {
    url: `postgres://postgres:test@127.0.0.1:${port}/postgres`,
    kill,
    revive: start,
    stop: async () => {
      if (existsSync(join(databaseDir, 'postmaster.pid'))) await kill()
      rmSync(databaseDir, { recursive: true, force: true })
    },
  }
}

/** Keeps nothing: sessions end with it, as they may. */
export async function killableRedis(): Promise<Killable> {
  const port = await freePort()
  const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  let child: ChildProcess | null = null
  const start = async (): Promise<void> => {
    child = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'ignore'] })
    await lineOf(child)
  }
  const kill = async (): Promise<void> => {
    if (child !== null) await killed(child)
  }
  await start()
  return { url: `redis://127.0.0.1:${port}`, kill, revive: start, stop: kill }
}

/**
 * An API node in a process of its own, beside those of the suite: same database, same Redis, same session secret. `hear`: is told
 * everything that it prints, and then it prints all that it can.
 */
export async function killableNode(settings: Settings, hear?: (printed: string) => void): Promise<Killable> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const environment = {
    PATH: process.env['PATH'],
    SLUSS_MODE: settings.mode,
    PORT: `${port}`,
    PUBLIC_URL: settings.publicUrl.href,
    DATABASE_URL: settings.databaseUrl,
    REDIS_URL: settings.redisUrl,
    SESSION_SECRET: settings.sessionSecret,
    ROOT_FINGERPRINT: settings.rootFingerprint,
    IDENTITY_PROVIDERS: JSON.stringify(Object.fromEntries(settings.identityProviders)),
    LOG_LEVEL: hear === undefined ? 'silent' : 'trace',
  }
  const run = ['-C', 'sluss-source', '--import', './test/support/typescript.mjs', 'apps/api/src/main.ts']
  let child: ChildProcess | null = null
  const start = async (): Promise<void> => {
    child = spawned(run, environment, hear)
    await untilDone(async () => {
      if (!(await fetch(`${url}/health`)).ok) throw new Error('not well')
    })
  }
  const kill = async (): Promise<void> => {
    if (child !== null) await killed(child)
  }
  await start()
  return { url, kill, revive: start, stop: kill }
}

/** A worker in a process of its own, on the database and the Redis of these settings, which tells all that it prints. */
export async function loggedWorker(
  settings: Settings,
  hear: (printed: string) => void,
): Promise<Pick<Killable, 'stop'>> {
  const environment = {
    PATH: process.env['PATH'],
    SLUSS_MODE: settings.mode,
    DATABASE_URL: settings.databaseUrl,
    REDIS_URL: settings.redisUrl,
    LOG_LEVEL: 'trace',
    SEAL_SECONDS: '1',
    REPEAT_SECONDS: '1',
  }
  let isStarted = false
  const run = ['-C', 'sluss-source', '--import', './test/support/typescript.mjs', 'apps/worker/src/main.ts']
  const child = spawned(run, environment, (printed) => {
    isStarted ||= printed.includes('"started"')
    hear(printed)
  })
  await until(() => isStarted)
  return { stop: () => killed(child) }
}

function spawned(run: readonly string[], env: NodeJS.ProcessEnv, hear?: (printed: string) => void): ChildProcess {
  if (hear === undefined) return spawn(process.execPath, run, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const child = spawn(process.execPath, run, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const output of [child.stdout, child.stderr]) output?.on('data', (printed) => hear(String(printed)))
  return child
}

function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}

/** The first line that a server writes when it is there. */
function lineOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', (line) => resolve(String(line)))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)))
  })
}

const childrenOf = (pid: number): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)

/** A process that nobody has collected yet is dead all the same. */
function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

const aMoment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50))

async function until(isSo: () => boolean): Promise<void> {
  const end = Date.now() + patienceMs
  while (!isSo()) {
    if (Date.now() > end) throw new Error('waited in vain')
    await aMoment()
  }
}

/** Tries until it succeeds; the last failure is thrown when patience ends. */
export async function untilDone<T>(work: () => Promise<T>): Promise<T> {
  const end = Date.now() + patienceMs
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (Date.now() > end) throw error
    }
    await aMoment()
  }
}
