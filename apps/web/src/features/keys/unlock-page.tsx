// Unlocking one's key with the passphrase; it takes the device a second, on purpose.
import { Button } from '@midas-ds/components/button'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import type { Me } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { keys } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { PassphraseField } from '../../ui/passphrase-field.tsx'
import { PageHeading } from '../../ui/page-heading.tsx'
import { Problem } from '../../ui/problem.tsx'

export function UnlockPage({ me }: { readonly me: Me }) {
  const { t } = useText()
  const texts = t.keys.unlock
  const session = useSession()
  const client = useQueryClient()
  const [phrase, setPhrase] = useState('')
  const [isMissing, setMissing] = useState(false)
  const unlock = useMutation({
    mutationFn: (passphrase: string) => session.unlock(passphrase),
    onSuccess: (status) => {
      setPhrase('')
      client.setQueryData(keys.key, status)
    },
  })
  const leave = useMutation({
    mutationFn: () => session.signOut('here'),
    onSuccess: () => window.location.replace('/'),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const passphrase = phrase.trim().replace(/\s+/g, ' ')
    setMissing(passphrase === '')
    if (passphrase !== '') unlock.mutate(passphrase)
  }
  return (
    <div className="narrow stack">
      <PageHeading tab={texts.heading}>{texts.heading}</PageHeading>
      <p className="lead">{texts.why(me.name)}</p>
      <form onSubmit={submit} noValidate className="stack">
        <Problem error={unlock.error} />
        <PassphraseField
          label={texts.phrase}
          description={texts.hint}
          autoFocus
          value={phrase}
          onChange={setPhrase}
          isInvalid={isMissing}
          validationBehavior="aria"
          errorMessage={texts.missing}
        />
        <Button type="submit" isDisabled={unlock.isPending}>
          {texts.submit}
        </Button>
        <p role="status">{unlock.isPending ? texts.unlocking : ''}</p>
      </form>
      <details>
        <summary>{texts.lost}</summary>
        <p>{texts.lostText}</p>
      </details>
      <Problem error={leave.error} />
      <Button variant="tertiary" onPress={() => leave.mutate()}>
        {texts.signOut}
      </Button>
    </div>
  )
}
