// The chosen language: Swedish is built in and is the type, English is loaded when asked for.
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import { I18nProvider } from 'react-aria-components'
import { formatsFor, type Formats } from './formats.ts'
import { sv, type Messages } from './sv.ts'

export type Language = 'sv' | 'en'
export type { Messages } from './sv.ts'

type Chosen = {
  readonly t: Messages
  readonly format: Formats
  readonly language: Language
  readonly choose: (language: Language) => void
}

const locales = { sv: 'sv-SE', en: 'en-GB' } as const
const Context = createContext<Chosen | null>(null)
const stored = (): Language => (localStorage.getItem('language') === 'en' ? 'en' : 'sv')

export function Languages({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(stored)
  const [messages, setMessages] = useState<Messages>(sv)

  useEffect(() => {
    localStorage.setItem('language', language)
    if (language === 'sv') {
      setMessages(sv)
      document.documentElement.lang = 'sv'
      return
    }
    let wanted = true
    void import('./en.ts').then(({ en }) => {
      if (!wanted) return
      setMessages(en)
      document.documentElement.lang = 'en'
    })
    return () => {
      wanted = false
    }
  }, [language])

  const chosen = useMemo(
    () => ({ t: messages, format: formatsFor(locales[language]), language, choose: setLanguage }),
    [messages, language],
  )
  return (
    <Context.Provider value={chosen}>
      <I18nProvider locale={locales[language]}>{children}</I18nProvider>
    </Context.Provider>
  )
}

/** Texts and formats of the chosen language. */
export function useText(): Chosen {
  const chosen = useContext(Context)
  if (chosen === null) throw new Error('outside Languages')
  return chosen
}
