// One PostgreSQL cluster and one Redis per test run, each on a free port, gone with the run; DATABASE_URL (a superuser's) and
// REDIS_URL name servers to use instead.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'

const dataFolder = join(process.cwd(), '.data')

export type Server = { readonly url: string; readonly stop: () => Promise<void> }
/** `databaseDir` holds `postmaster.pid`, for tests that kill a cluster of their own. */
export type OwnPostgres = Server & { readonly databaseDir: string }

export async function startPostgres(): Promise<Server> {
  const given = process.env['DATABASE_URL']
  return given === undefined ? startOwnPostgres('fast') : { url: given, stop: async () => undefined }
}

/** `durable`: with fsync on, for tests of what survives a crash; `fast`: for all others. */
export async function startOwnPostgres(durability: 'fast' | 'durable'): Promise<OwnPostgres> {
  mkdirSync(dataFolder, { recursive: true })
  const port = await freePort()
  const wanted = join(dataFolder, `test-${process.pid}-${port}`)
  const script = join(process.cwd(), 'test/support/postgres-server.mjs')
  const child = spawn(process.execPath, [script, wanted, `${port}`, durability], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const { url, databaseDir } = await firstLine(child)
  return { url, databaseDir, stop: () => ended(child) }
}

export async function startRedis(): Promise<Server> {
  const given = process.env['REDIS_URL']
  if (given !== undefined) return { url: given, stop: async () => undefined }
  const port = await freePort()
  const options = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction']
  const child = spawn('redis-server', ['--port', `${port}`, ...options], { stdio: 'ignore' })
  const failed = new Promise<never>((_, reject) => {
    child.once('error', () => reject(new Error('redis-server is not on the PATH (apt-get install redis-server)')))
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)))
  })
  failed.catch(() => undefined)
  await Promise.race([takesConnections(port), failed])
  return { url: `redis://127.0.0.1:${port}`, stop: () => ended(child) }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return address.port
}

function firstLine(child: ChildProcess): Promise<{ readonly url: string; readonly databaseDir: string }> {
  return new Promise((resolve, reject) => {
    const errors: string[] = []
    child.stderr?.on('data', (text) => errors.push(String(text)))
    child.stdout?.once('data', (text) => resolve(JSON.parse(String(text))))
    child.once('exit', () => reject(new Error(errors.join(''))))
  })
}

async function takesConnections(port: number): Promise<void> {
  for (;;) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => resolve(socket.destroy().destroyed))
      socket.once('error', () => resolve(false))
    })
    if (isOpen) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.removeAllListeners('exit')
    child.once('exit', () => resolve())
    if (child.stdin !== null) child.stdin.end()
    else child.kill('SIGTERM')
  })
}
