// Who certifies and what: custodians, their threshold, and the keys that may be certified (protocol.md § 3).
import type { AuthorityId, Fingerprint } from '../ids.ts'
import type { Instant } from '../instant.ts'
import type { StatementRefusal } from '../refusals.ts'
import type { Custodian } from '../statement.ts'
import type { StaffKey } from './staff-key.ts'

/**
 * At least threshold + 1 different persons, so that losing one loses nothing; an empty list is never sound. Guests, who are of no
 * authority of the tenant, never reach the threshold together.
 */
function thresholdSound(
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

type Known = {
  readonly authorities: readonly AuthorityId[]
  readonly keys: ReadonlyMap<Fingerprint, StaffKey>
  readonly gone: ReadonlySet<Fingerprint>
}

/** Why these persons are not made custodians: too few, too many guests, or by a key that has ended or is another person's. */
export function custodiansRefusal(
  { authorities, keys, gone }: Known,
  body: { readonly custodians: readonly Custodian[]; readonly threshold: number },
): StatementRefusal | null {
  if (!thresholdSound(body.custodians, body.threshold, authorities)) return 'threshold-unsound'
  // Small authorities may name the same person; each names somebody for itself, and nobody is named by another tenant's.
  const named = body.custodians.flatMap((one) => one.certifies)
  if (named.some((authority) => !authorities.includes(authority))) return 'authority-unknown'
  const foreign = body.custodians.some(
    ({ user, signing }) => gone.has(signing) || (keys.get(signing)?.user ?? user) !== user,
  )
  return foreign ? 'key-reused' : null
}

/** Why a key is not certified at `at`: into a secrecy area that is not the tenant's or has not named these custodians, ended already, or another person's. */
export function certificationRefusal(
  known: Known & { readonly custodians: readonly Custodian[] },
  body: Pick<StaffKey, 'user' | 'signing' | 'encryption' | 'authority' | 'validUntil'>,
  by: readonly Custodian[],
  at: Instant,
): StatementRefusal | null {
  if (!known.authorities.includes(body.authority)) return 'authority-unknown'
  if (by.some((one) => !one.certifies.includes(body.authority))) return 'not-custodian'
  if (body.validUntil <= at) return 'ends-before-it-begins'
  return isForeignKey(known, body) ? 'key-reused' : null
}

/** A key that is or was another person's, a custodian's among them, or that has ended, is never certified again. */
function isForeignKey(
  { keys, gone, custodians }: Known & { readonly custodians: readonly Custodian[] },
  { user, signing, encryption }: Pick<StaffKey, 'user' | 'signing' | 'encryption'>,
): boolean {
  const theirs = custodians.some(
    (one) => one.user !== user && (one.signing === signing || one.encryption === encryption),
  )
  if (gone.has(signing) || theirs) return true
  const known = keys.get(signing)
  if (known !== undefined) return known.user !== user || known.encryption !== encryption
  return [...keys.values()].some((one) => one.encryption === encryption)
}
