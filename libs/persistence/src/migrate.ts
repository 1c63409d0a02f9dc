// Brings a database to the newest form: the numbered SQL files in `migrations`, forward only, all in one transaction.
import { readFile, readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

const folder = fileURLToPath(new URL('./migrations/', import.meta.url))

export type Wanted = {
  readonly database: string
  readonly ownerPassword?: string
  readonly appPassword: string
  readonly readPassword?: string
}

/**
 * Makes the roles, and the database owned by sluss_owner, where missing, and sets the passwords given; safe to repeat.
 * `adminUrl`: a superuser (or one who may create roles and databases) on any database of the server.
 */
export async function prepare(adminUrl: string, wanted: Wanted): Promise<void> {
  await connected(adminUrl, async (client) => {
    for (const role of ['sluss_owner', 'sluss_app', 'sluss_read', 'sluss_projector']) await ensureRole(client, role)
    await client.query('grant sluss_projector to sluss_owner')
    await setPassword(client, 'sluss_owner', wanted.ownerPassword)
    await setPassword(client, 'sluss_app', wanted.appPassword)
    await setPassword(client, 'sluss_read', wanted.readPassword)
    const database = client.escapeIdentifier(wanted.database)
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [wanted.database])
    if (rowCount === 0)
      await client.query(`create database ${database} owner sluss_owner template template0 encoding 'UTF8'`)
    await client.query(`revoke all on database ${database} from public`)
    await client.query(`grant connect on database ${database} to sluss_app, sluss_read`)
  })
  const onDatabase = new URL(adminUrl)
  onDatabase.pathname = `/${encodeURIComponent(wanted.database)}`
  await connected(onDatabase.href, (client) => client.query('alter schema public owner to sluss_owner'))
}

/** Applies what is missing and answers the names. `ownerUrl`: sluss_owner or a superuser, on the database itself. */
export async function migrate(ownerUrl: string): Promise<readonly string[]> {
  return connected(ownerUrl, async (client) => {
    await client.query('begin')
    await client.query('set local role sluss_owner')
    // Two starting at once: the second waits, then finds nothing missing.
    await client.query("select pg_advisory_xact_lock(hashtextextended('sluss.migrations', 0))")
    await client.query(
      'create table if not exists migrations (name text primary key, applied_at timestamptz not null default now())',
    )
    await client.query('alter table migrations enable row level security')
    await client.query('alter table migrations force row level security')
    await client.query('drop policy if exists migrations_owner on migrations')
    await client.query(
      'create policy migrations_owner on migrations for all to sluss_owner using (true) with check (true)',
    )
    const { rows } = await client.query<{ name: string }>('select name from migrations')
    const applied = new Set(rows.map((row) => row.name))
    const missing = (await readdir(folder)).filter((name) => name.endsWith('.sql') && !applied.has(name)).sort()
    for (const name of missing) {
      await client.query(await readFile(`${folder}${name}`, 'utf8'))
      await client.query('insert into migrations (name) values ($1)', [name])
    }
    await client.query('commit')
    return missing
  })
}

/** For the operator's own work: one connection, closed afterwards whatever happens. */
export async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function ensureRole(client: pg.Client, role: string): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [role])
  if (rowCount === 0) await client.query(`create role ${role} nologin nosuperuser nobypassrls noinherit`)
}

async function setPassword(client: pg.Client, role: string, password: string | undefined): Promise<void> {
  if (password !== undefined) await client.query(`alter role ${role} login password ${client.escapeLiteral(password)}`)
}
