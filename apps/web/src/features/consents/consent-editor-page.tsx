// Registering a consent, step by step; the draft survives a reload, sealed.
import type { CalendarDate } from '@internationalized/date'
import { Button } from '@midas-ds/components/button'
import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { CaseView, ConsentView, Me } from '../../crypto/facade.ts'
import { dayAt } from '../../i18n/formats.ts'
import { useText } from '../../i18n/index.tsx'
import { useDraft } from '../../session/draft.ts'
import { useFollow } from '../../session/live.tsx'
import { caseFacts, useMay } from '../../session/may.ts'
import { reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { BackLink } from '../../ui/back-link.tsx'
import { ErrorSummary, type FieldError } from '../../ui/error-summary.tsx'
import { CaseHeading } from '../../ui/case-heading.tsx'
import { State, States } from '../../ui/states.tsx'
import { CircleSlash } from 'lucide-react'
import { AuthoritiesStep } from './authorities-step.tsx'
import { emptyDraft, missingIn, readDraft, steps, type EditorDraft, type Step } from './editor-draft.ts'
import { GivenStep } from './given-step.tsx'
import { useMissingText } from './missing-text.ts'
import { renewalOf } from './renewal-draft.ts'
import { ReviewStep } from './review-step.tsx'
import { ScopeStep } from './scope-step.tsx'
import { TimeStep } from './time-step.tsx'

export function ConsentEditorPage() {
  const { t } = useText()
  const { caseId } = useParams({ from: '/arenden/$caseId/samtycken/nytt' })
  const { fornya } = useSearch({ from: '/arenden/$caseId/samtycken/nytt' })
  const session = useSession()
  useFollow(caseId)
  const view = useQuery(reads.case(session, caseId))
  const me = useQuery(reads.me(session)).data
  const heading = fornya === undefined ? t.editor.heading : t.editor.headingRenewal
  return (
    <div className="stack">
      <BackLink to="/arenden/$caseId" params={{ caseId }} name={t.cases.page.backTo} />
      <CaseHeading caseId={caseId} tab={heading}>
        {heading}
      </CaseHeading>
      <States texts={t.consents.page.states} read={view} isEmpty={() => false}>
        {(known) =>
          me !== undefined && (
            <Permitted
              view={known}
              me={me}
              renewed={known.consents.find((consent) => consent.registration === fornya) ?? null}
            />
          )
        }
      </States>
    </div>
  )
}

type Props = { readonly view: CaseView; readonly me: Me; readonly renewed: ConsentView | null }

function Permitted({ view, me, renewed }: Props) {
  const { t } = useText()
  const may = useMay()
  if (may('consent.register', caseFacts(view, me)))
    return renewed === null ? (
      <Editor view={view} me={me} renewed={null} begun={emptyDraft} />
    ) : (
      <Renewal view={view} me={me} renewed={renewed} />
    )
  return (
    <State
      name="notPermitted"
      icon={<CircleSlash aria-hidden />}
      heading={t.problems.server['role-missing'].what}
      text={t.consents.page.states.notPermitted}
    />
  )
}

export type StepProps = {
  readonly draft: EditorDraft
  readonly change: (part: Partial<EditorDraft>) => void
  readonly errorOf: (field: string) => string | undefined
  /** Says of a field for a day that only a part of the date stands in it. */
  readonly onHalf: (field: string, isHalf: boolean) => void
}

/** The former consent's words are opened first: they are filled in once, before anything is written. */
function Renewal({ view, me, renewed }: Props & { readonly renewed: ConsentView }) {
  const { t } = useText()
  const words = useQuery(reads.consentWords(useSession(), view.summary.id, renewed.registration))
  if (words.isPending) return <p role="status">{t.consents.words.loading}</p>
  const begun = (today: CalendarDate) => renewalOf(renewed, words.data, me.authority.id, today)
  return (
    <>
      <p className="lead">{t.editor.renewal}</p>
      <Editor view={view} me={me} renewed={renewed} begun={begun} />
    </>
  )
}

function Editor({ view, me, renewed, begun }: Props & { readonly begun: (today: CalendarDate) => EditorDraft }) {
  const { t } = useText()
  const texts = t.editor
  const today = useMemo(() => dayAt(Date.now()), [])
  const stored = useDraft(`${me.user}/${view.summary.id}/consent${renewed === null ? '' : `/${renewed.registration}`}`)
  const empty = useMemo(() => begun(today), [begun, today])
  const draft = useMemo(() => readDraft(stored.text) ?? empty, [stored.text, empty])
  const [step, setStep] = useState<Step>('given')
  const [attempt, setAttempt] = useState(0)
  const [halfDays, setHalfDays] = useState<readonly string[]>([])
  const textOf = useMissingText()
  const heading = useRef<HTMLHeadingElement>(null)
  const hasMoved = useRef(false)

  useEffect(() => {
    if (hasMoved.current) heading.current?.focus()
    hasMoved.current = true
  }, [step])

  const errors: readonly FieldError[] = [
    ...halfDays.map((field) => ({ field, text: t.shell.dayHalf })),
    ...missingIn(step, draft, today)
      .map(textOf)
      .filter(({ field }) => !halfDays.includes(field)),
  ]
  const change = (part: Partial<EditorDraft>) => stored.set(JSON.stringify({ ...draft, ...part }))
  const go = (to: Step) => {
    setAttempt(0)
    setStep(to)
  }
  const place = steps.indexOf(step)
  const following = steps[place + 1]
  const former = steps[place - 1]
  const onNext = () => {
    setAttempt((n) => n + 1)
    if (errors.length === 0 && following !== undefined) go(following)
  }
  const parts: StepProps = {
    draft,
    change,
    onHalf: (field, isHalf) =>
      setHalfDays((all) => [...all.filter((one) => one !== field), ...(isHalf ? [field] : [])]),
    errorOf: (field) => (attempt === 0 ? undefined : errors.find((error) => error.field === field)?.text),
  }
  return (
    <div className="editor">
      <StepList step={step} />
      <div className="stack">
        <h2 ref={heading} tabIndex={-1}>
          <span className="quiet">{t.shell.step(place + 1, steps.length)}:</span> {texts.steps[step]}
        </h2>
        <ErrorSummary errors={errors} attempt={attempt} />
        {step === 'given' && <GivenStep {...parts} />}
        {step === 'authorities' && <AuthoritiesStep {...parts} own={me.authority.id} />}
        {step === 'scope' && <ScopeStep {...parts} />}
        {step === 'time' && <TimeStep {...parts} today={today} />}
        {step === 'review' && (
          <ReviewStep view={view} draft={draft} today={today} onChange={go} onDone={stored.clear} />
        )}
        <div className="buttons">
          {following !== undefined && <Button onPress={onNext}>{t.shell.next}</Button>}
          {former !== undefined && (
            <Button variant="secondary" onPress={() => go(former)}>
              {t.shell.previous}
            </Button>
          )}
        </div>
        <p role="status" className="quiet">
          {stored.state === 'saved' && t.threads.composer.draftSaved}
          {stored.state === 'restored' && t.threads.composer.draftBack}
          {stored.state === 'lost' && t.threads.composer.draftLost}
        </p>
      </div>
    </div>
  )
}

function StepList({ step }: { readonly step: Step }) {
  const { t } = useText()
  const now = steps.indexOf(step)
  return (
    <ol className="step-list" aria-label={t.editor.stepsLabel}>
      {steps.map((one, place) => (
        <li key={one} aria-current={one === step ? 'step' : undefined} className={place < now ? 'passed' : undefined}>
          {t.editor.steps[one]}
        </li>
      ))}
    </ol>
  )
}
