// Chaining the log: each tenant's entries in order, one sealer at a time, within a minute of being written.
import type { TenantId } from '#libs/domain'
import { audit, Database } from '#libs/persistence'
import { InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq'
import { Inject } from '@nestjs/common'
import type { Job, Queue } from 'bullmq'

export const auditQueue = 'audit'
const entriesAtOnce = 500

/** `audit.sweep` finds the tenants with something to chain; `audit.seal` carries one tenant's id and chains its entries. */
type AuditJob =
  | { readonly name: 'audit.sweep'; readonly data: Record<string, never> }
  | { readonly name: 'audit.seal'; readonly data: { readonly tenant: TenantId } }

@Processor(auditQueue)
export class AuditJobs extends WorkerHost {
  readonly #database: Database
  readonly #queue: Queue

  constructor(@Inject(Database) database: Database, @InjectQueue(auditQueue) queue: Queue) {
    super()
    this.#database = database
    this.#queue = queue
  }

  override process(job: Job): Promise<number> {
    const { name, data } = job as Job & AuditJob // only this file adds jobs to this queue
    return name === 'audit.sweep' ? this.#sweep() : this.#seal((data as { tenant: TenantId }).tenant) // by its name
  }

  async #sweep(): Promise<number> {
    const waiting = await this.#database.run({ system: 'sweeper', tenant: null }, (tx) => audit.tenantsToSeal(tx))
    for (const tenant of waiting)
      await this.#queue.add(
        'audit.seal',
        { tenant },
        { jobId: `seal-${tenant}`, removeOnComplete: true, removeOnFail: true },
      )
    return waiting.length
  }

  async #seal(tenant: TenantId): Promise<number> {
    let sealed = 0
    for (;;) {
      const now = await this.#database.run({ system: 'sealer', tenant }, (tx) => audit.sealNext(tx, entriesAtOnce))
      sealed += now
      if (now < entriesAtOnce) return sealed
    }
  }
}
