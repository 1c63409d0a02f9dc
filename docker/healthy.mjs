// The health check of a container: `api` asks the API, `worker` whether the worker's database and Redis can be reached.
import { connect } from 'node:net'

const standardPort = { 'postgres:': 5432, 'postgresql:': 5432, 'redis:': 6379, 'rediss:': 6379 }

const reaches = (address) =>
  new Promise((resolve) => {
    const { hostname, port, protocol } = new URL(address)
    const socket = connect(Number(port) || standardPort[protocol], hostname)
    socket.setTimeout(3_000, () => resolve(socket.destroy() === null))
    socket.once('connect', () => resolve(socket.destroy().destroyed))
    socket.once('error', () => resolve(false))
  })

async function isHealthy(role) {
  if (role === 'api')
    return (await fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/health`, { signal: AbortSignal.timeout(4_000) }))
      .ok
  if (role === 'worker')
    return (await Promise.all([reaches(process.env.DATABASE_URL), reaches(process.env.REDIS_URL)])).every(Boolean)
  return false
}

process.exit((await isHealthy(process.argv[2]).catch(() => false)) ? 0 : 1)
