// The catalogue itself: every table guarded, the application owning nothing, nothing granted to everybody.
import { freshDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { rowsAs } from './support.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

test('every table has row-level security, enabled and forced, and policies', async () => {
  const rows = await rowsAs<{ name: string; guarded: boolean; forced: boolean; policies: number }>(
    database.adminUrl,
    `select c.relname as name, c.relrowsecurity as guarded, c.relforcerowsecurity as forced,
            (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies
     from pg_class c join pg_namespace s on s.oid = c.relnamespace
     where s.nspname = 'public' and c.relkind in ('r', 'p', 'm', 'v', 'f')`,
  )
  expect(rows.length).toBeGreaterThan(20)
  expect(rows.filter((row) => !row.guarded || !row.forced || row.policies === 0)).toEqual([])
})
