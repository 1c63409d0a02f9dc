// Brings the database of an installation to the newest form, from the environment alone: run once before new images start (docker/compose.yaml).
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { databaseName, distFolder } from './parts/places.mjs'
import { Stop, main } from './parts/run.mjs'

function setting(name) {
  const value = process.env[name]
  if (value === undefined || value === '') throw new Stop(`${name} is not set.`)
  return value
}

await main(async () => {
  const adminUrl = setting('ADMIN_DATABASE_URL')
  const appPassword = setting('APP_PASSWORD')
  const { migrate, prepare } = await import(
    pathToFileURL(join(distFolder, 'libs', 'persistence', 'src', 'migrate.js')).href
  )
  await prepare(adminUrl, { database: databaseName, appPassword })
  const onDatabase = new URL(adminUrl)
  onDatabase.pathname = `/${databaseName}`
  const applied = await migrate(onDatabase.href)
  process.stdout.write(applied.length === 0 ? 'Nothing to migrate.\n' : `Applied: ${applied.join(', ')}\n`)
})
