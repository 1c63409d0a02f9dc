// Telling again what no API node has told: a node that ended between a commit and its announcement leaves it in the outbox.
import { Processor, WorkerHost } from '@nestjs/bullmq'
import { Inject } from '@nestjs/common'
import { Live } from '../../../api/src/platform/live.ts'

export const outboxQueue = 'outbox'

@Processor(outboxQueue)
export class OutboxJobs extends WorkerHost {
  readonly #live: Live

  constructor(@Inject(Live) live: Live) {
    super()
    this.#live = live
  }

  override process(): Promise<number> {
    return this.#live.tellAll()
  }
}
