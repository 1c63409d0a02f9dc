// What stands in front of the nodes: hands each connection to the next of them, so that a browser's calls and its socket differ in node.
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

export type Proxy = {
  readonly port: number
  /** Breaks every line and takes no new one until `mend`. */
  break(): void
  mend(): Promise<void>
  close(): void
}

export async function proxyTo(ports: readonly number[]): Promise<Proxy> {
  const open = new Set<Socket>()
  let turn = 0
  const server = createServer((outside) => {
    const inside = connect(ports[turn++ % ports.length] ?? 0, '127.0.0.1')
    for (const [one, other] of [
      [outside, inside],
      [inside, outside],
    ] as const) {
      open.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
    }
  })
  const listens = (port: number): Promise<void> =>
    new Promise((ready) => server.listen(port, '127.0.0.1', () => ready()))
  await listens(0)
  const { port } = server.address() as AddressInfo // listening on a port, so not a pipe's name
  const stop = (): void => {
    server.close()
    for (const socket of open) socket.destroy()
  }
  return { port, break: stop, mend: () => listens(port), close: stop }
}
