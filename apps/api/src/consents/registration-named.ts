// That what is appended for one consent speaks of that consent: the permit was given for it alone.
import type { RegistrationId, Verified } from '#libs/domain'
import { Problem } from '../platform/problem.ts'

/** Ends the request where a grant rests on other registrations, or a withdrawal names another. */
export function namesOnly(verified: readonly Verified[], registration: RegistrationId): void {
  const isAbout = ({ statement }: Verified): boolean => {
    if (statement.type === 'grant.opened') return statement.body.restsOn.includes(registration)
    if (statement.type !== 'withdrawal.received') return true
    const { registrations } = statement.body
    return registrations === 'all' || registrations.includes(registration)
  }
  if (!verified.every(isAbout)) throw new Problem('statement-refused', { reason: 'registration-unknown' })
}
