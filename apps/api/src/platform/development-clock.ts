// POST /development/clock: moves this process' clock, so that a demo can be told in time order. Not mounted in production.
import express from 'express'
import type { Router } from 'express'
import { z } from 'zod'
import type { Clock } from './clock.ts'
import { malformed } from './problem.ts'

const body = z.strictObject({ at: z.union([z.literal('real'), z.iso.datetime()]) })

export function developmentClockRouter(clock: Clock): Router {
  const router = express.Router()
  router.post('/development/clock', (request, response) => {
    const parsed = body.safeParse(request.body)
    if (!parsed.success) throw malformed(parsed.error)
    clock.set(parsed.data.at === 'real' ? 'real' : new Date(parsed.data.at))
    response.json({ at: new Date(clock.milliseconds()).toISOString() })
  })
  return router
}
