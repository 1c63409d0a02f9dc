// The worker's settings: what it shares with the API, read from the same environment.
import { z } from 'zod'
import { readEnvironment } from '../../api/src/platform/settings.ts'

const environment = z.object({
  SLUSS_MODE: z.enum(['development', 'production', 'test']),
  DATABASE_URL: z.string().regex(/^postgres(?:ql)?:\/\//, 'is not a postgres address'),
  REDIS_URL: z.string().regex(/^rediss?:\/\//, 'is not a redis address'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** How often the log is chained: within a minute of each entry. */
  SEAL_SECONDS: z.coerce.number().int().min(1).max(60).default(20),
  /** How often what no node has told is told again. */
  REPEAT_SECONDS: z.coerce.number().int().min(1).max(60).default(5),
  /** How often each tenant's log is verified from its start: at least once a day. */
  VERIFY_SECONDS: z.coerce.number().int().min(1).max(86_400).default(3_600),
})

export type WorkerSettings = {
  readonly databaseUrl: string
  readonly redisUrl: string
  readonly logLevel: z.output<typeof environment>['LOG_LEVEL']
  readonly sealSeconds: number
  readonly repeatSeconds: number
  readonly verifySeconds: number
}

/** Throws `SettingsRefused` as the API does. */
export function readWorkerSettings(source: Readonly<Record<string, string | undefined>>): WorkerSettings {
  const data = readEnvironment(environment, source)
  return {
    databaseUrl: data.DATABASE_URL,
    redisUrl: data.REDIS_URL,
    logLevel: data.LOG_LEVEL,
    sealSeconds: data.SEAL_SECONDS,
    repeatSeconds: data.REPEAT_SECONDS,
    verifySeconds: data.VERIFY_SECONDS,
  }
}
