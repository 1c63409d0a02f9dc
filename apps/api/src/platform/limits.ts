// How often some things may be asked: the locked private key (guessing passphrases needs it) and signing in.
import type { Act } from '#libs/domain'
import type { Redis } from 'ioredis'
import { Problem } from './problem.ts'
import type { Mode } from './settings.ts'

type Limit = { readonly most: number; readonly seconds: number }

const limitByAct: Partial<Record<Act, Limit>> = { 'key.read-own': { most: 20, seconds: 300 } }
const signInLimit: Limit = { most: 30, seconds: 60 }
type Leniency = { readonly person: number; readonly address: number }
/** How many times as often: seeders and tests are many people at one address, in little time. */
const leniency: Readonly<Record<Mode, Leniency>> = {
  production: { person: 1, address: 1 },
  development: { person: 200, address: 200 },
  test: { person: 5, address: 200 },
}

export class Limits {
  readonly #redis: Redis
  readonly #leniency: Leniency

  constructor(redis: Redis, mode: Mode) {
    this.#redis = redis
    this.#leniency = leniency[mode]
  }

  async take(act: Act, user: string): Promise<void> {
    const limit = limitByAct[act]
    if (limit !== undefined)
      await this.#count(`limit:${act}:${user}`, limit.most * this.#leniency.person, limit.seconds)
  }

  /** Per address, before anybody is somebody. */
  takeSignIn(address: string): Promise<void> {
    const { most, seconds } = signInLimit
    return this.#count(`limit:sign-in:${address}`, most * this.#leniency.address, seconds)
  }

  async #count(name: string, most: number, seconds: number): Promise<void> {
    // Together, so that no count is left without an end.
    const [, counted] = (await this.#redis.multi().set(name, 0, 'EX', seconds, 'NX').incr(name).exec()) ?? []
    const [error, count] = counted ?? []
    if (error !== null || typeof count !== 'number') throw error ?? new Problem('unavailable')
    if (count > most) throw new Problem('too-many-requests')
  }
}
