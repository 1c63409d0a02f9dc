// Who has named those who speak on a strand (protocol.md § 4 `speakers`).
import type { AuthorityId, UserId } from '../ids.ts'
import { certifiedAt } from '../keys/staff-key.ts'
import type { TenantStates } from '../keys/tenant-chain.ts'
import { signerOf } from '../keys/upholding.ts'
import { isReceiver } from '../tenants/writing.ts'
import type { CaseHistory, Told } from './case-history.ts'
import { saying, strandOf } from './case-history.ts'

/**
 * True where nobody but herself has named a person among those who speak: whoever opened the case may, while there is no list. A
 * receiver's list that names her confirms her, also for what she said before it.
 */
export function isNamedByHerselfAlone(
  history: CaseHistory,
  tenants: TenantStates,
  { from, to, user }: { readonly from: AuthorityId; readonly to: AuthorityId; readonly user: UserId },
): boolean {
  const lists = saying(strandOf(history, from, to), 'speakers').filter(({ statement }) =>
    statement.body.users.includes(user),
  )
  return lists.length > 0 && !lists.some((told) => isOfReceiver(tenants, told))
}

function isOfReceiver(tenants: TenantStates, told: Told): boolean {
  const signer = signerOf(tenants, told)
  const held = signer === null ? null : certifiedAt(signer.key, told.statement.at)
  return held !== null && isReceiver(held.roles)
}
