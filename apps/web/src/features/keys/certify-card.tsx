// One key that waits: whose it is said to be, the words she should read out, and the certification of exactly that.
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
import { Notice } from '../../ui/notice.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Words } from '../../ui/words.tsx'
import { Changes, ShownFacts, Signed } from './shown-key.tsx'

type Props = { readonly pending: PendingKey; readonly isOwn: boolean }

export function CertifyCard({ pending, isOwn }: Props) {
  const { t, format } = useText()
  const texts = t.keys.custodian
  const session = useSession()
  const client = useQueryClient()
  const tell = useTell()
  const may = useMay()
  const me = useQuery(reads.me(session)).data
  // The list is read again while she is on the telephone: she has agreed to what stood here when she ticked, and to nothing else.
  const shownNow = JSON.stringify(pending)
  const [agreedTo, setAgreedTo] = useState<string | null>(null)
  const [isMissing, setMissing] = useState(false)
  const [hasChanged, setChanged] = useState(false)
  if (agreedTo !== null && agreedTo !== shownNow) {
    setAgreedTo(null)
    setChanged(true)
  }
  const hasAgreed = agreedTo === shownNow
  const certify = useMutation({
    mutationFn: (shown: PendingKey) => session.certifyKey(shown),
    onSuccess: (_, shown) => {
      setAgreedTo(null)
      tell(texts.certified(shown.name))
      void client.invalidateQueries({ queryKey: keys.staff })
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.pending }),
  })
  const mayCertify = may('key.certify', me === undefined ? null : personFacts(me, pending))
  return (
    <article className="card stack" aria-labelledby={`key-${pending.user}`}>
      <div>
        <h3 id={`key-${pending.user}`}>{pending.name}</h3>
        <p className="quiet">{texts.created(format.dateTime(pending.createdAt))}</p>
      </div>
      <ShownFacts shown={pending} />
      <Changes shown={pending} />
      <Signed shown={pending} />
      {isOwn && <p>{texts.notYourself}</p>}
      {mayCertify && (
        <>
          <p>{texts.all}</p>
          <p>{texts.sees}</p>
          <Words words={pending.words} label={t.keys.wordsLabel} />
          <Checkbox
            isSelected={hasAgreed}
            onChange={(agreed) => {
              setAgreedTo(agreed ? shownNow : null)
              setChanged(false)
              if (agreed) setMissing(false)
            }}
            isInvalid={isMissing}
            validationBehavior="aria"
            errorMessage={texts.agreedMissing}
          >
            {texts.agreed}
          </Checkbox>
          {hasChanged && (
            <Notice tone="warning" live="alert">
              {texts.changedMeanwhile}
            </Notice>
          )}
          <p className="quiet">{texts.differ}</p>
          <Problem error={certify.error} />
          <Button
            isDisabled={certify.isPending}
            onPress={() => {
              setMissing(!hasAgreed)
              if (hasAgreed) certify.mutate(pending)
            }}
          >
            {certify.isPending ? t.shell.working : texts.certify}
          </Button>
        </>
      )}
    </article>
  )
}
