// The shapes in which signed material enters and leaves the database: exact text, base64 where the wire has base64.
import type { Hash, Instant, KeyId, MessageId, PlaceName, Statement, Verified } from '#libs/domain'

/** The exact signed text (JCS) and the base64 of its detached signature. */
export type Signed = { readonly bytes: string; readonly signature: string }
/** A checked statement with the text it was parsed from. */
export type StatementToStore<S extends Statement = Statement> = {
  readonly signed: Signed
  readonly verified: Verified<S>
}
export type StoredStatement = Signed & {
  readonly place: PlaceName
  readonly n: number
  readonly hash: Hash
  readonly acceptedAt: Date
  /** False: a withdrawal heard outside its place in the chain, kept until the client completes it (protocol.md § 4 rule 3). */
  readonly inChain: boolean
}
/** `to`: an encryption fingerprint, a reception key's id, or `epoch`. */
export type WrapRow = { readonly key: KeyId; readonly to: string; readonly bytes: string }
export type SealRow = {
  readonly key: KeyId
  readonly seq: number | null
  readonly bytes: string
  readonly late: boolean
}
export type ListedSeal = { readonly message: MessageId; readonly key: KeyId; readonly bytes: string }
export type Page<Row> = { readonly rows: readonly Row[]; readonly next: string | null }
/** What a client is told beside the signed chains (protocol.md § 4 rule 4). */
export type WithdrawnGrant = { readonly grant: Hash; readonly since: Instant }
