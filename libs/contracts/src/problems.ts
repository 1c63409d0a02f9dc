// The closed list of problems (RFC 9457): name, status, and a fixed text that holds no input and no id.

export const problems = {
  'malformed-request': { status: 400, title: 'The request is not in the documented form' },
  'not-signed-in': { status: 401, title: 'Sign in first' },
  'cross-site-request': { status: 403, title: 'The request did not come from the application' },
  'scope-ended': { status: 403, title: 'You no longer have access' },
  'assignment-ended': { status: 403, title: 'Your assignment has ended' },
  'role-missing': { status: 403, title: 'Your role does not allow this' },
  'key-not-certified': { status: 403, title: 'Your key is not certified' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'Not offered here' },
  'ledger-moved-on': { status: 409, title: 'The case has changed; read it again' },
  'already-exists': { status: 409, title: 'This id is used already' },
  'key-stale': { status: 409, title: 'The key has been replaced; read the case again' },
  'seals-differ': { status: 409, title: 'The readers have changed; read the case again' },
  'too-large': { status: 413, title: 'Larger than is accepted' },
  'statement-refused': { status: 422, title: 'A signed statement was not accepted' },
  'message-refused': { status: 422, title: 'The message was not accepted' },
  'clock-apart': { status: 422, title: 'The device clock is more than two minutes off' },
  'too-many-requests': { status: 429, title: 'Wait a moment and try again' },
  'internal-error': { status: 500, title: 'Something went wrong' },
  unavailable: { status: 503, title: 'Not available at the moment; try again' },
} as const

export type ProblemName = keyof typeof problems
export const problemNames = Object.keys(problems) as readonly ProblemName[]

/** As sent: `application/problem+json`, and in a socket's acknowledgement. `reason` is a closed word of the domain or protocol, never input. */
export type ProblemDocument = {
  readonly type: `/problems/${ProblemName}`
  readonly title: string
  readonly status: number
  readonly reason?: string
  readonly errors?: readonly { readonly path: string; readonly message: string }[]
  readonly requestId?: string
}
