// What stands in place of every page once the session has ended: why, and the way back in.
import { useEffect } from 'react'
import { focusHeading } from '../../app/focus.ts'
import { useText } from '../../i18n/index.tsx'
import { PageHeading } from '../../ui/page-heading.tsx'

export function SignedOutPage({ why }: { readonly why: 'idle' | 'over' }) {
  const { t } = useText()
  const texts = t.sessions.signedOut
  useEffect(() => focusHeading(), [])
  return (
    <div className="narrow stack">
      <PageHeading tab={texts.heading}>{texts.heading}</PageHeading>
      <p className="lead">{texts.why[why]}</p>
      <p>{texts.drafts}</p>
      {/* A page loaded anew: nothing of the session that ended is left in memory. */}
      <a href="/" className="button-link button-link-primary">
        {texts.signIn}
      </a>
    </div>
  )
}
