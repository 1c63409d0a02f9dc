// One typed call per operation of the contracts: writes the request, parses the answer, throws the problem.
import type { AnswerOf, CallOf, Operation } from '#libs/contracts'
import type { CookieJar } from './cookies.ts'
import { cookiesFor, keepCookies } from './cookies.ts'
import { problemOf, SlussProblem } from './problem.ts'

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>
export type Http = {
  readonly baseUrl: string
  readonly jar: CookieJar | null
  readonly fetch: Fetch
  call<O extends Operation>(
    operation: O,
    ...input: [keyof CallOf<O>] extends [never] ? [] : [CallOf<O>]
  ): Promise<AnswerOf<O>>
}

type LooseCall = {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
}

function addressOf(baseUrl: string, operation: Operation, call: LooseCall): string {
  const path = operation.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = call.params?.[name]
    if (value === undefined) throw new Error(`no value for :${name}`)
    return encodeURIComponent(value)
  })
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(call.query ?? {})) if (value !== undefined) query.set(name, String(value))
  const text = query.toString()
  return `${baseUrl.replace(/\/$/, '')}${path}${text === '' ? '' : `?${text}`}`
}

async function bodyOf(answer: Response): Promise<unknown> {
  const text = await answer.text()
  try {
    return text === '' ? null : (JSON.parse(text) as unknown)
  } catch {
    return null
  }
}

/** The caller's side of the contracts. With a jar (Node) it carries cookies itself; without one the browser does. */
export function httpFor(input: {
  readonly baseUrl: string
  readonly fetch?: Fetch
  readonly jar?: CookieJar
  /** Heard before the call fails: whatever it was that asked, nobody is signed in. */
  readonly whenSignedOut?: () => void
}): Http {
  const send: Fetch = input.fetch ?? ((url, init) => globalThis.fetch(url, init))
  const jar = input.jar ?? null
  return {
    baseUrl: input.baseUrl,
    jar,
    fetch: send,
    async call(operation, ...rest) {
      const call: LooseCall = rest[0] ?? {}
      const address = addressOf(input.baseUrl, operation, call)
      const headers: Record<string, string> = { accept: 'application/json', 'x-sluss': '1' }
      if (operation.body !== undefined) headers['content-type'] = 'application/json'
      const cookies = jar === null ? null : cookiesFor(jar, new URL(address))
      if (cookies !== null) headers['cookie'] = cookies
      const init: RequestInit = { method: operation.method, headers, credentials: 'same-origin', redirect: 'error' }
      if (operation.body !== undefined) init.body = JSON.stringify(call.body)
      const answer = await reach(send, address, init)
      if (jar !== null) keepCookies(jar, new URL(address), answer.headers)
      const body = await bodyOf(answer)
      if (!answer.ok) {
        const problem = problemOf(body, answer.status)
        if (problem.name === 'not-signed-in') input.whenSignedOut?.()
        throw problem
      }
      const parsed = operation.answer.safeParse(body)
      if (!parsed.success) throw new SlussProblem('not-an-answer', answer.status)
      return parsed.data as AnswerOf<typeof operation> // parsed by this operation's own schema on the line above
    },
  }
}

async function reach(send: Fetch, address: string, init: RequestInit): Promise<Response> {
  try {
    return await send(address, init)
  } catch {
    throw new SlussProblem('offline', 0)
  }
}
