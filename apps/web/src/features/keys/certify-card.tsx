// One key that waits: whose it is said to be, the words she should read out, and the certification.
import { Button } from '@midas-ds/components/button'
import { Checkbox } from '@midas-ds/components/checkbox'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { PendingKey } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { personFacts, useMay } from '../../session/may.ts'
import { keys, reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { useTell } from '../../session/told.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Words } from '../../ui/words.tsx'

type Props = { readonly pending: PendingKey; readonly isOwn: boolean }

export function CertifyCard({ pending, isOwn }: Props) {
  const { t, format } = useText()
  const texts = t.keys.custodian
  const session = useSession()
  const client = useQueryClient()
  const tell = useTell()
  const may = useMay()
  const me = useQuery(reads.me(session)).data
  const [hasAgreed, setAgreed] = useState(false)
  const [isMissing, setMissing] = useState(false)
  const certify = useMutation({
    mutationFn: () => session.certifyKey(pending.user),
    onSuccess: () => {
      tell(texts.certified(pending.name))
      void client.invalidateQueries({ queryKey: keys.pending })
      void client.invalidateQueries({ queryKey: keys.staff })
    },
  })
  const mayCertify = may('key.certify', me === undefined ? null : personFacts(me, pending))
  return (
    <article className="card stack" aria-labelledby={`key-${pending.user}`}>
      <div>
        <h3 id={`key-${pending.user}`}>{pending.name}</h3>
        <p className="quiet">
          {pending.title} · {format.list(pending.roles.map((role) => t.domain.roles[role]))} ·{' '}
          {texts.created(format.dateTime(pending.createdAt))}
        </p>
      </div>
      {isOwn && <p>{texts.notYourself}</p>}
      {mayCertify && (
        <>
          <p>{texts.sees}</p>
          <Words words={pending.words} label={t.keys.wordsLabel} />
          <Checkbox
            isSelected={hasAgreed}
            onChange={(agreed) => {
              setAgreed(agreed)
              if (agreed) setMissing(false)
            }}
            isInvalid={isMissing}
            validationBehavior="aria"
            errorMessage={texts.agreedMissing}
          >
            {texts.agreed}
          </Checkbox>
          <p className="quiet">{texts.differ}</p>
          <Problem error={certify.error} />
          <Button
            isDisabled={certify.isPending}
            onPress={() => {
              setMissing(!hasAgreed)
              if (hasAgreed) certify.mutate()
            }}
          >
            {certify.isPending ? t.shell.working : texts.certify}
          </Button>
        </>
      )}
    </article>
  )
}
