// Streams: the order of what one key seals in one context, as a running hash (protocol.md § 6).
import type { Hash, KeyId, ListedMessage, Result, ThreadId } from '#libs/domain'
import { ok, refused } from '#libs/domain'
import { concat, unhex, utf8 } from './bytes.ts'
import { hashOfBytes, jcs } from './primitives.ts'
import type { ProtocolRefusal } from './refusals.ts'

export type StreamName = { readonly key: KeyId; readonly context: ThreadId }

/** How far somebody had read a stream: its count and running hash. */
export type Seen = { readonly n: number; readonly h: Hash }

/** h(0) = SHA-256(commit of the key ‖ JCS(stream)). */
export const streamStart = (commit: Hash, stream: StreamName): Promise<Hash> =>
  hashOfBytes(concat(unhex(commit), utf8(jcs({ context: stream.context, key: stream.key }))))

/** h(n) = SHA-256(h(n − 1) ‖ SHA-256(ciphertext)). */
export const streamNext = (h: Hash, ciphertextHash: Hash): Promise<Hash> =>
  hashOfBytes(concat(unhex(h), unhex(ciphertextHash)))

/** What `seals.added` signs: SHA-256 over JCS([[id, SHA-256(ciphertext)], …]) in order. */
export const listHash = (list: readonly ListedMessage[]): Promise<Hash> =>
  hashOfBytes(utf8(jcs(list.map(({ id, ciphertext }) => [id, ciphertext]))))

/** Follows one stream from its start. Calls to `accept` come one after the other: the order is what it checks. */
export class StreamVerifier {
  readonly stream: StreamName
  private readonly hashes: Hash[]

  private constructor(stream: StreamName, start: Hash) {
    this.stream = stream
    this.hashes = [start]
  }

  static async start(commit: Hash, stream: StreamName): Promise<StreamVerifier> {
    return new StreamVerifier(stream, await streamStart(commit, stream))
  }

  /** Where the reader stands: what she signs as a cursor and names as `seen`. */
  get head(): Seen {
    const n = this.hashes.length - 1
    const h = this.hashes[n]
    if (h === undefined) throw new Error('a stream has a start')
    return { n, h }
  }

  /** Takes the next message; `seq` counts from 1 without gaps. */
  async accept(seq: number, ciphertextHash: Hash): Promise<Result<Seen, ProtocolRefusal>> {
    const { n, h } = this.head
    if (seq <= n) return refused('stream-repeated')
    if (seq > n + 1) return refused('stream-gap')
    const next = await streamNext(h, ciphertextHash)
    if (this.head.n !== n) throw new Error('accept was called before the one before it had ended')
    this.hashes.push(next)
    return ok(this.head)
  }

  /** Holds what somebody signed of this stream (`seen`, a cursor, `closes`) against it; `unknown` while it lies ahead. */
  compare(seen: Seen): Result<'agrees' | 'unknown', ProtocolRefusal> {
    const own = this.hashes[seen.n]
    if (own === undefined) return ok('unknown')
    return own === seen.h ? ok('agrees') : refused('stream-forked')
  }

  /** After all that the server has is accepted: whatever was signed of this stream must be in it, else it was rolled back. */
  reaches(seen: Seen): Result<null, ProtocolRefusal> {
    const compared = this.compare(seen)
    if (!compared.ok) return compared
    return compared.value === 'agrees' ? ok(null) : refused('stream-rolled-back')
  }
}
