// Making one's key: six words shown once, two of them typed back, then the key.
import { Button } from '@midas-ds/components/button'
import { TextField } from '@midas-ds/components/textfield'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useText } from '../../i18n/index.tsx'
import { keys } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { ErrorSummary, errorOf, type FieldError } from '../../ui/error-summary.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeading } from '../../ui/page-heading.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Words } from '../../ui/words.tsx'
import { twoPlaces } from './two-places.ts'

export function KeySetUpPage({ former }: { readonly former: 'none' | 'ended' }) {
  const { t } = useText()
  const texts = t.keys.setUp
  const session = useSession()
  const [step, setStep] = useState<'before' | 'words' | 'check'>('before')
  const propose = useMutation({ mutationFn: () => session.proposePassphrase(), onSuccess: () => setStep('words') })

  return (
    <div className="narrow stack">
      <PageHeading tab={texts.heading}>{texts.heading}</PageHeading>
      {step === 'before' && (
        <>
          <p className="lead">{texts.why}</p>
          {former === 'ended' && <Notice tone="important">{texts.ended}</Notice>}
          <Problem error={propose.error} />
          <Button isDisabled={propose.isPending} onPress={() => propose.mutate()}>
            {texts.show}
          </Button>
        </>
      )}
      {step === 'words' && propose.data !== undefined && (
        <section aria-labelledby="phrase" className="stack">
          <h2 id="phrase">{texts.phraseHeading}</h2>
          <p>{texts.phraseOnce}</p>
          <Words words={propose.data.split(' ')} label={t.keys.wordsLabel} />
          <Button onPress={() => setStep('check')}>{texts.written}</Button>
        </section>
      )}
      {step === 'check' && propose.data !== undefined && (
        <Check passphrase={propose.data} onSeeAgain={() => setStep('words')} />
      )}
    </div>
  )
}

const sameWord = (one: string, other: string): boolean =>
  one.trim().normalize('NFC').toLocaleLowerCase('sv') === other.normalize('NFC').toLocaleLowerCase('sv')

function Check({ passphrase, onSeeAgain }: { readonly passphrase: string; readonly onSeeAgain: () => void }) {
  const { t } = useText()
  const texts = t.keys.setUp
  const session = useSession()
  const client = useQueryClient()
  const words = passphrase.split(' ')
  const [places] = useState(() => twoPlaces(words.length, (n) => crypto.getRandomValues(new Uint8Array(n))))
  const [typed, setTyped] = useState<readonly string[]>(['', ''])
  const [attempt, setAttempt] = useState(0)
  const create = useMutation({
    mutationFn: () => session.createKey(passphrase),
    onSuccess: (status) => client.setQueryData(keys.key, status),
  })

  const errors: readonly FieldError[] = places.flatMap((place, nth) =>
    sameWord(typed[nth] ?? '', words[place] ?? '')
      ? []
      : [{ field: `word-${place}`, text: texts.wordWrong(place + 1) }],
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAttempt((n) => n + 1)
    if (errors.length === 0) create.mutate()
  }
  return (
    <form onSubmit={submit} noValidate className="stack">
      <h2>{texts.confirmHeading}</h2>
      <p>{texts.confirmWhy}</p>
      <ErrorSummary errors={errors} attempt={attempt} />
      <Problem error={create.error} />
      {places.map((place, nth) => {
        const error = errorOf(errors, attempt, `word-${place}`)
        return (
          <TextField
            key={place}
            id={`word-${place}`}
            label={texts.word(place + 1)}
            value={typed[nth] ?? ''}
            onChange={(value) => setTyped((old) => old.map((one, at) => (at === nth ? value : one)))}
            autoComplete="off"
            spellCheck="false"
            isInvalid={error !== undefined}
            validationBehavior="aria"
            {...(error === undefined ? {} : { errorMessage: error })}
          />
        )
      })}
      <div className="buttons">
        <Button type="submit" isDisabled={create.isPending}>
          {texts.create}
        </Button>
        <Button variant="secondary" isDisabled={create.isPending} onPress={onSeeAgain}>
          {texts.seeAgain}
        </Button>
      </div>
      <p role="status">{create.isPending ? texts.creating : ''}</p>
    </form>
  )
}
