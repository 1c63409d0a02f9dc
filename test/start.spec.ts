// `npm start` as somebody meets it who has just cloned the repository: a first start that is broken off, a second that fills the demo,
// a third that keeps it, and every way in which it refuses. A house of its own with a small demo: one kommun with two employees.
import { connect, signIn } from '#libs/client'
import type { TenantId } from '#libs/domain'
import { id } from '#libs/domain'
import type { ChildProcess } from 'node:child_process'
import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './support/cluster.ts'

jest.setTimeout(180_000)

const organisation = 'Sorsele kommun'
const house = mkdtempSync(join(realpathSync(tmpdir()), 'sluss-start-'))
let ports: Readonly<Record<'PORT' | 'IDP_PORT' | 'POSTGRES_PORT' | 'REDIS_PORT', string>>

type Persona = { readonly id: string; readonly name: string; readonly tenant: string; readonly passphrase: string }
const demoFile = (name: string): string => join(house, 'apps/seed/demo', name)
const read = <T>(name: string): T => JSON.parse(readFileSync(demoFile(name), 'utf8')) as T // the repository's own files

/** The repository without what is made from it; packages and builds are those of this test run, which are up to date. */
function cloned(): void {
  const root = process.cwd()
  // PostgreSQL's own user has to come in, where this runs as root.
  chmodSync(house, 0o755)
  for (const path of ['package.json', 'package-lock.json', '.npmrc', '.swcrc', 'scripts', 'apps', 'libs'])
    cpSync(join(root, path), join(house, path), { recursive: true })
  // Each by itself: an installation that replaced them would replace links.
  for (const folder of ['node_modules', 'dist']) {
    mkdirSync(join(house, folder))
    for (const name of readdirSync(join(root, folder))) symlinkSync(join(root, folder, name), join(house, folder, name))
  }
  const { tenants } = read<{ tenants: { name: string; id: string }[] }>('tenants.json')
  const kept = tenants.filter(({ name }) => name === organisation)
  const { personas } = read<{ personas: Persona[] }>('personas.json')
  const staff = personas.filter((one) => one.tenant === kept[0]?.id)
  writeFileSync(demoFile('tenants.json'), JSON.stringify({ tenants: kept }))
  writeFileSync(demoFile('personas.json'), JSON.stringify({ personas: staff }))
}

beforeAll(async () => {
  cloned()
  const [PORT, IDP_PORT, POSTGRES_PORT, REDIS_PORT] = await Promise.all(['', '', '', ''].map(freePort))
  ports = { PORT: `${PORT}`, IDP_PORT: `${IDP_PORT}`, POSTGRES_PORT: `${POSTGRES_PORT}`, REDIS_PORT: `${REDIS_PORT}` }
})

const started: ChildProcess[] = []
afterAll(async () => {
  for (const child of started.filter((one) => one.exitCode === null && one.signalCode === null)) interrupt(child)
  await nothingIsLeft()
  rmSync(house, { recursive: true, force: true })
})

type Start = {
  readonly child: ChildProcess
  said(): string
  says(words: string): Promise<void>
  ended: Promise<number>
}
type Env = Readonly<Record<string, string>>

/** The servers are this house's, whatever the test run itself uses. */
const without = ['DATABASE_URL', 'REDIS_URL', 'SLUSS_MODE', 'SLUSS_DATA']
const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !without.includes(name)))

function npmStart(args: readonly string[] = [], env: Env = {}, node: readonly string[] = []): Start {
  const child = spawn(process.execPath, [...node, 'scripts/start.mjs', ...args], {
    cwd: house,
    env: { ...inherited, ...ports, SLUSS_DEMO: 'people', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  started.push(child)
  if (child.pid !== undefined) groups.add(child.pid)
  let text = ''
  const waiting = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (more) => {
      text += String(more)
      for (const look of waiting) look()
    })
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)))
  const says = (words: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => void (text.includes(words) && resolve())
      waiting.add(look)
      look()
      void ended.then(() => reject(new Error(`it ended without saying "${words}":\n${text}`)))
    })
  return { child, said: () => text, says, ended }
}

/** Ctrl-C: the terminal tells the whole process group. */
function interrupt(child: ChildProcess): void {
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT')
}

const running = join(house, '.data/running.json')
/** Process groups: each start has one with what it waits for, and each service its own. */
const groups = new Set<number>()
function noteServices(): void {
  if (!existsSync(running)) return
  const { services } = JSON.parse(readFileSync(running, 'utf8')) as { services: { pid: number }[] } // the script's own form
  for (const { pid } of services) groups.add(pid)
}

const processesHere = (): readonly string[] =>
  spawnSync('ps', ['-eo', 'pgid=,args='], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => groups.has(Number.parseInt(line, 10)) || line.includes(house))

/** What was told to end may take a moment; what was not stays, and the test ends by its time. */
async function nothingIsLeft(): Promise<void> {
  while (processesHere().length > 0) await new Promise((resolve) => setTimeout(resolve, 20))
  expect(existsSync(running)).toBe(false)
}

async function stopped({ child, ended, said }: Start): Promise<void> {
  noteServices()
  interrupt(child)
  expect(await ended).toBe(0)
  expect(said()).toContain('Stopped')
  await nothingIsLeft()
}

const address = (): string => `http://localhost:${ports.PORT}`
const chief = (): Persona => {
  const [persona] = read<{ personas: readonly Persona[] }>('personas.json').personas
  if (persona === undefined) throw new Error('nobody works here')
  return persona
}

/** The titles of the cases that she sees when she signs in. */
async function casesOfHers(): Promise<readonly (string | null)[]> {
  const answer = (await (await fetch(`${address()}/sign-in/tenants`)).json()) as { tenants: { id: string }[] } // the contract's form
  const jar = await signIn({ baseUrl: address(), tenant: id<TenantId>(answer.tenants[0]?.id ?? ''), login: chief().id })
  const rootFingerprint = read<{ signing: string }>('root.json').signing
  const session = connect({ baseUrl: address(), rootFingerprint, jar })
  await session.unlock(chief().passphrase)
  const { cases } = await session.cases({})
  session.close()
  return cases.map(({ title }) => title)
}

async function refused(start: Start, ...words: readonly string[]): Promise<void> {
  expect(await start.ended).toBe(1)
  for (const word of words) expect(start.said()).toContain(word)
  expect(start.said()).not.toMatch(/^\s+at /m)
}

test('under a Node that is too old, or with the mode of production, it does not begin', async () => {
  const old = `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.18.3'}})`
  await refused(npmStart([], {}, ['--import', old]), 'Sluss needs Node 20.19 or newer; this is 20.18.3.')
  await refused(npmStart([], { SLUSS_MODE: 'production' }), 'npm start is for development', 'SLUSS_MODE is production')
  expect(existsSync(join(house, '.data'))).toBe(false)
})

test.each(['127.0.0.1', '::1'])(
  'a busy port is named with the way out, and nothing is left running: %s',
  async (host) => {
    const other = createServer().listen(Number(ports.IDP_PORT), host)
    const start = npmStart()
    await refused(start, `Port ${ports.IDP_PORT} (identity provider) is in use by another program.`)
    const [, way = ''] = /^ {2}IDP_PORT=(\d+) npm start$/m.exec(start.said()) ?? []
    expect(Number(way)).toBeGreaterThan(Number(ports.IDP_PORT))
    await nothingIsLeft()
    await new Promise((resolve) => other.close(resolve))
  },
)

test('Ctrl-C while the demo is being filled stops all of it', async () => {
  const start = npmStart()
  await start.says('organisations entered')
  noteServices()
  const wanted = [/start\.mjs/, /seed/, /api/, /worker/, /idp/, /postgres/, /redis/]
  expect(wanted.filter((one) => !processesHere().some((line) => one.test(line)))).toEqual([])
  await stopped(start)
})

describe('started again', () => {
  test('it fills the demo, says where it is and who to sign in as, and the example of the documents runs', async () => {
    const start = npmStart()
    await start.says(`Sluss is running: ${address()}`)
    expect(start.said()).toContain('Filling the demo')
    expect(start.said()).toMatch(new RegExp(`${chief().name} .*${organisation} .*${chief().passphrase}`))
    const args = [join(process.cwd(), 'docs/example-open-case.mjs'), organisation, chief().id, chief().passphrase]
    const example = spawnSync(process.execPath, args, {
      env: { ...inherited, SLUSS_URL: address() },
      encoding: 'utf8',
    })
    expect(example.stderr).toBe('')
    expect(example.stdout).toBe(
      `Läses av: ${chief().name}\n${example.stdout.split('\n')[1]?.slice(0, 17)} Personen ringde i dag och vill träffas på torsdag.\n`,
    )
    expect(await casesOfHers()).toEqual(['Exempel'])
    await refused(npmStart(), `Sluss is running already: ${address()}`, `process ${start.child.pid}`)
    expect(await casesOfHers()).toEqual(['Exempel'])
    await stopped(start)
  })

  test('it keeps the data and fills nothing anew', async () => {
    const start = npmStart()
    await start.says(`Sluss is running: ${address()}`)
    expect(start.said()).not.toMatch(/Filling|Building|Installing|migrations/)
    expect(await casesOfHers()).toEqual(['Exempel'])
    await stopped(start)
  })

  test('where a port is busy, --reset removes nothing', async () => {
    const other = createServer().listen(Number(ports.PORT), '127.0.0.1')
    await refused(npmStart(['--reset']), `Port ${ports.PORT} (API and client) is in use by another program.`)
    await new Promise((resolve) => other.close(resolve))
    const start = npmStart()
    await start.says(`Sluss is running: ${address()}`)
    expect(await casesOfHers()).toEqual(['Exempel'])
    await stopped(start)
  })

  test('with --reset it begins anew', async () => {
    const start = npmStart(['--reset'])
    await start.says(`Sluss is running: ${address()}`)
    expect(start.said()).toContain('Filling the demo')
    expect(await casesOfHers()).toEqual([])
    await stopped(start)
  })
})

test('an integrator imports the built client library by its name', () => {
  const folder = join(house, 'integration')
  mkdirSync(join(folder, 'node_modules'), { recursive: true })
  symlinkSync(process.cwd(), join(folder, 'node_modules', 'sluss'))
  const program =
    "import { connect, signIn } from 'sluss/client'\nprocess.stdout.write(`${typeof connect} ${typeof signIn}`)"
  const args = ['--input-type=module', '-e', program]
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
  expect([stdout, stderr]).toEqual(['function function', ''])
})
