// Of an act that ends access: whether it happened, whether nobody knows, and what to do meanwhile.
import { useEffect, useRef } from 'react'
import { useText } from '../../i18n/index.tsx'
import type { Messages } from '../../i18n/index.tsx'
import { problemText } from '../../session/problem-text.ts'
import { Notice } from '../../ui/notice.tsx'
import { isUncertain } from './narrow-acts.ts'

type Act = {
  readonly isPending: boolean
  readonly failureCount: number
  readonly failureReason: unknown
  readonly error: unknown
}
type Props = { readonly act: Act; readonly texts: Messages['consents']['uncertain'] }

export function Uncertain({ act, texts }: Props) {
  const { t } = useText()
  const box = useRef<HTMLDivElement>(null)
  const reason = act.error ?? act.failureReason
  const hasFailed = reason !== null && reason !== undefined
  useEffect(() => {
    if (hasFailed) box.current?.focus()
  }, [hasFailed])
  if (reason === null || reason === undefined) return null
  const { what, next } = problemText(t, reason)
  return (
    <div ref={box} tabIndex={-1}>
      <Notice tone="warning" live="alert">
        {!isUncertain(reason) ? (
          <p>
            <strong>{texts.notDone}</strong> {what} {next}
          </p>
        ) : (
          <>
            <p>
              <strong>{texts.unknown}</strong> {what}
            </p>
            <p>{act.isPending ? texts.trying : texts.gaveUp}</p>
            <p>{texts.call}</p>
          </>
        )}
      </Notice>
    </div>
  )
}
