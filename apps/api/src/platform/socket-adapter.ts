// Socket.IO on every node over one Redis stream; the handshake carries the session, and comes from our own pages only.
import type { INestApplicationContext } from '@nestjs/common'
import { IoAdapter } from '@nestjs/platform-socket.io'
import { createAdapter } from '@socket.io/redis-streams-adapter'
import type { RequestHandler } from 'express'
import type { Redis } from 'ioredis'
import type { Server, ServerOptions } from 'socket.io'
import { isOurOrigin } from './cross-site.ts'
import type { Settings } from './settings.ts'

/** The same for every node, and for the worker, which tells on the same stream. A short block lets a node end quickly. */
export const streamOptions = { streamName: 'sluss:live', maxLen: 10_000, blockTimeInMs: 1_000 } as const
/** Far above what the gateway takes, so that what is too large is refused in words; beyond it the line is cut (RFC 6455, 1009). */
const largestFrameBytes = 1_000_000

export class SocketAdapter extends IoAdapter {
  readonly #redis: Redis
  readonly #session: RequestHandler
  readonly #settings: Settings
  #server: Server | null = null

  constructor(app: INestApplicationContext, parts: { redis: Redis; session: RequestHandler; settings: Settings }) {
    super(app)
    this.#redis = parts.redis
    this.#session = parts.session
    this.#settings = parts.settings
  }

  override createIOServer(port: number, options?: Partial<ServerOptions>): Server {
    const settings = this.#settings
    const wanted: Partial<ServerOptions> = {
      ...options,
      adapter: createAdapter(this.#redis, streamOptions),
      transports: ['websocket'],
      serveClient: false,
      maxHttpBufferSize: largestFrameBytes,
      pingInterval: 20_000,
      pingTimeout: 15_000,
      // Socket.IO checks no origin for websockets by itself, and browsers send cookies along from anywhere.
      allowRequest: (request, callback) => callback(null, isOurOrigin(request.headers, settings)),
    }
    const server: Server = super.createIOServer(port, wanted as ServerOptions) // Socket.IO has a default for each of the others
    server.engine.use(this.#session)
    this.#server = server
    return server
  }

  /** Made while the application starts to listen. */
  get server(): Server {
    if (this.#server === null) throw new Error('no gateway has asked for a server')
    return this.#server
  }

  /** Nest with `forceCloseConnections` would skip this, and the adapter's connections would stay open. */
  override async close(server: Server): Promise<void> {
    await server.close()
  }
}
