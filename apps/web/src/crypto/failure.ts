// Refusals as the page knows them: one class, whatever failed on the way.
import type { Failure } from './wire.ts'

/** A call that failed as a whole; `name` picks the text in the catalogue. */
export class Refusal extends Error {
  override readonly name: string
  readonly status: number
  readonly reason: string | null

  constructor(failure: Failure) {
    super(failure.name)
    this.name = failure.name
    this.status = failure.status
    this.reason = failure.reason
  }
}

const textIn = (value: object, member: string): string | null => {
  const found: unknown = Reflect.get(value, member)
  return typeof found === 'string' ? found : null
}

/** Reads name, status and reason of anything thrown; what is unknown becomes `internal-error`, and no stack crosses the border. */
export function failureOf(thrown: unknown): Failure {
  if (typeof thrown !== 'object' || thrown === null) return { name: 'internal-error', status: 0, reason: null }
  const status: unknown = Reflect.get(thrown, 'status')
  if (typeof status === 'number')
    return { name: textIn(thrown, 'name') ?? 'internal-error', status, reason: textIn(thrown, 'reason') }
  // fetch() says TypeError when the network is gone.
  if (thrown instanceof TypeError && /fetch|network/i.test(thrown.message))
    return { name: 'offline', status: 0, reason: null }
  return { name: 'internal-error', status: 0, reason: null }
}
