// Narrowing a consent by unticking; who loses what is said before it is done.
import { Button } from '@midas-ds/components/button'
import { Checkbox } from '@midas-ds/components/checkbox'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { CaseView, ConsentView, FlowView } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { useFollow } from '../../session/live.tsx'
import { useNames } from '../../session/names.ts'
import { keys, reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { useTell } from '../../session/told.tsx'
import { BackLink } from '../../ui/back-link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeading } from '../../ui/page-heading.tsx'
import { Problem } from '../../ui/problem.tsx'
import { States } from '../../ui/states.tsx'
import { byPair } from './by-pair.ts'
import { findConsent } from './find-consent.ts'
import { cellName, goingOn, narrowingsOf } from './narrowings.ts'

export function NarrowPage() {
  const { t } = useText()
  const texts = t.consents.narrow
  const params = useParams({ from: '/arenden/$caseId/samtycken/$registrationId/begransa' })
  useFollow(params.caseId)
  const read = findConsent(useQuery(reads.case(useSession(), params.caseId)), params.registrationId)
  return (
    <div className="stack">
      <BackLink to="/arenden/$caseId/samtycken/$registrationId" params={params} name={t.consents.page.backTo} />
      <PageHeading tab={texts.heading}>{texts.heading}</PageHeading>
      <p className="lead">{texts.lead}</p>
      <States texts={t.consents.page.states} read={read} isEmpty={() => false}>
        {({ view, consent }) => <NarrowForm view={view} consent={consent} />}
      </States>
    </div>
  )
}

function useNarrow(view: CaseView, consent: ConsentView, unticked: ReadonlySet<string>, standing: readonly FlowView[]) {
  const { t } = useText()
  const tell = useTell()
  const session = useSession()
  const client = useQueryClient()
  const navigate = useNavigate()
  const params = { caseId: view.summary.id, registrationId: consent.registration }
  const isWhole = standing.every((flow) => unticked.has(cellName(flow)))
  return useMutation({
    mutationFn: async () => {
      if (isWhole) return session.withdrawConsent(params.caseId, params.registrationId)
      for (const narrowing of narrowingsOf(standing, unticked)) {
        await session.narrowConsent(params.caseId, params.registrationId, narrowing)
      }
      return null
    },
    // Also after a failure: the first of several may have been done.
    onSettled: () => client.invalidateQueries({ queryKey: keys.allCases }),
    onSuccess: async (taken) => {
      await navigate({ to: '/arenden/$caseId', params: { caseId: params.caseId } })
      const { withdraw, narrow } = t.consents
      const done = taken === 'heard-with-wrong-clock' ? withdraw.doneWrongClock : withdraw.done
      tell(isWhole ? done : narrow.done)
    },
  })
}

function NarrowForm({ view, consent }: { readonly view: CaseView; readonly consent: ConsentView }) {
  const { t } = useText()
  const texts = t.consents.narrow
  const [unticked, setUnticked] = useState<ReadonlySet<string>>(new Set())
  const standing = consent.flows.filter((flow) => flow.state !== 'ended')
  const narrow = useNarrow(view, consent, unticked, standing)
  const gone = standing.filter((flow) => unticked.has(cellName(flow)))
  const toggle = (name: string, isTicked: boolean) => {
    const next = new Set(unticked)
    if (isTicked) next.delete(name)
    else next.add(name)
    setUnticked(next)
  }
  if (standing.length === 0) return <p>{texts.nothingLeft}</p>
  return (
    <div className="stack">
      {byPair(standing).map((pair) => (
        <PairChoice key={`${pair.source}${pair.recipient}`} pair={pair} unticked={unticked} onToggle={toggle} />
      ))}
      <Effect view={view} consent={consent} gone={gone} isAll={gone.length === standing.length} />
      <Problem error={narrow.error} />
      <Button variant="danger" isDisabled={gone.length === 0 || narrow.isPending} onPress={() => narrow.mutate()}>
        {narrow.isPending
          ? t.shell.working
          : gone.length === standing.length
            ? t.consents.withdraw.submit
            : texts.submit}
      </Button>
    </div>
  )
}

type ChoiceProps = {
  readonly pair: ReturnType<typeof byPair>[number]
  readonly unticked: ReadonlySet<string>
  readonly onToggle: (name: string, isTicked: boolean) => void
}

function PairChoice({ pair, unticked, onToggle }: ChoiceProps) {
  const { t } = useText()
  const names = useNames()
  const source = names.authority(pair.source)
  const recipient = names.authority(pair.recipient)
  return (
    <fieldset className="card">
      <legend>{t.consents.page.fromTo(source, recipient)}</legend>
      <div className="category-grid">
        {pair.categories.map((category) => {
          const name = cellName({ ...pair, category })
          return (
            <Checkbox
              key={name}
              isSelected={!unticked.has(name)}
              onChange={(isTicked) => onToggle(name, isTicked)}
              aria-label={t.consents.narrow.cell(t.domain.categories[category], source, recipient)}
            >
              {t.domain.categories[category]}
            </Checkbox>
          )
        })}
      </div>
    </fieldset>
  )
}

type EffectProps = {
  readonly view: CaseView
  readonly consent: ConsentView
  readonly gone: readonly FlowView[]
  readonly isAll: boolean
}

/** Who loses what, from the signed statements: what another consent still gives is not said to end. */
function Effect({ view, consent, gone, isAll }: EffectProps) {
  const { t, format } = useText()
  const texts = t.consents.narrow
  const names = useNames()
  const preview = useQuery({
    ...reads.previewNarrowings(
      useSession(),
      view.summary.id,
      consent.registration,
      narrowingsOf(gone, new Set(gone.map(cellName))),
    ),
    enabled: gone.length > 0,
  })
  const loses = gone.length === 0 ? [] : (preview.data ?? gone)
  const kept = goingOn(gone, preview.data)
  const named = (
    flows: readonly Pick<FlowView, 'source' | 'recipient' | 'category'>[],
    line: (recipient: string, categories: string) => string,
  ) =>
    byPair(flows).map((pair) => (
      <p key={`${pair.source}${pair.recipient}`}>
        {line(
          names.authority(pair.recipient),
          format.terms(pair.categories.map((category) => t.domain.categories[category])),
        )}
      </p>
    ))
  return (
    <>
      <div role="status" className="effect">
        {gone.length === 0 && <p>{texts.untouched}</p>}
        {named(loses, texts.noLonger)}
        {named(kept, texts.stillReads)}
        {isAll && <p>{texts.allGone}</p>}
      </div>
      {gone.length > 0 && <Notice tone="info">{t.consents.withdraw.honest}</Notice>}
    </>
  )
}
