// How often some things may be asked: the locked private key (guessing passphrases needs it) and signing in.
import type { Act } from '#libs/domain'
import type { Redis } from 'ioredis'
import { Problem } from './problem.ts'
import type { Mode } from './settings.ts'

type Limit = { readonly most: number; readonly seconds: number }

const limitByAct: Partial<Record<Act, Limit>> = { 'key.read-own': { most: 20, seconds: 300 } }
const signInLimit: Limit = { most: 30, seconds: 60 }
/** Seeders and tests are many people at one address, in little time. */
const leniency: Readonly<Record<Mode, number>> = { production: 1, development: 200, test: 5 }

export class Limits {
  readonly #redis: Redis
  readonly #leniency: number

  constructor(redis: Redis, mode: Mode) {
    this.#redis = redis
    this.#leniency = leniency[mode]
  }

  async take(act: Act, user: string): Promise<void> {
    const limit = limitByAct[act]
    if (limit !== undefined) await this.#count(`limit:${act}:${user}`, limit)
  }

  /** Per address, before anybody is somebody. */
  takeSignIn(address: string): Promise<void> {
    return this.#count(`limit:sign-in:${address}`, signInLimit)
  }

  async #count(name: string, limit: Limit): Promise<void> {
    const count = await this.#redis.incr(name)
    if (count === 1) await this.#redis.expire(name, limit.seconds)
    if (count > limit.most * this.#leniency) throw new Problem('too-many-requests')
  }
}
