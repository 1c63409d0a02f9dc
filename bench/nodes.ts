// Nodes as processes of their own, run from the sources: the API's, and the bare ones that it is compared with.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { freePort } from '../test/support/cluster.ts'
import type { Servers } from './servers.ts'

export type Node = { readonly url: string; readonly pid: number; readonly stop: () => Promise<void> }

export const sessionSecret = 'a secret for benchmarks, and only for benchmarks'
const longestStartMs = 60_000

export const startApiNodes = (servers: Servers, count: number): Promise<readonly Node[]> =>
  startNodes(count, 'apps/api/src/main.ts', (port) => ({
    SLUSS_MODE: 'test',
    PORT: `${port}`,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    DATABASE_URL: servers.appUrl,
    REDIS_URL: servers.redisUrl,
    SESSION_SECRET: sessionSecret,
    ROOT_FINGERPRINT: '0'.repeat(64),
    IDENTITY_PROVIDERS: '{}',
    // As in production; what is written goes nowhere.
    LOG_LEVEL: 'info',
  }))

export const startBareNodes = (servers: Servers, count: number): Promise<readonly Node[]> =>
  startNodes(count, 'bench/bare-node.ts', (port) => ({
    PORT: `${port}`,
    DATABASE_URL: servers.ownerUrl,
    REDIS_URL: servers.redisUrl,
  }))

async function startNodes(
  count: number,
  file: string,
  environment: (port: number) => Readonly<Record<string, string>>,
): Promise<readonly Node[]> {
  const ports = await Promise.all(Array.from({ length: count }, freePort))
  return Promise.all(ports.map((port) => startNode(file, port, environment(port))))
}

async function startNode(file: string, port: number, environment: Readonly<Record<string, string>>): Promise<Node> {
  const args = ['-C', 'sluss-source', '--import', './test/support/typescript.mjs', file]
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const url = `http://127.0.0.1:${port}`
  const until = performance.now() + longestStartMs
  while (!(await isWell(`${url}/health`))) {
    if (child.exitCode !== null || performance.now() > until) throw new Error(`${file} did not start`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return { url, pid: child.pid ?? 0, stop: () => ended(child) }
}

const isWell = (url: string): Promise<boolean> =>
  fetch(url).then(
    (answer) => answer.ok,
    () => false,
  )

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}
