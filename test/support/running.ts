// A running Sluss for a suite: its own database, the development identity provider, and as many API nodes as asked for.
import { enterOrganisations } from '#libs/persistence'
import { join } from 'node:path'
import pg from 'pg'
import type { Log } from '../../apps/api/src/platform/log.ts'
import type { RunningApi } from '../../apps/api/src/platform/start.ts'
import { startApi } from '../../apps/api/src/platform/start.ts'
import type { Settings } from '../../apps/api/src/platform/settings.ts'
import { readSettings } from '../../apps/api/src/platform/settings.ts'
import { readOrganisations } from '../../apps/idp/src/settings.ts'
import type { RunningIdp } from '../../apps/idp/src/start.ts'
import { issuerOf, startIdp } from '../../apps/idp/src/start.ts'
import { readDemo } from '../../apps/seed/src/demo-files.ts'
import { organisationsOf } from '../../apps/seed/src/organisations.ts'
import type { RunningWorker } from '../../apps/worker/src/start.ts'
import { startWorker } from '../../apps/worker/src/start.ts'
import { freePort } from './cluster.ts'
import { proxyTo } from './proxy.ts'
import type { TestDatabase } from './database.ts'
import { freshDatabase, redisUrl } from './database.ts'

export type { Fields, Log } from '../../apps/api/src/platform/log.ts'

export type Running = {
  readonly database: TestDatabase
  /** Where people reach it: the first node, or the proxy in front of all of them. */
  readonly publicUrl: string
  readonly nodes: readonly RunningApi[]
  readonly settings: Settings
  /** Moves the clocks of the database and of every node together. */
  setClock(at: Date | 'real'): Promise<void>
  /** One more node of the same Sluss, with settings of its own; the caller closes it. */
  startNode(settings: Partial<Settings>): Promise<RunningApi>
  /** Another node, which counts foundings as production does. Whoever starts it closes it. */
  startStricter(): Promise<RunningApi>
  /** A worker that looks every second; the caller closes it. `log`: hears what it would print. */
  startWorker(log?: Log): Promise<RunningWorker>
  stop(): Promise<void>
}

/** Rows as the superuser sees them: for controls, and for what only an operator could do. */
export async function rowsOf(database: TestDatabase, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.adminUrl })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

export const demoFolder = join(process.cwd(), 'apps/seed/demo')

/**
 * `rootFingerprint`: that of the root which the suite's tenants are founded by. `client`: the folder of the built web client; it is
 * then served by way of a proxy that gives each connection to the next node. `issuers`: providers of the suite's own, by tenant, in
 * place of the development one.
 */
export async function startSluss(wanted: {
  readonly nodes: number
  readonly rootFingerprint: string
  readonly client?: string
  readonly issuers?: Readonly<Record<string, string>>
}): Promise<Running> {
  const database = await freshDatabase()
  const redis = ownRedis()
  const ports = await Promise.all(Array.from({ length: wanted.nodes }, freePort))
  const idpPort = await freePort()
  const proxy = wanted.client === undefined ? null : await proxyTo(ports)
  const publicUrl = new URL(`http://127.0.0.1:${proxy?.port ?? ports[0] ?? 0}`)
  const idpUrl = new URL(`http://127.0.0.1:${idpPort}`)
  const organisations = readOrganisations(demoFolder)
  const idp: RunningIdp = await startIdp({
    port: idpPort,
    url: idpUrl,
    publicUrl,
    clientId: 'sluss',
    organisations,
  })
  const issuerAt = (tenant: string): string => wanted.issuers?.[tenant] ?? issuerOf({ url: idpUrl }, tenant)
  const providers = Object.fromEntries(organisations.map(({ id }) => [id, { issuer: issuerAt(id), clientId: 'sluss' }]))
  await enterOrganisations(database.ownerUrl, organisationsOf(readDemo(demoFolder), issuerAt))
  const settingsFor = (port: number): Settings =>
    readSettings({
      SLUSS_MODE: 'test',
      PORT: String(port),
      PUBLIC_URL: publicUrl.href,
      DATABASE_URL: database.appUrl,
      REDIS_URL: redis,
      SESSION_SECRET: 'a secret for tests, and only for tests',
      ROOT_FINGERPRINT: wanted.rootFingerprint,
      IDENTITY_PROVIDERS: JSON.stringify(providers),
      WEB_FOLDER: wanted.client,
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent',
    })
  const nodes: RunningApi[] = []
  for (const port of ports) nodes.push(await startApi(settingsFor(port)))
  return {
    database,
    publicUrl: publicUrl.origin,
    nodes,
    settings: settingsFor(ports[0] ?? 0),
    setClock: async (at) => {
      await database.setClock(at)
      for (const node of nodes) node.setClock(at)
    },
    startStricter: async () => startApi({ ...settingsFor(await freePort()), leastCertifiers: 2 }),
    startNode: async (own) => {
      const port = await freePort()
      return startApi({ ...settingsFor(port), ...own })
    },
    startWorker: (log) =>
      startWorker(
        {
          databaseUrl: database.appUrl,
          redisUrl: redis,
          logLevel: 'silent',
          sealSeconds: 1,
          repeatSeconds: 1,
          verifySeconds: 1,
        },
        log,
      ),
    stop: async () => {
      proxy?.close()
      for (const node of nodes) await node.close()
      await idp.close()
      await database.drop()
    },
  }
}

/** Suites that run at the same time share the server and nothing in it: a Redis database for each of Jest's workers. */
function ownRedis(): string {
  const url = new URL(redisUrl())
  url.pathname = `/${Number(process.env['JEST_WORKER_ID'] ?? 1) % 16}`
  return url.href
}
