// Requests that change something come from our own pages: a header that no other page can send, and what the browser says of itself.
import type { NextFunction, Request, Response } from 'express'
import type { IncomingHttpHeaders } from 'node:http'
import { Problem } from './problem.ts'
import type { Settings } from './settings.ts'

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Without an Origin no browser is at work, and a client in Node has no cookies but its own. */
export function isOurOrigin(headers: IncomingHttpHeaders, settings: Pick<Settings, 'publicUrl'>): boolean {
  const { origin, host } = headers
  if (origin === undefined) return true
  if (!URL.canParse(origin)) return false
  const from = new URL(origin).host
  return from === settings.publicUrl.host || from === host
}

export const crossSiteGuard = (settings: Pick<Settings, 'publicUrl'>) =>
  function refuseCrossSite(request: Request, _response: Response, next: NextFunction): void {
    if (safe.has(request.method)) return next()
    const site = request.headers['sec-fetch-site']
    const isOurs =
      request.headers['x-sluss'] === '1' &&
      (site === undefined || site === 'same-origin') &&
      isOurOrigin(request.headers, settings)
    next(isOurs ? undefined : new Problem('cross-site-request'))
  }
