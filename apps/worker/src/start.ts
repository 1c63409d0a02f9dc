// Puts the worker together and starts it: queues, their processors, and a voice on the sockets' stream without any sockets.
import 'reflect-metadata'
import type { TenantId } from '#libs/domain'
import { Database } from '#libs/persistence'
import { BullModule, getQueueToken } from '@nestjs/bullmq'
import { Module } from '@nestjs/common'
import type { DynamicModule, INestApplicationContext } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { createAdapter } from '@socket.io/redis-streams-adapter'
import type { Job, Queue } from 'bullmq'
import { Server } from 'socket.io'
import { Live } from '../../api/src/platform/live.ts'
import type { Fields, Log } from '../../api/src/platform/log.ts'
import { errorFields, logFor } from '../../api/src/platform/log.ts'
import { connectAdapterRedis } from '../../api/src/platform/redis.ts'
import { streamOptions } from '../../api/src/platform/socket-adapter.ts'
import { AuditJobs, auditQueue } from './audit/audit.jobs.ts'
import { LogOfWorker, VerifyJobs, verifyQueue } from './audit/verify.jobs.ts'
import { OutboxJobs, outboxQueue } from './live/outbox.jobs.ts'
import type { WorkerSettings } from './settings.ts'

export type RunningWorker = { close(): Promise<void> }

const queues = [auditQueue, verifyQueue, outboxQueue] as const
const processors = [AuditJobs, VerifyJobs, OutboxJobs] as const

@Module({})
class WorkerModule {
  static of(settings: WorkerSettings, database: Database, live: Live, log: Log): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        BullModule.forRoot({
          connection: { url: settings.redisUrl, maxRetriesPerRequest: null },
          prefix: '{bull}',
          defaultJobOptions: {
            attempts: 5,
            backoff: { type: 'exponential', delay: 1000, jitter: 0.5 },
            removeOnComplete: { count: 100 },
            removeOnFail: { count: 1000 },
          },
        }),
        BullModule.registerQueue(...queues.map((name) => ({ name }))),
      ],
      providers: [
        { provide: Database, useValue: database },
        { provide: Live, useValue: live },
        { provide: LogOfWorker, useValue: log },
        ...processors,
      ],
    }
  }
}

export async function startWorker(settings: WorkerSettings, log: Log = logFor(settings)): Promise<RunningWorker> {
  const database = await Database.open({ url: settings.databaseUrl, poolSize: 4, applicationName: 'sluss-worker' })
  const redis = connectAdapterRedis(settings.redisUrl)
  // A node of the sockets' cluster to which nobody connects.
  const voice = new Server({ adapter: createAdapter(redis, streamOptions) })
  const live = new Live(database)
  live.attach(voice, null)
  const app = await NestFactory.createApplicationContext(WorkerModule.of(settings, database, live, log), {
    logger: false,
    abortOnError: false,
  })
  for (const name of queues) queueOf(app, name).on('error', () => undefined) // else each attempt to reach Redis is printed
  // Each attempt that fails, not the last alone: what cannot be chained or told must not be heard of an hour later.
  for (const jobs of processors)
    app
      .get(jobs)
      .worker.on('failed', (job, error) => log.error('job.failed', { ...jobFields(job), ...errorFields(error) }))
  await schedule(app, settings)
  // A Redis that was away may have come back with nothing: then nobody would ever chain or tell again.
  redis.on('ready', () => {
    schedule(app, settings).then(
      () => log.info('redis.found'),
      (error: unknown) => log.error('redis.lost', errorFields(error)),
    )
  })
  log.info('started')
  return {
    close: async () => {
      await app.close()
      voice.of('/').adapter.close()
      redis.disconnectAll()
      await database.close()
      log.info('stopped')
    },
  }
}

const queueOf = (app: INestApplicationContext, name: (typeof queues)[number]): Queue =>
  app.get<Queue>(getQueueToken(name), { strict: false })

/** Ids and names alone: jobs carry nothing else. */
function jobFields(job: Job | undefined): Pick<Fields, 'job' | 'tenant'> {
  const { tenant } = (job?.data ?? {}) as { tenant?: TenantId } // as audit.jobs.ts adds them
  return {
    ...(job === undefined ? {} : { job: job.name as NonNullable<Fields['job']> }), // only those that are scheduled here and added there
    ...(tenant === undefined ? {} : { tenant }),
  }
}

/** Idempotent by name: several workers keep one schedule. */
async function schedule(app: INestApplicationContext, settings: WorkerSettings): Promise<void> {
  await queueOf(app, auditQueue).upsertJobScheduler(
    'audit-sweep',
    { every: settings.sealSeconds * 1000 },
    { name: 'audit.sweep', data: {} },
  )
  await queueOf(app, verifyQueue).upsertJobScheduler(
    'audit-verify',
    { every: settings.verifySeconds * 1000 },
    { name: 'audit.verify', data: {} },
  )
  await queueOf(app, outboxQueue).upsertJobScheduler(
    'outbox-repeat',
    { every: settings.repeatSeconds * 1000 },
    { name: 'outbox.repeat', data: {} },
  )
}
