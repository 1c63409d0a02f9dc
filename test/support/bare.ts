// Requests as anybody could send them, without the client library: by a person's cookies, or nobody's.
import type { CookieJar } from '#libs/client'
import type { Operation } from '#libs/contracts'
import { capabilities } from '#libs/contracts'

export type Bare = {
  readonly method: string
  readonly path: string
  readonly jar?: CookieJar | null
  readonly headers?: Readonly<Record<string, string>>
  /** The exact text; null: none. */
  readonly text?: string | null
}
export type BareAnswer = {
  readonly status: number
  readonly contentType: string
  readonly body: Readonly<Record<string, unknown>>
  readonly headers: Headers
}

/** Every operation of the wire by its name. */
export const operationsByName: ReadonlyMap<string, Operation> = new Map(
  capabilities.flatMap(({ capability, table }) =>
    Object.entries(table).map(([name, operation]): [string, Operation] => [`${capability}.${name}`, operation]),
  ),
)

/** Every cookie of the jar, which names each by host and name: the provider's are of no use to the API, and none of its own. */
export const cookiesOf = (jar: CookieJar): string =>
  [...jar].map(([key, value]) => `${key.split(' ')[1] ?? ''}=${value}`).join('; ')

export async function sendBare(url: string, { method, path, jar, headers, text }: Bare): Promise<BareAnswer> {
  const hasText = text !== undefined && text !== null
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      accept: 'application/json',
      'x-sluss': '1',
      ...(jar === undefined || jar === null ? {} : { cookie: cookiesOf(jar) }),
      ...(hasText ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(hasText ? { body: text } : {}),
    redirect: 'manual',
  })
  const received = await answer.text()
  const contentType = answer.headers.get('content-type') ?? ''
  const isJson = contentType.includes('json')
  const body = isJson ? (JSON.parse(received) as Record<string, unknown>) : { text: received }
  return { status: answer.status, contentType, body, headers: answer.headers }
}
