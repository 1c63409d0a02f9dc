// What docker/ names exists: paths, scripts, ports, settings. No container engine is needed to find a file that has moved.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

const root = join(__dirname, '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

type Health = { readonly test?: readonly string[]; readonly disable?: boolean }
type Service = {
  readonly image: string
  readonly user?: string
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly build?: { readonly context: string; readonly dockerfile: string }
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string | number>>
  readonly volumes?: readonly string[]
  readonly networks?: readonly string[]
  readonly depends_on?: Readonly<Record<string, unknown>>
  readonly healthcheck?: Health
}
type Compose = {
  readonly services: Readonly<Record<string, Service>>
  readonly networks: Readonly<Record<string, unknown>>
  readonly volumes: Readonly<Record<string, unknown>>
}
const compose = parse(read('docker/compose.yaml'), { merge: true }) as Compose // compose's own form
const services = Object.entries(compose.services)
const dockerfile = read('docker/Dockerfile')

/** A built file's source; null for what is not built. */
const sourceOf = (path: string): string | null =>
  path.startsWith('dist/') ? path.slice('dist/'.length).replace(/\.js$/, '.ts') : null

const stands = (path: string): boolean => existsSync(join(root, sourceOf(path) ?? path))

test('there are two API nodes behind a proxy, a worker, PostgreSQL, Redis and a store', () => {
  expect(Object.keys(compose.services)).toEqual(
    expect.arrayContaining(['proxy', 'api-1', 'api-2', 'worker', 'postgres', 'redis', 'store']),
  )
})

test('the nodes serve the web client that their image holds, and the proxy sends everything to them', () => {
  const [, folder = ''] = /WEB_FOLDER=(\S+)/.exec(dockerfile) ?? []
  expect(dockerfile).toContain('COPY --from=build /sluss/dist/web ./dist/web')
  expect(folder).toBe('/sluss/dist/web')
  for (const node of ['api-1', 'api-2']) expect(compose.services[node]?.environment?.['WEB_FOLDER']).toBe(folder)
  expect(read('docker/Caddyfile')).not.toMatch(/file_server|handle|header [^-]/)
})

test.each(services)('%s runs without privileges on a file system that it cannot write', (_name, service) => {
  expect(service.user).toBeDefined()
  expect(service.user).not.toMatch(/^(root|0)\b/)
  expect(service.read_only).toBe(true)
  expect(service.cap_drop).toEqual(['ALL'])
})

test.each(services)('%s says how it is, and names only what exists', (_name, service) => {
  expect((service.healthcheck?.disable ?? false) ? [] : service.healthcheck?.test).toBeDefined()
  for (const name of Object.keys(service.depends_on ?? {})) expect(Object.keys(compose.services)).toContain(name)
  for (const name of service.networks ?? []) expect(Object.keys(compose.networks)).toContain(name)
  for (const volume of service.volumes ?? []) {
    const [from = ''] = volume.split(':')
    if (from.startsWith('.')) expect(existsSync(join(root, 'docker', from))).toBe(true)
    else expect(Object.keys(compose.volumes)).toContain(from)
  }
})

test.each(services.filter(([, { build }]) => build !== undefined))(
  '%s starts a file of this repository',
  (_name, service) => {
    expect(stands(join('docker', service.build?.context ?? '', service.build?.dockerfile ?? ''))).toBe(true)
    const files = [...(service.command ?? []), ...(service.healthcheck?.test ?? [])].filter((word) =>
      /\.m?js$/.test(word),
    )
    expect(files.length).toBeGreaterThan(0)
    for (const file of files) expect([file, stands(file)]).toEqual([file, true])
  },
)

describe('settings', () => {
  const named = (path: string): readonly string[] =>
    [...read(path).matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(([, name = '']) => name)
  const api = named('apps/api/src/platform/settings.ts')
  const worker = named('apps/worker/src/settings.ts')
  const optional = (path: string): readonly string[] =>
    [...read(path).matchAll(/^ {2}([A-Z][A-Z_]+):.*\.(?:default|optional)\(/gm)].map(([, name = '']) => name)

  test.each([
    ['api-1', api, optional('apps/api/src/platform/settings.ts')],
    ['worker', worker, optional('apps/worker/src/settings.ts')],
  ])('%s is told all that it must know, and nothing that it does not read', (name, known, mayLack) => {
    const told = Object.keys(compose.services[name]?.environment ?? {})
    expect(known.length).toBeGreaterThan(3)
    expect(told.filter((one) => !known.includes(one))).toEqual([])
    expect(known.filter((one) => !mayLack.includes(one) && !told.includes(one))).toEqual([])
  })

  test('every variable that has no standard value stands in the example', () => {
    const wanted = [...read('docker/compose.yaml').matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name = '']) => name)
    const example = [...read('docker/sluss.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name)
    expect([...new Set(wanted)].toSorted()).toEqual(example.toSorted())
  })

  test('the migration reads what it is told', () => {
    const script = read('scripts/migrate.mjs')
    for (const name of Object.keys(compose.services['migrate']?.environment ?? {}))
      expect(script).toContain(`setting('${name}')`)
  })
})

describe('Dockerfile', () => {
  test('every path copied from the repository exists, and the ignore file lets it in', () => {
    const lets = [...read('docker/Dockerfile.dockerignore').matchAll(/^!(.+)$/gm)].map(([, path = '']) => path)
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, line = '']) =>
      line.split(' ').slice(0, -1),
    )
    expect(copied.length).toBeGreaterThan(5)
    for (const path of copied) {
      expect([path, existsSync(join(root, path))]).toEqual([path, true])
      expect([path, lets.some((one) => path === one || path.startsWith(`${one}/`))]).toEqual([path, true])
    }
  })

  test('every file that a script imports is copied beside it', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, line = '']) => line.split(' '))
    for (const [, imported = ''] of read('scripts/migrate.mjs').matchAll(/from '\.\/(.+)'/g))
      expect(copied).toContain(`scripts/${imported}`)
    for (const part of ['places', 'run'])
      for (const [, imported = ''] of read(`scripts/parts/${part}.mjs`).matchAll(/from '\.\/(.+)'/g))
        expect(copied).toContain(`scripts/parts/${imported}`)
  })

  test('what is copied between stages has been made there', () => {
    const stages = [...dockerfile.matchAll(/ AS (\w+)$/gm)].map(([, name = '']) => name)
    const taken = [...dockerfile.matchAll(/^COPY --from=(\w+) \/sluss\/(\S+)/gm)]
    expect(taken.length).toBeGreaterThan(3)
    for (const [, stage = '', path = ''] of taken) {
      expect(stages).toContain(stage)
      const source = path === 'dist/web' ? 'apps/web/vite.config.ts' : path.replace(/^dist\//, '')
      if (path !== 'node_modules') expect(existsSync(join(root, source))).toBe(true)
    }
  })

  test('it ends as an ordinary user, on the port that the proxy and the health check ask', () => {
    expect(dockerfile).toMatch(/^USER node$/m)
    const [, port = ''] = /^EXPOSE (\d+)$/m.exec(dockerfile) ?? []
    expect(read('docker/Caddyfile')).toContain(`api-1:${port} api-2:${port}`)
    expect(String(compose.services['api-1']?.environment?.['PORT'])).toBe(port)
    expect(dockerfile).toContain(`PORT=${port}`)
  })
})

test('the proxy asks an address of health that the API serves', () => {
  const [, path = ''] = /health_uri (\S+)/.exec(read('docker/Caddyfile')) ?? []
  expect(read('apps/api/src/platform/documents.ts')).toContain(`router.get('${path}'`)
})

test('the Node of the images is one that package.json allows', () => {
  const [, major = '', minor = ''] = /NODE_VERSION=(\d+)\.(\d+)/.exec(dockerfile) ?? []
  const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } } // npm's own form
  const [, least = '', leastMinor = ''] = />=(\d+)\.(\d+)/.exec(engines.node) ?? []
  expect(Number(major)).toBeGreaterThanOrEqual(Number(least))
  expect(Number(major) > Number(least) || Number(minor) >= Number(leastMinor)).toBe(true)
})
