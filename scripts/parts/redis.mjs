// The Redis of `npm start`: the program on the PATH, kept in the data folder so that sessions outlive a restart.
import { mkdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { ensureRedis } from './install.mjs'
import { dataFolder } from './places.mjs'
import { service, until } from './run.mjs'

const answersPing = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.once('data', (text) => resolve(String(text).startsWith('+PONG') && socket.destroy().destroyed))
    socket.once('error', () => resolve(false))
  })

export async function startRedis({ port, logFile, say }) {
  const program = await ensureRedis(say)
  const folder = join(dataFolder, 'redis')
  mkdirSync(folder, { recursive: true })
  // noeviction: BullMQ loses jobs under any other policy.
  const flags = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'yes',
    '--maxmemory-policy',
    'noeviction',
  ]
  const server = service('Redis', program, flags, { logFile })
  await until(server, () => answersPing(port), { everyMs: 20 })
  return server
}
