// The two ways in which the database says no; everything else that is thrown here is a bug.

/** What is written stands already, or the state has moved since the caller read it; nothing of the transaction remains. */
export const conflictReasons = [
  'already-exists',
  'ledger-moved-on',
  'key-stale',
  'seals-differ',
  'clock-apart',
  'message-refused',
] as const
export type ConflictReason = (typeof conflictReasons)[number]

export class Conflict extends Error {
  readonly reason: ConflictReason
  constructor(reason: ConflictReason, cause?: unknown) {
    super(reason, { cause })
    this.name = 'Conflict'
    this.reason = reason
  }
}

/** PostgreSQL cannot be reached, is starting or stopping, or took too long; the same call may succeed a moment later. */
export class Unavailable extends Error {
  constructor(cause?: unknown) {
    super('the database is unavailable', { cause })
    this.name = 'Unavailable'
  }
}

/** Somebody else has appended at this place since. */
const placeTaken = new Set(['statements_one_per_place', 'chains_pk'])
const busyOrGone = /^(08|53|57P0)/
const brokenConnection =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Client was closed|not queryable/
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
])
const unavailableCodes = new Set(['57014', '25P03', '55P03', '25P04'])

/** Sorts what pg and TypeORM throw into the two classes; what is neither comes back as it was. */
export function sorted(error: unknown): unknown {
  if (error instanceof Conflict || error instanceof Unavailable) return error
  const code = codeOf(error)
  if (code === '23505')
    return new Conflict(placeTaken.has(constraintOf(error) ?? '') ? 'ledger-moved-on' : 'already-exists', error)
  if (code === '40001' || code === '40P01') return new Conflict('ledger-moved-on', error)
  if (code !== null && (busyOrGone.test(code) || networkCodes.has(code) || unavailableCodes.has(code)))
    return new Unavailable(error)
  if (error instanceof AggregateError && error.errors.some((each) => sorted(each) instanceof Unavailable))
    return new Unavailable(error)
  const text = error instanceof Error ? error.message : ''
  return brokenConnection.test(text) ? new Unavailable(error) : error
}

function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null
  if ('code' in error && typeof error.code === 'string') return error.code
  return 'driverError' in error ? codeOf(error.driverError) : null
}

function constraintOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null
  if ('constraint' in error && typeof error.constraint === 'string') return error.constraint
  return 'driverError' in error ? constraintOf(error.driverError) : null
}
