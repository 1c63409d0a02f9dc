// The part of a case page that lists the threads in which there is something to read.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { CaseView, ThreadSummary } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { usePeople } from '../../session/names.ts'
import { reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { ButtonLink } from '../../ui/button-link.tsx'
import { States } from '../../ui/states.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'

export function ThreadsSection({ view }: { readonly view: CaseView }) {
  const { t } = useText()
  const texts = t.threads
  const caseId = view.summary.id
  const threads = useQuery(reads.threads(useSession(), caseId))
  const mayStart = view.mayWrite.length > 0
  const start = mayStart && (
    <ButtonLink look="secondary" to="/arenden/$caseId/tradar/ny" params={{ caseId }}>
      {texts.list.start}
    </ButtonLink>
  )
  return (
    <section aria-labelledby="threads" className="stack">
      <h2 id="threads">{texts.list.heading}</h2>
      <States
        texts={{ ...texts.page.states, empty: texts.list.empty }}
        read={threads}
        isEmpty={(all) => all.length === 0}
        first={start}
        level={3}
      >
        {(all) => (
          <>
            <ul className="rows">
              {all.map((thread) => (
                <ThreadRow key={thread.id} view={view} thread={thread} />
              ))}
            </ul>
            {start}
          </>
        )}
      </States>
    </section>
  )
}

function ThreadRow({ view, thread }: { readonly view: CaseView; readonly thread: ThreadSummary }) {
  const { t, format } = useText()
  const texts = t.threads.list
  const name = usePeople(view.people)
  const { newest } = thread
  return (
    <li>
      <div className="grows">
        <Link to="/arenden/$caseId/tradar/$threadId" params={{ caseId: view.summary.id, threadId: thread.id }}>
          {thread.title ?? (thread.isReasonOfDisclosure ? texts.reasonOfDisclosure : texts.untitled)}
        </Link>
        {newest.kind === 'opened' ? (
          <>
            <span className="clip">{newest.text}</span>
            <span className="quiet">{texts.newest(name(newest.author), format.dateTime(newest.acceptedAt))}</span>
          </>
        ) : (
          <span className="quiet">{texts.refused}</span>
        )}
      </div>
      <div className="tags">
        {thread.unread && <StatusTag tone="attention">{texts.unread}</StatusTag>}
        {thread.purpose !== 'casework' && <StatusTag tone="plain">{t.domain.purposes[thread.purpose]}</StatusTag>}
      </div>
    </li>
  )
}
