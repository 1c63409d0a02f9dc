// What starting costs: a clean clone to a usable page, the second start, what the browser loads, and the API's memory at rest and with
// a thousand sockets. The clone needs the package registry; `--clone=0` leaves it out.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { chromium } from '@playwright/test'
import type { Browser } from '@playwright/test'
import { freePort } from '../test/support/cluster.ts'
import { cookiesFor, loadCrowd } from './crowd.ts'
import { lasting, megabytes, milliseconds, sizes, Table } from './figures.ts'
import { startApiNodes } from './nodes.ts'
import { connected, startServers } from './servers.ts'
import { closeSockets, openSockets } from './sockets.ts'

const size = sizes({ sockets: 1_000, clone: 1 })
const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0)
const longestStartMs = 600_000
const table = new Table()
bundle()
await memory()
if (size.clone === 1) await starts()
table.print('start')
process.exit()

/** All scripts and styles, as a server that compresses would send them; not all of them are loaded on the first page. */
function bundle(): void {
  const folder = join(process.cwd(), 'dist/web')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  for (const kind of ['js', 'css']) {
    const texts = files.filter((name) => name.endsWith(`.${kind}`)).map((name) => readFileSync(join(folder, name)))
    const [plain, packed] = [sum(texts.map((text) => text.length)), sum(texts.map((text) => gzipSync(text).length))]
    table.alone(`the client's ${kind}, gzip (plain ${megabytes(plain)})`, megabytes(packed))
  }
}

async function memory(): Promise<void> {
  const servers = await startServers('fast')
  const nodes = await startApiNodes(servers, 1)
  const pid = nodes[0]?.pid ?? 0
  table.alone('memory of the API at rest', megabytes(residentBytes(pid)))
  const crowd = await connected(servers.adminUrl, (client) => loadCrowd(client, 50))
  const cookies = await cookiesFor(servers.redisUrl, crowd.members)
  const sockets = await openSockets(size.sockets, { urls: nodes.map((node) => node.url), cookies, case: crowd.case })
  table.alone(`memory of the API with ${size.sockets} sockets`, megabytes(residentBytes(pid)))
  closeSockets(sockets)
  for (const node of nodes) await node.stop()
  await servers.stop()
}

function residentBytes(pid: number): number {
  return 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN)
}

async function starts(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluss-clone-'))
  await ended('git', ['clone', '--quiet', process.cwd(), folder], process.cwd())
  const [api, idp, postgres, redis] = await Promise.all(Array.from({ length: 4 }, freePort))
  const ports = { PORT: `${api}`, IDP_PORT: `${idp}`, POSTGRES_PORT: `${postgres}`, REDIS_PORT: `${redis}` }
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  for (const what of ['a clean clone to a usable page', 'the second start to a usable page'])
    table.alone(what, milliseconds(await startOnce(folder, ports, browser)))
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
}

async function startOnce(folder: string, ports: Readonly<Record<string, string>>, browser: Browser): Promise<number> {
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    cwd: folder,
    env: { ...process.env, ...ports },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  // The last thing it says is the address, when everything is up and the demo is filled.
  const ready = new Promise<void>((resolve, reject) => {
    const waiting = setTimeout(() => reject(new Error('it did not start')), longestStartMs)
    child.stdout.on('data', (text) => {
      if (!String(text).includes(`:${ports['PORT']}`)) return
      clearTimeout(waiting)
      resolve()
    })
    child.once('exit', () => reject(new Error('it ended')))
  })
  const took = await lasting(async () => {
    await ready
    await usablePage(browser, `http://localhost:${ports['PORT']}/`)
  })
  child.kill('SIGINT')
  await gone
  return took
}

/** Until the choice of organisation can be used: the client has been loaded, has run, and has asked the API for them. */
async function usablePage(browser: Browser, address: string): Promise<void> {
  const page = await browser.newPage()
  await page.goto(address)
  await page.getByRole('link', { name: 'Borås Stad' }).waitFor()
  await page.close()
}

function ended(command: string, args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    spawn(command, args, { cwd, stdio: 'inherit' }).once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}`)),
    )
  })
}
