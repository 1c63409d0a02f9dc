// Connections to Redis. Requests fail at once while it is away and succeed again when it is back; nothing needs a restart.
import { Redis } from 'ioredis'
import type { RedisOptions } from 'ioredis'
import type { Log } from './log.ts'

const commandTimeoutMs = 2_000
const longestRetryMs = 1_000

/** For sessions and limits: a command never waits for a Redis that is away. */
export async function connectRedis(url: string, log: Log): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: commandTimeoutMs,
    retryStrategy: (times) => Math.min(times * 50, longestRetryMs),
  })
  observe(redis, log)
  await redis.connect()
  return redis
}

/** For the sockets' adapter, whose reads block and wait for a Redis that is away; it opens further connections like its own. */
export class AdapterRedis extends Redis {
  readonly #copies: Redis[] = []

  override duplicate(override?: Partial<RedisOptions>): Redis {
    const copy = super.duplicate(override)
    this.#copies.push(copy)
    return copy
  }

  /** The adapter itself lets go of a connection only when its read returns, which without Redis is never. */
  disconnectAll(): void {
    for (const copy of this.#copies) copy.disconnect()
    this.disconnect()
  }
}

export function connectAdapterRedis(url: string): AdapterRedis {
  const redis = new AdapterRedis(url, {
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(times * 50, longestRetryMs),
  })
  redis.on('error', () => undefined)
  return redis
}

/** An `error` without a listener would end the process. */
function observe(redis: Redis, log: Log): void {
  let isAway = false
  redis.on('error', () => {
    if (!isAway) log.warn('redis.lost')
    isAway = true
  })
  redis.on('ready', () => {
    if (isAway) log.info('redis.found')
    isAway = false
  })
}
