// Connections to Redis. Requests fail at once while it is away and succeed again when it is back; nothing needs a restart.
import { Redis } from 'ioredis'
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

/** For the sockets' adapter, whose reads block: commands wait for Redis to come back. */
export function connectAdapterRedis(url: string): Redis {
  const redis = new Redis(url, {
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
