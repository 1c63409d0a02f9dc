// The real resources that every capability stands on, opened once per process and handed out by Nest.
import type { Database } from '#libs/persistence'
import type { Clock } from './clock.ts'
import type { Contexts } from './context.ts'
import type { Folds } from './fold.ts'
import type { Limits } from './limits.ts'
import type { Live } from './live.ts'
import type { Log } from './log.ts'
import type { RedisSessions } from './session.ts'
import type { Settings } from './settings.ts'
import type { TenantChains } from './tenant-chains.ts'

type Parts = { readonly [Name in keyof Platform]: Platform[Name] }

export class Platform {
  readonly settings: Settings
  readonly database: Database
  readonly contexts: Contexts
  readonly clock: Clock
  readonly sessions: RedisSessions
  readonly limits: Limits
  readonly chains: TenantChains
  readonly folds: Folds
  readonly live: Live
  readonly log: Log

  constructor(parts: Parts) {
    this.settings = parts.settings
    this.database = parts.database
    this.contexts = parts.contexts
    this.clock = parts.clock
    this.sessions = parts.sessions
    this.limits = parts.limits
    this.chains = parts.chains
    this.folds = parts.folds
    this.live = parts.live
    this.log = parts.log
  }
}
