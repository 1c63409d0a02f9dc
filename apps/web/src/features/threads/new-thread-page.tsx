// Beginning a thread: heading, purpose, category and the first message.
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useText } from '../../i18n/index.tsx'
import { useFollow } from '../../session/live.tsx'
import { reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { BackLink } from '../../ui/back-link.tsx'
import { CaseHeading } from '../../ui/case-heading.tsx'
import { States } from '../../ui/states.tsx'
import { Composer } from './composer.tsx'

export function NewThreadPage() {
  const { t } = useText()
  const texts = t.threads.page
  const { caseId } = useParams({ from: '/arenden/$caseId/tradar/ny' })
  const session = useSession()
  const navigate = useNavigate()
  useFollow(caseId)
  const view = useQuery(reads.case(session, caseId))
  const me = useQuery(reads.me(session)).data
  return (
    <div className="stack">
      <BackLink to="/arenden/$caseId" params={{ caseId }} name={t.cases.page.backTo} />
      <CaseHeading caseId={caseId} tab={texts.headingNew}>
        {texts.headingNew}
      </CaseHeading>
      <States texts={texts.states} read={view} isEmpty={() => false}>
        {(known) =>
          me !== undefined && (
            <Composer
              view={known}
              me={me}
              thread={null}
              onSent={(threadId) =>
                void navigate({ to: '/arenden/$caseId/tradar/$threadId', params: { caseId, threadId }, replace: true })
              }
            />
          )
        }
      </States>
    </div>
  )
}
