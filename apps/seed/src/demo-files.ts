// The demo's files as they are read: organisations, staff, cases. All of it is fictional (demo/README.md).
import type { Category, IncludesEarlier, Purpose, Role, TenantKind } from '#libs/domain'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Days from the demo day and a time of day in Europe/Stockholm. */
export type DemoTime = { readonly d: number; readonly t: string }

export type DemoTenant = {
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly code?: string
  readonly units: readonly { readonly id: string; readonly name: string; readonly board?: string }[]
}
export type Persona = {
  readonly id: string
  readonly name: string
  readonly tenant: string
  readonly unit: string
  readonly roles: readonly Role[]
  readonly title: string
  readonly email: string
  readonly passphrase: string
}
export type DemoMessage = {
  readonly id: string
  readonly author: string
  readonly category: Category
  readonly at: DemoTime
  readonly text: string
}
export type DemoThread = {
  readonly id: string
  readonly title: string
  readonly category: Category
  readonly purpose: Purpose
  readonly messages: readonly DemoMessage[]
}
export type DemoConsent = {
  readonly id: string
  readonly form: string
  readonly from: DemoTime
  readonly until: DemoTime
  readonly withdrawnAt?: DemoTime
  readonly grants: readonly {
    readonly recipient: { readonly tenant: string; readonly units: readonly string[]; readonly board?: string }
    readonly categories: readonly Category[]
    readonly purposes: readonly Purpose[]
    readonly includesEarlier: IncludesEarlier
    readonly direction: 'mutual' | 'to_recipient'
  }[]
}
export type DemoCase = {
  readonly id: string
  readonly codename: string
  readonly responsible: { readonly tenant: string; readonly unit: string }
  readonly opened: DemoTime
  readonly assignments: readonly { readonly persona: string; readonly from: DemoTime }[]
  readonly consents: readonly DemoConsent[]
  readonly threads: readonly DemoThread[]
  readonly notes: readonly {
    readonly id: string
    readonly author: string
    readonly category: Category
    readonly at: DemoTime
    readonly text: string
  }[]
}

/** The demo speaks of kinds in Swedish; the domain's words for them (domain.md § 1). */
export const tenantKindOf: Readonly<Record<string, TenantKind>> = {
  kommun: 'kommun',
  'polis-nationell': 'police_national',
  polisregion: 'police_region',
  kriminalvard: 'kriminalvarden',
  sis: 'sis',
  socialstyrelsen: 'socialstyrelsen',
}

const read = (folder: string, file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown

export type Demo = {
  readonly tenants: readonly DemoTenant[]
  readonly personas: readonly Persona[]
  readonly cases: readonly DemoCase[]
}

/** Reads the files of one folder; they are the repository's own and are trusted to have their form. */
export function readDemo(folder: string): Demo {
  const { tenants } = read(folder, 'tenants.json') as { tenants: readonly DemoTenant[] }
  const { personas } = read(folder, 'personas.json') as { personas: readonly Persona[] }
  const { cases } = read(folder, 'cases.json') as { cases: readonly DemoCase[] }
  const own = read(folder, 'between-boards.json') as DemoCase
  return { tenants, personas, cases: [...cases.filter((one) => one.id === 'c01' || one.id === 'c06'), own] }
}
