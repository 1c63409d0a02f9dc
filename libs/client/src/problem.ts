// What a call that fails as a whole throws: the server's problem document, or the client's own refusal in the same form.
import type { ProblemName } from '#libs/contracts'
import { problemNames } from '#libs/contracts'

/** Refusals that the client itself gives, beside the server's closed list. */
export const clientProblems = [
  'locked',
  'passphrase-wrong',
  'passphrase-weak',
  'key-missing',
  'readers-grew',
  'no-writing-role',
  'not-found-here',
  'root-differs',
  'chain-refused',
  'not-an-answer',
  'offline',
] as const
export type ClientProblem = (typeof clientProblems)[number]

/** A failed call: `name` is stable, `reason` a closed word of the domain or the protocol where there is one. */
export class SlussProblem extends Error {
  override readonly name: ProblemName | ClientProblem
  readonly status: number
  readonly reason: string | null
  constructor(name: ProblemName | ClientProblem, status: number, reason: string | null = null) {
    super(reason === null ? name : `${name}: ${reason}`)
    this.name = name
    this.status = status
    this.reason = reason
  }
}

/** The problem that an `application/problem+json` body names; anything else is an answer of nobody we know. */
export function problemOf(body: unknown, status: number): SlussProblem {
  const document = typeof body === 'object' && body !== null ? (body as { type?: unknown; reason?: unknown }) : {}
  const type = typeof document.type === 'string' ? document.type.replace('/problems/', '') : ''
  const name = problemNames.find((known) => known === type)
  const reason = typeof document.reason === 'string' ? document.reason : null
  if (name !== undefined) return new SlussProblem(name, status, reason)
  return status === 503 || status === 502 || status === 504
    ? new SlussProblem('unavailable', status)
    : new SlussProblem('not-an-answer', status)
}
