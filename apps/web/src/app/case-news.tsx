// What ends in a case while one of its pages stands open: told where one is, at once, with a way to what holds now.
import { Button } from '@midas-ds/components/button'
import { useQuery } from '@tanstack/react-query'
import { Link, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { CaseId } from '#libs/domain'
import type { CaseView } from '../crypto/facade.ts'
import { newlyEnded, type News } from '../features/consents/newly-ended.ts'
import { useText } from '../i18n/index.tsx'
import { useLive } from '../session/live.tsx'
import { reads } from '../session/queries.ts'
import { useSession } from '../session/session.tsx'
import { Notice } from '../ui/notice.tsx'

/** Of the case as its pages read it; what one did oneself has been told already. Gone with the page. */
function useNews(caseId: CaseId, path: string) {
  const { isOwn } = useLive()
  // The pages read; this only looks on.
  const view = useQuery({ ...reads.case(useSession(), caseId), enabled: false }).data
  const seen = useRef<CaseView | undefined>(undefined)
  const [told, setTold] = useState<{ readonly news: News; readonly path: string } | null>(null)
  useEffect(() => {
    if (view === undefined) return
    const news = seen.current === undefined || isOwn(caseId) ? null : newlyEnded(seen.current, view)
    seen.current = view
    if (news !== null) setTold({ news, path: window.location.pathname })
  }, [view, caseId, isOwn])
  return { news: told?.path === path ? told.news : null, forget: () => setTold(null) }
}

export function CaseNews({ caseId }: { readonly caseId: CaseId }) {
  const { t, format } = useText()
  const { endedOn, dismiss } = useLive()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const { news, forget } = useNews(caseId, path)
  const hasLost = endedOn === path
  if (news === null && !hasLost) return null
  return (
    <Notice tone="important">
      {news !== null && <p>{t.shell.consentEnded[news.how](format.moment(news.at))}</p>}
      {hasLost && <p>{t.shell.accessEnded}</p>}
      <Link to="/arenden/$caseId" params={{ caseId }} hash="shared">
        {t.shell.seeShared}
      </Link>
      <Button
        variant="secondary"
        size="medium"
        onPress={() => {
          forget()
          dismiss()
        }}
      >
        {t.shell.dismiss}
      </Button>
    </Notice>
  )
}
