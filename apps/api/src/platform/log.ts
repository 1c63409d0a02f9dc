// The log of the process: one line per event, an event name and the listed fields. Never bodies, contents, keys or names.
import type { Act, CaseId, TenantId } from '#libs/domain'
import pino from 'pino'
import type { Settings } from './settings.ts'

export const events = [
  'started',
  'stopped',
  'request',
  'request.failed',
  'sign-in.failed',
  'live.failed',
  'told',
  'fold.refused',
  'chain.refused',
  'redis.lost',
  'redis.found',
  /** Something that follows a commit was not done; what must be told is told again by the worker. */
  'after.failed',
  'job.failed',
  'audit.verified',
  /** An alarm: a tenant's log is not as it was chained. */
  'audit.broken',
] as const

/** What a line may carry; a field that is not listed does not compile. `error` is a class and a code, never a message with input. */
export type Fields = {
  readonly requestId?: string
  readonly act?: Act
  readonly status?: number
  readonly problem?: string
  readonly milliseconds?: number
  readonly tenant?: TenantId
  readonly case?: CaseId
  readonly count?: number
  /** Of a seal in a tenant's chain. */
  readonly place?: number
  readonly job?: 'audit.sweep' | 'audit.seal' | 'audit.verify' | 'outbox.repeat'
  readonly port?: number
  readonly error?: string
  readonly stack?: string
}

export type Log = {
  info(event: (typeof events)[number], fields?: Fields): void
  warn(event: (typeof events)[number], fields?: Fields): void
  error(event: (typeof events)[number], fields?: Fields): void
}

export function logFor(settings: Pick<Settings, 'logLevel'>): Log {
  const logger = pino({ level: settings.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime })
  return {
    info: (event, fields) => logger.info({ event, ...fields }),
    warn: (event, fields) => logger.warn({ event, ...fields }),
    error: (event, fields) => logger.error({ event, ...fields }),
  }
}

/** What may be said of an unexpected error: its class and code, and where it was thrown (frames hold no values). */
export function errorFields(error: unknown): Pick<Fields, 'error' | 'stack'> {
  if (!(error instanceof Error)) return { error: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : ''
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '))
  return { error: `${error.name}${code}`, stack: frames.slice(0, 8).join('\n') }
}
