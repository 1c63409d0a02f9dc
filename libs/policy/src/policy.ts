// The whole policy: every act and its sentences. Total over the acts, so an act without a rule does not compile.
import type { Act } from '#libs/domain'
import { auditPolicy } from './audit.policy.ts'
import { casesPolicy } from './cases.policy.ts'
import { consentsPolicy } from './consents.policy.ts'
import { disclosuresPolicy } from './disclosures.policy.ts'
import { keysPolicy } from './keys.policy.ts'
import type { RulesOf } from './rule.ts'
import { sessionsPolicy } from './sessions.policy.ts'
import { tenantsPolicy } from './tenants.policy.ts'
import { threadsPolicy } from './threads.policy.ts'

/** Acts open to whoever stands at the door, before signing in; each is allowed by name here and nowhere else. */
export const doorActs = ['tenant.choose'] as const satisfies readonly Act[]
export type DoorAct = (typeof doorActs)[number]
export type StaffAct = Exclude<Act, DoorAct>

export const policy: RulesOf<StaffAct> = {
  ...sessionsPolicy,
  ...tenantsPolicy,
  ...keysPolicy,
  ...casesPolicy,
  ...consentsPolicy,
  ...disclosuresPolicy,
  ...threadsPolicy,
  ...auditPolicy,
}
