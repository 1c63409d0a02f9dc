// Narrowing a consent by unticking; who loses what is said before it is done.
import { Button } from '@midas-ds/components/button'
import { Checkbox } from '@midas-ds/components/checkbox'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { CaseView, ConsentView, FlowView, Narrowing } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { useFollow } from '../../session/live.tsx'
import { useNames } from '../../session/names.ts'
import { reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { useTell } from '../../session/told.tsx'
import { BackLink } from '../../ui/back-link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { CaseHeading } from '../../ui/case-heading.tsx'
import { States } from '../../ui/states.tsx'
import { byPair } from './by-pair.ts'
import { useEffectLines } from './effect-lines.ts'
import { findConsent } from './find-consent.ts'
import { useNarrow, useWithdraw } from './narrow-acts.ts'
import { cellName, goingOn, narrowingsOf } from './narrowings.ts'
import { Uncertain } from './uncertain.tsx'

export function NarrowPage() {
  const { t } = useText()
  const texts = t.consents.narrow
  const params = useParams({ from: '/arenden/$caseId/samtycken/$registrationId/begransa' })
  useFollow(params.caseId)
  const read = findConsent(useQuery(reads.case(useSession(), params.caseId)), params.registrationId)
  return (
    <div className="stack">
      <BackLink to="/arenden/$caseId/samtycken/$registrationId" params={params} name={t.consents.page.backTo} />
      <CaseHeading caseId={params.caseId} tab={texts.heading}>
        {texts.heading}
      </CaseHeading>
      <p className="lead">{texts.lead}</p>
      <States texts={t.consents.page.states} read={read} isEmpty={() => false}>
        {({ view, consent }) => <NarrowForm view={view} consent={consent} />}
      </States>
    </div>
  )
}

const isDone = (flow: FlowView, done: readonly Narrowing[]): boolean =>
  done.some(
    ({ source, recipient, categories }) =>
      source === flow.source && recipient === flow.recipient && categories?.includes(flow.category) === true,
  )

function NarrowForm({ view, consent }: { readonly view: CaseView; readonly consent: ConsentView }) {
  const { t } = useText()
  const texts = t.consents.narrow
  const tell = useTell()
  const navigate = useNavigate()
  const effectLines = useEffectLines()
  const [unticked, setUnticked] = useState<ReadonlySet<string>>(new Set())
  const [effect, setEffect] = useState<readonly string[]>([])
  const [asked, setAsked] = useState<readonly FlowView[]>([])
  const standing = consent.flows.filter((flow) => flow.state !== 'ended')
  const gone = standing.filter((flow) => unticked.has(cellName(flow)))
  const isAll = gone.length === standing.length
  const of = { caseId: view.summary.id, registrationId: consent.registration }
  const finish = async (said: string) => {
    // Whoever has gone on meanwhile stays where she is, and is told there.
    if (window.location.pathname.endsWith('/begransa'))
      await navigate({ to: '/arenden/$caseId', params: { caseId: of.caseId } })
    tell(`${said} ${[...new Set(effect)].join('. ')}.`)
  }
  const withdraw = useWithdraw(of, (taken) => {
    const { done, doneWrongClock } = t.consents.withdraw
    void finish(taken === 'heard-with-wrong-clock' ? doneWrongClock : done)
  })
  const { narrow, done } = useNarrow(of, () => void finish(texts.done))
  // After a part of it was done the rest is a narrowing too.
  const isWhole = isAll && done.length === 0
  const preview = usePreview(view, consent, gone)
  const isPending = narrow.isPending || withdraw.isPending
  const toggle = (name: string, isTicked: boolean) => {
    const next = new Set(unticked)
    if (isTicked) next.delete(name)
    else next.add(name)
    setUnticked(next)
  }
  const submit = () => {
    const rest = gone.filter((flow) => !isDone(flow, done))
    setEffect((before) => [...before, ...effectLines(preview.loses, preview.kept)])
    setAsked((before) => [...before.filter((flow) => isDone(flow, done)), ...rest])
    if (isWhole) withdraw.mutate()
    else narrow.mutate(narrowingsOf(rest, new Set(rest.map(cellName))))
  }
  if (standing.length === 0 && !isPending) return <p>{texts.nothingLeft}</p>
  return (
    <div className="stack">
      {byPair(standing).map((pair) => (
        <PairChoice key={`${pair.source}${pair.recipient}`} pair={pair} unticked={unticked} onToggle={toggle} />
      ))}
      <Effect {...preview} gone={gone} isAll={isWhole} />
      <Uncertain act={narrow} texts={t.consents.uncertain} />
      <Uncertain act={withdraw} texts={t.consents.uncertain} />
      {narrow.error !== null && <PartlyDone asked={asked} left={gone.filter((flow) => !isDone(flow, done))} />}
      <Button variant="danger" isDisabled={gone.length === 0 || isPending} onPress={submit}>
        {isPending
          ? t.shell.working
          : narrow.error !== null
            ? texts.again
            : isAll
              ? t.consents.withdraw.submit
              : texts.submit}
      </Button>
    </div>
  )
}

type Tried = { readonly asked: readonly FlowView[]; readonly left: readonly FlowView[] }

/** After a failure among several: which part ended, and which is still to be tried. */
function PartlyDone({ asked, left }: Tried) {
  const { t } = useText()
  const texts = t.consents.narrow
  const effectLines = useEffectLines()
  const isLeft = new Set(left.map(cellName))
  const parts = [
    { heading: texts.doneSoFar, flows: asked.filter((flow) => !isLeft.has(cellName(flow))) },
    { heading: texts.left, flows: left },
  ]
  return parts
    .filter(({ flows }) => flows.length > 0)
    .map(({ heading, flows }) => (
      <section key={heading} aria-label={heading}>
        <h3>{heading}</h3>
        <ul>
          {effectLines(flows, []).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </section>
    ))
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

type Preview = { readonly loses: Parameters<typeof byPair>[0]; readonly kept: readonly FlowView[] }

/** Who loses what, from the signed statements: what another consent still gives is not said to end. */
function usePreview(view: CaseView, consent: ConsentView, gone: readonly FlowView[]): Preview {
  const narrowings = narrowingsOf(gone, new Set(gone.map(cellName)))
  const { data } = useQuery({
    ...reads.previewNarrowings(useSession(), view.summary.id, consent.registration, narrowings),
    enabled: gone.length > 0,
  })
  return { loses: gone.length === 0 ? [] : (data ?? gone), kept: goingOn(gone, data) }
}

type EffectProps = Preview & { readonly gone: readonly FlowView[]; readonly isAll: boolean }

function Effect({ gone, isAll, loses, kept }: EffectProps) {
  const { t } = useText()
  const texts = t.consents.narrow
  const effectLines = useEffectLines()
  return (
    <>
      <div role="status" className="effect">
        {gone.length === 0 && <p>{texts.untouched}</p>}
        {effectLines(loses, kept).map((line) => (
          <p key={line}>{line}</p>
        ))}
        {isAll && <p>{texts.allGone}</p>}
      </div>
      {gone.length > 0 && <Notice tone="info">{t.consents.withdraw.honest}</Notice>}
    </>
  )
}
