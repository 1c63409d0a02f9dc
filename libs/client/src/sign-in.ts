// Signing in from Node against the development provider: walks the OpenID Connect redirects by plain fetch, as a browser would.
import type { TenantId } from '#libs/domain'
import type { CookieJar } from './cookies.ts'
import { cookieJar, cookiesFor, keepCookies } from './cookies.ts'
import type { Fetch } from './http.ts'
import { SlussProblem } from './problem.ts'

type Page = { readonly url: URL; readonly html: string }

const longestWalk = 20

async function walk(send: Fetch, jar: CookieJar, first: URL, init: RequestInit): Promise<Page> {
  let url = first
  let request = init
  for (let step = 0; step < longestWalk; step += 1) {
    const cookies = cookiesFor(jar, url)
    const headers = {
      ...(request.headers as Record<string, string> | undefined),
      accept: 'text/html',
      ...(cookies === null ? {} : { cookie: cookies }),
    }
    const answer = await send(url.href, { ...request, headers, redirect: 'manual' })
    keepCookies(jar, url, answer.headers)
    const next = answer.headers.get('location')
    if (next === null) {
      const html = await answer.text()
      if (answer.status >= 400) throw new SlussProblem('not-signed-in', answer.status)
      return { url, html }
    }
    url = new URL(next, url)
    request = { method: 'GET' }
  }
  throw new SlussProblem('not-signed-in', 0, 'too-many-redirects')
}

const attribute = (tag: string, name: string): string | null => {
  const found = new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(tag)
  return found?.[1]?.replaceAll('&amp;', '&').replaceAll('&quot;', '"') ?? null
}

/** The first form of a page, with its hidden and preset fields; null where there is none. */
function formOf(page: Page): { readonly action: URL; readonly fields: URLSearchParams } | null {
  const form = /<form\b[^>]*>([\s\S]*?)<\/form>/i.exec(page.html)
  if (form === null) return null
  const fields = new URLSearchParams()
  for (const [tag] of (form[1] ?? '').matchAll(/<input\b[^>]*>/gi)) {
    const name = attribute(tag, 'name')
    if (name !== null && !/type="(radio|checkbox)"/i.test(tag)) fields.set(name, attribute(tag, 'value') ?? '')
  }
  return { action: new URL(attribute(form[0], 'action') ?? page.url.href, page.url), fields }
}

/** Signs `login` in at her tenant and answers the jar that holds her session. Development provider only: it asks for no secret. */
export async function signIn(input: {
  readonly baseUrl: string
  readonly tenant: TenantId
  readonly login: string
  readonly fetch?: Fetch
}): Promise<CookieJar> {
  const send: Fetch = input.fetch ?? ((url, init) => globalThis.fetch(url, init))
  const jar = cookieJar()
  const start = new URL(`${input.baseUrl.replace(/\/$/, '')}/auth/login?tenant=${input.tenant}`)
  const home = new URL(input.baseUrl).origin
  let page = await walk(send, jar, start, { method: 'GET' })
  for (let forms = 0; forms < 3 && page.url.origin !== home; forms += 1) {
    const form = formOf(page)
    if (form === null) break
    if (!form.fields.has('prompt')) form.fields.set('prompt', 'login')
    if (form.fields.get('prompt') === 'login') form.fields.set('login', input.login)
    page = await walk(send, jar, form.action, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: page.url.origin },
      body: form.fields.toString(),
    })
  }
  if (page.url.origin !== home) throw new SlussProblem('not-signed-in', 0, 'provider-form')
  if (page.url.searchParams.has('sign-in-failed')) throw new SlussProblem('not-signed-in', 0, 'sign-in-failed')
  return jar
}
