// Ending a certified key, with its reason, after a question.
import { Button } from '@midas-ds/components/button'
import { Radio, RadioGroup } from '@midas-ds/components/radio'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { StaffMember } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { personFacts, useMay } from '../../session/may.ts'
import { keys, reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { useTell } from '../../session/told.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'

const reasons = ['left', 'lost', 'compromised'] as const
type Reason = (typeof reasons)[number]

export function EndKey({ member }: { readonly member: StaffMember }) {
  const { t } = useText()
  const texts = t.keys.custodian
  const session = useSession()
  const client = useQueryClient()
  const tell = useTell()
  const may = useMay()
  const me = useQuery(reads.me(session)).data
  const [isAsking, setAsking] = useState(false)
  const [reason, setReason] = useState<Reason>('left')
  const name = member.name ?? t.shell.pseudonym(member.user)
  const end = useMutation({
    mutationFn: () => session.endKey(member.user, reason),
    onSuccess: () => {
      setAsking(false)
      tell(texts.ended(name))
      void client.invalidateQueries({ queryKey: keys.staff })
    },
  })
  if (!may('key.end', me === undefined ? null : personFacts(me, member))) return null
  return (
    <>
      <Button variant="secondary" size="medium" aria-label={texts.endFor(name)} onPress={() => setAsking(true)}>
        {texts.end}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        heading={texts.endFor(name)}
        submit={texts.end}
        isPending={end.isPending}
        error={end.error}
        onSubmit={() => end.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>{texts.endWhy}</p>
        <RadioGroup label={texts.reason} value={reason} onChange={(value) => setReason(value as Reason)}>
          {reasons.map((one) => (
            <Radio key={one} value={one}>
              {texts.reasons[one]}
            </Radio>
          ))}
        </RadioGroup>
      </ConfirmDialog>
    </>
  )
}
