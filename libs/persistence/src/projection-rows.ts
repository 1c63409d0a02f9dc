// What the domain has folded from a case's statements, as rows: one array per table, in the columns that sluss_apply_projection
// writes (migrations/0009).
import type {
  AuthorityId,
  CaseId,
  Category,
  CompartmentId,
  Hash,
  Instant,
  KeyId,
  Phase,
  Purpose,
  RegistrationId,
  SubjectId,
  TenantId,
  UnitId,
  UserId,
} from '#libs/domain'
import { partsOf } from './chains.ts'
import type { StoredStatement } from './signed.ts'

/** The rows of one case as they stand after its newest statement; times that are known beforehand are inside the rows. */
export type ProjectionToStore = {
  readonly case: {
    readonly id: CaseId
    readonly number: string
    readonly tenant: TenantId
    readonly authority: AuthorityId
    readonly unit: UnitId
    readonly phase: Phase
    readonly openedAt: Instant
  }
  /** Authorities named in the case. `units`: to whose receivers it is shown; null: the whole authority. */
  readonly parties: readonly {
    readonly authority: AuthorityId
    readonly state: 'is' | 'was'
    readonly units: readonly UnitId[] | null
  }[]
  /** One row per person who was ever assigned or is barred. */
  readonly assignments: readonly {
    readonly user: UserId
    readonly authority: AuthorityId
    readonly categories: readonly Category[]
    readonly state: 'standing' | 'ended' | 'barred'
    readonly until: Instant
  }[]
  readonly compartments: readonly {
    readonly compartment: CompartmentId
    readonly subject: SubjectId
    readonly source: AuthorityId
    readonly category: Category
    readonly purpose: Purpose
  }[]
  readonly keys: readonly ProjectedKey[]
  /** What is open now or will be: per compartment, recipient and units; `reception` and `key` null while it waits for them. */
  readonly flows: readonly {
    readonly compartment: CompartmentId
    readonly source: AuthorityId
    readonly recipient: AuthorityId
    readonly units: readonly UnitId[] | null
    readonly category: Category
    readonly from: Instant
    readonly until: Instant
    readonly reception: KeyId | null
    readonly key: KeyId | null
  }[]
  /** Several for one key and person where access ended and began again; ended ones stay. */
  readonly readers: readonly {
    readonly key: KeyId
    readonly user: UserId
    readonly from: Instant
    readonly until: Instant
    readonly write: boolean
  }[]
  /** Grants of `authority`, or to it, withdrawn before the signed reason has reached it. */
  readonly withdrawnGrants: readonly {
    readonly grant: Hash
    readonly authority: AuthorityId
    readonly since: Instant
  }[]
}

type KeyParts = {
  readonly key: KeyId
  readonly authority: AuthorityId
  readonly category: Category
  readonly until: Instant
  readonly staleSince: Instant | null
  readonly commit: Hash
}
export type ProjectedKey =
  | (KeyParts & { readonly kind: 'epoch'; readonly compartment: CompartmentId })
  | (KeyParts & { readonly kind: 'reception' })
  | (KeyParts & { readonly kind: 'flow'; readonly compartment: CompartmentId; readonly recipient: AuthorityId })

type Row = Readonly<Record<string, unknown>>
const projectedTables = [
  'parties',
  'assignments',
  'compartments',
  'content_keys',
  'flows',
  'readers',
  'withdrawn_grants',
  'heard_consents',
  'introductions',
] as const
export type ProjectedTable = (typeof projectedTables)[number]
export type ProjectionRows = { readonly case: Row } & Readonly<Record<ProjectedTable, readonly Row[]>>

export const isProjectedTable = (name: string): name is ProjectedTable =>
  projectedTables.some((table) => table === name)

/** The name by which a sender leaves a flow out: `<compartment>/<recipient>`, and the units after another `/` where it is for some. */
export const flowName = (flow: {
  readonly compartment: CompartmentId
  readonly recipient: AuthorityId
  readonly units: readonly UnitId[] | null
}): string =>
  `${flow.compartment}/${flow.recipient}${flow.units === null ? '' : `/${[...flow.units].sort().join(',')}`}`

/** All rows of the case; what each authority has heard is read from the statements themselves. */
export function projectionRows(projection: ProjectionToStore, history: readonly StoredStatement[]): ProjectionRows {
  const { openedAt } = projection.case
  return {
    case: {
      number: projection.case.number,
      tenant_id: projection.case.tenant,
      authority_id: projection.case.authority,
      unit_id: projection.case.unit,
      phase: projection.case.phase,
      opened_at: openedAt,
    },
    parties: projection.parties.map((party) => ({
      authority_id: party.authority,
      state: party.state,
      units: party.units,
      opened_at: openedAt,
    })),
    assignments: projection.assignments.map((each) => ({
      user_id: each.user,
      authority_id: each.authority,
      categories: each.categories,
      state: each.state,
      valid_until: each.until,
      opened_at: openedAt,
    })),
    compartments: projection.compartments.map((each) => ({
      id: each.compartment,
      subject_id: each.subject,
      authority_id: each.source,
      category: each.category,
      purpose: each.purpose,
    })),
    content_keys: projection.keys.map(keyRow),
    flows: projection.flows.map((flow) => ({
      compartment_id: flow.compartment,
      name: flowName(flow),
      authority_id: flow.source,
      recipient_id: flow.recipient,
      category: flow.category,
      valid_from: flow.from,
      valid_until: flow.until,
      reception_id: flow.reception,
      flow_key_id: flow.key,
    })),
    readers: projection.readers.map((reader) => ({
      key_id: reader.key,
      user_id: reader.user,
      valid_from: reader.from,
      valid_until: reader.until,
      may_write: reader.write,
    })),
    withdrawn_grants: projection.withdrawnGrants.map((each) => ({
      grant_hash: each.grant,
      authority_id: each.authority,
      since: each.since,
    })),
    heard_consents: heardConsents(history),
    introductions: introductions(history),
  }
}

const keyRow = (key: ProjectedKey): Row => ({
  id: key.key,
  kind: key.kind,
  authority_id: key.authority,
  recipient_id: key.kind === 'flow' ? key.recipient : null,
  compartment_id: key.kind === 'reception' ? null : key.compartment,
  category: key.category,
  valid_until: key.until,
  stale_since: key.staleSince,
  commit: key.commit,
})

export type Heard = 'registered' | 'shared' | 'granted'
const strength: Readonly<Record<Heard, number>> = { registered: 2, shared: 1, granted: 0 }

/** What a stored statement says, read again from its exact bytes; its form was checked before it was stored. */
type Said = {
  readonly type: string
  readonly by: string
  readonly body: {
    readonly registration?: RegistrationId
    readonly restsOn?: readonly RegistrationId[]
    readonly users?: readonly UserId[]
  }
}
const saidIn = (statement: StoredStatement): Said => JSON.parse(statement.bytes) as Said

/** How each authority has heard of each consent: what it registered, what was shared for it to confirm, what was granted to it. */
export function heardConsents(history: readonly StoredStatement[]): readonly Row[] {
  const heard = new Map<string, { registration_id: RegistrationId; authority_id: AuthorityId; heard: Heard }>()
  const hear = (registration: RegistrationId, authority: AuthorityId | null, how: Heard): void => {
    if (authority === null) return
    const known = heard.get(`${registration} ${authority}`)
    if (known !== undefined && strength[known.heard] >= strength[how]) return
    heard.set(`${registration} ${authority}`, { registration_id: registration, authority_id: authority, heard: how })
  }
  for (const statement of history.filter((each) => each.inChain)) {
    const { authority_id, recipient_id } = partsOf(statement.place)
    const { type, body } = saidIn(statement)
    if (type === 'consent.registered' && body.registration !== undefined)
      hear(body.registration, authority_id, 'registered')
    if (type === 'consent.shared' && body.registration !== undefined) hear(body.registration, recipient_id, 'shared')
    if (type === 'grant.opened')
      for (const registration of body.restsOn ?? []) hear(registration, recipient_id, 'granted')
  }
  return [...heard.values()]
}

/** Whom each authority has been told of by a strand to it: who signed there, who may speak there, whom it may call. */
export function introductions(history: readonly StoredStatement[]): readonly Row[] {
  const told = new Map<string, { authority_id: AuthorityId; user_id: string }>()
  for (const statement of history.filter((each) => each.inChain)) {
    const { recipient_id } = partsOf(statement.place)
    if (recipient_id === null) continue
    const { type, by, body } = saidIn(statement)
    const named = type === 'speakers' || type === 'contacts' ? (body.users ?? []) : []
    for (const user of [by, ...named])
      told.set(`${recipient_id} ${user}`, { authority_id: recipient_id, user_id: user })
  }
  return [...told.values()]
}
