// What the domain has folded from a case's statements, as rows: one array per table, in the columns that sluss_apply_projection
// writes (migrations/0009).
import type { AuthorityId, Instant, Projection, RegistrationId, UserId } from '#libs/domain'
import { addMinutes, flowName, instantOf } from '#libs/domain'
import { partsOf } from './chains.ts'
import type { StoredStatement } from './signed.ts'

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

/**
 * All rows of the case; what each authority has heard is read from the statements themselves. `at`: the database's clock, `said`:
 * the moment that the projection was made for.
 */
export function projectionRows(
  projection: Projection,
  history: readonly StoredStatement[],
  { at, said }: { readonly at: Date; readonly said: Date },
): ProjectionRows {
  const { openedAt } = projection.case
  const begins = beginning(instantOf(at.getTime()))
  const ends = ending(instantOf(at.getTime()), instantOf(said.getTime()))
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
      during: multirange(party.during.map((span) => ({ from: begins(span.from), until: span.until }))),
      units: party.units,
      opened_at: openedAt,
    })),
    assignments: projection.assignments.map((each) => ({
      user_id: each.user,
      authority_id: each.authority,
      categories: each.categories,
      state: each.state,
      valid_until: ends(each.until),
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
      valid_from: begins(flow.from),
      valid_until: ends(flow.until),
      reception_id: flow.reception,
      flow_key_id: flow.key,
    })),
    readers: projection.readers.map((reader) => ({
      key_id: reader.key,
      user_id: reader.user,
      valid_from: begins(reader.from),
      valid_until: ends(reader.until),
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

/** As PostgreSQL writes several stretches of time in one value. */
const multirange = (spans: readonly { readonly from: Instant; readonly until: Instant }[]): string =>
  `{${spans.map(({ from, until }) => `[${from},${until})`).join(',')}}`

/**
 * A signer's clock may be two minutes ahead of the server's (protocol.md § 2): what begins by her word within them has begun, or
 * she could not read what she has just written.
 */
const beginning =
  (at: Instant) =>
  (from: Instant): Instant =>
    from > at && from <= addMinutes(at, 2) ? at : from

/** The same of what has ended by somebody's word: at once, not when the clock has come up with hers. */
const ending =
  (at: Instant, said: Instant) =>
  (until: Instant): Instant =>
    until > at && until <= said ? at : until

const keyRow = (key: Projection['keys'][number]): Row => ({
  id: key.key,
  kind: key.kind,
  authority_id: key.authority,
  recipient_id: key.kind === 'flow' ? key.recipient : null,
  compartment_id: key.kind === 'reception' ? null : key.compartment,
  category: key.category,
  valid_until: key.until,
  stale_since: key.staleSince,
  commit: key.commit,
  covers: key.kind === 'flow' ? multirange(key.covers) : null,
  items: key.kind === 'flow' ? key.items : null,
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

/** How, and first when, each authority has heard of each consent: what it registered, what was shared for it to confirm, what was granted to it. */
function heardConsents(history: readonly StoredStatement[]): readonly Row[] {
  type Row = { registration_id: RegistrationId; authority_id: AuthorityId; heard: Heard; heard_at: Date }
  const heard = new Map<string, Row>()
  const hear = (registration: RegistrationId, authority: AuthorityId | null, how: Heard, at: Date): void => {
    if (authority === null) return
    const known = heard.get(`${registration} ${authority}`)
    if (known !== undefined && strength[known.heard] >= strength[how]) return
    heard.set(`${registration} ${authority}`, {
      registration_id: registration,
      authority_id: authority,
      heard: how,
      heard_at: known?.heard_at ?? at,
    })
  }
  for (const statement of history.filter((each) => each.inChain)) {
    const { authority_id, recipient_id } = partsOf(statement.place)
    const { type, body } = saidIn(statement)
    if (type === 'consent.registered' && body.registration !== undefined)
      hear(body.registration, authority_id, 'registered', statement.acceptedAt)
    if (type === 'consent.shared' && body.registration !== undefined)
      hear(body.registration, recipient_id, 'shared', statement.acceptedAt)
    if (type === 'grant.opened')
      for (const registration of body.restsOn ?? []) hear(registration, recipient_id, 'granted', statement.acceptedAt)
  }
  return [...heard.values()]
}

/**
 * Whom each authority has been told of by a strand to it: who signed there, who may speak there, whom it may call. Whose strand it
 * was stands beside: it makes no third organisation's people known (migrations/0004, users_introduced).
 */
export function introductions(history: readonly StoredStatement[]): readonly Row[] {
  const told = new Map<string, { authority_id: AuthorityId; user_id: string; source_id: AuthorityId }>()
  for (const statement of history.filter((each) => each.inChain)) {
    const { authority_id: source_id, recipient_id } = partsOf(statement.place)
    if (recipient_id === null) continue
    const { type, by, body } = saidIn(statement)
    const named = type === 'speakers' || type === 'contacts' ? (body.users ?? []) : []
    for (const user of [by, ...named])
      told.set(`${recipient_id} ${user} ${source_id}`, { authority_id: recipient_id, user_id: user, source_id })
  }
  return [...told.values()]
}
