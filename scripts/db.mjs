// `npm run db`: psql as sluss_read, under row-level security. `-- --as mirjam` sees what that person sees; `-- --migrate` migrates.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { adminUrl, databaseName, distFolder, root, secrets, urlAs } from './parts/places.mjs'
import { Stop, main, onPath } from './parts/run.mjs'

const args = process.argv.slice(2)

async function migrateNow() {
  const built = join(distFolder, 'libs', 'persistence', 'src', 'migrate.js')
  if (!existsSync(built)) throw new Stop('Nothing is built yet: npm run build')
  const { migrate, prepare } = await import(pathToFileURL(built).href)
  const { owner, app, read } = secrets()
  await reachable(() =>
    prepare(adminUrl(), { database: databaseName, ownerPassword: owner, appPassword: app, readPassword: read }),
  )
  const applied = await migrate(urlAs('admin'))
  process.stdout.write(applied.length === 0 ? 'Nothing to migrate.\n' : `Applied: ${applied.join(', ')}\n`)
}

async function reachable(work) {
  try {
    return await work()
  } catch (error) {
    if (error.code === 'ECONNREFUSED')
      throw new Stop('No PostgreSQL answers. Run npm start first, or name one by DATABASE_URL.')
    throw error
  }
}

/** The settings of a transaction as the API would set them for this person. */
async function settingsOf(who) {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: urlAs('admin') })
  await reachable(() => client.connect())
  try {
    const sql =
      'select id, tenant_id, authority_id, name from users where subject in ($1, $2) or name ilike $3 order by name'
    const { rows } = await client.query(sql, [who, `p-${who}`, `${who}%`])
    if (rows.length === 0)
      throw new Stop(`Nobody is called ${who}. Take a first name from the table that npm start prints.`)
    const [{ id, tenant_id: tenant, authority_id: authority, name }] = rows
    process.stderr.write(`As ${name}\n`)
    return `-c sluss.user=${id} -c sluss.tenant=${tenant} -c sluss.authority=${authority}`
  } finally {
    await client.end()
  }
}

await main(async () => {
  if (args.includes('--migrate')) return migrateNow()
  const psql = onPath('psql')
  if (psql === null)
    throw new Stop(
      'psql is missing. Type:\n  sudo apt-get install postgresql-client\n(or brew install libpq) and begin again.',
    )
  const place = args.indexOf('--as')
  const who = place === -1 ? undefined : args[place + 1]
  if (place !== -1 && who === undefined) throw new Stop('Say whom: npm run db -- --as mirjam')
  const options = who === undefined ? '' : await settingsOf(who)
  const rest = place === -1 ? args : args.filter((_, index) => index !== place && index !== place + 1)
  const child = spawn(psql, [urlAs('read'), ...rest], {
    stdio: 'inherit',
    cwd: root,
    env: { ...process.env, PGOPTIONS: options },
  })
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)))
})
