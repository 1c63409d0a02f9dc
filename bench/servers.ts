// A migrated database and a Redis for one benchmark, gone with it. Without the settable clock of tests: the functions are production's.
import { migrate, prepare } from '#libs/persistence'
import pg from 'pg'
import type { Server } from '../test/support/cluster.ts'
import { startOwnPostgres, startRedis } from '../test/support/cluster.ts'
import { passwords, urlOf } from '../test/support/template.ts'

export type Servers = {
  /** A superuser's: for loading in bulk, and for looking. */
  readonly adminUrl: string
  readonly ownerUrl: string
  readonly appUrl: string
  readonly redisUrl: string
  readonly stop: () => Promise<void>
}

const database = 'sluss_bench'

/** `durable`: with fsync, where writing is what is measured. */
export async function startServers(durability: 'fast' | 'durable'): Promise<Servers> {
  const postgres = await startOwnPostgres(durability)
  const redis: Server = await startRedis()
  await prepare(postgres.url, { database, ...passwords })
  const ownerUrl = urlOf(postgres.url, database, 'sluss_owner', passwords.ownerPassword)
  await migrate(ownerUrl)
  return {
    adminUrl: urlOf(postgres.url, database),
    ownerUrl,
    appUrl: urlOf(postgres.url, database, 'sluss_app', passwords.appPassword),
    redisUrl: redis.url,
    stop: async () => {
      await redis.stop()
      await postgres.stop()
    },
  }
}

/** One connection for several statements. */
export async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
