// How a request is refused: a named problem, thrown; written as RFC 9457 by one filter and by the sockets' acknowledgements.
import type { ProblemDocument, ProblemName } from '#libs/contracts'
import { problems } from '#libs/contracts'
import type { Result, StatementRefusal } from '#libs/domain'
import type { ConflictReason } from '#libs/persistence'
import { Conflict, Unavailable } from '#libs/persistence'
import type { Denial } from '#libs/policy'
import type { ProtocolRefusal } from '#libs/protocol/verify'
import type { z } from 'zod'

type Details = Pick<ProblemDocument, 'reason' | 'errors'>

export class Problem extends Error {
  override readonly name = 'Problem'
  readonly problem: ProblemName
  readonly details: Details

  constructor(problem: ProblemName, details: Details = {}) {
    super(problem)
    this.problem = problem
    this.details = details
  }

  get status(): number {
    return problems[this.problem].status
  }
}

/** As it is sent. */
export function documentOf(problem: Problem, requestId?: string): ProblemDocument {
  const { status, title } = problems[problem.problem]
  const type = `/problems/${problem.problem}` as const
  return { type, title, status, ...problem.details, ...(requestId === undefined ? {} : { requestId }) }
}

/** The policy has said how its denial is answered. */
export const deniedAs = (denial: Denial): Problem => new Problem(denial.problem)

/** The state has moved since the signer read it: reading again and signing anew may succeed (protocol.md § 4 rule 2). */
const movedOn: readonly StatementRefusal[] = ['out-of-order', 'other-predecessor']

export function problemForStatement(refusal: StatementRefusal | ProtocolRefusal): Problem {
  if (movedOn.some((one) => one === refusal)) return new Problem('ledger-moved-on')
  // To whom a case is unknown, its id is one that is taken, no more.
  if (refusal === 'case-opened-already') return new Problem('already-exists')
  return new Problem('statement-refused', { reason: refusal })
}

export function unwrapStatement<T>(result: Result<T, StatementRefusal | ProtocolRefusal>): T {
  if (result.ok) return result.value
  throw problemForStatement(result.error)
}

export function unwrapMessage<T>(result: Result<T, ProtocolRefusal>): T {
  if (result.ok) return result.value
  throw new Problem('message-refused', { reason: result.error })
}

const problemForConflict: Readonly<Record<ConflictReason, ProblemName>> = {
  'already-exists': 'already-exists',
  'ledger-moved-on': 'ledger-moved-on',
  'key-stale': 'key-stale',
  'seals-differ': 'seals-differ',
  'clock-apart': 'clock-apart',
  'message-refused': 'message-refused',
}

/** Everything thrown becomes a problem; what nobody expected is `internal-error` and says nothing. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof Conflict) return new Problem(problemForConflict[error.reason])
  if (error instanceof Unavailable || isRedisGone(error)) return new Problem('unavailable')
  const status = statusIn(error)
  if (status === 413) return new Problem('too-large')
  if (status === 404) return new Problem('not-found')
  if (status === 405) return new Problem('method-not-allowed')
  return status !== null && status >= 400 && status < 500
    ? new Problem('malformed-request')
    : new Problem('internal-error')
}

/** Body parsers and the framework throw errors that carry a status. */
function statusIn(error: unknown): number | null {
  if (typeof error !== 'object' || error === null) return null
  if ('status' in error && typeof error.status === 'number') return error.status
  if ('getStatus' in error && typeof error.getStatus === 'function') return Number(error.getStatus())
  return null
}

const redisGone = new Set(['MaxRetriesPerRequestError', 'AbortError'])
const redisWords =
  /Stream isn't writeable|Connection is closed|Command timed out|ECONNREFUSED|ECONNRESET|LOADING|READONLY/
const isRedisGone = (error: unknown): boolean =>
  error instanceof Error && (redisGone.has(error.name) || redisWords.test(error.message))

/** Which members were not in form: JSON pointers, without what was written there. */
export const malformed = (error: z.ZodError): Problem =>
  new Problem('malformed-request', {
    errors: error.issues.slice(0, 20).map((issue) => ({
      path: issue.path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
      message: issue.code,
    })),
  })
