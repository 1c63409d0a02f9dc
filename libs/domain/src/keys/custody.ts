// Who certifies: custodians, their threshold, and for which authority (protocol.md § 3).
import type { AuthorityId } from '../ids.ts'
import type { Custodian } from '../statement.ts'

/**
 * At least threshold + 1 different persons, so that losing one loses nothing; an empty list is never sound. Guests, who are of no
 * authority of the tenant, never reach the threshold together.
 */
export function thresholdSound(
  custodians: readonly Custodian[],
  threshold: number,
  authorities: readonly AuthorityId[],
): boolean {
  const guests = custodians.filter((one) => !authorities.includes(one.authority))
  const persons = new Set(custodians.map((one) => one.user))
  const keys = new Set(custodians.map((one) => one.signing))
  return (
    Number.isInteger(threshold) &&
    threshold >= 1 &&
    persons.size === custodians.length &&
    keys.size === custodians.length &&
    custodians.length >= threshold + 1 &&
    guests.length < threshold
  )
}

/** A tenant's custodians certify for its authorities; a guest from another tenant is one by being named. */
export const isCustodianFor = (
  custodian: Custodian,
  tenant: { readonly custodians: readonly Custodian[]; readonly authorities: readonly AuthorityId[] },
  authority: AuthorityId,
): boolean => tenant.custodians.includes(custodian) && tenant.authorities.includes(authority)
