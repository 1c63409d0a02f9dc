// My cases: what waits first, then the rest; found by number and decrypted working title, on the device alone.
import { Button } from '@midas-ds/components/button'
import { SearchField } from '@midas-ds/components/search-field'
import { ListBoxItem } from '@midas-ds/components/list-box'
import { Select } from '@midas-ds/components/select'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Phase } from '#libs/domain'
import { addDays, instantOf, phases } from '#libs/domain'
import type { CaseSummary, Me } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { useMayOpen } from './may-open.ts'
import { reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { ButtonLink } from '../../ui/button-link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeading } from '../../ui/page-heading.tsx'
import { States } from '../../ui/states.tsx'
import { ReviewLog } from '../audit/review-log.tsx'
import { CaseCard } from './case-card.tsx'
import { matchesWord, waitingFirst } from './find-cases.ts'

export function CasesPage() {
  const { t } = useText()
  const texts = t.cases.list
  const session = useSession()
  const me = useQuery(reads.me(session)).data
  const [phase, setPhase] = useState<Phase | null>(null)
  const [word, setWord] = useState('')
  const pages = useInfiniteQuery(reads.cases(session, phase))
  const { hasNextPage, isFetching, fetchNextPage } = pages
  const isSearching = word.trim() !== ''
  useEffect(() => {
    // The server cannot search what it cannot read: all of one's own cases have to be here.
    if (isSearching && hasNextPage && !isFetching) void fetchNextPage()
  }, [isSearching, hasNextPage, isFetching, fetchNextPage])
  const cases = pages.data?.pages.flatMap((page) => page.cases)
  const read = { data: cases, error: pages.error, refetch: pages.refetch }
  const isEmpty = cases?.length === 0 && phase === null
  const open = me !== undefined && <OpenLink me={me} />
  return (
    <div className="stack">
      {/* On an empty page the same button stands in the middle. */}
      <PageHeading tab={texts.heading} aside={!isEmpty && open}>
        {texts.heading}
      </PageHeading>
      <CertificationEnds />
      <States texts={texts.states} read={read} isEmpty={() => isEmpty} first={open}>
        {(all) => (
          <>
            <div className="filters">
              <SearchField
                label={texts.search}
                placeholder={texts.searchHint}
                showButton={false}
                value={word}
                onChange={setWord}
              />
              <PhaseFilter phase={phase} onChange={setPhase} />
            </div>
            <p className="quiet">{texts.searchLocal}</p>
            {isSearching && hasNextPage && <p role="status">{texts.searching}</p>}
            <Found cases={all.filter((one) => matchesWord(one, word))} />
            {!isSearching && hasNextPage && (
              <Button variant="secondary" isDisabled={pages.isFetchingNextPage} onPress={() => void fetchNextPage()}>
                {t.shell.more}
              </Button>
            )}
          </>
        )}
      </States>
      {me !== undefined && <ReviewLog me={me} />}
    </div>
  )
}

const noticeDays = 30

/** From a month before: she is told in time, where she comes every day. */
function CertificationEnds() {
  const { t, format } = useText()
  const validUntil = useQuery(reads.key(useSession())).data?.validUntil ?? null
  if (validUntil === null || addDays(instantOf(Date.now()), noticeDays) < validUntil) return null
  return <Notice tone="important">{t.keys.renewal.ownSoon(format.lastDay(validUntil))}</Notice>
}

function OpenLink({ me }: { readonly me: Me }) {
  const { t } = useText()
  const mayOpen = useMayOpen(me)
  if (!mayOpen) return null
  return (
    <ButtonLink look="primary" to="/arenden/nytt">
      {t.cases.list.open}
    </ButtonLink>
  )
}

const anyPhase = 'any'
const phaseOf = (key: unknown): Phase | null => phases.find((phase) => phase === key) ?? null

function PhaseFilter({
  phase,
  onChange,
}: {
  readonly phase: Phase | null
  readonly onChange: (phase: Phase | null) => void
}) {
  const { t } = useText()
  return (
    <Select
      label={t.cases.list.phase}
      selectedKey={phase ?? anyPhase}
      onSelectionChange={(key) => onChange(phaseOf(key))}
    >
      <ListBoxItem id={anyPhase}>{t.cases.list.allPhases}</ListBoxItem>
      {phases.map((one) => (
        <ListBoxItem key={one} id={one}>
          {t.domain.phases[one]}
        </ListBoxItem>
      ))}
    </Select>
  )
}

function Found({ cases }: { readonly cases: readonly CaseSummary[] }) {
  const { t } = useText()
  const texts = t.cases.list
  const { waiting, others } = waitingFirst(cases)
  return (
    <>
      <p role="status" className="quiet">
        {cases.length === 0 ? texts.noneFound : texts.found(cases.length)}
      </p>
      {waiting.length > 0 && (
        <section aria-labelledby="waiting">
          <h2 id="waiting">{texts.waitingFirst}</h2>
          <ul className="case-list">
            {waiting.map((one) => (
              <CaseCard key={one.id} summary={one} />
            ))}
          </ul>
        </section>
      )}
      {others.length > 0 && (
        <section aria-labelledby="others">
          <h2 id="others" className={waiting.length === 0 ? 'only-heard' : undefined}>
            {texts.others}
          </h2>
          <ul className="case-list">
            {others.map((one) => (
              <CaseCard key={one.id} summary={one} />
            ))}
          </ul>
        </section>
      )}
    </>
  )
}
