// Many sockets at once on several nodes, each signed in, each following one case.
import { io } from 'socket.io-client'
import type { Socket } from 'socket.io-client'

const atOnce = 25

/** Socket n is at address n modulo their number, with cookie n modulo theirs; all follow `theCase` when this resolves. */
export async function openSockets(
  count: number,
  where: { readonly urls: readonly string[]; readonly cookies: readonly string[]; readonly case: string },
): Promise<readonly Socket[]> {
  const sockets: Socket[] = []
  for (let first = 0; first < count; first += atOnce) {
    const places = Array.from({ length: Math.min(atOnce, count - first) }, (_, n) => first + n)
    sockets.push(
      ...(await Promise.all(
        places.map((place) =>
          openSocket(
            where.urls[place % where.urls.length] ?? '',
            where.cookies[place % where.cookies.length] ?? '',
            where.case,
          ),
        ),
      )),
    )
  }
  return sockets
}

async function openSocket(url: string, cookie: string, theCase: string): Promise<Socket> {
  const socket = io(url, { transports: ['websocket'], forceNew: true, extraHeaders: { cookie } })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve())
    socket.once('connect_error', reject)
  })
  const answer: { ok: boolean } = await socket.emitWithAck('case.follow', { case: theCase })
  if (!answer.ok) throw new Error('a member may not follow the case')
  return socket
}

export function closeSockets(sockets: readonly Socket[]): void {
  for (const socket of sockets) socket.close()
}
