// The built web client: its files as they are, and its one page for every address that a person opens; never for a call.
import type { NextFunction, Request, Response, Router } from 'express'
import express from 'express'
import { join } from 'node:path'
import { workerPolicy } from './headers.ts'
import type { Settings } from './settings.ts'

const isWorkerScript = (path: string): boolean => /(?:^|[\\/])worker-[^\\/]*\.js$/.test(path)
const year = 'public, max-age=31536000, immutable'

/** What somebody types or follows, as against what a script fetches. */
const isNavigation = (request: Request): boolean =>
  request.method === 'GET' &&
  !request.path.startsWith('/auth/') &&
  request.headers['x-sluss'] === undefined &&
  (request.headers['sec-fetch-mode'] === 'navigate' || request.accepts(['json', 'html']) === 'html')

export function webRouter(settings: Pick<Settings, 'webFolder' | 'rootFingerprint'>): Router {
  const router = express.Router()
  router.get('/configuration.json', (_request, response) => {
    response.set('cache-control', 'no-store').json({ rootFingerprint: settings.rootFingerprint })
  })
  const folder = settings.webFolder
  if (folder === null) {
    router.get('/', (_request, response) => {
      response.type('text/plain').send('Sluss: the API. No web client is served here.\n')
    })
    return router
  }
  router.use(
    express.static(folder, {
      index: false,
      setHeaders: (response, path) => {
        response.setHeader('cache-control', /[\\/]assets[\\/]/.test(path) ? year : 'no-cache')
        if (isWorkerScript(path)) response.setHeader('content-security-policy', workerPolicy)
      },
    }),
  )
  router.use(function servePage(request: Request, response: Response, next: NextFunction) {
    if (!isNavigation(request)) return next()
    response
      .set('cache-control', 'no-cache')
      .vary('Accept')
      .sendFile(join(folder, 'index.html'), (error) => {
        if (error !== undefined && error !== null) next(error)
      })
  })
  return router
}
