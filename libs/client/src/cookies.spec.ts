// The Node client's cookie jar keeps, replaces and forgets as a browser does.
import { cookieJar, cookiesFor, keepCookies } from './cookies.ts'

const here = new URL('http://127.0.0.1:3000/cases')
const setting = (...lines: string[]): Headers => {
  const headers = new Headers()
  for (const line of lines) headers.append('set-cookie', line)
  return headers
}

test('a cookie set by one port goes to the other ports of the host, and to no other host', () => {
  const jar = cookieJar()
  keepCookies(jar, here, setting('sid=a=b; Path=/; HttpOnly', 'other=1'))
  expect(cookiesFor(jar, new URL('http://127.0.0.1:3001/'))).toBe('sid=a=b; other=1')
  expect(cookiesFor(jar, new URL('http://localhost:3000/'))).toBeNull()
})

test('a later value replaces, and an emptied or outdated one removes', () => {
  const jar = cookieJar()
  keepCookies(jar, here, setting('a=1', 'b=1', 'c=1', 'd=1'))
  keepCookies(jar, here, setting('a=2', 'b=; Path=/', 'c=x; Max-Age=0', 'd=x; expires=Thu, 01 Jan 1970 00:00:00 GMT'))
  expect(cookiesFor(jar, here)).toBe('a=2')
})
