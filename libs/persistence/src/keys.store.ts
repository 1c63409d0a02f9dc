// Staff keys: public halves, locked private halves, their certification; and the wraps of a case's keys.
import type { AuthorityId, Fingerprint, Head, Instant, KeyId, PlaceName, Role, UnitId, UserId } from '#libs/domain'
import type { Permit, Scope } from '#libs/policy'
import type { StatementToStore, WrapRow } from './signed.ts'
import type { KeyState } from './tenants.store.ts'
import type { Tx } from './transaction.ts'

export type PublicHalf = { readonly publicKey: string; readonly signing: Fingerprint; readonly encryption: Fingerprint }
export type OwnKey = {
  readonly state: KeyState
  readonly key: (PublicHalf & { readonly lockedPrivateKey: string }) | null
}
export type PendingKey = PublicHalf & {
  readonly user: UserId
  readonly name: string
  readonly title: string
  readonly salt: string
  readonly roles: readonly Role[]
  readonly authority: AuthorityId
  readonly units: readonly UnitId[]
  readonly createdAt: Date
}
/** How a person's key stands after an append to the tenant chain, as the domain folds it. */
export type KeyStanding = {
  readonly user: UserId
  readonly signing: Fingerprint
  readonly state: 'certified' | 'ended'
  readonly validUntil: Instant
}

export declare function ownKey(tx: Tx, permit: Permit<'key.read-own'>): Promise<OwnKey>
/** Throws Conflict('already-exists') while a pending or certified key stands. */
export declare function storeOwnKey(
  tx: Tx,
  permit: Permit<'key.create'>,
  key: PublicHalf & { readonly lockedPrivateKey: string },
): Promise<void>
/** A certified key's owner makes a new one when the passphrase is lost: the pending one replaces nothing until certified. */
export declare function pendingKeys(tx: Tx, scope: Scope<'key.list-pending'>): Promise<readonly PendingKey[]>
/** Serialises appends to the actor's own tenant chain until the end of the transaction. */
export declare function lockTenantChain(tx: Tx): Promise<void>
/** Appends to the actor's own tenant chain; throws Conflict('ledger-moved-on') if a place is taken. */
export declare function storeTenantAppend(
  tx: Tx,
  permit: Permit<'key.certify'> | Permit<'key.end'>,
  append: { readonly statements: readonly StatementToStore[]; readonly keys: readonly KeyStanding[] },
): Promise<{ readonly heads: Readonly<Record<PlaceName, Head>>; readonly acceptedAt: Date }>
/** The wraps for the actor: by her certified key, by her authority's reception keys, or under an epoch of hers; 500 at most, by key id. */
export declare function pageWraps(
  tx: Tx,
  permit: Permit<'key.read-wraps'>,
  after: KeyId | null,
): Promise<{ readonly wraps: readonly WrapRow[]; readonly more: boolean }>
