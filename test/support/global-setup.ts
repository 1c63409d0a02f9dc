// Before all integration suites: the servers, and one migrated template database that each suite copies.
import { startPostgres, startRedis } from './cluster.ts'
import { makeTemplate } from './template.ts'

export default async function setUp(): Promise<void> {
  // Jest wants a default export here
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
  process.env['SLUSS_TEST_POSTGRES'] = postgres.url
  process.env['SLUSS_TEST_REDIS'] = redis.url
  Object.assign(globalThis, { slussTestServers: [postgres, redis] })
  await makeTemplate(postgres.url)
}
