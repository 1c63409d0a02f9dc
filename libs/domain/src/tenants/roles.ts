// Tenant kinds and roles, and what each role may do with content by role alone (domain.md § 1). One table, read by policy, statements and UI.
import type { Category } from '../consents/categories.ts'
import { categories } from '../consents/categories.ts'

export const tenantKinds = [
  'kommun',
  'police_national',
  'police_region',
  'kriminalvarden',
  'sis',
  'socialstyrelsen',
  'county_body',
  'external_performer',
] as const
export type TenantKind = (typeof tenantKinds)[number]

export const roles = [
  'intake_worker',
  'caseworker',
  'contact_person',
  'team_leader',
  'local_coordinator',
  'regional_coordinator',
  'national_coordinator',
  'threat_assessor',
  'funding_officer',
  'enforcement_officer',
  'treatment_worker',
  'institution_head',
  'performer',
  'analyst',
  'key_custodian',
  'security_officer',
  'data_protection_officer',
  'archivist',
  'tenant_admin',
] as const
export type Role = (typeof roles)[number]

/** Who is shown, first and without content, that her authority is named in a case (domain.md § 1 "Receivers"). */
export const receiverRoles: readonly Role[] = ['team_leader', 'institution_head', 'regional_coordinator']

/** Which categories a role may write when assigned; a role that is missing writes nothing (domain.md § 1 "Who writes"). */
export const writableCategories: Partial<Record<Role, readonly Category[]>> = {
  intake_worker: categories,
  caseworker: categories,
  contact_person: categories,
  local_coordinator: categories,
  regional_coordinator: categories,
  enforcement_officer: categories,
  treatment_worker: categories,
  institution_head: categories,
  threat_assessor: ['threat', 'crime_milieu'],
  performer: ['measures', 'follow_up'],
}

/** The categories an assignment carries unless more or fewer are named (domain.md § 1 "Inner secrecy"). */
export const defaultCategories: Partial<Record<Role, readonly Category[]>> = {
  caseworker: categories,
  contact_person: categories,
  local_coordinator: categories,
  regional_coordinator: categories,
  intake_worker: ['identity', 'contact', 'plan'],
  threat_assessor: ['identity', 'threat', 'crime_milieu'],
  enforcement_officer: ['contact', 'enforcement', 'plan', 'measures', 'follow_up'],
  treatment_worker: ['contact', 'enforcement', 'plan', 'measures', 'follow_up'],
  institution_head: ['contact', 'enforcement', 'plan', 'measures', 'follow_up'],
}

/** Roles whose holders open a case of their unit and thereby own it; the others flag (domain.md § 1). */
export const caseOpeners: readonly Role[] = ['intake_worker', 'caseworker', 'contact_person']

/** Roles whose holders may open their authority's ledger in a case and thereby assign themselves (protocol.md § 4). */
export const ledgerOpeners: readonly Role[] = [
  ...receiverRoles,
  ...caseOpeners,
  'local_coordinator',
  'enforcement_officer',
  'treatment_worker',
]
