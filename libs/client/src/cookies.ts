// The small cookie jar of the Node client; in a browser the browser keeps cookies and none of this is used.

/** Cookies by host and name. Ports are ignored, as in browsers (RFC 6265 § 8.5). */
export type CookieJar = Map<string, string>

export const cookieJar = (): CookieJar => new Map()

const keyOf = (url: URL, name: string): string => `${url.hostname} ${name}`

/** The `cookie` header for this address, or null when the jar holds nothing for it. */
export function cookiesFor(jar: CookieJar, url: URL): string | null {
  const prefix = `${url.hostname} `
  const pairs = [...jar]
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => `${key.slice(prefix.length)}=${value}`)
  return pairs.length === 0 ? null : pairs.join('; ')
}

/** Keeps what an answer sets; an empty or outdated value removes. */
export function keepCookies(jar: CookieJar, url: URL, headers: Headers): void {
  for (const line of headers.getSetCookie()) {
    const [pair = '', ...attributes] = line.split(';')
    const at = pair.indexOf('=')
    if (at < 1) continue
    const name = pair.slice(0, at).trim()
    const value = pair.slice(at + 1).trim()
    if (value === '' || attributes.some((part) => isPast(part))) jar.delete(keyOf(url, name))
    else jar.set(keyOf(url, name), value)
  }
}

function isPast(attribute: string): boolean {
  const [name = '', value = ''] = attribute.trim().split('=')
  if (name.toLowerCase() === 'max-age') return Number(value) <= 0
  return name.toLowerCase() === 'expires' && Date.parse(value) <= 0
}
