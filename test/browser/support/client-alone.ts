// The built client without a server behind it: its files with the page's policy, and nobody signed in.
import { createServer, type Server } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { pagePolicy, workerPolicy } from '../../support/policies.ts'

const built = join(import.meta.dirname, '../../../dist/web')
const kinds: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

const tenant = (n: number, name: string, kind: string) => ({
  id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  name,
  kind,
})
const answers: Readonly<Record<string, { readonly status: number; readonly body: unknown }>> = {
  '/configuration.json': { status: 200, body: { rootFingerprint: 'a'.repeat(64) } },
  '/session': { status: 401, body: { type: '/problems/not-signed-in', title: 'Sign in first', status: 401 } },
  '/sign-in/tenants': {
    status: 200,
    body: {
      tenants: [
        tenant(1, 'Borås Stad', 'kommun'),
        tenant(2, 'Göteborgs Stad', 'kommun'),
        tenant(3, 'Polisregion Väst', 'police_region'),
      ],
    },
  },
}

/** Serves on a free port; gives the address and how to stop. */
export async function serveClientAlone(): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://client').pathname
    const answer = answers[path]
    if (answer !== undefined) {
      response.writeHead(answer.status, {
        'content-type': answer.status === 200 ? 'application/json' : 'application/problem+json',
      })
      response.end(JSON.stringify(answer.body))
      return
    }
    const name = extname(path) === '' ? '/index.html' : normalize(path)
    readFile(join(built, name)).then(
      (bytes) => {
        response.writeHead(200, {
          'content-type': kinds[extname(name)] ?? 'application/octet-stream',
          'content-security-policy': /\/worker-/.test(name) ? workerPolicy : pagePolicy,
        })
        response.end(bytes)
      },
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () => new Promise((done) => void server.close(() => done())),
  }
}
