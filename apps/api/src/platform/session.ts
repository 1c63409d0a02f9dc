// Sessions: a cookie that says nothing, and who has signed in beside it in Redis; idle and absolute ends; log-out everywhere.
import type { Actor } from '#libs/policy'
import type { TenantId } from '#libs/domain'
import type { Request, RequestHandler } from 'express'
import session from 'express-session'
import type { SessionData } from 'express-session'
import type { Redis } from 'ioredis'
import type { Clock } from './clock.ts'
import type { Settings } from './settings.ts'

export type SignedIn = Pick<Actor, 'user' | 'tenant' | 'authority'> & {
  readonly signedInAt: number
  readonly usedAt: number
}
/** What must be remembered between the redirect to an identity provider and the way back. */
export type SigningIn = {
  readonly tenant: TenantId
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  readonly startedAt: number
}

declare module 'express-session' {
  interface SessionData {
    signedIn?: SignedIn
    signingIn?: SigningIn
  }
}

const prefix = 'session:'
const byUser = (user: string): string => `sessions-of:${user}`
const signingInSeconds = 900

/** express-session's store over ioredis: a session lives as long as its idle end, and is listed under its person. */
export class RedisSessions extends session.Store {
  readonly #redis: Redis
  readonly #idleSeconds: number
  readonly #absoluteSeconds: number

  constructor(redis: Redis, settings: Pick<Settings, 'idleMinutes' | 'absoluteHours'>) {
    super()
    this.#redis = redis
    this.#idleSeconds = settings.idleMinutes * 60
    this.#absoluteSeconds = settings.absoluteHours * 3600
  }

  override get(id: string, callback: (error: unknown, found?: SessionData | null) => void): void {
    this.#redis.get(prefix + id).then(
      (text) => callback(null, text === null ? null : (JSON.parse(text) as SessionData)), // written by `set` below
      (error: unknown) => callback(error),
    )
  }

  /** Who has signed in by this session, as last noted; null: it is gone. */
  async signedIn(id: string): Promise<SignedIn | null> {
    const text = await this.#redis.get(prefix + id)
    return text === null ? null : ((JSON.parse(text) as SessionData).signedIn ?? null) // written by `set` below
  }

  override set(id: string, data: SessionData, callback?: (error?: unknown) => void): void {
    const work = async (): Promise<void> => {
      const { signedIn } = data
      if (signedIn === undefined) {
        await this.#redis.set(prefix + id, JSON.stringify(data), 'EX', signingInSeconds)
        return
      }
      // A use noted at the end of a request must not bring back a session that was ended meanwhile: hence `XX`.
      if (signedIn.usedAt === signedIn.signedInAt) {
        await this.#redis.set(prefix + id, JSON.stringify(data), 'EX', this.#idleSeconds)
        await this.#redis.sadd(byUser(signedIn.user), id)
        await this.#redis.expire(byUser(signedIn.user), this.#absoluteSeconds)
        return
      }
      await this.#redis.set(prefix + id, JSON.stringify(data), 'EX', this.#idleSeconds, 'XX')
    }
    work().then(
      () => callback?.(),
      (error: unknown) => callback?.(error),
    )
  }

  /** Use is noted by `noteUse`, at most once a minute, and not at every request. */
  override touch(_id: string, _data: SessionData, callback?: () => void): void {
    callback?.()
  }

  override destroy(id: string, callback?: (error?: unknown) => void): void {
    this.#redis.del(prefix + id).then(
      () => callback?.(),
      (error: unknown) => callback?.(error),
    )
  }

  /** Ends every session of a person, on every device; answers how many there were. */
  async endAllOf(user: string): Promise<number> {
    const ids = await this.#redis.smembers(byUser(user))
    let ended = 0
    for (const id of ids) ended += await this.#redis.del(prefix + id)
    await this.#redis.del(byUser(user))
    return ended
  }
}

const cookieNameOf = (settings: Pick<Settings, 'mode'>): string =>
  settings.mode === 'production' ? '__Host-sluss' : 'sluss'

export const sessionMiddleware = (settings: Settings, store: RedisSessions): RequestHandler =>
  session({
    name: cookieNameOf(settings),
    secret: settings.sessionSecret,
    store,
    resave: false,
    saveUninitialized: false,
    // Lax, since the way back from an identity provider is cross-site.
    cookie: { httpOnly: true, sameSite: 'lax', secure: settings.publicUrl.protocol === 'https:', path: '/' },
  })

const minute = 60_000

/** Why a session stands no more at this moment; null while it does. */
export function sessionEnd(
  found: SignedIn,
  settings: Pick<Settings, 'idleMinutes' | 'absoluteHours'>,
  now: number,
): 'idle' | 'over' | null {
  if (now - found.signedInAt >= settings.absoluteHours * 60 * minute) return 'over'
  return now - found.usedAt >= settings.idleMinutes * minute ? 'idle' : null
}

/** The next moment at which it ends, if it is not used before. */
export const sessionEndsBy = (found: SignedIn, settings: Pick<Settings, 'idleMinutes' | 'absoluteHours'>): number =>
  Math.min(found.usedAt + settings.idleMinutes * minute, found.signedInAt + settings.absoluteHours * 60 * minute)

/** Who has signed in and is neither idle for too long nor past the absolute end; null: nobody. Notes the use. */
export function signedInAt(data: SessionData | undefined, settings: Settings, clock: Clock): SignedIn | null {
  const found = data?.signedIn
  if (data === undefined || found === undefined) return null
  const now = clock.milliseconds()
  if (sessionEnd(found, settings, now) !== null) return null
  // Assigning marks the session as changed, so that it is saved at the end of the request.
  if (now - found.usedAt >= minute) data.signedIn = { ...found, usedAt: now }
  return found
}

export const endsAt = (found: SignedIn, settings: Pick<Settings, 'absoluteHours'>): Date =>
  new Date(found.signedInAt + settings.absoluteHours * 3_600_000)

/** A new id on every change of who somebody is, so that an id known from before is worth nothing. */
export const renew = (request: Request): Promise<void> =>
  new Promise((resolve, reject) => {
    request.session.regenerate((error: unknown) => (error === undefined || error === null ? resolve() : reject(error)))
  })

export const save = (request: Request): Promise<void> =>
  new Promise((resolve, reject) => {
    request.session.save((error: unknown) => (error === undefined || error === null ? resolve() : reject(error)))
  })

export const end = (request: Request): Promise<void> =>
  new Promise((resolve, reject) => {
    request.session.destroy((error: unknown) => (error === undefined || error === null ? resolve() : reject(error)))
  })
