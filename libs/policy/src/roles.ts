// Groups of roles that the policy's sentences speak of (domain.md § 1). Each is written out, so that a new role belongs nowhere until somebody decides.
import type { Role } from '#libs/domain'

/** Who may decide on what flows: assigned staff who write, but not on one entrusted measure or one kind of assessment only. */
export const CONSENT_STAFF = [
  'intake_worker',
  'caseworker',
  'contact_person',
  'local_coordinator',
  'regional_coordinator',
  'enforcement_officer',
  'treatment_worker',
  'institution_head',
] as const satisfies readonly Role[]

/** Who writes, when assigned; which categories is `writableCategories` in libs/domain. */
export const WRITING_STAFF = [...CONSENT_STAFF, 'threat_assessor', 'performer'] as const satisfies readonly Role[]

/** Who reads, when assigned. A team leader has no content by her role, but may assign herself when alone or at night. */
export const CASE_STAFF = [...WRITING_STAFF, 'team_leader'] as const satisfies readonly Role[]

/** Who sees, without content, that her unit is named, and assigns. */
export const UNIT_RECEIVERS = ['team_leader', 'institution_head'] as const satisfies readonly Role[]
/** Who does so in her whole region, whatever the unit. */
export const REGION_RECEIVERS = ['regional_coordinator'] as const satisfies readonly Role[]

/** Who may open a case of her unit; the others flag (domain.md § 1). */
export const CASE_OPENERS = ['intake_worker', 'caseworker', 'contact_person'] as const satisfies readonly Role[]

export const CUSTODIANS = ['key_custodian'] as const satisfies readonly Role[]
/** Who reviews logs, without content and without assignment. */
export const LOG_REVIEWERS = ['security_officer', 'data_protection_officer'] as const satisfies readonly Role[]

/** Every role there is: for what each member of staff may do with her own key and see of her own house. */
export const ALL_STAFF = [
  ...CASE_STAFF,
  'national_coordinator',
  'funding_officer',
  'analyst',
  ...CUSTODIANS,
  ...LOG_REVIEWERS,
  'archivist',
  'tenant_admin',
] as const satisfies readonly Role[]
