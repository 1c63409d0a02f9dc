// A refusal, in the catalogue's words: what happened and what to do next. Takes focus, so that it is not missed.
import { useEffect, useRef } from 'react'
import { useText } from '../i18n/index.tsx'
import { problemText } from '../session/problem-text.ts'
import { Notice } from './notice.tsx'

export function Problem({ error }: { readonly error: unknown }) {
  const { t } = useText()
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (error !== null) box.current?.focus()
  }, [error])
  if (error === null || error === undefined) return null
  const { what, next } = problemText(t, error)
  return (
    <div ref={box} tabIndex={-1}>
      <Notice tone="warning" live="alert">
        <strong>{what}</strong> {next}
      </Notice>
    </div>
  )
}
