// Random histories of one case between three authorities, and in plain sets what each gate must answer at each instant. Nothing here
// asks the domain library: it says again, in other words, what domain.md § 6 and protocol.md § 1 promise.
import type { Category, Instant, MessageId, RegistrationId, ThreadId } from '#libs/domain'
import { id } from '#libs/domain'
import fc from 'fast-check'

export const categories = ['threat', 'plan'] as const
export type Shared = (typeof categories)[number]

/** Göteborg's board owns the case; the Police have it by consent, and Kriminalvården by the Police's: the recipient's recipient. */
export const workers = {
  mirjam: { of: 'board', leader: 'helena', custodian: 'helena', carries: categories },
  dragan: { of: 'board', leader: 'helena', custodian: 'helena', carries: categories },
  ida: { of: 'police', leader: 'joakim', custodian: 'joakim', carries: categories },
  nermina: { of: 'police', leader: 'joakim', custodian: 'joakim', carries: categories },
  // An enforcement officer's assignment carries no `threat` (inner secrecy, domain.md § 1).
  robin: { of: 'prison', leader: 'hassan', custodian: 'tove', carries: ['plan'] },
} as const satisfies Record<string, { of: string; leader: string; custodian: string; carries: readonly Category[] }>
export type Worker = keyof typeof workers
export const names = Object.keys(workers) as readonly Worker[]
export type Authority = (typeof workers)[Worker]['of']

/** Colleagues who have decided nothing: an ended key of theirs leaves nothing to uphold (test/lost-keys.spec.ts has that). */
const colleagues = ['dragan', 'nermina'] as const
const removable = ['dragan', 'nermina', 'ida', 'robin'] as const
export const daysOf = { consent: [20, 30], assignment: { dragan: 12, nermina: 12, ida: 60, robin: 60 } } as const

export type Step =
  | { readonly do: 'write'; readonly who: Worker; readonly category: Shared }
  | { readonly do: 'confirm'; readonly consent: 0 | 1 }
  | { readonly do: 'narrow'; readonly who: Worker; readonly consent: 0 | 1; readonly category: Shared }
  | { readonly do: 'withdraw'; readonly who: Worker; readonly consent: 0 | 1 }
  | { readonly do: 'assign' | 'end'; readonly who: (typeof removable)[number] }
  | { readonly do: 'bar' | 'end key' | 'certify anew'; readonly who: (typeof colleagues)[number] }
  | { readonly do: 'wait'; readonly days: number }

const who = fc.constantFrom(...names)
const category = fc.constantFrom(...categories)
const consent = fc.constantFrom(0 as const, 1 as const)
const colleague = fc.constantFrom(...colleagues)
const just = <T extends string>(word: T): fc.Arbitrary<T> => fc.constant(word)

export const aStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 9, arbitrary: fc.record({ do: just('write'), who, category }) },
  { weight: 4, arbitrary: fc.record({ do: just('confirm'), consent }) },
  { weight: 2, arbitrary: fc.record({ do: just('narrow'), who, consent, category }) },
  { weight: 1, arbitrary: fc.record({ do: just('withdraw'), who, consent }) },
  { weight: 2, arbitrary: fc.record({ do: just('end'), who: fc.constantFrom(...removable) }) },
  { weight: 2, arbitrary: fc.record({ do: just('assign'), who: fc.constantFrom(...removable) }) },
  { weight: 1, arbitrary: fc.record({ do: just('bar'), who: colleague }) },
  { weight: 2, arbitrary: fc.record({ do: just('end key'), who: colleague }) },
  { weight: 3, arbitrary: fc.record({ do: just('certify anew'), who: colleague }) },
  { weight: 2, arbitrary: fc.record({ do: just('wait'), days: fc.constantFrom(5, 13) }) },
)

type Consent = {
  readonly registration: RegistrationId
  /** Who registered, and whose information waits for its own confirmation. */
  readonly between: readonly [Authority, Authority]
  readonly left: Set<Shared>
  readonly until: Instant
  isConfirmed: boolean
}

/** One authority's copy of a message: whoever's key it has ever been wrapped to, a person's first key being her 0th. */
type Copy = Set<`${Worker}/${number}`>
export type Written = {
  readonly id: MessageId
  readonly thread: ThreadId
  readonly source: Authority
  readonly category: Shared
  /** The words of a consent, in `plan`: shown to whoever is asked to confirm it for as long as that part of it stands. */
  readonly isWords: boolean
  /** Those in scope when it was written who have no key yet. */
  readonly waiting: Set<Authority>
  readonly copies: Map<Authority, Copy>
}

/** What is so, by what was done. `at` is handed in: the same clock as the product's. */
export class Expected {
  readonly consents: Consent[] = []
  readonly written: Written[] = []
  readonly #assignedUntil = new Map<Worker, Instant>()
  readonly #barred = new Set<Worker>()
  readonly #keyless = new Set<Worker>()
  readonly #generation = new Map<Worker, number>()

  registered(
    consent: Pick<Consent, 'registration' | 'between' | 'until'> & { readonly words: MessageId },
    at: Instant,
  ): void {
    const { registration, between, until, words } = consent
    const [source, asked] = between
    this.consents.push({ registration, between, left: new Set(categories), until, isConfirmed: false })
    const copies = new Map([[source, new Set(this.#readers(source, 'plan', at))] as const])
    const thread = id<ThreadId>(registration)
    this.written.push({ id: words, thread, source, category: 'plan', isWords: true, waiting: new Set([asked]), copies })
  }

  assigned(who: Worker, until: Instant): void {
    this.#assignedUntil.set(who, until)
  }

  ended(who: Worker): void {
    this.#assignedUntil.delete(who)
  }

  barred(who: Worker): void {
    this.ended(who)
    this.#barred.add(who)
  }

  keyEnded(who: Worker): void {
    this.#keyless.add(who)
  }

  certifiedAnew(who: Worker): number {
    this.#keyless.delete(who)
    const generation = (this.#generation.get(who) ?? 0) + 1
    this.#generation.set(who, generation)
    return generation
  }

  hasKey = (who: Worker): boolean => !this.#keyless.has(who)
  isBarred = (who: Worker): boolean => this.#barred.has(who)
  isAssigned = (who: Worker, at: Instant): boolean => at < (this.#assignedUntil.get(who) ?? at)
  stands = (who: Worker, at: Instant): boolean => this.hasKey(who) && this.isAssigned(who, at)

  /** The consent, where something of it is open still. */
  goesOn(which: 0 | 1, at: Instant): Consent | null {
    const one = this.consents[which]
    return one !== undefined && one.left.size > 0 && at < one.until ? one : null
  }

  /** Whether a consent lets this flow now; what is asked of the other source flows when that has said yes. */
  #flows(source: Authority, recipient: Authority, category: Shared, at: Instant): boolean {
    return this.consents.some(({ between: [by, other], left, until, isConfirmed }) => {
      const isOpen = left.has(category) && at < until
      return isOpen && ((source === by && recipient === other) || (isConfirmed && source === other && recipient === by))
    })
  }

  /** A party to whom nothing flows, and who gives nothing, has a closed case. The owner's is never closed. */
  isClosedTo = (who: Worker, at: Instant): boolean =>
    workers[who].of !== 'board' &&
    ![0 as const, 1 as const].some((which) => this.goesOn(which, at)?.between.includes(workers[who].of) === true)

  mayWrite = (who: Worker, category: Shared, at: Instant): boolean =>
    this.stands(who, at) && !this.isClosedTo(who, at) && carries(who, category)

  #readers(authority: Authority, category: Shared, at: Instant): readonly `${Worker}/${number}`[] {
    const reads = (who: Worker): boolean =>
      workers[who].of === authority && this.stands(who, at) && carries(who, category)
    return names.filter(reads).map((who) => this.#holder(who))
  }

  #holder = (who: Worker): `${Worker}/${number}` => `${who}/${this.#generation.get(who) ?? 0}`

  writes(
    who: Worker,
    category: Shared,
    sent: { readonly message: MessageId; readonly thread: ThreadId },
    at: Instant,
  ): void {
    const source = workers[who].of
    const others = (['board', 'police', 'prison'] as const).filter((one) => this.#flows(source, one, category, at))
    const copies = new Map([[source, new Set(this.#readers(source, category, at))] as const])
    const [message, waiting] = [{ id: sent.message, thread: sent.thread }, new Set(others)]
    this.written.push({ ...message, source, category, isWords: false, waiting, copies })
  }

  /** What honest clients have seen to once all of them have been open. */
  settle(at: Instant): void {
    for (const { source, category, waiting, copies } of this.written) {
      for (const authority of waiting) {
        if (!this.#flows(source, authority, category, at)) waiting.delete(authority)
        const readers = this.#readers(authority, category, at)
        const isSomebodyThere = this.#readers(source, category, at).some((one) => copies.get(source)?.has(one))
        if (!waiting.has(authority) || readers.length === 0 || !isSomebodyThere) continue
        copies.set(authority, new Set(readers))
        waiting.delete(authority)
      }
      // Whoever of them has it gives it to colleagues; where nobody has, nobody can.
      for (const [authority, copy] of copies) {
        const readers = this.#readers(authority, category, at)
        if (readers.some((one) => copy.has(one))) for (const one of readers) copy.add(one)
      }
    }
  }

  /** What the gates show her: her own authority's, and what flows now. */
  readable(who: Worker, at: Instant): readonly Written[] {
    const { of } = workers[who]
    if (!this.stands(who, at)) return []
    return this.written.filter(
      ({ source, category, copies }) =>
        copies.get(of)?.has(this.#holder(who)) === true && (source === of || this.#flows(source, of, category, at)),
    )
  }

  /** What her keys open, whatever the gates say: what she was given once stays hers, and nothing else ever is. */
  everGiven(who: Worker): readonly Written[] {
    const isHers = (holder: string): boolean => holder.startsWith(`${who}/`)
    return this.written.filter(({ copies }) => [...(copies.get(workers[who].of) ?? [])].some(isHers))
  }
}

const carries = (who: Worker, category: Shared): boolean =>
  (workers[who].carries as readonly Category[]).includes(category)
