// Opening a case: the unit that owns it and, if wanted, a working title that only the own authority reads.
import { Button } from '@midas-ds/components/button'
import { Radio, RadioGroup } from '@midas-ds/components/radio'
import { TextField } from '@midas-ds/components/textfield'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import type { Me } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { keys, reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { BackLink } from '../../ui/back-link.tsx'
import { ErrorSummary, errorOf, type FieldError } from '../../ui/error-summary.tsx'
import { PageHeading } from '../../ui/page-heading.tsx'
import { Problem } from '../../ui/problem.tsx'
import { State, States } from '../../ui/states.tsx'
import { CircleSlash } from 'lucide-react'
import { useMayOpen } from './may-open.ts'

export function OpenCasePage() {
  const { t } = useText()
  const texts = t.cases.open
  const me = useQuery(reads.me(useSession()))
  return (
    <div className="narrow stack">
      <BackLink to="/arenden" name={t.cases.list.backTo} />
      <PageHeading tab={texts.heading}>{texts.heading}</PageHeading>
      <States texts={texts.states} read={me} isEmpty={(known) => known.units.length === 0}>
        {(known) => <Permitted me={known} />}
      </States>
    </div>
  )
}

function Permitted({ me }: { readonly me: Me }) {
  const { t } = useText()
  const mayOpen = useMayOpen(me)
  if (mayOpen) return <OpenForm me={me} />
  return <State name="notPermitted" icon={<CircleSlash aria-hidden />} heading={t.cases.open.states.notPermitted} />
}

function OpenForm({ me }: { readonly me: Me }) {
  const { t } = useText()
  const texts = t.cases.open
  const session = useSession()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [unitId, setUnit] = useState<string | null>(me.units.length === 1 ? (me.units[0]?.id ?? null) : null)
  const [title, setTitle] = useState('')
  const [attempt, setAttempt] = useState(0)
  const unit = me.units.find((one) => one.id === unitId)
  const errors: readonly FieldError[] = unit === undefined ? [{ field: 'unit', text: texts.unitMissing }] : []
  const error = errorOf(errors, attempt, 'unit')
  const open = useMutation({
    mutationFn: session.openCase,
    onSuccess: (caseId) => {
      void client.invalidateQueries({ queryKey: keys.allCases })
      void navigate({ to: '/arenden/$caseId', params: { caseId } })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAttempt((n) => n + 1)
    if (unit !== undefined && !open.isPending) open.mutate({ unit: unit.id, title: title.trim() })
  }
  return (
    <form onSubmit={submit} noValidate className="stack">
      <p className="lead">{texts.lead}</p>
      <ErrorSummary errors={errors} attempt={attempt} />
      <Problem error={open.error} />
      <div id="unit">
        <RadioGroup
          label={texts.unit}
          value={unitId}
          onChange={setUnit}
          isInvalid={error !== undefined}
          validationBehavior="aria"
          {...(error === undefined ? {} : { errorMessage: error })}
        >
          {me.units.map((one) => (
            <Radio key={one.id} value={one.id}>
              {one.name}
            </Radio>
          ))}
        </RadioGroup>
      </div>
      <TextField
        label={texts.title}
        description={texts.titleHint}
        value={title}
        onChange={setTitle}
        maxLength={120}
        autoComplete="off"
      />
      <Button type="submit" isDisabled={open.isPending}>
        {open.isPending ? t.shell.working : texts.submit}
      </Button>
    </form>
  )
}
