// What the API says of itself: health, the OpenAPI document, and a page for each problem.
import { capabilities, openApiDocument, problemNames, problems } from '#libs/contracts'
import type { Database } from '#libs/persistence'
import express from 'express'
import type { Router } from 'express'
import type { Redis } from 'ioredis'
import { Problem } from './problem.ts'

export function documentsRouter(database: Database, redis: Redis): Router {
  const router = express.Router()
  const document = openApiDocument(capabilities)
  /** 200 while the process runs; 503 while it cannot do its work. */
  router.get('/health', async (_request, response) => {
    const [isDatabaseThere, isRedisThere] = await Promise.all([
      database.isReachable().catch(() => false),
      redis.ping().then(
        () => true,
        () => false,
      ),
    ])
    const isWell = isDatabaseThere && isRedisThere
    response
      .status(isWell ? 200 : 503)
      .set('cache-control', 'no-store')
      .json({ database: isDatabaseThere, redis: isRedisThere })
  })
  router.get('/openapi.json', (_request, response) => {
    response.json(document)
  })
  router.get('/problems/:name', (request, response) => {
    const name = problemNames.find((one) => one === request.params['name'])
    if (name === undefined) throw new Problem('not-found')
    response.type('text/plain').send(`${name} (${problems[name].status})\n\n${problems[name].title}.\n`)
  })
  return router
}
