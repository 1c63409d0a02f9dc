// A thread: what this reader's scope covers of it, live, and the composer below.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { CaseId, ThreadId } from '#libs/domain'
import type { CaseView, Me, MessagePage, Opened, Refused } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { useFollow } from '../../session/live.tsx'
import { reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { BackLink } from '../../ui/back-link.tsx'
import { ButtonLink } from '../../ui/button-link.tsx'
import { CaseHeading } from '../../ui/case-heading.tsx'
import { States } from '../../ui/states.tsx'
import { Composer } from './composer.tsx'
import { HistoryAlarms, MessageList } from './message-list.tsx'

type Shown = {
  readonly view: CaseView
  readonly me: Me
  readonly messages: readonly (Opened | Refused)[]
  readonly alarms: MessagePage['alarms']
}
const isOpened = (message: Opened | Refused): message is Opened => message.kind === 'opened'

/** The whole thread, page after page, with the case that gives its names. */
function useThread(caseId: CaseId, threadId: ThreadId) {
  const session = useSession()
  const me = useQuery(reads.me(session)).data
  const view = useQuery(reads.case(session, caseId))
  const pages = useInfiniteQuery(reads.thread(session, caseId, threadId))
  const { hasNextPage, isFetching, fetchNextPage } = pages
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage()
  }, [hasNextPage, isFetching, fetchNextPage])
  const messages = pages.data?.pages.flatMap((page) => page.messages)
  const alarms = pages.data?.pages.at(-1)?.alarms ?? []
  const data: Shown | undefined = view.data && me && messages ? { view: view.data, me, messages, alarms } : undefined
  return { data, error: pages.error ?? view.error, refetch: () => Promise.all([view.refetch(), pages.refetch()]) }
}

export function ThreadPage() {
  const { t } = useText()
  const { caseId, threadId } = useParams({ from: '/arenden/$caseId/tradar/$threadId' })
  useFollow(caseId)
  const read = useThread(caseId, threadId)
  const title =
    read.error === null ? read.data?.messages.filter(isOpened).find((one) => one.title !== null)?.title : undefined
  return (
    <div className="stack">
      <BackLink to="/arenden/$caseId" params={{ caseId }} name={t.cases.page.backTo} />
      <CaseHeading caseId={caseId} tab={t.threads.page.heading}>
        {title ?? t.threads.page.heading}
      </CaseHeading>
      <States texts={t.threads.page.states} read={read} isEmpty={({ messages }) => messages.length === 0}>
        {(shown) => <Thread {...shown} caseId={caseId} threadId={threadId} />}
      </States>
    </div>
  )
}

function Thread({
  view,
  me,
  messages,
  alarms,
  caseId,
  threadId,
}: Shown & { readonly caseId: CaseId; readonly threadId: ThreadId }) {
  const { t } = useText()
  const session = useSession()
  const opened = messages.filter(isOpened)
  const newest = opened.at(-1)
  useEffect(() => {
    const mark = () => {
      // Only what is on a visible screen counts as read. What could not be said is said with what is read next.
      if (document.visibilityState === 'visible') void session.markRead(caseId, threadId).catch(() => undefined)
    }
    mark()
    document.addEventListener('visibilitychange', mark)
    return () => document.removeEventListener('visibilitychange', mark)
  }, [session, caseId, threadId, newest?.id])

  const first = opened[0]
  const isAssigned = view.summary.relation === 'assigned'
  return (
    <>
      <HistoryAlarms view={view} alarms={alarms} />
      <MessageList view={view} me={me} messages={messages} />
      <NewMessages messages={messages} me={me} />
      {first === undefined && isAssigned && view.mayWrite.length > 0 && (
        <ButtonLink look="secondary" to="/arenden/$caseId/tradar/ny" params={{ caseId }}>
          {t.threads.list.start}
        </ButtonLink>
      )}
      {first !== undefined && isAssigned && (
        <Composer
          view={view}
          me={me}
          thread={{ id: threadId, purpose: first.purpose, category: first.category }}
          onSent={() => document.getElementById('text')?.focus()}
        />
      )}
    </>
  )
}

/** Says how many have come from others since the last time it spoke. */
function NewMessages({ messages, me }: Pick<Shown, 'messages' | 'me'>) {
  const { t } = useText()
  const heard = useRef(messages.length)
  const [said, setSaid] = useState({ text: '', time: 0 })
  useEffect(() => {
    const fresh = messages.slice(heard.current).filter((one) => one.kind === 'refused' || one.author !== me.user)
    heard.current = messages.length
    const text = t.threads.page.newMessages(fresh.length)
    if (fresh.length > 0) setSaid(({ time }) => ({ text, time: time + 1 }))
  }, [messages, me.user, t])
  return (
    <p role="status" className="only-heard">
      {/* A new element each time: the same words again are spoken again. */}
      <span key={said.time}>{said.text}</span>
    </p>
  )
}
