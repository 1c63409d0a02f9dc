// Security headers: the strict policy of the pages, and the worker's own, which alone may compile WebAssembly (Argon2).
import type { RequestHandler } from 'express'
import helmet from 'helmet'
import type { Settings } from './settings.ts'

/** The constant styles that React Aria writes into the page; a test of the web client recomputes them on upgrade. */
const reactAriaStyles = [
  "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='",
  "'sha256-gYiS/BvZvRcK27JIXTuwhZ3hs2+VJ1X+2gUlE+farlg='",
]

export const workerPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"

/** No answer is kept on the way or in the browser; the files of the client, which hold nothing of anybody, say otherwise. */
export const noStore: RequestHandler = (_request, response, next) => {
  response.setHeader('cache-control', 'no-store')
  next()
}

export const securityHeaders = (settings: Pick<Settings, 'publicUrl'>): RequestHandler => {
  const isSecure = settings.publicUrl.protocol === 'https:'
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", ...reactAriaStyles],
        connectSrc: ["'self'"],
        workerSrc: ["'self'"],
        imgSrc: ["'self'", 'blob:'],
        fontSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        'require-trusted-types-for': ["'script'"],
        'trusted-types': ['sluss-worker'],
      },
    },
    crossOriginEmbedderPolicy: { policy: 'require-corp' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: isSecure ? { maxAge: 63_072_000, includeSubDomains: true, preload: false } : false,
    xFrameOptions: { action: 'deny' },
  })
}
