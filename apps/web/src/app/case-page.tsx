// The case page: put together of parts from its capabilities, in the order in which one needs them.
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { CaseView, Me } from '../crypto/facade.ts'
import { AssignmentList, isStanding } from '../features/cases/assignment-list.tsx'
import { CaseNotices, CaseSummaryFacts, ControlWords } from '../features/cases/case-facts.tsx'
import { DecisionsSection } from '../features/cases/decisions-section.tsx'
import { ConsentsSection } from '../features/consents/consents-section.tsx'
import { ThreadsSection } from '../features/threads/threads-section.tsx'
import { useText } from '../i18n/index.tsx'
import { useFollow } from '../session/live.tsx'
import { caseFacts, useMay } from '../session/may.ts'
import { reads } from '../session/queries.ts'
import { useSession } from '../session/session.tsx'
import { BackLink } from '../ui/back-link.tsx'
import { ButtonLink } from '../ui/button-link.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeading } from '../ui/page-heading.tsx'
import { States } from '../ui/states.tsx'

export function CasePage() {
  const { t } = useText()
  const texts = t.cases.page
  const { caseId } = useParams({ from: '/arenden/$caseId/' })
  const session = useSession()
  useFollow(caseId)
  const view = useQuery(reads.case(session, caseId))
  const me = useQuery(reads.me(session)).data
  const summary = view.error === null ? view.data?.summary : undefined
  const number = summary === undefined ? texts.headingUnread : texts.heading(summary.number)
  return (
    <div className="stack">
      <BackLink to="/arenden" name={t.cases.list.backTo} />
      <PageHeading tab={number}>{summary?.title ?? number}</PageHeading>
      {summary?.title != null && <p className="quiet under-heading">{summary.number}</p>}
      <States texts={texts.states} read={view} isEmpty={() => false}>
        {(known) => me !== undefined && <Case view={known} me={me} />}
      </States>
    </div>
  )
}

function Case({ view, me }: { readonly view: CaseView; readonly me: Me }) {
  const { relation } = view.summary
  return (
    <>
      <DecisionsSection view={view} me={me} />
      <ToConfirm view={view} />
      <CaseNotices view={view} />
      <CaseSummaryFacts view={view} me={me} />
      {relation === 'assigned' && <ThreadsSection view={view} />}
      {relation !== 'former' && <ConsentsSection view={view} me={me} />}
      <AssignmentsSection view={view} me={me} />
      <Further view={view} me={me} />
    </>
  )
}

/** First in sight: the consents that wait for this authority's confirmation. */
function ToConfirm({ view }: { readonly view: CaseView }) {
  const { t } = useText()
  // One who only assigns is first shown that: confirming is for those who are assigned.
  if (view.summary.relation !== 'assigned') return null
  const waiting = view.consents.filter((consent) => consent.awaitsMyConfirmation && consent.state === 'standing')
  return waiting.map((consent) => (
    <Notice key={consent.registration} tone="important">
      <p>{t.cases.list.waiting.confirm}</p>
      <ButtonLink
        look="primary"
        to="/arenden/$caseId/samtycken/$registrationId"
        params={{ caseId: view.summary.id, registrationId: consent.registration }}
      >
        {t.consents.list.show}
      </ButtonLink>
    </Notice>
  ))
}

function AssignmentsSection({ view, me }: { readonly view: CaseView; readonly me: Me }) {
  const { t } = useText()
  const texts = t.cases.assignments
  const may = useMay()
  const standing = view.assignments.filter(isStanding)
  const facts = caseFacts(view, me)
  return (
    <section aria-labelledby="assigned" className="stack">
      <h2 id="assigned">{texts.heading}</h2>
      {standing.length === 0 && <p>{texts.none}</p>}
      <AssignmentList view={view} assignments={standing} />
      {(may('assignment.add', facts) || may('assignment.end', facts)) && (
        <ButtonLink look="secondary" to="/arenden/$caseId/tilldelning" params={{ caseId: view.summary.id }}>
          {texts.link}
        </ButtonLink>
      )}
    </section>
  )
}

function Further({ view, me }: { readonly view: CaseView; readonly me: Me }) {
  const { t } = useText()
  const may = useMay()
  return (
    <section aria-label={t.audit.heading} className="stack">
      <ControlWords words={view.words} />
      {may('audit.read', caseFacts(view, me)) && (
        <Link to="/arenden/$caseId/logg" params={{ caseId: view.summary.id }}>
          {t.audit.link}
        </Link>
      )}
    </section>
  )
}
