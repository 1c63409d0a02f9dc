// Live events of the session: what changed is read again, what is no longer hers is dropped from the page at once.
import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useRouterState } from '@tanstack/react-router'
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import type { CaseId } from '#libs/domain'
import { never } from '#libs/domain'
import type { LiveEvent } from '../crypto/facade.ts'
import { keys } from './queries.ts'
import { useSession } from './session.tsx'

export type LiveState = {
  readonly connection: 'connected' | 'disconnected' | 'unknown'
  /** The page of a case that stood open when something of it ended for this person; null before, and once it is dismissed. */
  readonly endedOn: string | null
  /** Why the session ended, where the server has said so; null while it goes on. */
  readonly sessionEnded: 'idle' | 'over' | null
  /** The word for why upkeep that the client did by itself was refused; null before, and once it is dismissed. */
  readonly refused: string | null
}
type LiveDoor = LiveState & {
  readonly dismiss: () => void
  readonly dismissRefused: () => void
  /** Whether what ends in the case just now is one's own doing. */
  readonly isOwn: (id: CaseId) => boolean
  readonly ownAct: <T>(id: CaseId, act: () => Promise<T>) => Promise<T>
}
const Context = createContext<LiveDoor | null>(null)

/** How long what one's own act ended may be told of afterwards. */
const ownEffectMilliseconds = 10_000

/** Reads again what the event is about. A changed scope empties all of the case first: nothing lapsed stays on the screen. */
function refresh(client: QueryClient, event: LiveEvent): void {
  switch (event.type) {
    case 'message.accepted':
      void client.invalidateQueries({ queryKey: keys.threads(event.case) })
      return
    case 'cursor.moved':
      void client.invalidateQueries({ queryKey: keys.thread(event.case, event.thread) })
      return
    case 'scope.changed':
      void client.resetQueries({ queryKey: keys.case(event.case) })
      void client.invalidateQueries({ queryKey: keys.allCases })
      return
    case 'case.changed':
      void client.invalidateQueries({ queryKey: keys.case(event.case) })
      void client.invalidateQueries({ queryKey: ['cases', 'list'] })
      return
    case 'session.ended':
      // All that was read goes, and what was on its way: nothing of it may stay for whoever comes to the device next.
      client.clear()
      return
    case 'refused':
      return
    case 'connection':
      if (event.state === 'connected') void client.invalidateQueries({ queryKey: keys.allCases })
      return
    default:
      never(event)
  }
}

export function Live({ children }: { readonly children: ReactNode }) {
  const session = useSession()
  const client = useQueryClient()
  const [state, setState] = useState<LiveState>({
    connection: 'unknown',
    endedOn: null,
    sessionEnded: null,
    refused: null,
  })
  const ownUntil = useRef(new Map<CaseId, number>())
  const hasEnded = useRef(false)
  const isOwn = useCallback((id: CaseId) => Date.now() < (ownUntil.current.get(id) ?? 0), [])

  useEffect(() => {
    // Another tab of this browser has the same session, or has signed in anew since: it asks for itself, and hears the answer here.
    const tabs = new BroadcastChannel('sluss-session')
    tabs.onmessage = () => {
      // The answer is heard as an event, whichever it is.
      if (!hasEnded.current) void session.keyStatus().catch(() => undefined)
    }
    const stop = session.listen((event) => {
      if (event.type !== 'session.ended' || hasEnded.current) return
      hasEnded.current = true
      tabs.postMessage('ended')
    })
    return () => {
      stop()
      tabs.close()
    }
  }, [session])
  useEffect(
    () =>
      session.listen((event) => {
        refresh(client, event)
        if (event.type === 'refused') setState((old) => ({ ...old, refused: event.reason ?? event.problem }))
        if (event.type === 'session.ended') setState((old) => ({ ...old, sessionEnded: event.reason }))
        if (event.type === 'connection') setState((old) => ({ ...old, connection: event.state }))
        // `left` names rooms that one was taken out of; a widening leaves none.
        if (event.type !== 'scope.changed' || event.left.length === 0) return
        const path = window.location.pathname
        if (!isOwn(event.case) && path.includes(event.case)) setState((old) => ({ ...old, endedOn: path }))
      }),
    [session, client, isOwn],
  )
  const path = useRouterState({ select: ({ location }) => location.pathname })
  // Gone with the page: whoever comes back to it is shown what is there, and that is news no more.
  useEffect(
    () => setState((old) => (old.endedOn === null || old.endedOn === path ? old : { ...old, endedOn: null })),
    [path],
  )
  const live = useMemo(
    (): LiveDoor => ({
      ...state,
      isOwn,
      dismiss: () => setState((old) => ({ ...old, endedOn: null })),
      dismissRefused: () => setState((old) => ({ ...old, refused: null })),
      ownAct: async (id, act) => {
        ownUntil.current.set(id, Infinity)
        try {
          return await act()
        } finally {
          ownUntil.current.set(id, Date.now() + ownEffectMilliseconds)
        }
      },
    }),
    [state, isOwn],
  )
  return <Context.Provider value={live}>{children}</Context.Provider>
}

export function useLive(): LiveDoor {
  const live = useContext(Context)
  if (live === null) throw new Error('outside Live')
  return live
}

/** Does something that ends access: what ends by it is not told of as if somebody else had done it. */
export const useOwnAct = (): LiveDoor['ownAct'] => useLive().ownAct

/** Hears of changes in one's cases, and of the session's end, on every page that shows what was decrypted. */
export function useHear(isUnlocked: boolean): void {
  const session = useSession()
  useEffect(() => {
    // Without a line the pages work, and the connection's state is told as an event.
    if (isUnlocked) void session.hearOfCases().catch(() => undefined)
  }, [session, isUnlocked])
}

/** Follows a case while one of its pages is open. */
export function useFollow(id: CaseId): void {
  const session = useSession()
  useEffect(() => {
    // A refused follow shows itself as the page's own refusal; the page works without live events.
    void session.follow(id).catch(() => undefined)
    return () => void session.leave(id).catch(() => undefined)
  }, [session, id])
}
