// The worker's settings: what it shares with the API, read from the same environment.
import { z } from 'zod'

const environment = z.object({
  SLUSS_MODE: z.enum(['development', 'production', 'test']),
  DATABASE_URL: z.string().regex(/^postgres(?:ql)?:\/\//, 'is not a postgres address'),
  REDIS_URL: z.string().regex(/^rediss?:\/\//, 'is not a redis address'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** How often the log is chained: within a minute of each entry. */
  SEAL_SECONDS: z.coerce.number().int().min(1).max(60).default(20),
  /** How often what no node has told is told again. */
  REPEAT_SECONDS: z.coerce.number().int().min(1).max(60).default(5),
})

export type WorkerSettings = {
  readonly databaseUrl: string
  readonly redisUrl: string
  readonly logLevel: z.output<typeof environment>['LOG_LEVEL']
  readonly sealSeconds: number
  readonly repeatSeconds: number
}

/** Why the process does not start; its message is for the person who starts it. */
export class WorkerSettingsRefused extends Error {
  override readonly name = 'WorkerSettingsRefused'
}

export function readWorkerSettings(source: Readonly<Record<string, string | undefined>>): WorkerSettings {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = environment.safeParse(given)
  if (!parsed.success)
    throw new WorkerSettingsRefused(
      parsed.error.issues.map(({ path, message }) => `${path.join('.')} cannot be used: ${message}.`).join('\n'),
    )
  const { data } = parsed
  return {
    databaseUrl: data.DATABASE_URL,
    redisUrl: data.REDIS_URL,
    logLevel: data.LOG_LEVEL,
    sealSeconds: data.SEAL_SECONDS,
    repeatSeconds: data.REPEAT_SECONDS,
  }
}
