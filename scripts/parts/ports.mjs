// Busy ports, named with the way out.
import { createServer } from 'node:net'
import { Stop } from './run.mjs'

const takes = (port, host) =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', ({ code }) => resolve(code))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve('free')))
  })

/** On both of this machine's own addresses: what listens on the newer one alone would be what a browser calls `localhost`. */
export const isFree = async (port) =>
  (await takes(port, '127.0.0.1')) === 'free' && (await takes(port, '::1')) !== 'EADDRINUSE'

/** `wanted`: rows of `[what for, port, name of its setting]`. */
export async function requireFree(wanted) {
  const busy = []
  for (const [what, port, setting] of wanted) if (!(await isFree(port))) busy.push({ what, port, setting })
  if (busy.length === 0) return
  const named = busy.map(({ what, port }) => `Port ${port} (${what}) is in use by another program.`)
  const wayOut = []
  const taken = new Set(wanted.map(([, port]) => port))
  for (const { port, setting } of busy) {
    let other = port + 10
    while (taken.has(other) || !(await isFree(other))) other += 1
    taken.add(other)
    wayOut.push(`${setting}=${other}`)
  }
  throw new Stop(`${named.join('\n')}\nFree it, or choose another:\n  ${wayOut.join(' ')} npm start`)
}
