// Branded identifiers: an id of one kind cannot be passed where another is meant.

declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

export type TenantId = Branded<'TenantId'>
/** A secrecy area: a nämnd, a police region, an authority (domain.md § 1). */
export type AuthorityId = Branded<'AuthorityId'>
export type UnitId = Branded<'UnitId'>
/** A pseudonym; the name travels beside the chain (protocol.md § 3). */
export type UserId = Branded<'UserId'>
export type CaseId = Branded<'CaseId'>
export type SubjectId = Branded<'SubjectId'>
export type RegistrationId = Branded<'RegistrationId'>
export type CompartmentId = Branded<'CompartmentId'>
/** An epoch, a flow key or a reception key: 16 random bytes, in the form of a UUID. */
export type KeyId = Branded<'KeyId'>
export type ThreadId = Branded<'ThreadId'>
export type MessageId = Branded<'MessageId'>
/** SHA-256 as 64 lower-case hex digits. */
export type Hash = Branded<'Hash'>
/** An OpenPGP v6 fingerprint as 64 lower-case hex digits. */
export type Fingerprint = Branded<'Fingerprint'>

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const hex32 = /^[0-9a-f]{64}$/

export const isUuid = (text: string): boolean => uuid.test(text)
export const isHash = (text: string): text is Hash => hex32.test(text)

/** The one constructor of ids that are UUIDs; throws on anything else, since callers have parsed. */
export function id<T extends Branded<string>>(text: string): T {
  if (!uuid.test(text)) throw new Error('not an id')
  return text as T
}

/** The one constructor of hashes and fingerprints; throws on anything else. */
export function hash<T extends Hash | Fingerprint>(text: string): T {
  if (!hex32.test(text)) throw new Error('not a hash')
  return text as T
}
