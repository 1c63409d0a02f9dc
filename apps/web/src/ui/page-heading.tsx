// The heading that every page begins with; the frame moves focus to it when the page changes.
import type { ReactNode } from 'react'
import { useEffect } from 'react'
import { useText } from '../i18n/index.tsx'

type Props = {
  readonly children: string
  /** For the browser's tab and history, which outlive the page: never anything decrypted. */
  readonly tab: string
  readonly aside?: ReactNode
}

export function PageHeading({ children, tab, aside }: Props) {
  const { t } = useText()
  useEffect(() => {
    document.title = `${tab} – ${t.shell.product}`
  }, [tab, t])
  return (
    <div className="page-heading">
      <h1 tabIndex={-1}>{children}</h1>
      {aside}
    </div>
  )
}
