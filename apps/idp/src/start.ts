// Serves one OpenID provider per organisation under its own path, and the page on which one says who one is.
import express from 'express'
import type { Request, Response } from 'express'
import { generateKeyPair, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import Provider from 'oidc-provider'
import type { Configuration, JWKS } from 'oidc-provider'
import { memoryOf } from './memory.ts'
import { choicePage, stylesheet } from './page.ts'
import type { IdpSettings, Organisation } from './settings.ts'

export type RunningIdp = { readonly url: string; close(): Promise<void> }

/** The issuer of an organisation: what the API's IDENTITY_PROVIDERS names. */
export const issuerOf = (settings: Pick<IdpSettings, 'url'>, organisation: string): string =>
  new URL(`/${organisation}`, settings.url).href

export async function startIdp(settings: IdpSettings): Promise<RunningIdp> {
  const app = express()
  app.disable('x-powered-by')
  const jwks = await signingKeys()
  app.get('/page.css', (_request, response) => {
    response.type('text/css').send(stylesheet)
  })
  for (const organisation of settings.organisations) mount(app, settings, organisation, jwks)
  app.use((_request, response) => {
    response.status(404).type('text/plain').send('Här finns ingenting.\n')
  })
  const server = createServer(app)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(settings.port, '127.0.0.1', () => resolve())
  })
  const { port } = server.address() as AddressInfo // listening on a port, so not a pipe's name
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function signingKeys(): Promise<JWKS> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const key = { ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: randomBytes(8).toString('hex') }
  return { keys: [key] } as JWKS // Node types its JWK more loosely than the provider
}

function mount(app: express.Express, settings: IdpSettings, organisation: Organisation, jwks: JWKS): void {
  const path = `/${organisation.id}`
  const provider = new Provider(issuerOf(settings, organisation.id), configurationOf(settings, organisation, jwks))
  provider.proxy = true
  app.get(`${path}/interaction/:uid`, async (request, response) => {
    await provider.interactionDetails(request, response)
    choose(request, response, organisation)
  })
  app.post(
    `${path}/interaction/:uid`,
    express.urlencoded({ extended: false, limit: '2kb' }),
    async (request, response) => {
      await signedIn(provider, organisation, request, response)
    },
  )
  app.use(path, provider.callback())
}

function choose(request: Request, response: Response, organisation: Organisation): void {
  response
    .set({
      'cache-control': 'no-store',
      // The form's answer is a redirect back to the API, which is another origin: `form-action` would stop it.
      'content-security-policy': "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    .type('html')
    .send(choicePage(organisation, request.originalUrl))
}

async function signedIn(
  provider: Provider,
  organisation: Organisation,
  request: Request,
  response: Response,
): Promise<void> {
  const { params } = await provider.interactionDetails(request, response)
  const { login } = request.body as { login?: unknown } // urlencoded: strings, if anything
  const known = organisation.logins.find(({ subject }) => subject === login)
  if (known === undefined) {
    response.status(400)
    return choose(request, response, organisation)
  }
  const grant = new provider.Grant({ accountId: known.subject, clientId: String(params['client_id']) })
  grant.addOIDCScope('openid')
  const grantId = await grant.save()
  await provider.interactionFinished(request, response, {
    login: { accountId: known.subject, remember: false },
    consent: { grantId },
  })
}

function configurationOf(settings: IdpSettings, organisation: Organisation, jwks: JWKS): Configuration {
  const cookie = `sluss-idp-${organisation.id.slice(0, 8)}`
  return {
    jwks,
    adapter: memoryOf(),
    clients: [
      {
        client_id: settings.clientId,
        redirect_uris: [new URL(`/auth/callback/${organisation.id}`, settings.publicUrl).href],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        token_endpoint_auth_method: 'none',
      },
    ],
    pkce: { required: () => true },
    scopes: ['openid'],
    claims: { openid: ['sub'] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_context, interaction) => `/${organisation.id}/interaction/${interaction.uid}` },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    // Cookies ignore ports: other names than the API's, and one set per organisation.
    cookies: {
      keys: [randomBytes(24).toString('base64')],
      names: { session: cookie, interaction: `${cookie}-interaction`, resume: `${cookie}-resume` },
      short: { path: `/${organisation.id}` },
      long: { path: `/${organisation.id}` },
    },
    ttl: { Session: 60, Interaction: 600, Grant: 600, AuthorizationCode: 60, AccessToken: 60, IdToken: 300 },
    renderError: (context, out) => {
      context.type = 'text/plain'
      context.body = `Inloggningen gick inte: ${out.error}\n`
    },
  }
}
