// An OpenID provider that a suite holds in its hand: it signs real ID tokens, and does beside that whatever the suite tells it.
import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

type Asked = { readonly challenge: string; readonly nonce: string; readonly subject: string }

export type Provider = {
  readonly issuer: string
  /** What was sent to its token endpoint, good or not. */
  readonly codesReceived: readonly string[]
  /** Where it sends the browser that came with `request`, having found `subject` signed in there. */
  authorise(request: URL, subject: string, more?: Readonly<Record<string, string>>): URL
  close(): void
}

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** `waysBack`: the redirect URIs registered there. `metadata`: what it says of itself beside the necessary. */
export async function startProvider(wanted: {
  readonly waysBack: () => readonly string[]
  readonly metadata?: Readonly<Record<string, unknown>>
}): Promise<Provider> {
  const codes = new Map<string, Asked>()
  const codesReceived: string[] = []
  let issuer = ''
  const token = (form: URLSearchParams): object | null => {
    const code = form.get('code') ?? ''
    codesReceived.push(code)
    const asked = codes.get(code)
    codes.delete(code)
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (asked === undefined || verifier !== asked.challenge) return null
    const now = Math.floor(Date.now() / 1000)
    const claims = { iss: issuer, sub: asked.subject, aud: 'sluss', iat: now, exp: now + 300, nonce: asked.nonce }
    const signed = `${part({ alg: 'RS256', kid: '1' })}.${part(claims)}`
    const signature = createSign('RSA-SHA256').update(signed).sign(privateKey).toString('base64url')
    return { access_token: 'x', token_type: 'Bearer', expires_in: 60, id_token: `${signed}.${signature}` }
  }
  const answers = (path: string, form: URLSearchParams): object | null => {
    if (path === '/.well-known/openid-configuration')
      return {
        issuer,
        authorization_endpoint: `${issuer}/authorise`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        ...wanted.metadata,
      }
    if (path === '/keys')
      return { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: '1', alg: 'RS256', use: 'sig' }] }
    return path === '/token' ? token(form) : null
  }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += String(chunk)))
    request.on('end', () => {
      const answer = answers(request.url ?? '', new URLSearchParams(body))
      response.writeHead(answer === null ? 400 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answer ?? { error: 'invalid_grant' }))
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // listening on a port, so not a pipe's name
  return {
    issuer,
    codesReceived,
    authorise: (request, subject, more = {}) => {
      const asked = (name: string): string => request.searchParams.get(name) ?? ''
      if (!wanted.waysBack().includes(asked('redirect_uri'))) throw new Error('redirect_uri is not registered here')
      const code = randomUUID()
      codes.set(code, { challenge: asked('code_challenge'), nonce: asked('nonce'), subject })
      const back = new URL(asked('redirect_uri'))
      for (const [name, value] of Object.entries({ code, state: asked('state'), ...more }))
        back.searchParams.set(name, value)
      return back
    },
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
