// The receiver's page: whom her authority has assigned, assigning another, ending.
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { CaseView, Me } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { useFollow } from '../../session/live.tsx'
import { caseFacts, useMay } from '../../session/may.ts'
import { reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { BackLink } from '../../ui/back-link.tsx'
import { CaseHeading } from '../../ui/case-heading.tsx'
import { States } from '../../ui/states.tsx'
import { AssignForm } from './assign-form.tsx'
import { AssignmentList, isStanding } from './assignment-list.tsx'
import { EndAssignment } from './end-assignment.tsx'

export function AssignmentsPage() {
  const { t } = useText()
  const texts = t.cases.assignments
  const { caseId } = useParams({ from: '/arenden/$caseId/tilldelning' })
  const session = useSession()
  useFollow(caseId)
  const view = useQuery(reads.case(session, caseId))
  const me = useQuery(reads.me(session)).data
  return (
    <div className="stack">
      <BackLink to="/arenden/$caseId" params={{ caseId }} name={t.cases.page.backTo} />
      <CaseHeading caseId={caseId} tab={texts.headingPage}>
        {texts.headingPage}
      </CaseHeading>
      <p className="lead">{texts.lead}</p>
      <States texts={texts.states} read={view} isEmpty={() => false}>
        {(known) => me !== undefined && <Assignments view={known} me={me} />}
      </States>
    </div>
  )
}

function Assignments({ view, me }: { readonly view: CaseView; readonly me: Me }) {
  const { t } = useText()
  const texts = t.cases.assignments
  const may = useMay()
  const facts = caseFacts(view, me)
  const standing = view.assignments.filter(isStanding)
  const earlier = view.assignments.filter((one) => !isStanding(one))
  return (
    <>
      <section aria-labelledby="assigned">
        <h2 id="assigned">{texts.standing}</h2>
        {standing.length === 0 && <p>{texts.none}</p>}
        <AssignmentList
          view={view}
          assignments={standing}
          actions={(one, name) =>
            may('assignment.end', facts) && <EndAssignment caseId={view.summary.id} user={one.user} name={name} />
          }
        />
      </section>
      {may('assignment.add', facts) && view.summary.relation !== 'former' && <AssignForm view={view} me={me} />}
      {earlier.length > 0 && (
        <section aria-labelledby="earlier">
          <h2 id="earlier">{texts.earlier}</h2>
          <AssignmentList view={view} assignments={earlier} />
        </section>
      )}
    </>
  )
}
