// A passphrase, hidden until one asks to see it.
import { TextField } from '@midas-ds/components/textfield'
import { useLayoutEffect, useRef, type ComponentProps } from 'react'
import { useText } from '../i18n/index.tsx'

type Props = Omit<ComponentProps<typeof TextField>, 'type' | 'autoComplete' | 'spellCheck'>

export function PassphraseField(props: Props) {
  const { t } = useText()
  const box = useRef<HTMLDivElement>(null)
  // The design system calls its button "Visa lösenord" and lets nobody say otherwise; in Sluss there is none.
  useLayoutEffect(() => box.current?.querySelector('button')?.setAttribute('aria-label', t.keys.unlock.show), [t])
  return (
    <div ref={box}>
      <TextField {...props} type="password" autoComplete="off" spellCheck="false" />
    </div>
  )
}
