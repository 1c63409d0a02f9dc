// What the operator does as owner, beside the product: entering organisations and their founding statements; the settable clock of development.
import type { AuthorityId, Role, TenantId, TenantKind, UnitId, UserId } from '#libs/domain'
import type { KeyStanding } from './keys.store.ts'
import type { StatementToStore } from './signed.ts'

export type Organisation = {
  readonly id: TenantId
  readonly name: string
  readonly kind: TenantKind
  readonly authorities: readonly {
    readonly id: AuthorityId
    readonly name: string
    readonly units: readonly { readonly id: UnitId; readonly name: string }[]
  }[]
  readonly staff: readonly {
    readonly user: UserId
    readonly name: string
    readonly title: string
    readonly salt: string
    readonly issuer: string
    readonly subject: string
    readonly authority: AuthorityId
    readonly units: readonly UnitId[]
    readonly roles: readonly Role[]
  }[]
}
/** Enters or brings up to date; never removes. `ownerUrl`: sluss_owner or a superuser. */
export declare function enterOrganisations(ownerUrl: string, organisations: readonly Organisation[]): Promise<void>
/** Enters a tenant chain's genesis, signed by the root, and how the custodians' keys stand by it. */
export declare function enterFounding(
  ownerUrl: string,
  founding: StatementToStore,
  keys: readonly KeyStanding[],
): Promise<void>
/** Replaces sluss_now() by a settable clock: development and test databases only. */
export declare function enableClock(ownerUrl: string): Promise<void>
/** Sets the database's clock to run on from `at`, or back to real time. */
export declare function setClock(ownerUrl: string, at: Date | 'real'): Promise<void>
