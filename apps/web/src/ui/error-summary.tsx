// What has to be corrected before a form is sent: announced, focused, each line a link to its field.
import { useEffect, useRef } from 'react'
import { useText } from '../i18n/index.tsx'

export type FieldError = { readonly field: string; readonly text: string }

type Props = {
  readonly errors: readonly FieldError[]
  /** Grows with each attempt, so that focus comes back also when the same errors remain. */
  readonly attempt: number
}

export function ErrorSummary({ errors, attempt }: Props) {
  const { t } = useText()
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (attempt > 0 && errors.length > 0) box.current?.focus()
    // Only a new attempt moves focus, not each correction.
  }, [attempt])
  if (attempt === 0 || errors.length === 0) return null
  return (
    <div ref={box} role="alert" tabIndex={-1} className="notice notice-warning">
      <div>
        <h2>{t.shell.errorsHeading(errors.length)}</h2>
        <ul>
          {errors.map((error) => (
            <li key={error.field}>
              <a href={`#${error.field}`} onClick={(event) => focusField(event, error.field)}>
                {error.text}
              </a>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

function focusField(event: { preventDefault: () => void }, id: string): void {
  event.preventDefault()
  const box = document.getElementById(id)
  const field = box?.matches('input,textarea,button')
    ? box
    : box?.querySelector<HTMLElement>('input,textarea,button,[tabindex="0"]')
  field?.focus()
}

/** The error of one field, for its own message. */
export const errorOf = (errors: readonly FieldError[], attempt: number, field: string): string | undefined =>
  attempt === 0 ? undefined : errors.find((error) => error.field === field)?.text
