// What was just done, said once above the page: it stays through a page that is read anew, and goes with the next address.
import { useRouterState } from '@tanstack/react-router'
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'

type Said = { readonly text: string; readonly path: string }
type Told = { readonly told: string; readonly tell: (text: string) => void }
const Context = createContext<Told | null>(null)

export function ToldProvider({ children }: { readonly children: ReactNode }) {
  const [said, setSaid] = useState<Said | null>(null)
  const path = useRouterState({ select: ({ location }) => location.pathname })
  // By the address at the time: one who tells and goes on tells when she has arrived.
  const tell = useCallback((text: string) => setSaid({ text, path: window.location.pathname }), [])
  useEffect(() => setSaid((old) => (old?.path === path ? old : null)), [path])
  const told = said?.path === path ? said.text : ''
  const value = useMemo(() => ({ told, tell }), [told, tell])
  return <Context.Provider value={value}>{children}</Context.Provider>
}

function useToldContext(): Told {
  const told = useContext(Context)
  if (told === null) throw new Error('outside ToldProvider')
  return told
}

/** Says what was done; where it leads to another page, say it after `navigate` has come there. */
export const useTell = (): Told['tell'] => useToldContext().tell
export const useTold = (): string => useToldContext().told
