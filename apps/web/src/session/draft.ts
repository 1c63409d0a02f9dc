// Drafts that survive a reload: sealed under the user's own key before they touch the device's storage.
import { useEffect, useRef, useState } from 'react'
import type { SlussSession } from '../crypto/facade.ts'
import { useSession } from './session.tsx'

const storageKey = (place: string) => `draft/${place}`

async function readDraft(session: SlussSession, place: string): Promise<string | null> {
  const sealed = localStorage.getItem(storageKey(place))
  if (sealed === null) return null
  return session.openDraft(sealed).catch(() => null)
}

export type Draft = {
  readonly text: string
  readonly set: (text: string) => void
  readonly clear: () => void
  /** `restored`: was there when the page opened; `saved`: is in storage as it stands. */
  readonly state: 'reading' | 'empty' | 'restored' | 'typing' | 'saved'
}

/** A text kept sealed under `place` (ids only). Written half a second after the last change, and when the page goes away. */
export function useDraft(place: string): Draft {
  const session = useSession()
  const [text, setText] = useState('')
  const [state, setState] = useState<Draft['state']>('reading')
  const touched = useRef(false)

  useEffect(() => {
    let wanted = true
    touched.current = false
    setText('')
    setState('reading')
    void readDraft(session, place).then((found) => {
      if (!wanted || touched.current) return
      setText(found ?? '')
      setState(found === null || found === '' ? 'empty' : 'restored')
    })
    return () => {
      wanted = false
    }
  }, [session, place])

  useEffect(() => {
    if (state !== 'typing') return
    let wanted = true
    const timer = setTimeout(() => {
      if (text === '') {
        localStorage.removeItem(storageKey(place))
        return setState('empty')
      }
      void session.sealDraft(text).then(
        (sealed) => {
          if (!wanted) return
          localStorage.setItem(storageKey(place), sealed)
          setState('saved')
        },
        () => undefined,
      )
    }, 500)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [session, place, text, state])

  return {
    text,
    state,
    set: (next) => {
      touched.current = true
      setText(next)
      setState('typing')
    },
    clear: () => {
      touched.current = true
      localStorage.removeItem(storageKey(place))
      setText('')
      setState('empty')
    },
  }
}
