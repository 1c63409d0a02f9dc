// A small world in bare rows, entered by the superuser: one case of a kommun's board, shared with the Police in one category, and
// everybody who might look at it. The only place where fixtures are inserts: here the policy and the SDK must not take part.
import pg from 'pg'
import type { AuthorityId, TenantId, UserId } from '#libs/domain'
import { id } from '#libs/domain'
import type { Person as Who } from '#libs/persistence'
import type { Somebody } from './support.ts'

const uuid = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
const hex = (n: number): string => n.toString(16).padStart(64, '0')

export const kommun = uuid(1)
export const police = uuid(2)
export const board = uuid(11)
export const otherBoard = uuid(12)
export const region = uuid(13)
const unit = uuid(21)
export const theCase = uuid(31)
export const threatCompartment = uuid(41)
export const planCompartment = uuid(42)
export const threatEpoch = uuid(51)
export const planEpoch = uuid(52)
export const threatFlow = uuid(53)
const policeReception = uuid(54)
export const threatThread = uuid(61)
export const planThread = uuid(62)
export const threatMessage = uuid(71)
export const planMessage = uuid(72)
export const ledger = `ledger/${theCase}/${board}`
export const strand = `strand/${theCase}/${board}/${region}`

/** Noon of the world's day; the test's clock is set to it. */
export const noon = new Date('2026-03-02T12:00:00Z')
const past = '2026-03-01T00:00Z'
const justNow = '2026-03-02T11:59Z'
const future = '2026-06-01T00:00Z'

type Person = Somebody & { readonly role: string }
const person = (n: number, tenant: string, authority: string, role: string): Person => ({
  user: uuid(n),
  tenant,
  authority,
  role,
})

export const people = {
  anna: person(101, kommun, board, 'caseworker'),
  assignedInPlanOnly: person(102, kommun, board, 'caseworker'),
  neverAssigned: person(103, kommun, board, 'caseworker'),
  ended: person(104, kommun, board, 'caseworker'),
  expired: person(105, kommun, board, 'caseworker'),
  barred: person(106, kommun, board, 'caseworker'),
  leader: person(107, kommun, board, 'team_leader'),
  ofOtherBoard: person(108, kommun, otherBoard, 'caseworker'),
  leaderOfOtherBoard: person(109, kommun, otherBoard, 'team_leader'),
  erik: person(110, police, region, 'local_coordinator'),
  erikWithdrawn: person(111, police, region, 'local_coordinator'),
  erikNotYet: person(112, police, region, 'local_coordinator'),
  neverAssignedOfficer: person(113, police, region, 'local_coordinator'),
  securityOfficer: person(114, kommun, board, 'security_officer'),
  custodian: person(115, kommun, board, 'key_custodian'),
} as const
export type Name = keyof typeof people

/** The person as the transaction door takes her. */
export const whoIs = (name: Name): Who => ({
  user: id<UserId>(people[name].user),
  tenant: id<TenantId>(people[name].tenant),
  authority: id<AuthorityId>(people[name].authority),
})

/** Everybody who has no key gets a certified one: for tests that go by way of the policy. */
export async function certify(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  for (const [n, { user, tenant }] of Object.values(people).entries())
    await client.query(
      `insert into staff_keys (signing, encryption, user_id, tenant_id, public_key, state, valid_until)
       select $1, $2, $3::uuid, $4::uuid, '\\x01', 'certified', $5::timestamptz
       where not exists (select 1 from staff_keys where user_id = $3::uuid)`,
      [hex(1000 + n), hex(2000 + n), user, tenant, future],
    )
  await client.end()
}

const all =
  '{identity,contact,place_of_stay,threat,crime_milieu,health,economy,family,enforcement,plan,measures,follow_up}'

export async function enterWorld(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    await enterOrganisations(client)
    await enterCase(client)
    await enterReaders(client)
    await enterContent(client)
    await enterChains(client)
  } finally {
    await client.end()
  }
}

async function enterOrganisations(client: pg.Client): Promise<void> {
  await client.query(
    `insert into tenants values ('${kommun}', 'Kommun', 'kommun', '1490'), ('${police}', 'Polis', 'police_region', null)`,
  )
  await client.query(
    `insert into authorities values ('${board}', '${kommun}', 'Board'), ('${otherBoard}', '${kommun}', 'Other'), ('${region}', '${police}', 'Region')`,
  )
  await client.query(`insert into units values ('${unit}', '${board}', 'Unit')`)
  for (const { user, tenant, authority, role } of Object.values(people)) {
    await client.query(`insert into users values ($1, $2, $3, 'name', 'title', 'salt', 'issuer', $1::uuid::text)`, [
      user,
      tenant,
      authority,
    ])
    await client.query('insert into user_roles values ($1, $2)', [user, role])
  }
  await client.query(
    `insert into staff_keys (signing, encryption, user_id, tenant_id, public_key, state, valid_until)
     values ('${hex(1)}', '${hex(2)}', '${people.anna.user}', '${kommun}', '\\x01', 'certified', '${future}')`,
  )
  await client.query(`insert into locked_keys values ('${hex(1)}', '${people.anna.user}', '\\x02')`)
}

async function enterCase(client: pg.Client): Promise<void> {
  await client.query(
    `insert into cases values ('${theCase}', '1490-2026-AAAAA', '${kommun}', '${board}', '${unit}', 'contact', '${past}')`,
  )
  await client.query(
    `insert into parties values ('${theCase}', '${board}', '{(,)}', null, '${past}', '${past}'), ('${theCase}', '${region}', '{(,)}', null, '${past}', '${past}')`,
  )
  const assign = (who: Name, state: string, until: string, categories: string): Promise<unknown> =>
    client.query(`insert into assignments values ($1, $2, $3, $4, $5, $6, $7)`, [
      theCase,
      people[who].user,
      people[who].authority,
      categories,
      state,
      until,
      past,
    ])
  await assign('anna', 'standing', future, all)
  await assign('assignedInPlanOnly', 'standing', future, '{plan}')
  await assign('ended', 'ended', future, all)
  await assign('expired', 'standing', justNow, all)
  await assign('barred', 'barred', future, all)
  await assign('erik', 'standing', future, all)
  await assign('erikWithdrawn', 'standing', future, all)
  await assign('erikNotYet', 'standing', future, all)
  await client.query(
    `insert into compartments values ('${threatCompartment}', '${theCase}', '${uuid(32)}', '${board}', 'threat', 'casework'),
       ('${planCompartment}', '${theCase}', '${uuid(32)}', '${board}', 'plan', 'casework')`,
  )
  await client.query(
    `insert into content_keys (id, kind, case_id, authority_id, recipient_id, compartment_id, category, valid_until, commit, covers) values
       ('${threatEpoch}', 'epoch', '${theCase}', '${board}', null, '${threatCompartment}', 'threat', '${future}', '${hex(9)}', null),
       ('${planEpoch}', 'epoch', '${theCase}', '${board}', null, '${planCompartment}', 'plan', '${future}', '${hex(9)}', null),
       ('${threatFlow}', 'flow', '${theCase}', '${board}', '${region}', '${threatCompartment}', 'threat', '${future}', '${hex(9)}', '{[${past},${future})}'),
       ('${policeReception}', 'reception', '${theCase}', '${region}', null, null, 'threat', '${future}', '${hex(9)}', null)`,
  )
  await client.query(
    `insert into flows values ('${threatCompartment}', '${threatCompartment}/${region}', '${theCase}', '${board}', '${region}', 'threat', '${past}', '${future}', '${policeReception}', '${threatFlow}')`,
  )
}

async function enterReaders(client: pg.Client): Promise<void> {
  const reads = (who: Name, key: string, from: string, until: string): Promise<unknown> =>
    client.query('insert into readers values ($1, $2, $3, $4, $5, $6)', [
      key,
      people[who].user,
      from,
      until,
      theCase,
      people[who].authority === board,
    ])
  await reads('anna', threatEpoch, past, future)
  await reads('anna', planEpoch, past, future)
  await reads('assignedInPlanOnly', planEpoch, past, future)
  await reads('ended', threatEpoch, past, justNow)
  await reads('expired', threatEpoch, past, justNow)
  await reads('barred', threatEpoch, past, justNow)
  await reads('erik', threatFlow, past, future)
  await reads('erikWithdrawn', threatFlow, past, justNow)
  await reads('erikNotYet', threatFlow, future, '2026-12-01T00:00Z')
}

async function enterContent(client: pg.Client): Promise<void> {
  await client.query(
    `insert into threads values ('${threatThread}', '${theCase}', 'casework'), ('${planThread}', '${theCase}', 'casework')`,
  )
  await client.query(
    `insert into messages values
       ('${threatMessage}', '${theCase}', '${threatCompartment}', '${threatThread}', '${people.anna.user}', '${past}', '${past}', '${hex(9)}', '\\x01'),
       ('${planMessage}', '${theCase}', '${planCompartment}', '${planThread}', '${people.anna.user}', '${past}', '${past}', '${hex(9)}', '\\x02')`,
  )
  const seal = async (
    message: string,
    key: string,
    thread: string,
    compartment: string,
    category: string,
  ): Promise<void> => {
    await client.query(`insert into seals values ($1, $2, $3, 1, '\\x03')`, [message, key, thread])
    await client.query(`insert into streams values ($1, $2, $3, $4, $5, $6, 1, '\\x04')`, [
      key,
      thread,
      theCase,
      compartment,
      board,
      category,
    ])
  }
  await seal(threatMessage, threatEpoch, threatThread, threatCompartment, 'threat')
  await seal(threatMessage, threatFlow, threatThread, threatCompartment, 'threat')
  await seal(planMessage, planEpoch, planThread, planCompartment, 'plan')
  await client.query(
    `insert into cursors values ('${people.erik.user}', '${threatFlow}', '${threatThread}', '${theCase}', '${region}', '${threatCompartment}', 1, '{}', '\\x05', '${past}'),
       ('${people.anna.user}', '${planEpoch}', '${planThread}', '${theCase}', '${board}', '${planCompartment}', 1, '{}', '\\x05', '${past}')`,
  )
  await client.query(`insert into case_titles values ('${theCase}', '${board}', '${planEpoch}', '\\x06')`)
  await client.query(
    `insert into audit_entries (tenant_id, authority_id, user_id, case_id, act, outcome) values ('${kommun}', '${board}', '${people.anna.user}', '${theCase}', 'case.read', 'allowed')`,
  )
  await client.query(`insert into outbox (kind, case_id, ids) values ('chain.moved', '${theCase}', '{${board}}')`)
}

async function enterChains(client: pg.Client): Promise<void> {
  await client.query(
    `insert into chains values ('${ledger}', 'ledger', null, '${theCase}', '${board}', null, 0, '${hex(5)}'), ('${strand}', 'strand', null, '${theCase}', '${board}', '${region}', 0, '${hex(6)}')`,
  )
  await client.query(
    `insert into statements (hash, place, n, kind, type, case_id, authority_id, recipient_id, by_user_id, signing, at, bytes, signature) values
       ('${hex(5)}', '${ledger}', 0, 'ledger', 'ledger.opened', '${theCase}', '${board}', null, '${people.anna.user}', '${hex(1)}', '${past}', '{}', '\\x07'),
       ('${hex(6)}', '${strand}', 0, 'strand', 'grant.opened', '${theCase}', '${board}', '${region}', '${people.anna.user}', '${hex(1)}', '${past}', '{}', '\\x07')`,
  )
  await client.query(
    `insert into wraps values ('${threatEpoch}', '${hex(2)}', '${theCase}', '${board}', '${board}', '\\x08'),
       ('${threatFlow}', '${policeReception}', '${theCase}', '${board}', '${region}', '\\x08')`,
  )
  await client.query(`insert into withdrawn_grants values ('${theCase}', '${hex(6)}', '${region}', '${past}')`)
  await client.query(
    `insert into heard_consents values ('${theCase}', '${uuid(81)}', '${board}', 'registered', '${past}'), ('${theCase}', '${uuid(82)}', '${board}', 'registered', '2026-03-02T12:00Z')`,
  )
  await client.query(`insert into introductions values ('${theCase}', '${region}', '${people.anna.user}', '${board}')`)
}
