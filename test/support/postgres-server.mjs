// A PostgreSQL of one's own, run by plain Node (Jest's transform cannot load the binaries' package): node postgres-server.mjs
// <data folder> <port> <fast|durable>. Prints one line of JSON when it takes connections, with the folder that it was given in the
// end; ends, and removes the folder, when its standard input closes, so also when the run that started it is killed.
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { initialise, placeFor, serve } from '../../scripts/parts/postgres.mjs'

const [wanted, port, durability] = process.argv.slice(2)
const isFast = durability === 'fast'
const password = 'test'
const settings = isFast ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : ['fsync=on']

let where
let server

async function stop() {
  await server?.stop()
  if (where !== undefined) rmSync(where.data, { recursive: true, force: true })
  process.exit(0)
}

process.stdin.on('end', stop).resume()
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, stop)
try {
  where = await placeFor(wanted)
  // A cluster that was killed, and is started again.
  if (!existsSync(join(where.data, 'PG_VERSION'))) await initialise(where, password, isFast ? ['--no-sync'] : [])
  server = await serve(where, { port, password, logFile: '/dev/null', settings })
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
  process.stdout.write(`${JSON.stringify({ url, databaseDir: where.data })}\n`)
} catch (error) {
  process.stderr.write(`PostgreSQL did not start: ${error.message}\n`)
  await stop()
}
