// The baseline for messages: Socket.IO over the same Redis stream adapter, one INSERT per message, a broadcast to a room, an
// acknowledgement. No login, no policy, no form, no audit. `busy`: the rows of one thread are ordered by one counter.
import { createAdapter } from '@socket.io/redis-streams-adapter'
import { Redis } from 'ioredis'
import { createServer } from 'node:http'
import pg from 'pg'
import { Server } from 'socket.io'

export type BareMessage = {
  readonly id: string
  readonly thread: string
  readonly text: string
  readonly isOrdered: boolean
}

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 })
const http = createServer((_request, response) => response.end('well'))
const io = new Server(http, {
  adapter: createAdapter(new Redis(process.env['REDIS_URL'] ?? ''), {
    streamName: 'bare',
    maxLen: 10_000,
    blockTimeInMs: 1_000,
  }),
  transports: ['websocket'],
  serveClient: false,
})

const plain =
  "insert into bare_messages (id, thread, seq, text) values ($1, $2, null, decode($3, 'base64')) returning seq"
const ordered = `with place as (
    insert into bare_threads as t (id, count) values ($2, 1) on conflict (id) do update set count = t.count + 1 returning count)
  insert into bare_messages (id, thread, seq, text) select $1, $2, count, decode($3, 'base64') from place returning seq`

io.on('connection', (socket) => {
  void socket.join('everybody')
  socket.on('say', (message: BareMessage, acknowledge: (seq: number | null) => void) => {
    void take(message).then(acknowledge)
  })
})

async function take({ id, thread, text, isOrdered }: BareMessage): Promise<number | null> {
  const { rows } = await pool.query<{ seq: number | null }>(isOrdered ? ordered : plain, [id, thread, text])
  const seq = rows[0]?.seq ?? null
  io.to('everybody').emit('said', { id, thread, text, seq })
  return seq
}

http.listen(Number(process.env['PORT']), '127.0.0.1')
