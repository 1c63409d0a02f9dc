// One consent of a case that is being read; one that is not there reads as not found.
import type { RegistrationId } from '#libs/domain'
import { Refusal, type CaseView, type ConsentView } from '../../crypto/facade.ts'

type Read<T> = { readonly data: T | undefined; readonly error: Error | null; readonly refetch: () => unknown }
const absent = new Refusal({ name: 'not-found', status: 404, reason: null })

export function findConsent(
  read: Read<CaseView>,
  registration: RegistrationId,
): Read<{ readonly view: CaseView; readonly consent: ConsentView }> {
  const { data: view, error, refetch } = read
  if (view === undefined) return { data: undefined, error, refetch }
  const consent = view.consents.find((one) => one.registration === registration)
  return consent === undefined
    ? { data: undefined, error: error ?? absent, refetch }
    : { data: { view, consent }, error, refetch }
}
