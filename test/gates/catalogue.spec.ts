// The catalogue itself: every table guarded, the application owning nothing, nothing granted to everybody.
import { categories, phases, purposes, receiverRoles, roles, tenantKinds } from '#libs/domain'
import type { StatementType } from '#libs/domain'
import { DataSource } from 'typeorm'
import { entities } from '../../libs/persistence/src/entities.ts'
import { freshDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { disconnect, rowsAs } from './support.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => {
  await disconnect()
  await database.drop()
})

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

test('the application owns nothing and cannot step around row-level security', async () => {
  const roles = await rowsAs<{ name: string; superuser: boolean; bypass: boolean; inherits: boolean; owns: number }>(
    database.adminUrl,
    `select rolname as name, rolsuper as superuser, rolbypassrls as bypass, rolinherit as inherits,
            (select count(*)::int from pg_class c where c.relowner = r.oid) as owns
     from pg_roles r where rolname like 'sluss\\_%' order by rolname`,
  )
  const harmless = { superuser: false, bypass: false, inherits: false }
  expect(roles).toMatchObject([
    { name: 'sluss_app', ...harmless, owns: 0 },
    { name: 'sluss_owner', ...harmless },
    { name: 'sluss_projector', ...harmless, owns: 0 },
    { name: 'sluss_read', ...harmless, owns: 0 },
  ])
  const memberships = await rowsAs(
    database.adminUrl,
    `select r.rolname as role, m.rolname as member from pg_auth_members x join pg_roles r on r.oid = x.roleid
     join pg_roles m on m.oid = x.member where m.rolname like 'sluss\\_%'`,
  )
  expect(memberships).toEqual([{ role: 'sluss_projector', member: 'sluss_owner' }])
})

test.each([
  'set role sluss_owner',
  'set role sluss_projector',
  'alter table messages disable row level security',
  'set session_replication_role = replica',
])('the application may not: %s', async (sql) => {
  await expect(rowsAs(database.appUrl, sql)).rejects.toMatchObject({ code: '42501' })
})

test('nothing is granted to everybody', async () => {
  const tables = await rowsAs(
    database.adminUrl,
    `select c.relname from pg_class c, aclexplode(c.relacl) a where c.relnamespace = 'public'::regnamespace and a.grantee = 0`,
  )
  const functions = await rowsAs(
    database.adminUrl,
    `select p.proname from pg_proc p left join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a on true
     where p.pronamespace = 'public'::regnamespace and a.grantee = 0`,
  )
  const schema = await rowsAs(
    database.adminUrl,
    `select 1 from pg_namespace n, aclexplode(n.nspacl) a where n.nspname = 'public' and a.grantee = 0`,
  )
  expect([tables, functions, schema]).toEqual([[], [], []])
})

test('only the functions of the projector, and what says one’s own roles, run with rights other than the caller’s, and each fixes its search path', async () => {
  const definers = await rowsAs(
    database.adminUrl,
    `select p.proname as name, pg_get_userbyid(p.proowner) as owner, p.proconfig as settings from pg_proc p
     where p.pronamespace = 'public'::regnamespace and p.prosecdef order by p.proname`,
  )
  const settings = ['search_path=pg_catalog, public, pg_temp']
  expect(definers).toEqual([
    { name: 'sluss_accept_message', owner: 'sluss_projector', settings },
    { name: 'sluss_apply_projection', owner: 'sluss_projector', settings },
    { name: 'sluss_carries', owner: 'sluss_projector', settings },
    { name: 'sluss_case_statements', owner: 'sluss_projector', settings },
    { name: 'sluss_cases_of_changed_keys', owner: 'sluss_projector', settings },
    { name: 'sluss_certifies', owner: 'sluss_projector', settings },
    { name: 'sluss_has_part', owner: 'sluss_projector', settings },
    { name: 'sluss_is_moved', owner: 'sluss_projector', settings },
    { name: 'sluss_oversees', owner: 'sluss_owner', settings },
    { name: 'sluss_receives', owner: 'sluss_owner', settings },
  ])
})

test('what is written for good can be neither changed nor deleted by the application', async () => {
  for (const table of [
    'statements',
    'messages',
    'seals',
    'wraps',
    'audit_entries',
    'audit_seals',
    'locked_keys',
    'threads',
  ]) {
    for (const privilege of ['update', 'delete', 'truncate']) {
      const [held] = await rowsAs<{ held: boolean }>(
        database.appUrl,
        `select has_table_privilege($1, $2) or ($2 = 'update' and has_any_column_privilege($1, 'update')) as held`,
        [table, privilege],
      )
      expect([table, privilege, held]).toEqual([table, privilege, { held: false }])
    }
    const triggers = await rowsAs(
      database.adminUrl,
      `select 1 from pg_trigger t join pg_proc p on p.oid = t.tgfoid where t.tgrelid = $1::regclass and p.proname = 'sluss_append_only'`,
      [table],
    )
    expect([table, triggers.length]).toEqual([table, 1])
  }
})

/** The texts that a check constraint lists. */
async function listed(constraint: string): Promise<readonly string[]> {
  const [row] = await rowsAs<{ text: string }>(
    database.adminUrl,
    'select pg_get_constraintdef(oid) as text from pg_constraint where conname = $1',
    [constraint],
  )
  return [...(row?.text ?? '').matchAll(/'([^']*)'::text/g)].map((match) => match[1] ?? '')
}

/** Total: a statement added to the domain without a line here does not compile. */
const statementTypes: Readonly<Record<StatementType, true>> = {
  'tenant.founded': true,
  'authority.added': true,
  'key.certified': true,
  'key.ended': true,
  'custodians.set': true,
  'custodians.replaced': true,
  'root.rotated': true,
  approved: true,
  'ledger.opened': true,
  'case.opened': true,
  'case.closed': true,
  'assignment.added': true,
  'assignment.ended': true,
  'assignment.barred': true,
  'compartment.opened': true,
  'epoch.started': true,
  'reception.started': true,
  'wraps.added': true,
  'consent.registered': true,
  'withdrawal.received': true,
  voided: true,
  upheld: true,
  speakers: true,
  'consent.shared': true,
  'grant.opened': true,
  'grant.narrowed': true,
  'grant.closed': true,
  'reception.key': true,
  'reception.ended': true,
  'flow.keyed': true,
  'seals.added': true,
  'disclosure.made': true,
  'disclosure.closed': true,
  contacts: true,
  'party.left': true,
}

test.each<[string, readonly string[]]>([
  ['tenants_kind', tenantKinds],
  ['user_roles_role', roles],
  ['cases_phase', phases],
  ['assignments_categories', categories],
  ['compartments_category', categories],
  ['compartments_purpose', purposes],
  ['content_keys_category', categories],
  ['flows_category', categories],
  ['threads_purpose', purposes],
  ['statements_type', Object.keys(statementTypes)],
])('%s lists what the domain lists', async (constraint, values) => {
  expect([...(await listed(constraint))].sort()).toEqual([...values].sort())
})

test('row-level security knows the receivers that the domain knows', async () => {
  const [row] = await rowsAs<{ text: string }>(
    database.adminUrl,
    "select prosrc as text from pg_proc where proname = 'sluss_receives'",
  )
  const inSql = [...(row?.text ?? '').matchAll(/'([a-z_]+)'/g)].map((match) => match[1])
  expect(inSql.sort()).toEqual([...receiverRoles].sort())
})

test('the entities are as the catalogue is', async () => {
  const source = new DataSource({ type: 'postgres', url: database.adminUrl, entities: [...entities] })
  await source.initialize()
  try {
    for (const { tableName, columns } of source.entityMetadatas) {
      const inCatalogue = await rowsAs<{ name: string; type: string; nullable: boolean }>(
        database.adminUrl,
        `select attname as name, format_type(atttypid, atttypmod) as type, not attnotnull as nullable
         from pg_attribute where attrelid = $1::regclass and attnum > 0 order by attname`,
        [tableName],
      )
      const inEntity = columns.map((column) => ({
        name: column.databaseName,
        type: String(column.type === String ? 'text' : column.type),
        nullable: column.isNullable && column.relationMetadata === undefined,
      }))
      expect([tableName, inEntity.toSorted((a, b) => (a.name < b.name ? -1 : 1))]).toEqual([tableName, inCatalogue])
    }
  } finally {
    await source.destroy()
  }
})
