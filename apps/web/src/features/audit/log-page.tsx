// The log of a case: who has done what, within what one's own authority may see.
import { Button } from '@midas-ds/components/button'
import { Checkbox } from '@midas-ds/components/checkbox'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
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
import { PageHeading } from '../../ui/page-heading.tsx'
import { States } from '../../ui/states.tsx'
import { StatusTag, type Tone } from '../../ui/status-tag.tsx'

const tones: Record<LogEntry['outcome'], Tone> = { allowed: 'plain', refused: 'attention', absent: 'attention' }

export function LogPage() {
  const { t } = useText()
  const texts = t.audit
  const { caseId } = useParams({ from: '/arenden/$caseId/logg' })
  const session = useSession()
  const pages = useInfiniteQuery(reads.log(session, caseId))
  const inCase = useQuery(reads.case(session, caseId)).data?.people ?? []
  // Those who review logs are not in the case: they know their own organisation's people.
  const staff = useQuery(reads.staff(session)).data ?? []
  const people = [...staff, ...inCase]
  const [isWhole, setWhole] = useState(false)
  const entries = pages.data?.pages.flatMap((page) => page.entries)
  return (
    <div className="stack">
      <BackLink to="/arenden/$caseId" params={{ caseId }} name={t.cases.page.backTo} />
      <PageHeading tab={texts.heading}>{texts.heading}</PageHeading>
      <States
        texts={texts.states}
        read={{ data: entries, error: pages.error, refetch: pages.refetch }}
        isEmpty={(all) => all.length === 0}
      >
        {(all) => (
          <>
            <Checkbox isSelected={isWhole} onChange={setWhole}>
              {texts.whole}
            </Checkbox>
            <LogTable entries={isWhole ? all : all.filter(isEvent)} people={people} />
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

/** Reading and the client's own upkeep drown what people did; they are shown on request. A refusal is always shown. */
const quiet: readonly Act[] = [
  'case.list',
  'case.read',
  'thread.list',
  'message.read',
  'cursor.list',
  'cursor.move',
  'tenant-chain.read',
  'key.read-wraps',
  'key.maintain',
  'audit.read',
]
const isEvent = ({ act, outcome }: LogEntry): boolean => outcome !== 'allowed' || !quiet.some((one) => one === act)

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
