// What a running API answers to, read from Express and Socket.IO themselves and not from what anybody meant to mount.
import type { RunningApi } from '../../apps/api/src/platform/start.ts'

export type Mounted = {
  /** `GET /cases/:caseId`, in the order in which they are tried. */
  readonly routes: readonly string[]
  /** What sees every request, by the name of its function. */
  readonly middleware: readonly string[]
}

/** What the `router` package keeps of each thing mounted; Express has no types for it. */
type Layer = {
  readonly name: string
  /** Mounted at `/`; where it is not, Express forgets the path. */
  readonly slash: boolean
  readonly route?: { readonly path: unknown; readonly stack: readonly { readonly method?: string }[] }
  readonly handle: { readonly stack?: readonly Layer[] }
}

export function mountedOn(express: RunningApi['express']): Mounted {
  const routes: string[] = []
  const middleware: string[] = []
  const walk = (stack: readonly Layer[], under: string): void => {
    for (const { name, slash, route, handle } of stack) {
      if (route !== undefined)
        for (const { method } of route.stack)
          routes.push(`${(method ?? 'all').toUpperCase()} ${under}${String(route.path)}`)
      else if (handle.stack !== undefined) walk(handle.stack, slash ? under : `${under}/(somewhere)`)
      else middleware.push(slash && under === '' ? name : `${name} at a path of its own`)
    }
  }
  walk((express as unknown as { router: { stack: readonly Layer[] } }).router.stack, '')
  return { routes, middleware }
}

/** What the server listens to on a socket that is connected, by whichever gateway; Socket.IO's own left out. */
export const heardBy = (sockets: RunningApi['sockets'], socketId: string): readonly string[] => {
  const socket = sockets.sockets.sockets.get(socketId)
  if (socket === undefined) throw new Error('no such socket at this node')
  return socket
    .eventNames()
    .map(String)
    .filter((name) => !['disconnect', 'disconnecting', 'error'].includes(name))
}

/** Beside the main one a namespace could have a door of its own. */
export const namespacesOf = (sockets: RunningApi['sockets']): readonly string[] => [...sockets._nsps.keys()]
