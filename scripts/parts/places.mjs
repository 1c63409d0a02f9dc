// Where things lie and which ports they take: folders, settings from the environment, and the secrets made on first use.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Stop } from './run.mjs'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..')
export const dataFolder = resolve(process.env.SLUSS_DATA || join(root, '.data'))
export const distFolder = join(root, 'dist')

function port(name, standard) {
  const value = Number(process.env[name] || standard)
  if (!Number.isInteger(value) || value < 1 || value > 65_535)
    throw new Stop(`${name} is not a port: ${process.env[name]}`)
  return value
}

export const ports = () => ({
  api: port('PORT', 3000),
  idp: port('IDP_PORT', 3001),
  postgres: port('POSTGRES_PORT', 5433),
  redis: port('REDIS_PORT', 6380),
})

export const databaseName = 'sluss'

/** Passwords and the session secret of this data folder; made once, readable by their owner alone. */
export function secrets() {
  mkdirSync(dataFolder, { recursive: true, mode: 0o755 })
  const path = join(dataFolder, 'secrets.json')
  if (!existsSync(path)) {
    const word = () => randomBytes(24).toString('hex')
    const made = { admin: word(), owner: word(), app: word(), read: word(), session: word() }
    writeFileSync(path, JSON.stringify(made), { mode: 0o600 })
  }
  return JSON.parse(readFileSync(path, 'utf8'))
}

/** The superuser's address: DATABASE_URL, or the embedded server's. */
export const adminUrl = () =>
  process.env.DATABASE_URL || `postgres://postgres:${secrets().admin}@127.0.0.1:${ports().postgres}/postgres`

/** The product's database on the same server, as one of its roles. */
export function urlAs(role) {
  const url = new URL(adminUrl())
  url.pathname = `/${databaseName}`
  if (role !== 'admin') {
    url.username = `sluss_${role}`
    url.password = secrets()[role]
  }
  return url.href
}
