// The API's clock: read once per request. Settable in development and test only, as the database's is.
import type { Instant } from '#libs/domain'
import { instantOf } from '#libs/domain'

export class Clock {
  #aheadMilliseconds = 0
  readonly #watchers: (() => void)[] = []

  milliseconds(): number {
    return Date.now() + this.#aheadMilliseconds
  }

  now(): Instant {
    return instantOf(this.milliseconds())
  }

  /** Runs on from `at`, or goes back to real time; callers have made sure that this is no production. */
  set(at: Date | 'real'): void {
    this.#aheadMilliseconds = at === 'real' ? 0 : at.getTime() - Date.now()
    for (const tell of this.#watchers) tell()
  }

  /** For what waits for a moment: a clock that is set has passed moments that no timer has. */
  whenSet(tell: () => void): void {
    this.#watchers.push(tell)
  }
}
