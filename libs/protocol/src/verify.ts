// The server-safe door: everything that checks and nothing that opens. No file reached from here can decrypt.
import type {
  AuthorityId,
  CaseId,
  Fingerprint,
  Hash,
  Instant,
  KeyId,
  Place,
  Result,
  Statement,
  ThreadId,
  UserId,
  Verified,
} from '#libs/domain'
import type { ProtocolRefusal } from './refusals.ts'

export { protocolRefusals } from './refusals.ts'
export type { ProtocolRefusal } from './refusals.ts'

export type Bytes = Uint8Array<ArrayBuffer>
export type Signed = { readonly bytes: string; readonly signature: string }
/** A read certificate: binding checked, its keys imported once. Keep it as long as the key is in use. */
export type PublicKey = {
  readonly publicKey: string
  readonly signing: Fingerprint
  readonly encryption: Fingerprint
  readonly verifier: CryptoKey
  readonly recipient: Bytes
}
export declare function readPublicKey(base64: string): Promise<Result<PublicKey, ProtocolRefusal>>
/** Before the signer's key is known: shape, canonical form, place. The server looks the key up by `by` and `key`. */
export declare function parseStatement(bytes: string): Result<Statement, ProtocolRefusal>
export declare function verifyStatement(signed: Signed, key: PublicKey): Promise<Result<Verified, ProtocolRefusal>>
export declare function parsePlace(name: string): Result<Place, ProtocolRefusal>
/** A wrap for this encryption subkey (a person's, or a reception key's): its form, and the SHA-256 that the statement names. */
export declare function checkWrap(
  bytes: string,
  to: { readonly encryption: Fingerprint },
): Promise<Result<Hash, ProtocolRefusal>>
/** The form of a flow key sealed under an epoch (`to: 'epoch'`), and its SHA-256. */
export declare function checkEpochSeal(bytes: string): Promise<Result<Hash, ProtocolRefusal>>
/** One SEIPDv2 packet, AES-256-GCM, one chunk, nothing trailing; answers SHA-256 of the ciphertext, for the streams' running hashes. */
export declare function checkCiphertext(ciphertext: string): Promise<Result<Hash, ProtocolRefusal>>
export declare function checkSeal(bytes: string): Result<'seal' | 'late', ProtocolRefusal>
/** The form of a locked private key (v6, Argon2 t=3 p=4 64 MiB, usage 253) that belongs to this public key. */
export declare function checkLockedPrivateKey(locked: string, key: PublicKey): Promise<Result<null, ProtocolRefusal>>

export type StreamName = { readonly key: KeyId; readonly context: ThreadId }
/** h(0) = SHA-256(commit of the key ‖ JCS(stream)). */
export declare function streamStart(commit: Hash, stream: StreamName): Promise<Hash>
/** h(n) = SHA-256(h(n−1) ‖ SHA-256(ciphertext)). */
export declare function streamNext(h: Hash, ciphertextHash: Hash): Promise<Hash>
export declare function listHash(list: readonly { readonly id: string; readonly ciphertext: Hash }[]): Promise<Hash>

export type Cursor = {
  readonly v: 1
  readonly by: UserId
  readonly key: Fingerprint
  readonly at: Instant
  readonly stream: StreamName | { readonly case: CaseId; readonly from: AuthorityId; readonly to: AuthorityId }
  readonly seq: number
  readonly h: Hash
}
export declare function parseCursor(bytes: string): Result<Cursor, ProtocolRefusal>
export declare function verifyCursor(signed: Signed, key: PublicKey): Promise<Result<Cursor, ProtocolRefusal>>
/** Six words over a fingerprint or a statement's hash: 72 bits, to compare by telephone. */
export declare function sixWords(hex: Fingerprint | Hash): readonly string[]
/** SHA-256(salt ‖ JCS({name, title})); the salt is base64. */
export declare function labelOf(salt: string, person: { readonly name: string; readonly title: string }): Promise<Hash>
