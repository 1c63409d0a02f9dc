// The log of a case: who has done what, within what one's own authority may see.
import { Button } from '@midas-ds/components/button'
import { Checkbox } from '@midas-ds/components/checkbox'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Act } from '#libs/domain'
import { acts } from '#libs/domain'
import type { LogEntry, StaffMember } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { useNames, usePeople } from '../../session/names.ts'
import { reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { BackLink } from '../../ui/back-link.tsx'
import { CaseHeading } from '../../ui/case-heading.tsx'
import { States } from '../../ui/states.tsx'
import { StatusTag, type Tone } from '../../ui/status-tag.tsx'

const tones: Record<LogEntry['outcome'], Tone> = { allowed: 'plain', refused: 'attention', absent: 'attention' }

export function LogPage() {
  const { t } = useText()
  const texts = t.audit
  const { caseId } = useParams({ from: '/arenden/$caseId/logg' })
  const session = useSession()
  const [isWhole, setWhole] = useState(false)
  const pages = useInfiniteQuery({
    ...reads.log(session, caseId, isWhole ? 'all' : 'events'),
    // The box that was just ticked stays under the hand while the other rows come.
    placeholderData: keepPreviousData,
  })
  const inCase = useQuery(reads.case(session, caseId)).data?.people ?? []
  // Those who review logs are not in the case: they know their own organisation's people.
  const staff = useQuery(reads.staff(session)).data ?? []
  const people = [...staff, ...inCase]
  const entries = pages.data?.pages.flatMap((page) => page.entries)
  return (
    <div className="stack">
      <BackLink to="/arenden/$caseId" params={{ caseId }} name={t.cases.page.backTo} />
      <CaseHeading caseId={caseId} tab={texts.heading}>
        {texts.heading}
      </CaseHeading>
      <States
        texts={texts.states}
        read={{ data: entries, error: pages.error, refetch: pages.refetch }}
        isEmpty={(all) => isWhole && all.length === 0}
      >
        {(all) => (
          <>
            <div className="filters">
              <Checkbox isSelected={isWhole} onChange={setWhole}>
                {texts.whole}
              </Checkbox>
            </div>
            {/* On paper too: whoever reads it cannot see what was left out. */}
            <p className="quiet" role="status">
              {!isWhole && texts.leftOut} {pages.hasNextPage && texts.moreRows}
            </p>
            {all.length === 0 ? <p>{texts.noEvents}</p> : <LogTable entries={all} people={people} />}
            {pages.hasNextPage && (
              <Button
                variant="secondary"
                isDisabled={pages.isFetchingNextPage}
                onPress={() => void pages.fetchNextPage()}
              >
                {t.shell.more}
              </Button>
            )}
          </>
        )}
      </States>
    </div>
  )
}

const knownAct = (text: string): Act | undefined => acts.find((act) => act === text)

function LogTable({
  entries,
  people,
}: {
  readonly entries: readonly LogEntry[]
  readonly people: readonly StaffMember[]
}) {
  const { t, format } = useText()
  const texts = t.audit
  const names = useNames()
  const name = usePeople(people)
  return (
    <table className="log">
      <caption>{texts.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.when}</th>
          <th scope="col">{texts.who}</th>
          <th scope="col">{texts.what}</th>
          <th scope="col">{texts.outcome}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => {
          const act = knownAct(entry.act)
          return (
            <tr key={entry.id}>
              <td>
                <time dateTime={entry.at}>{format.dateTime(entry.at)}</time>
              </td>
              <td>
                {entry.user === null ? texts.system : name(entry.user)}
                {entry.authority !== null && <span className="quiet"> {names.authority(entry.authority)}</span>}
              </td>
              <td>{act === undefined ? texts.unknown : texts.acts[act]}</td>
              <td>
                <StatusTag tone={tones[entry.outcome]}>{texts.outcomes[entry.outcome]}</StatusTag>
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
