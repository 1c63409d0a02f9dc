// Signing in by OpenID Connect (code + PKCE) at the identity provider of one's own organisation; signing in is not an operation.
// Each organisation has its own way back, so that no provider is handed a code that another one gave (RFC 9700 § 4.4).
import { tenantId } from '#libs/contracts'
import type { TenantId } from '#libs/domain'
import { tenants } from '#libs/persistence'
import type { Actor } from '#libs/policy'
import express from 'express'
import type { Request, Response, Router } from 'express'
import * as oidc from 'openid-client'
import { errorFields } from './log.ts'
import type { Platform } from './platform.ts'
import { Problem, problemOf } from './problem.ts'
import { renew, save } from './session.ts'
import type { IdentityProvider, Settings } from './settings.ts'

const longestSignInMilliseconds = 15 * 60_000
const failed = '/?sign-in-failed'

export function signInRouter(platform: Platform): Router {
  const router = express.Router()
  const providers = new Providers(platform.settings)
  router.get('/auth/login', (request, response) => begin(platform, providers, request, response))
  router.get('/auth/callback/:tenant', (request, response) => complete(platform, providers, request, response))
  return router
}

/** Each provider's configuration, fetched on first use: the API starts without them. */
class Providers {
  readonly #settings: Settings
  readonly #known = new Map<TenantId, Promise<oidc.Configuration>>()

  constructor(settings: Settings) {
    this.#settings = settings
  }

  async of(tenant: TenantId): Promise<oidc.Configuration> {
    const known = this.#known.get(tenant)
    if (known !== undefined) return known
    const provider = this.#settings.identityProviders.get(tenant)
    if (provider === undefined) throw new Problem('not-found')
    const found = this.#discover(provider)
    this.#known.set(tenant, found)
    // One that was away is asked again by the next to sign in.
    found.catch(() => this.#known.delete(tenant))
    return found.catch((error: unknown) => {
      throw error instanceof Problem ? error : new Problem('unavailable')
    })
  }

  #discover({ issuer, clientId }: IdentityProvider): Promise<oidc.Configuration> {
    // Plain http is for the development provider alone; in production the settings refuse such an issuer.
    const execute = issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : []
    return oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), { execute, timeout: 5 })
  }
}

/** Registered at that organisation's provider, and at no other. */
const callbackOf = (settings: Settings, tenant: TenantId): URL =>
  new URL(`/auth/callback/${tenant}`, settings.publicUrl)

/** Begun on our own pages or typed, as browsers tell: a link elsewhere signs nobody in as somebody else, and nobody out. */
const isBegunHere = (request: Request): boolean =>
  ['same-origin', 'none', undefined].includes(request.get('sec-fetch-site'))

async function begin(platform: Platform, providers: Providers, request: Request, response: Response): Promise<void> {
  if (!isBegunHere(request)) return response.set('cache-control', 'no-store').redirect(303, '/')
  await platform.limits.takeSignIn(request.ip ?? '')
  const parsed = tenantId.safeParse(request.query['tenant'])
  if (!parsed.success) throw new Problem('not-found')
  const configuration = await providers.of(parsed.data)
  const verifier = oidc.randomPKCECodeVerifier()
  const signingIn = {
    tenant: parsed.data,
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
    verifier,
    startedAt: Date.now(),
  }
  await renew(request)
  request.session.signingIn = signingIn
  await save(request)
  const address = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: callbackOf(platform.settings, parsed.data).href,
    scope: 'openid',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: signingIn.state,
    nonce: signingIn.nonce,
  })
  response.set('cache-control', 'no-store').redirect(303, address.href)
}

async function complete(platform: Platform, providers: Providers, request: Request, response: Response): Promise<void> {
  try {
    const actor = await actorFrom(platform, providers, request)
    await renew(request)
    const now = platform.clock.milliseconds()
    const { user, tenant, authority } = actor
    request.session.signedIn = { user, tenant, authority, signedInAt: now, usedAt: now }
    await save(request)
    response.set('cache-control', 'no-store').redirect(303, '/')
  } catch (error) {
    if (problemOf(error).problem === 'unavailable') throw error
    platform.log.warn('sign-in.failed', errorFields(error))
    response.set('cache-control', 'no-store').redirect(303, failed)
  }
}

async function actorFrom(platform: Platform, providers: Providers, request: Request): Promise<Actor> {
  const { signingIn } = request.session
  // One answer to one question: what was begun is over, however it ends.
  delete request.session.signingIn
  if (signingIn === undefined || Date.now() - signingIn.startedAt > longestSignInMilliseconds)
    throw new Problem('not-signed-in')
  const { tenant, state, nonce, verifier } = signingIn
  if (request.params['tenant'] !== tenant) throw new Problem('not-signed-in')
  const configuration = await providers.of(tenant)
  const current = new URL(request.originalUrl, platform.settings.publicUrl)
  // Refused here too: an `iss` that is not this provider's, or none from one that says it sends it (RFC 9207).
  const tokens = await oidc.authorizationCodeGrant(configuration, current, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  })
  const claims = tokens.claims()
  const issuer = platform.settings.identityProviders.get(tenant)?.issuer
  if (claims === undefined || issuer === undefined) throw new Problem('not-signed-in')
  const actor = await platform.database.run({ system: 'sign-in', tenant }, (tx) =>
    tenants.findActor(tx, { issuer, subject: claims.sub }),
  )
  if (actor === null) throw new Problem('not-signed-in')
  return actor
}
