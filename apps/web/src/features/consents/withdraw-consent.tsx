// Withdrawal in two clicks: the button, and the question that says honestly what it does and does not do.
import { Button } from '@midas-ds/components/button'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CaseView, ConsentView } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { useTell } from '../../session/told.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { useEffectLines } from './effect-lines.ts'
import { isUncertain, useWithdraw } from './narrow-acts.ts'
import { goingOn } from './narrowings.ts'
import { Uncertain } from './uncertain.tsx'

type Props = { readonly view: CaseView; readonly consent: ConsentView }

export function WithdrawConsent({ view, consent }: Props) {
  const { t } = useText()
  const texts = t.consents.withdraw
  const session = useSession()
  const tell = useTell()
  const effectLines = useEffectLines()
  const [isAsking, setAsking] = useState(false)
  const standing = consent.flows.filter((flow) => flow.state !== 'ended')
  // Withdrawing waits for nothing: until this is computed, all that the consent covers is named.
  const preview = useQuery({
    ...reads.previewNarrowings(session, view.summary.id, consent.registration, [{}]),
    enabled: isAsking && standing.length > 0,
  })
  const kept = goingOn(standing, preview.data)
  const ending = standing.filter((flow) => !kept.includes(flow))
  const of = { caseId: view.summary.id, registrationId: consent.registration }
  const effect = effectLines(ending, kept).join('. ')
  const withdraw = useWithdraw(of, (taken) => {
    setAsking(false)
    tell(
      `${taken === 'heard-with-wrong-clock' ? texts.doneWrongClock : texts.done} ${effect === '' ? '' : `${effect}.`}`,
    )
  })
  // From here on closing the question takes nothing back.
  const isUnderWay = withdraw.isPending || (withdraw.error !== null && isUncertain(withdraw.error))
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
        leave={withdraw.isPending ? texts.closeTrying : isUnderWay ? texts.close : undefined}
        error={null}
        onSubmit={() => withdraw.mutate()}
        onClose={() => setAsking(false)}
      >
        <Uncertain act={withdraw} texts={t.consents.uncertain} />
        {!isUnderWay && <p>{texts.now}</p>}
        {ending.length > 0 && <p>{texts.effects}</p>}
        <ul>
          {effectLines(ending, []).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        {effectLines([], kept).map((line) => (
          <p key={line}>{line}</p>
        ))}
        <p>{texts.honest}</p>
        <p>{texts.help}</p>
      </ConfirmDialog>
      {/* Where the question has been closed it goes on, and is told of here. */}
      {!isAsking && <Uncertain act={withdraw} texts={t.consents.uncertain} />}
    </>
  )
}
