// The settable clock of development: the API, the database and the seeder's own clients are moved together.
import type { Instant } from '#libs/domain'
import { millisecondsOf } from '#libs/domain'
import { enableClock, setClock } from '#libs/persistence'

export class Clock {
  readonly #baseUrl: string
  readonly #ownerUrl: string
  #aheadMilliseconds = 0

  constructor(baseUrl: string, ownerUrl: string) {
    this.#baseUrl = baseUrl
    this.#ownerUrl = ownerUrl
  }

  milliseconds(): number {
    return Date.now() + this.#aheadMilliseconds
  }

  async set(at: Instant): Promise<void> {
    this.#aheadMilliseconds = millisecondsOf(at) - Date.now()
    await enableClock(this.#ownerUrl)
    await setClock(this.#ownerUrl, new Date(millisecondsOf(at)))
    await this.#tell(new Date(millisecondsOf(at)).toISOString())
  }

  /** Back to real time, everywhere. */
  async release(): Promise<void> {
    this.#aheadMilliseconds = 0
    await setClock(this.#ownerUrl, 'real')
    await this.#tell('real')
  }

  async #tell(at: string): Promise<void> {
    const answer = await fetch(`${this.#baseUrl}/development/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-sluss': '1' },
      body: JSON.stringify({ at }),
    })
    if (!answer.ok) throw new Error(`the API did not take the clock: ${answer.status}`)
  }
}
