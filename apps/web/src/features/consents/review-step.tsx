// Step 5: who gains and who loses what, computed before anything is signed; then the signature.
import { Button } from '@midas-ds/components/button'
import { Checkbox } from '@midas-ds/components/checkbox'
import type { CalendarDate } from '@internationalized/date'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Fragment, useState } from 'react'
import type { CaseView, ConsentDraft, ScopeChange } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { useNames } from '../../session/names.ts'
import { keys, reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { useTell } from '../../session/told.tsx'
import { ErrorSummary, errorOf, type FieldError } from '../../ui/error-summary.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Problem } from '../../ui/problem.tsx'
import { byPair } from './by-pair.ts'
import { WordFacts } from './consent-words.tsx'
import { useLastDay } from './ending-text.ts'
import { GivenHow } from './given-how.tsx'
import { consentOf, steps, type EditorDraft, type Step } from './editor-draft.ts'

type Props = {
  readonly view: CaseView
  readonly draft: EditorDraft
  readonly today: CalendarDate
  readonly onChange: (step: Step) => void
  readonly onDone: () => void
}

export function ReviewStep({ view, draft, today, onChange, onDone }: Props) {
  const consent = consentOf(draft, today)
  // A restored draft may have passed its own dates: back to the first step that is not whole.
  if (consent === null) return <Changes onChange={onChange} />
  return (
    <>
      <Preview view={view} consent={consent} />
      <Terms consent={consent} />
      <Changes onChange={onChange} />
      <Sign view={view} consent={consent} onDone={onDone} />
    </>
  )
}

/** The rest of what is signed, as it was chosen: who, how, how long, for what and how far back. */
function Terms({ consent }: { readonly consent: ConsentDraft }) {
  const { t, format } = useText()
  const texts = t.consents.list
  const names = useNames()
  const lastDay = useLastDay()
  return (
    <dl className="facts">
      <dt>{texts.givenBy}</dt>
      <dd>{format.list(consent.givers.map((giver) => texts.givers[giver]))}</dd>
      <dt>{texts.how}</dt>
      <dd>
        <GivenHow given={consent.given} isStanding />
      </dd>
      <dt>{texts.when}</dt>
      <dd>{format.date(consent.givenAt)}</dd>
      <dt>{texts.validThrough}</dt>
      <dd>
        {lastDay(consent)}
        {consent.given.how === 'verbally-with-witness' && <p>{texts.verballyNote}</p>}
      </dd>
      <WordFacts words={{ text: consent.words, evidence: consent.evidence }} />
      {consent.flows.map((flow) => (
        <Fragment key={flow.counterpart}>
          <dt>{names.authority(flow.counterpart)}</dt>
          <dd>
            <p>{format.terms(flow.purposes.map((purpose) => t.domain.purposes[purpose]))}</p>
            <p>{t.domain.includesEarlier[flow.includesEarlier]}</p>
            {flow.direction !== 'to-us' && (
              <p>
                {flow.units === null
                  ? t.editor.scope.unitsAll
                  : t.consents.matrix.units(format.list(flow.units.map(names.unit)))}
              </p>
            )}
          </dd>
        </Fragment>
      ))}
    </dl>
  )
}

function Changes({ onChange }: { readonly onChange: (step: Step) => void }) {
  const { t } = useText()
  return (
    <div className="buttons">
      {steps.slice(0, -1).map((step) => (
        <Button key={step} variant="tertiary" size="medium" onPress={() => onChange(step)}>
          {t.editor.review.change(t.editor.steps[step])}
        </Button>
      ))}
    </div>
  )
}

function Preview({ view, consent }: { readonly view: CaseView; readonly consent: ConsentDraft }) {
  const { t, format } = useText()
  const texts = t.editor.review
  const names = useNames()
  const preview = useQuery(reads.previewConsent(useSession(), view.summary.id, consent))
  const waits = consent.flows
    .filter((flow) => flow.direction !== 'from-us')
    .map((flow) => names.authority(flow.counterpart))
  if (preview.error !== null) return <Problem error={preview.error} />
  if (preview.data === undefined) return <p role="status">{texts.computing}</p>
  return (
    <div className="card stack-tight" role="status">
      <Lines heading={texts.gains} flows={preview.data.gains} line={texts.gainLine} none={texts.noGain} />
      {preview.data.loses.length > 0 && (
        <Lines heading={texts.loses} flows={preview.data.loses} line={t.consents.narrow.noLonger} none="" />
      )}
      {waits.length > 0 && <p>{texts.waits(format.list(waits))}</p>}
      <p className="quiet">{texts.basis}</p>
    </div>
  )
}

type LinesProps = {
  readonly heading: string
  readonly flows: ScopeChange['gains']
  readonly line: (recipient: string, source: string, categories: string) => string
  readonly none: string
}

function Lines({ heading, flows, line, none }: LinesProps) {
  const { t, format } = useText()
  const names = useNames()
  return (
    <>
      <h3>{heading}</h3>
      {flows.length === 0 && <p>{none}</p>}
      <ul>
        {byPair(flows).map((pair) => (
          <li key={`${pair.source}${pair.recipient}`}>
            {line(
              names.authority(pair.recipient),
              names.authority(pair.source),
              format.terms(pair.categories.map((category) => t.domain.categories[category])),
            )}
          </li>
        ))}
      </ul>
    </>
  )
}

type SignProps = { readonly view: CaseView; readonly consent: ConsentDraft; readonly onDone: () => void }

function Sign({ view, consent, onDone }: SignProps) {
  const { t } = useText()
  const texts = t.editor.review
  const session = useSession()
  const client = useQueryClient()
  const navigate = useNavigate()
  const tell = useTell()
  const [wasTold, setTold] = useState(false)
  const [attempt, setAttempt] = useState(0)
  const errors: readonly FieldError[] = wasTold ? [] : [{ field: 'told', text: texts.toldMissing }]
  const error = errorOf(errors, attempt, 'told')
  const caseId = view.summary.id
  const register = useMutation({
    mutationFn: () => session.registerConsent(caseId, consent),
    onSuccess: (registrationId) => {
      onDone()
      void client.invalidateQueries({ queryKey: keys.allCases })
      void navigate({
        to: '/arenden/$caseId/samtycken/$registrationId',
        params: { caseId, registrationId },
        replace: true,
      }).then(() => tell(texts.done))
    },
  })
  return (
    <>
      <ErrorSummary errors={errors} attempt={attempt} />
      <div id="told">
        <Checkbox
          isSelected={wasTold}
          onChange={setTold}
          validationBehavior="aria"
          {...(error === undefined ? {} : { isInvalid: true, errorMessage: error })}
        >
          {texts.told}
        </Checkbox>
      </div>
      <Notice tone="info">{t.consents.withdraw.honest}</Notice>
      <Problem error={register.error} />
      <Button
        isDisabled={register.isPending}
        onPress={() => {
          setAttempt((n) => n + 1)
          if (wasTold) register.mutate()
        }}
      >
        {register.isPending ? t.shell.working : texts.sign}
      </Button>
    </>
  )
}
