// For those who review logs (domain.md § 1): they are in no case and have no list, so a case is opened by its address, and its log alone.
import { Button } from '@midas-ds/components/button'
import { TextField } from '@midas-ds/components/textfield'
import { useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { id } from '#libs/domain'
import type { CaseId } from '#libs/domain'
import type { CaseFacts } from '#libs/policy'
import type { Me } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { useMay } from '../../session/may.ts'
import { caseIn } from './case-address.ts'

/** Any case in which her authority takes part and she has no task: its log is a reviewer's, the case itself is not. */
const someCase = (me: Me): CaseFacts => ({
  about: 'case',
  case: id<CaseId>('00000000-0000-0000-0000-000000000000'),
  owner: me.authority.id,
  assignment: { state: 'none' },
  barred: false,
  party: 'is',
  units: [],
})

export function ReviewLog({ me }: { readonly me: Me }) {
  const { t } = useText()
  const texts = t.audit.review
  const may = useMay()
  const navigate = useNavigate()
  const [address, setAddress] = useState('')
  const [hasTried, setTried] = useState(false)
  const some = someCase(me)
  if (!may('audit.read', some) || may('case.read', some)) return null
  const caseId = caseIn(address)
  const isWrong = hasTried && caseId === null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (caseId === null) document.getElementById('case-address')?.focus()
    else void navigate({ to: '/arenden/$caseId/logg', params: { caseId } })
  }
  return (
    <section aria-labelledby="review-log" className="card">
      <h2 id="review-log">{texts.heading}</h2>
      <form onSubmit={submit} noValidate className="stack">
        <TextField
          id="case-address"
          label={texts.address}
          description={texts.hint}
          value={address}
          onChange={setAddress}
          autoComplete="off"
          validationBehavior="aria"
          {...(isWrong ? { isInvalid: true, errorMessage: texts.wrong } : {})}
        />
        <Button type="submit" variant="secondary">
          {texts.submit}
        </Button>
      </form>
    </section>
  )
}
