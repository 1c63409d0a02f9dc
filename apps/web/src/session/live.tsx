// Live events of the session: what changed is read again, what is no longer hers is dropped from the page at once.
import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react'
import type { CaseId } from '#libs/domain'
import { never } from '#libs/domain'
import type { LiveEvent } from '../crypto/facade.ts'
import { keys } from './queries.ts'
import { useSession } from './session.tsx'

export type LiveState = {
  readonly connection: 'connected' | 'disconnected' | 'unknown'
  /** The case in which something has just ended for this person; null before. */
  readonly endedIn: CaseId | null
}
const Context = createContext<LiveState>({ connection: 'unknown', endedIn: null })

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
  const [state, setState] = useState<LiveState>({ connection: 'unknown', endedIn: null })

  useEffect(
    () =>
      session.listen((event) => {
        refresh(client, event)
        if (event.type === 'connection') setState((old) => ({ ...old, connection: event.state }))
        // `left` names rooms that one was taken out of; a widening leaves none.
        if (event.type === 'scope.changed' && event.left.length > 0)
          setState((old) => ({ ...old, endedIn: event.case }))
      }),
    [session, client],
  )
  return <Context.Provider value={state}>{children}</Context.Provider>
}

export const useLive = (): LiveState => useContext(Context)

/** Follows a case while one of its pages is open. */
export function useFollow(id: CaseId): void {
  const session = useSession()
  useEffect(() => {
    // A refused follow shows itself as the page's own refusal; the page works without live events.
    void session.follow(id).catch(() => undefined)
    return () => void session.leave(id).catch(() => undefined)
  }, [session, id])
}
