// The one session of the page, and the cache of what it has answered. Locking empties both.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createContext, useContext, useState, type ReactNode } from 'react'
import { Refusal, startSession, type SlussSession } from '../crypto/facade.ts'

const Context = createContext<SlussSession | null>(null)

/** Refusals are answers: only a lost contact is worth asking about again. */
const isWorthRetrying = (nFailures: number, error: Error): boolean =>
  nFailures < 2 && error instanceof Refusal && (error.name === 'offline' || error.status === 503)

const newQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: { retry: isWorthRetrying, staleTime: 30_000, networkMode: 'always', throwOnError: false },
      mutations: { retry: false, networkMode: 'always' },
    },
  })

export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const [session] = useState(startSession)
  const [client] = useState(newQueryClient)
  return (
    <QueryClientProvider client={client}>
      <Context.Provider value={session}>{children}</Context.Provider>
    </QueryClientProvider>
  )
}

export function useSession(): SlussSession {
  const session = useContext(Context)
  if (session === null) throw new Error('outside SessionProvider')
  return session
}
