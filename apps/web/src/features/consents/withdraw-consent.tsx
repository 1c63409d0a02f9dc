// Withdrawal in two clicks: the button, and the question that says honestly what it does and does not do.
import { Button } from '@midas-ds/components/button'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { CaseView, ConsentView } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { useNames } from '../../session/names.ts'
import { keys, reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { useTell } from '../../session/told.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { byPair } from './by-pair.ts'
import { goingOn } from './narrowings.ts'

type Props = { readonly view: CaseView; readonly consent: ConsentView }

export function WithdrawConsent({ view, consent }: Props) {
  const { t, format } = useText()
  const texts = t.consents.withdraw
  const session = useSession()
  const client = useQueryClient()
  const names = useNames()
  const tell = useTell()
  const [isAsking, setAsking] = useState(false)
  const withdraw = useMutation({
    mutationFn: () => session.withdrawConsent(view.summary.id, consent.registration),
    onSuccess: (taken) => {
      setAsking(false)
      tell(taken === 'heard-with-wrong-clock' ? texts.doneWrongClock : texts.done)
      void client.invalidateQueries({ queryKey: keys.allCases })
    },
  })
  const standing = consent.flows.filter((flow) => flow.state !== 'ended')
  // Withdrawing waits for nothing: until this is computed, all that the consent covers is named.
  const preview = useQuery({
    ...reads.previewNarrowings(session, view.summary.id, consent.registration, [{}]),
    enabled: isAsking && standing.length > 0,
  })
  const kept = goingOn(standing, preview.data)
  const ending = standing.filter((flow) => !kept.includes(flow))
  return (
    <>
      <Button variant="danger" onPress={() => setAsking(true)}>
        {texts.button}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        heading={texts.heading}
        submit={texts.submit}
        isPending={withdraw.isPending}
        error={withdraw.error}
        onSubmit={() => withdraw.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>{texts.now}</p>
        {ending.length > 0 && <p>{texts.effects}</p>}
        <ul>
          {byPair(ending).map((pair) => (
            <li key={`${pair.source}${pair.recipient}`}>
              {t.editor.review.loseLine(
                names.authority(pair.recipient),
                names.authority(pair.source),
                format.terms(pair.categories.map((category) => t.domain.categories[category])),
              )}
            </li>
          ))}
        </ul>
        {byPair(kept).map((pair) => (
          <p key={`${pair.source}${pair.recipient}`}>
            {t.consents.narrow.stillReads(
              names.authority(pair.recipient),
              format.terms(pair.categories.map((category) => t.domain.categories[category])),
            )}
          </p>
        ))}
        <p>{texts.honest}</p>
        <p>{texts.help}</p>
      </ConfirmDialog>
    </>
  )
}
