// Locking: by the button, after a time without use, or because another tab did. What was decrypted leaves the page.
import { useQueryClient } from '@tanstack/react-query'
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import type { KeyStatus } from '../crypto/facade.ts'
import { useLive } from './live.tsx'
import { keys } from './queries.ts'
import { useSession } from './session.tsx'

type Lock = {
  readonly lock: () => void
  readonly stay: () => void
  /** Seconds left when it is soon; null before. */
  readonly locksIn: number | null
}
const Context = createContext<Lock | null>(null)
const warnSeconds = 60
const signs = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const

type Props = { readonly idleMinutes: number; readonly isUnlocked: boolean; readonly children: ReactNode }

export function LockProvider({ idleMinutes, isUnlocked, children }: Props) {
  const session = useSession()
  const client = useQueryClient()
  const { dismissRefused } = useLive()
  const [locksIn, setLocksIn] = useState<number | null>(null)
  const lastUse = useRef(Date.now())
  const tabs = useRef<BroadcastChannel | null>(null)

  const empty = useCallback(() => {
    setLocksIn(null)
    // What was refused of the work that is put away is nothing for whoever unlocks next.
    dismissRefused()
    // The pages go at once, before the worker has answered; then what they had read goes.
    client.setQueryData<KeyStatus>(keys.key, (old) => (old?.state === 'ready' ? { ...old, state: 'locked' } : old))
    void session.lock().finally(() => {
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'sessions' && queryKey[1] !== 'own' })
      void client.invalidateQueries({ queryKey: keys.key })
    })
  }, [session, client, dismissRefused])

  const lock = useCallback(() => {
    tabs.current?.postMessage('lock')
    empty()
  }, [empty])

  const stay = useCallback(() => {
    lastUse.current = Date.now()
    setLocksIn(null)
  }, [])

  useEffect(() => {
    const channel = new BroadcastChannel('sluss-lock')
    channel.onmessage = () => empty()
    tabs.current = channel
    return () => channel.close()
  }, [empty])

  useEffect(() => {
    if (!isUnlocked) return
    stay()
    for (const sign of signs) window.addEventListener(sign, stay, { passive: true })
    const timer = setInterval(() => {
      // By the clock, not by counting: a device that slept locks when it wakes.
      const left = Math.ceil(idleMinutes * 60 - (Date.now() - lastUse.current) / 1000)
      if (left <= 0) lock()
      else setLocksIn(left <= warnSeconds ? left : null)
    }, 1000)
    return () => {
      for (const sign of signs) window.removeEventListener(sign, stay)
      clearInterval(timer)
    }
  }, [isUnlocked, idleMinutes, lock, stay])

  const value = useMemo(() => ({ lock, stay, locksIn }), [lock, stay, locksIn])
  return <Context.Provider value={value}>{children}</Context.Provider>
}

/** False once the page has not been used for so long; the next use makes it true. */
export function useIsUsed(idleMinutes: number): boolean {
  const [isUsed, setUsed] = useState(true)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const use = () => {
      setUsed(true)
      clearTimeout(timer)
      timer = setTimeout(() => setUsed(false), idleMinutes * 60_000)
    }
    use()
    for (const sign of signs) window.addEventListener(sign, use, { passive: true })
    return () => {
      for (const sign of signs) window.removeEventListener(sign, use)
      clearTimeout(timer)
    }
  }, [idleMinutes])
  return isUsed
}

export function useLock(): Lock {
  const lock = useContext(Context)
  if (lock === null) throw new Error('outside LockProvider')
  return lock
}
