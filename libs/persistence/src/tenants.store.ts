// Organisations, their staff, and the chains of certified keys.
import type { AuthorityId, Head, Role, TenantId, TenantKind, UnitId, UserId } from '#libs/domain'
import type { Actor, Permit, Scope } from '#libs/policy'
import type { Page, StoredStatement } from './signed.ts'
import type { Tx } from './transaction.ts'

export type TenantEntry = {
  readonly id: TenantId
  readonly name: string
  readonly kind: TenantKind
  readonly authorities: readonly {
    readonly id: AuthorityId
    readonly name: string
    readonly units: readonly { readonly id: UnitId; readonly name: string }[]
  }[]
}
export type KeyState = 'none' | 'pending' | 'certified' | 'ended'
export type StaffEntry = {
  readonly user: UserId
  readonly name: string
  readonly title: string
  readonly salt: string
  readonly tenant: TenantId
  readonly authority: AuthorityId
  readonly units: readonly UnitId[]
  readonly roles: readonly Role[]
  readonly key: KeyState
}
export type Profile = {
  readonly name: string
  readonly title: string
  readonly tenant: { readonly id: TenantId; readonly name: string; readonly kind: TenantKind }
  readonly authority: { readonly id: AuthorityId; readonly name: string }
  readonly units: readonly { readonly id: UnitId; readonly name: string }[]
}

/** The choice before signing in; run as 'anonymous'. */
export declare function signInTenants(
  tx: Tx,
  permit: Permit<'tenant.choose'>,
): Promise<readonly Pick<TenantEntry, 'id' | 'name' | 'kind'>[]>
/** Who signs in, at one tenant's identity provider; run as {system: 'sign-in', tenant}. Null: nobody. */
export declare function findActor(
  tx: Tx,
  login: { readonly issuer: string; readonly subject: string },
): Promise<Actor | null>
/** The person of this transaction as she stands now (roles, units, certification change during a session). Null: she is gone. */
export declare function currentActor(tx: Tx): Promise<Actor | null>
export declare function findProfile(tx: Tx, permit: Permit<'session.read'>): Promise<Profile>
export declare function directory(tx: Tx, scope: Scope<'directory.read'>): Promise<readonly TenantEntry[]>
/** The staff of the actor's own authority. */
export declare function staffOf(tx: Tx, scope: Scope<'staff.list'>): Promise<readonly StaffEntry[]>
/** Colleagues, and those of other authorities whom a strand to the actor's authority in this case has named. */
export declare function peopleOf(tx: Tx, permit: Permit<'case.read'>): Promise<readonly StaffEntry[]>
/** Statements of one tenant chain from place `from` on, 500 at most. */
export declare function pageChain(
  tx: Tx,
  permit: Permit<'tenant-chain.read'>,
  from: number,
): Promise<{ readonly statements: readonly StoredStatement[]; readonly more: boolean }>
/** For the server's own checking of signatures; never answered to a caller. Statements after place `after` (-1: all). */
export declare function tenantStatements(tx: Tx, tenant: TenantId, after: number): Promise<readonly StoredStatement[]>
/** Newest places of all tenant chains, by tenant: what a cache of tenant states compares with. */
export declare function tenantHeads(tx: Tx): Promise<Readonly<Record<TenantId, Head>>>
/** Which tenant each authority belongs to. */
export declare function tenantsOf(
  tx: Tx,
  authorities: readonly AuthorityId[],
): Promise<ReadonlyMap<AuthorityId, TenantId>>
export type { Page }
