// Drafts that survive a reload: sealed under the user's own key before they touch the device's storage.
import { useEffect, useRef, useState } from 'react'
import type { SlussSession } from '../crypto/facade.ts'
import { useSession } from './session.tsx'

const storageKey = (place: string) => `draft/${place}`

type Found = { readonly text: string; readonly state: 'empty' | 'restored' | 'lost' }

async function readDraft(session: SlussSession, place: string): Promise<Found> {
  const sealed = localStorage.getItem(storageKey(place))
  if (sealed === null) return { text: '', state: 'empty' }
  const text = await session.openDraft(sealed).catch(() => null)
  if (text === null) return { text: '', state: 'lost' }
  return { text, state: text === '' ? 'empty' : 'restored' }
}

/** What is to be sealed next, by place; a text that was overtaken while another was being sealed is never written. */
const next = new Map<string, string>()
const sealing = new Map<string, Promise<boolean>>()

/**
 * Written as it is typed: a page that goes away, a lock or another page cannot wait for anything, and a text must be sealed by the
 * worker before it may touch the storage. One sealing at a time, always of the newest text; false where it could not be kept.
 */
function keep(session: SlussSession, place: string, text: string): Promise<boolean> {
  next.set(place, text)
  const running = sealing.get(place) ?? Promise.resolve().then(() => sealNewest(session, place))
  sealing.set(place, running)
  return running
}

async function sealNewest(session: SlussSession, place: string): Promise<boolean> {
  try {
    for (let newest = next.get(place); newest !== undefined; newest = next.get(place)) {
      next.delete(place)
      const sealed = newest === '' ? null : await session.sealDraft(newest)
      if (sealed === null) localStorage.removeItem(storageKey(place))
      else if (next.get(place) !== '') localStorage.setItem(storageKey(place), sealed)
    }
    return true
  } catch {
    // Locked meanwhile, or no room: what could not be sealed must not stay readable in memory either.
    next.delete(place)
    return false
  } finally {
    sealing.delete(place)
  }
}

export type Draft = {
  readonly text: string
  readonly set: (text: string) => void
  readonly clear: () => void
  /** `restored`: was there when the page opened; `lost`: was, under a key that is no longer hers; `saved`: is in storage as it stands. */
  readonly state: 'reading' | Found['state'] | 'typing' | 'saved'
}

/** A text kept sealed under `place` (ids only). It says that it is saved when half a second has passed without a change. */
export function useDraft(place: string): Draft {
  const session = useSession()
  const [text, setText] = useState('')
  const [state, setState] = useState<Draft['state']>('reading')
  const touched = useRef(false)
  const kept = useRef(Promise.resolve(true))

  useEffect(() => {
    let wanted = true
    touched.current = false
    setText('')
    setState('reading')
    void readDraft(session, place).then((found) => {
      if (!wanted || touched.current) return
      setText(found.text)
      setState(found.state)
    })
    return () => {
      wanted = false
    }
  }, [session, place])

  useEffect(() => {
    if (state !== 'typing') return
    let wanted = true
    const timer = setTimeout(() => {
      void kept.current.then((isKept) => {
        if (wanted && isKept) setState(text === '' ? 'empty' : 'saved')
      })
    }, 500)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [text, state])

  return {
    text,
    state,
    set: (written) => {
      touched.current = true
      kept.current = keep(session, place, written)
      setText(written)
      setState('typing')
    },
    clear: () => {
      touched.current = true
      // Also over a text that is being sealed just now: what was sent must not come back.
      void keep(session, place, '')
      localStorage.removeItem(storageKey(place))
      setText('')
      setState('empty')
    },
  }
}
