// Which roots are to be believed: the pinned one, and whoever the one before has signed over to (protocol.md § 3 `root.rotated`).
import type { Fingerprint, Statement } from '#libs/domain'

export class RootLine {
  readonly #pinned: Fingerprint
  readonly #next = new Map<Fingerprint, Fingerprint>()

  constructor(pinned: Fingerprint) {
    this.#pinned = pinned
  }

  /** True for the pinned root and each that follows it, by rotations learnt so far. */
  includes(root: Fingerprint): boolean {
    const seen = new Set<Fingerprint>()
    for (
      let one: Fingerprint | undefined = this.#pinned;
      one !== undefined && !seen.has(one);
      one = this.#next.get(one)
    ) {
      if (one === root) return true
      seen.add(one)
    }
    return false
  }

  /** True where the root that signs has signed over to another already, in whichever tenant's chain: a second rotation is an alarm. */
  contradicts(statement: Statement): boolean {
    if (statement.type !== 'root.rotated') return false
    const known = this.#next.get(statement.key)
    return known !== undefined && known !== statement.body.signing
  }

  /** Of a statement that its chain has accepted. */
  learn(statement: Statement): void {
    if (statement.type === 'root.rotated') this.#next.set(statement.key, statement.body.signing)
  }
}
