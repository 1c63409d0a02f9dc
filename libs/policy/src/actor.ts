// Who asks: a member of staff as the session and the tenant chain know her at this moment (domain.md § 1).
import type { AuthorityId, Instant, Role, TenantId, UnitId, UserId } from '#libs/domain'

/** One tenant, one authority, several units and roles. An unknown or empty role gives nothing. */
export type Actor = {
  readonly user: UserId
  readonly tenant: TenantId
  readonly authority: AuthorityId
  readonly units: readonly UnitId[]
  readonly roles: readonly Role[]
  /** The end (exclusive) of the standing certification of her key; null without one: no key, pending, ended. */
  readonly certifiedUntil: Instant | null
}
