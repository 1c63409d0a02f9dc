// Whether the screen is a phone's: some tables become cards there.
import { useSyncExternalStore } from 'react'

const query = '(max-width: 47.99rem)'
const subscribe = (changed: () => void) => {
  const media = window.matchMedia(query)
  media.addEventListener('change', changed)
  return () => media.removeEventListener('change', changed)
}

export const useNarrowScreen = (): boolean => useSyncExternalStore(subscribe, () => window.matchMedia(query).matches)
