// The provider's settings, and the demo's organisations and staff, read once at start.
import { readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'

const environment = z.object({
  SLUSS_MODE: z.enum(['development', 'test']),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3001),
  /** Where browsers reach the provider. */
  IDP_URL: z.url(),
  /** Where browsers reach the API: the way back after signing in. */
  PUBLIC_URL: z.url(),
  /** Holds tenants.json and personas.json. */
  DEMO_FOLDER: z.string().min(1),
  CLIENT_ID: z.string().min(1).default('sluss'),
})

export type Login = { readonly subject: string; readonly name: string; readonly title: string }
export type Organisation = { readonly id: string; readonly name: string; readonly logins: readonly Login[] }
export type IdpSettings = {
  readonly port: number
  readonly url: URL
  readonly publicUrl: URL
  readonly clientId: string
  readonly organisations: readonly Organisation[]
}

const tenantsFile = z.object({ tenants: z.array(z.object({ id: z.string(), name: z.string() })) })
const personasFile = z.object({
  personas: z.array(z.object({ id: z.string(), name: z.string(), title: z.string(), tenant: z.string() })),
})

/** As the seeder makes them: the first 16 bytes of SHA-256(`sluss-demo/<name>`) in the form of a UUID. */
export function demoId(name: string): string {
  const hex = createHash('sha256').update(`sluss-demo/${name}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}

export function readOrganisations(folder: string): readonly Organisation[] {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'))
  const { tenants } = tenantsFile.parse(read('tenants.json'))
  const { personas } = personasFile.parse(read('personas.json'))
  return tenants.map(({ id, name }) => ({
    id: demoId(id),
    name,
    logins: personas
      .filter((persona) => persona.tenant === id)
      .map((persona) => ({ subject: persona.id, name: persona.name, title: persona.title })),
  }))
}

export function readIdpSettings(source: Readonly<Record<string, string | undefined>>): IdpSettings {
  const parsed = environment.safeParse(source)
  if (!parsed.success)
    throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}.`).join('\n'))
  const { data } = parsed
  return {
    port: data.PORT,
    url: new URL(data.IDP_URL),
    publicUrl: new URL(data.PUBLIC_URL),
    clientId: data.CLIENT_ID,
    organisations: readOrganisations(data.DEMO_FOLDER),
  }
}
