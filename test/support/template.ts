// The migrated database that each suite copies. Jest's global set-up is resolved by Node, which does not know the source condition
// of `#libs/*`: hence the relative imports, of files that need nothing but pg.
import { migrate, prepare } from '../../libs/persistence/src/migrate.ts'
import { enableClock } from '../../libs/persistence/src/operator.ts'

export const passwords = { ownerPassword: 'owner', appPassword: 'app', readPassword: 'read' }

/** One template per run, named after it, since a server given by DATABASE_URL may serve several. */
export async function makeTemplate(adminUrl: string): Promise<void> {
  const database = `sluss_test_${process.pid}`
  await prepare(adminUrl, { database, ...passwords })
  await migrate(urlOf(adminUrl, database))
  await enableClock(urlOf(adminUrl, database))
  process.env['SLUSS_TEST_TEMPLATE'] = database
}

export function urlOf(base: string, database: string, user?: string, password?: string): string {
  const url = new URL(base)
  url.pathname = `/${database}`
  if (user !== undefined) url.username = user
  if (password !== undefined) url.password = password
  return url.href
}
