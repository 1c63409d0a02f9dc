// Verifying the log: each tenant's chain walked from its start, in steps; what does not fit is an alarm in the process's own log.
import type { TenantId } from '#libs/domain'
import { audit, Database } from '#libs/persistence'
import { Processor, WorkerHost } from '@nestjs/bullmq'
import { Inject } from '@nestjs/common'
import type { Log } from '../../../api/src/platform/log.ts'

/** A queue of its own: a long chain must not keep the sealer waiting. */
export const verifyQueue = 'audit-verify'
export const LogOfWorker = Symbol('log')
const sealsAtOnce = 5_000

@Processor(verifyQueue)
export class VerifyJobs extends WorkerHost {
  readonly #database: Database
  readonly #log: Log

  constructor(@Inject(Database) database: Database, @Inject(LogOfWorker) log: Log) {
    super()
    this.#database = database
    this.#log = log
  }

  /** Answers how many chains are broken. */
  override async process(): Promise<number> {
    let broken = 0
    const tenants = await this.#database.run({ system: 'sweeper', tenant: null }, audit.tenantsToVerify)
    for (const tenant of tenants) {
      const place = await this.#firstBroken(tenant)
      if (place === null) continue
      this.#log.error('audit.broken', { tenant, place })
      broken += 1
    }
    this.#log.info('audit.verified', { count: tenants.length })
    return broken
  }

  async #firstBroken(tenant: TenantId): Promise<number | null> {
    let from: audit.Walked = audit.fromTheStart
    for (;;) {
      const at = from
      const { broken, walked } = await this.#database.run({ system: 'sealer', tenant }, (tx) =>
        audit.walkSeals(tx, at, sealsAtOnce),
      )
      if (broken !== null || walked === null) return broken
      from = walked
    }
  }
}
