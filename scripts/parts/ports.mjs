// Busy ports, named with the way out.
import { createServer } from 'node:net'
import { Stop } from './run.mjs'

export const isFree = (port, host = '127.0.0.1') =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })

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
