// Withdrawing and narrowing as acts that must not be lost: tried again while nobody knows whether they reached the server.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { CaseId, RegistrationId } from '#libs/domain'
import { Refusal, type Narrowing, type Withdrawn } from '../../crypto/facade.ts'
import { useOwnAct } from '../../session/live.tsx'
import { keys } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'

/** Without an answer, or with one that says only that something went wrong: it may have been done. Doing it twice changes nothing. */
export const isUncertain = (error: unknown): boolean =>
  !(error instanceof Refusal) || error.status === 0 || error.status >= 500

const waitMilliseconds = (nFailures: number): number => Math.min(1_000 * 2 ** nFailures, 15_000)
/** Some ten minutes; then whoever asked for it has to decide what to do. */
const tries = 45
const untilAnswered = {
  retry: (nFailures: number, error: unknown) =>
    nFailures < tries && error instanceof Refusal && (error.name === 'offline' || error.status >= 500),
  retryDelay: waitMilliseconds,
}

type Of = { readonly caseId: CaseId; readonly registrationId: RegistrationId }

/** `onDone` is called also when the page has been left meanwhile. */
export function useWithdraw({ caseId, registrationId }: Of, onDone: (taken: Withdrawn) => void) {
  const session = useSession()
  const client = useQueryClient()
  const ownAct = useOwnAct()
  return useMutation({
    ...untilAnswered,
    mutationFn: () => ownAct(caseId, () => session.withdrawConsent(caseId, registrationId)),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.allCases }),
    onSuccess: onDone,
  })
}

/** One narrowing per direction, one after the other: what is done stays done, and trying again goes on with the rest. */
export function useNarrow({ caseId, registrationId }: Of, onDone: () => void) {
  const session = useSession()
  const client = useQueryClient()
  const ownAct = useOwnAct()
  const [done, setDone] = useState<readonly Narrowing[]>([])
  const narrow = useMutation({
    mutationFn: async (narrowings: readonly Narrowing[]) => {
      for (const narrowing of narrowings) {
        await ownAct(caseId, () => session.narrowConsent(caseId, registrationId, narrowing))
        setDone((before) => [...before, narrowing])
      }
    },
    // Also after a failure: the first of several may have been done.
    onSettled: () => client.invalidateQueries({ queryKey: keys.allCases }),
    onSuccess: onDone,
  })
  return { narrow, done }
}
