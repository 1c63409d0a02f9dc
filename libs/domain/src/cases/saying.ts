// What the rules are asked about one statement that is about to be taken in.
import type { StaffKey } from '../keys/staff-key.ts'
import type { TenantStates } from '../keys/tenant-chain.ts'
import type { UserId } from '../ids.ts'
import type { AssignmentSpan } from './assigned.ts'
import type { CaseHistory, Told } from './case-history.ts'

export type Saying = {
  readonly history: CaseHistory
  /** As the signer had seen them: what came later she could not judge by. */
  readonly tenants: TenantStates
  readonly told: Told
  /** With the roles and units that were certified when she spoke. */
  readonly key: StaffKey
  readonly by: UserId
  /** The signer's own assignment when she spoke; null where she has none. */
  readonly assigned: AssignmentSpan | null
  readonly receiver: boolean
  /** False on a strand whose sender's ledger this history does not hold. */
  readonly ledgerKnown: boolean
}
