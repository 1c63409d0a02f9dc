// Ending somebody's assignment, or barring her for a conflict of interest, after a question.
import { Button } from '@midas-ds/components/button'
import { Checkbox } from '@midas-ds/components/checkbox'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { CaseId, UserId } from '#libs/domain'
import { useText } from '../../i18n/index.tsx'
import { keys, reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { useTell } from '../../session/told.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Notice } from '../../ui/notice.tsx'

type Props = { readonly caseId: CaseId; readonly user: UserId; readonly name: string }

export function EndAssignment({ caseId, user, name }: Props) {
  const { t, format } = useText()
  const texts = t.cases.assignments
  const session = useSession()
  const client = useQueryClient()
  const tell = useTell()
  const [isAsking, setAsking] = useState(false)
  const [how, setHow] = useState<'ended' | 'barred'>('ended')
  const preview = useQuery({ ...reads.previewEnding(session, caseId, user), enabled: isAsking })
  const unreadable = preview.data?.unreadable ?? []
  const end = useMutation({
    mutationFn: () => session.endAssignment(caseId, user, how),
    onSuccess: () => {
      setAsking(false)
      tell(texts.ended(name))
      void client.invalidateQueries({ queryKey: keys.case(caseId) })
    },
  })
  return (
    <>
      <Button variant="secondary" size="medium" aria-label={texts.endFor(name)} onPress={() => setAsking(true)}>
        {texts.end}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        heading={texts.endFor(name)}
        submit={texts.endSubmit}
        isPending={end.isPending || preview.isLoading}
        error={end.error ?? preview.error}
        onSubmit={() => end.mutate()}
        onClose={() => setAsking(false)}
      >
        <p>{texts.endWhy}</p>
        {unreadable.length > 0 && (
          <Notice tone="important" live="status">
            {texts.endLast(
              unreadable.length,
              format.terms(unreadable.map((category) => t.domain.categories[category])),
            )}
          </Notice>
        )}
        <Checkbox isSelected={how === 'barred'} onChange={(isBarred) => setHow(isBarred ? 'barred' : 'ended')}>
          {texts.barred}
        </Checkbox>
      </ConfirmDialog>
    </>
  )
}
