// Puts the API together and starts it; what it opens it closes. Tests start two of these in one process.
import 'reflect-metadata'
import { Database } from '#libs/persistence'
import { Global, Module } from '@nestjs/common'
import type { DynamicModule } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import express from 'express'
import type { Application, RequestHandler } from 'express'
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import type { Server } from 'socket.io'
import { AuditModule } from '../audit/audit.module.ts'
import { CasesModule } from '../cases/cases.module.ts'
import { ConsentsModule } from '../consents/consents.module.ts'
import { DisclosuresModule } from '../disclosures/disclosures.module.ts'
import { KeysModule } from '../keys/keys.module.ts'
import { SessionsModule } from '../sessions/sessions.module.ts'
import { TenantsModule } from '../tenants/tenants.module.ts'
import { ThreadsModule } from '../threads/threads.module.ts'
import { Clock } from './clock.ts'
import { Contexts } from './context.ts'
import { crossSiteGuard } from './cross-site.ts'
import { developmentClockRouter } from './development-clock.ts'
import { documentsRouter } from './documents.ts'
import { Folds } from './fold.ts'
import { LiveGateway } from './gateway.ts'
import { noStore, securityHeaders } from './headers.ts'
import { Limits } from './limits.ts'
import { Live } from './live.ts'
import { errorFields, logFor } from './log.ts'
import type { Log } from './log.ts'
import { Platform } from './platform.ts'
import { ProblemFilter, problemMiddleware } from './problem-filter.ts'
import { Problem } from './problem.ts'
import { connectAdapterRedis, connectRedis } from './redis.ts'
import { RedisSessions, sessionMiddleware } from './session.ts'
import type { Settings } from './settings.ts'
import { signInRouter } from './sign-in.ts'
import { SocketAdapter } from './socket-adapter.ts'
import { TenantChains } from './tenant-chains.ts'
import { webRouter } from './web.ts'

/** `setClock`: as POST /development/clock; throws in production. `express`, `sockets`: for whoever asks what is mounted. */
export type RunningApi = {
  readonly url: string
  readonly port: number
  readonly express: Application
  readonly sockets: Server
  close(): Promise<void>
  setClock(at: Date | 'real'): void
}

const largestBody = '1mb'

@Global()
@Module({})
class PlatformModule {
  static of(platform: Platform): DynamicModule {
    return {
      module: PlatformModule,
      imports: [
        SessionsModule,
        TenantsModule,
        KeysModule,
        CasesModule,
        ConsentsModule,
        DisclosuresModule,
        ThreadsModule,
        AuditModule,
      ],
      providers: [{ provide: Platform, useValue: platform }, LiveGateway],
      exports: [Platform],
    }
  }
}

export async function startApi(settings: Settings): Promise<RunningApi> {
  const log = logFor(settings)
  const redis = await connectRedis(settings.redisUrl, log)
  const adapterRedis = connectAdapterRedis(settings.redisUrl)
  const database = await Database.open({
    url: settings.databaseUrl,
    poolSize: settings.databasePool,
    applicationName: 'sluss-api',
  })
  const sessions = new RedisSessions(redis, settings)
  const clock = new Clock()
  const platform = new Platform({
    settings,
    database,
    contexts: new Contexts(database, (act, error) => log.error('after.failed', { act, ...errorFields(error) })),
    clock,
    sessions,
    limits: new Limits(redis, settings.mode),
    chains: new TenantChains(
      { root: settings.rootFingerprint, leastCertifiers: settings.leastCertifiers },
      (tenant, error) => log.error('chain.refused', { tenant, ...errorFields(error) }),
    ),
    folds: new Folds((caseId) => log.error('fold.refused', { case: caseId })),
    live: new Live(database),
    log,
  })
  const app = await NestFactory.create<NestExpressApplication>(PlatformModule.of(platform), {
    logger: false,
    bodyParser: false,
    abortOnError: false,
  })
  const session = sessionMiddleware(settings, sessions)
  app.set('trust proxy', 1)
  app.set('query parser', 'simple')
  app.disable('x-powered-by')
  app.set('etag', false)
  app.use(named(log), noStore, securityHeaders(settings), documentsRouter(database, redis), webRouter(settings))
  app.use(session, crossSiteGuard(settings), express.json({ limit: largestBody, strict: true }))
  app.use(signInRouter(platform))
  if (settings.mode !== 'production') app.use(developmentClockRouter(clock))
  // Errors of the middleware above; those of the operations go to Nest's filter.
  app.use(problemMiddleware(log))
  app.useGlobalFilters(new ProblemFilter(log))
  const socketAdapter = new SocketAdapter(app, { redis: adapterRedis, session, settings })
  app.useWebSocketAdapter(socketAdapter)
  // In development there are no passwords: it is there for this machine alone.
  await (settings.mode === 'production' ? app.listen(settings.port) : app.listen(settings.port, '127.0.0.1'))
  const { port } = app.getHttpServer().address() as AddressInfo // listening on a port, so not a pipe's name
  log.info('started', { port })
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    express: app.getHttpAdapter().getInstance() as Application, // NestExpressApplication's own
    sockets: socketAdapter.server,
    setClock: (at) => {
      if (settings.mode === 'production') throw new Problem('not-found')
      clock.set(at)
    },
    close: async () => {
      await app.close()
      adapterRedis.disconnectAll()
      redis.disconnect()
      await database.close()
      log.info('stopped', { port })
    },
  }
}

/** One line per request: its id, how it ended and how long it took; never its path, which holds ids of cases. */
const named = (log: Log): RequestHandler =>
  function nameRequest(_request, response, next) {
    const requestId = randomUUID()
    const began = performance.now()
    response.setHeader('x-request-id', requestId)
    response.on('finish', () =>
      log.info('request', {
        requestId,
        status: response.statusCode,
        milliseconds: Math.round(performance.now() - began),
      }),
    )
    next()
  }
