// The settings of the API: read from the environment once, validated, and refused with a sentence where missing or dangerous.
import type { Fingerprint, TenantId } from '#libs/domain'
import { hash } from '#libs/domain'
import { fingerprint, tenantId } from '#libs/contracts'
import { z } from 'zod'

export const modes = ['development', 'production', 'test'] as const
export type Mode = (typeof modes)[number]

/** The signing fingerprints of root keys that anybody may hold: the demo's (apps/seed/demo/root.json), and no key at all. */
const publishedRoots: readonly string[] = [
  '35c442a32a1c554d5dd66c001e2320d35da1b65299f4dbc9efcc8718edb84a54',
  '0'.repeat(64),
]
/** Secrets that stand in examples and start scripts. */
const publishedSecrets = /^(?:secret|change-?me|development|test|demo)/i

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most)

const provider = z.strictObject({ issuer: z.url(), clientId: z.string().min(1).max(200) })

const providers = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' })
      return z.NEVER
    }
  })
  .pipe(z.record(tenantId, provider))

const environment = z.object({
  SLUSS_MODE: z.enum(modes),
  PORT: whole(0, 65_535).default(3000),
  PUBLIC_URL: z.url(),
  DATABASE_URL: z.string().regex(/^postgres(?:ql)?:\/\//, 'is not a postgres address'),
  DATABASE_POOL: whole(1, 200).default(10),
  REDIS_URL: z.string().regex(/^rediss?:\/\//, 'is not a redis address'),
  SESSION_SECRET: z.string().min(16),
  ROOT_FINGERPRINT: fingerprint,
  IDENTITY_PROVIDERS: providers,
  WEB_FOLDER: z.string().min(1).optional(),
  SESSION_IDLE_MINUTES: whole(1, 240).default(30),
  SESSION_ABSOLUTE_HOURS: whole(1, 24).default(12),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

export type IdentityProvider = { readonly issuer: string; readonly clientId: string }

export type Settings = {
  readonly mode: Mode
  readonly port: number
  readonly publicUrl: URL
  readonly databaseUrl: string
  readonly databasePool: number
  readonly redisUrl: string
  readonly sessionSecret: string
  readonly rootFingerprint: Fingerprint
  /** How many custodians a founding must ask for: two in production (protocol.md § 3). */
  readonly leastCertifiers: 1 | 2
  readonly identityProviders: ReadonlyMap<TenantId, IdentityProvider>
  readonly webFolder: string | null
  readonly idleMinutes: number
  readonly absoluteHours: number
  readonly logLevel: z.output<typeof environment>['LOG_LEVEL']
}

/** Why the process does not start; its message is for the person who starts it. */
export class SettingsRefused extends Error {
  override readonly name = 'SettingsRefused'
}

/** Reads an environment by its schema, an empty value as one that is not set; throws `SettingsRefused` with one sentence per fault. */
export function readEnvironment<S extends z.ZodObject>(
  schema: S,
  source: Readonly<Record<string, string | undefined>>,
): z.output<S> {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map(
    (issue) => `${issue.path[0]?.toString() ?? 'A setting'} ${said(issue, given)}.`,
  )
  throw new SettingsRefused([...new Set(faults)].join('\n'))
}

/** Reads and judges the API's settings; throws as `readEnvironment`, also for what is dangerous in production. */
export function readSettings(source: Readonly<Record<string, string | undefined>>): Settings {
  const data = readEnvironment(environment, source)
  const settings: Settings = {
    mode: data.SLUSS_MODE,
    port: data.PORT,
    publicUrl: new URL(data.PUBLIC_URL),
    databaseUrl: data.DATABASE_URL,
    databasePool: data.DATABASE_POOL,
    redisUrl: data.REDIS_URL,
    sessionSecret: data.SESSION_SECRET,
    rootFingerprint: hash<Fingerprint>(data.ROOT_FINGERPRINT),
    leastCertifiers: data.SLUSS_MODE === 'production' ? 2 : 1,
    identityProviders: new Map(Object.entries(data.IDENTITY_PROVIDERS) as [TenantId, IdentityProvider][]), // keys parsed as tenant ids
    webFolder: data.WEB_FOLDER ?? null,
    idleMinutes: data.SESSION_IDLE_MINUTES,
    absoluteHours: data.SESSION_ABSOLUTE_HOURS,
    logLevel: data.LOG_LEVEL,
  }
  const dangers = settings.mode === 'production' ? dangersIn(settings) : []
  if (dangers.length > 0) throw new SettingsRefused(dangers.join('\n'))
  return settings
}

const said = (issue: z.core.$ZodIssue, given: object): string =>
  Object.hasOwn(given, String(issue.path[0])) ? `cannot be used: ${issue.message}` : 'is not set'

function dangersIn(settings: Settings): readonly string[] {
  const faults: string[] = []
  if (settings.publicUrl.protocol !== 'https:') faults.push('PUBLIC_URL must be https in production.')
  for (const { issuer } of settings.identityProviders.values())
    if (!issuer.startsWith('https:')) faults.push('IDENTITY_PROVIDERS names an issuer that is not https.')
  if (settings.sessionSecret.length < 32 || publishedSecrets.test(settings.sessionSecret))
    faults.push('SESSION_SECRET must be at least 32 random characters, not one from an example.')
  if (publishedRoots.includes(settings.rootFingerprint))
    faults.push('ROOT_FINGERPRINT is that of a demo root, which anybody may hold.')
  if (settings.identityProviders.size === 0) faults.push('IDENTITY_PROVIDERS names nobody, so nobody could sign in.')
  return [...new Set(faults)]
}
