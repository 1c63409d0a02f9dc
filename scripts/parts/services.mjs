// The servers of development and what each is told: the one place where `npm start`, browser tests and benchmarks get their settings from.
import { join } from 'node:path'
import { dataFolder, distFolder, ports, root, secrets, urlAs } from './places.mjs'
import { service, until } from './run.mjs'

const main = (app) => join(distFolder, 'apps', app, 'src', 'main.js')

export const publicUrl = () => `http://localhost:${ports().api}`
export const redisUrl = () => process.env.REDIS_URL || `redis://127.0.0.1:${ports().redis}`
const idpUrl = () => `http://localhost:${ports().idp}`
export const issuerOf = (tenant) => `${idpUrl()}/${tenant.id}`
/** The setting IDENTITY_PROVIDERS: tenant id → issuer and client. */
export const providersOf = (tenants) =>
  JSON.stringify(
    Object.fromEntries(tenants.map((tenant) => [tenant.id, { issuer: issuerOf(tenant), clientId: 'sluss' }])),
  )

/** What every server of the product is told. */
const environmentOf = ({ fingerprint, tenants }) => ({
  SLUSS_MODE: 'development',
  PORT: String(ports().api),
  PUBLIC_URL: publicUrl(),
  DATABASE_URL: urlAs('app'),
  REDIS_URL: redisUrl(),
  SESSION_SECRET: secrets().session,
  ROOT_FINGERPRINT: fingerprint,
  IDENTITY_PROVIDERS: providersOf(tenants),
  WEB_FOLDER: join(distFolder, 'web'),
  LOG_LEVEL: process.env.LOG_LEVEL || 'info',
})

const isUp = async (url) => {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok
  } catch {
    return false
  }
}

function start(name, app, env) {
  const logFile = join(dataFolder, 'logs', `${app}.log`)
  return service(name, process.execPath, [main(app)], {
    logFile,
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production', ...env },
  })
}

/** The three servers, ready; `began` is told of each as it begins, so that all can be stopped whatever happens next. */
export async function startServices({ fingerprint, tenants, began }) {
  const env = environmentOf({ fingerprint, tenants })
  const idp = start('The identity provider', 'idp', {
    SLUSS_MODE: 'development',
    PORT: String(ports().idp),
    IDP_URL: idpUrl(),
    PUBLIC_URL: publicUrl(),
    DEMO_FOLDER: join(root, 'apps', 'seed', 'demo'),
  })
  const api = start('The API', 'api', env)
  const worker = start('The worker', 'worker', env)
  for (const one of [worker, api, idp]) began(one)
  await until(idp, () => isUp(`${issuerOf(tenants[0])}/.well-known/openid-configuration`))
  await until(api, () => isUp(`${publicUrl()}/health`))
  return { idp, api, worker }
}
