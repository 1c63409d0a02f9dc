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

/** A place further ahead is not believed: what is missing takes room too. */
const farthestAhead = 100_000

/** A run of places that nothing was served for. */
export type Gap = { readonly from: number; readonly to: number }

/**
 * Follows one stream. What is missing is an alarm and no reason not to read what comes after: each message is bound to its stream by
 * its own signature. Behind a gap the running hash is unknown until an author's signed `seen` tells it; from there on, order is
 * checked again. Calls to `accept` come one after the other: the order is what it checks.
 */
export class StreamVerifier {
  readonly stream: StreamName
  /** The running hash after each place, from 0; null where something before it is missing and nobody has told it. */
  private readonly hashes: (Hash | null)[]
  /** The ciphertext at each place, from 1; null where it is missing. */
  private readonly taken: (Hash | null)[] = [null]
  private isBusy = false

  private constructor(stream: StreamName, start: Hash) {
    this.stream = stream
    this.hashes = [start]
  }

  static async start(commit: Hash, stream: StreamName): Promise<StreamVerifier> {
    return new StreamVerifier(stream, await streamStart(commit, stream))
  }

  /** How far the reader has read without a gap: what she signs as a cursor and names as `seen`. */
  get head(): Seen {
    const missing = this.taken.indexOf(null, 1)
    return this.at(missing === -1 ? this.count : missing - 1)
  }

  /** The end of the stream where its hash is known, else the end of what was read without a gap: what closes a key. */
  get end(): Seen {
    return this.hashes[this.count] === null ? this.head : this.at(this.count)
  }

  get gaps(): readonly Gap[] {
    const found: { from: number; to: number }[] = []
    for (let place = 1; place < this.taken.length; place += 1) {
      if (this.taken[place] !== null) continue
      const last = found.at(-1)
      if (last?.to === place - 1) last.to = place
      else found.push({ from: place, to: place })
    }
    return found
  }

  private get count(): number {
    return this.taken.length - 1
  }

  private at(n: number): Seen {
    const h = this.hashes[n]
    if (h === undefined || h === null) throw new Error('what was read without a gap has its hash')
    return { n, h }
  }

  /** Takes a message at its place; `seq` counts from 1. One place is taken once. */
  async accept(seq: number, ciphertextHash: Hash): Promise<Result<null, ProtocolRefusal>> {
    if (seq < 1 || (this.taken[seq] ?? null) !== null) return refused('stream-repeated')
    if (seq > this.count + farthestAhead) return refused('stream-gap')
    await this.alone(async () => {
      while (this.count < seq) {
        this.taken.push(null)
        this.hashes.push(null)
      }
      this.taken[seq] = ciphertextHash
      await this.rehash(seq)
    })
    return ok(null)
  }

  /** What an honest author had read tells the hash where a gap hides it. Held against it first: this never replaces a hash. */
  async tell(seen: Seen): Promise<void> {
    if (this.hashes[seen.n] !== null) return
    await this.alone(async () => {
      this.hashes[seen.n] = seen.h
      await this.rehash(seen.n + 1)
    })
  }

  private async rehash(from: number): Promise<void> {
    for (let place = from; place <= this.count; place += 1) {
      const [before, ciphertext] = [this.hashes[place - 1], this.taken[place]]
      if (!before || !ciphertext || this.hashes[place] !== null) return
      this.hashes[place] = await streamNext(before, ciphertext)
    }
  }

  private async alone(act: () => Promise<void>): Promise<void> {
    if (this.isBusy) throw new Error('accept was called before the one before it had ended')
    this.isBusy = true
    await act().finally(() => (this.isBusy = false))
  }

  /** Holds what somebody signed of this stream (`seen`, a cursor, `closes`) against it; `unknown` while it lies ahead or behind a gap. */
  compare(seen: Seen): Result<'agrees' | 'unknown', ProtocolRefusal> {
    const own = this.hashes[seen.n] ?? null
    if (own === null) return ok('unknown')
    return own === seen.h ? ok('agrees') : refused('stream-forked')
  }

  /** After all that the server has is accepted: whatever was signed of this stream must be in it, else it was rolled back. */
  reaches(seen: Seen): Result<null, ProtocolRefusal> {
    const compared = this.compare(seen)
    if (!compared.ok) return compared
    return seen.n <= this.count ? ok(null) : refused('stream-rolled-back')
  }
}
