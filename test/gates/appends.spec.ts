// What row-level security lets be appended: by bare SQL as the application's role, with the session of a person set as each request
// does. Whoever has no part in a case, or certifies nobody, has nothing read or written by the projector by way of a statement.
import { freshDatabase, once } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import type { Somebody } from './support.ts'
import { disconnect, rowsAs } from './support.ts'
import type { Name } from './world.ts'
import * as world from './world.ts'

const headOf = (tenant: string): string =>
  `insert into chains (place, kind, tenant_id, n, hash) values ('tenant/${tenant}', 'tenant', '${tenant}', 0, '${'0'.repeat(64)}')`

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
  await world.enterWorld(database.adminUrl)
  await once(database.adminUrl, `${headOf(world.kommun)}; ${headOf(world.police)}`)
  await database.setClock(world.noon)
})
afterAll(async () => {
  await disconnect()
  await database.drop()
})

const { people, theCase, board, otherBoard, region, kommun, police } = world
const aNewCase = '00000000-0000-4000-a000-0000000000aa'
const newHash = 'e'.repeat(64)

/** The statement that comes next in a chain, in the name of a person; its head moves on to it first, as every append does. */
type Append = {
  readonly by: string
  readonly in: { readonly tenant: string } | { readonly case: string; readonly from: string; readonly to?: string }
  readonly n?: number
  readonly body?: object
  readonly head?: 'moved' | 'left' | 'moved elsewhere'
}
function appending({ by, in: chain, n = 1, body = {}, head = 'moved' }: Append): string {
  const isTenant = 'tenant' in chain
  const to = isTenant ? undefined : chain.to
  const kind = isTenant ? 'tenant' : to === undefined ? 'ledger' : 'strand'
  const place = isTenant
    ? `tenant/${chain.tenant}`
    : [kind, chain.case, chain.from, ...(to === undefined ? [] : [to])].join('/')
  const text = (value: string | undefined): string => (value === undefined ? 'null' : `'${value}'`)
  const ids = isTenant
    ? [text(chain.tenant), 'null', 'null', 'null']
    : ['null', text(chain.case), text(chain.from), text(to)]
  const moved = head === 'moved' ? newHash : 'd'.repeat(64)
  const moving =
    n === 0
      ? `insert into chains (place, kind, tenant_id, case_id, authority_id, recipient_id, n, hash) values ('${place}', '${kind}', ${ids.join(', ')}, 0, '${moved}')`
      : `update chains set n = ${n}, hash = '${moved}' where place = '${place}'`
  const type = isTenant ? 'key.ended' : 'approved'
  const statement = `insert into statements (hash, place, n, kind, type, tenant_id, case_id, authority_id, recipient_id, by_user_id, signing, at, bytes, signature)
    values ('${newHash}', '${place}', ${n}, '${kind}', '${type}', ${ids.join(', ')}, '${by}', 'k', now(), '${JSON.stringify({ body })}', '')`
  return head === 'left' ? statement : `${moving}; ${statement}`
}

/** What comes of it, in a transaction that is rolled back: the rows of the last statement, or the code of the refusal. */
async function tries(who: Somebody, sql: string): Promise<readonly unknown[] | string> {
  try {
    return await rowsAs(database.appUrl, sql, [], who)
  } catch (error) {
    return (error as { code: string }).code // pg throws nothing else
  }
}
const refused = '42501'

describe('on a tenant chain', () => {
  const ends = (user: string): object => ({ user })
  const on = (tenant: string, change: Partial<Append> = {}): string =>
    appending({ by: people.custodian.user, in: { tenant }, body: ends(people.anna.user), ...change })

  test('a custodian appends to that of her own tenant', async () => {
    expect(await tries(people.custodian, on(kommun))).not.toBe(refused)
  })
  test.each<[string, Somebody, string]>([
    ['who certifies nobody', people.anna, on(kommun, { by: people.anna.user })],
    ['a custodian, on another tenant’s chain', people.custodian, on(police)],
    ['a custodian who says she is of another tenant', { ...people.custodian, tenant: police }, on(police)],
    ['a custodian, in another’s name', people.custodian, on(kommun, { by: people.anna.user })],
    [
      'somebody who says she is the custodian of another authority',
      { ...people.custodian, authority: otherBoard },
      on(kommun),
    ],
    ['a custodian who does not move the head', people.custodian, on(kommun, { head: 'left' })],
    ['a custodian who moves the head to something else', people.custodian, on(kommun, { head: 'moved elsewhere' })],
    ['a custodian who begins a chain', people.custodian, on('00000000-0000-4000-a000-0000000000bb', { n: 0 })],
  ])('%s is refused', async (_, who, sql) => {
    expect(await tries(who, sql)).toBe(refused)
  })

  const casesOf = (user: string): Promise<readonly unknown[] | string> =>
    tries(people.custodian, `${on(kommun, { body: ends(user) })}; select sluss_cases_of_changed_keys() as id`)
  test('the cases of a colleague whose key it ends are projected anew, those of another tenant’s staff are not', async () => {
    expect(await casesOf(people.anna.user)).toEqual([{ id: theCase }])
    expect(await casesOf(people.erik.user)).toEqual([])
  })
  test('how keys stand is changed by a custodian alone', async () => {
    const sql = `update staff_keys set state = 'ended' where user_id = '${people.anna.user}' returning state`
    expect(await tries(people.custodian, sql)).toEqual([{ state: 'ended' }])
    expect(await tries(people.anna, sql)).toEqual([])
  })
})

describe('in a case', () => {
  const read = `select count(*)::int as count from sluss_case_statements('${theCase}')`
  const inLedger = (name: Name, change: Partial<Append> = {}): string => {
    const { user, authority } = people[name]
    return appending({ by: user, in: { case: theCase, from: authority }, n: authority === board ? 1 : 0, ...change })
  }

  test.each<Name>(['anna', 'assignedInPlanOnly', 'leader', 'erik'])(
    '%s, who has a part in it, appends, and has it projected',
    async (name) => {
      expect(await tries(people[name], `${inLedger(name)}; ${read}`)).toEqual([{ count: 3 }])
    },
  )
  test.each<Name>([
    'neverAssigned',
    'ended',
    'expired',
    'barred',
    'ofOtherBoard',
    'leaderOfOtherBoard',
    'neverAssignedOfficer',
    'securityOfficer',
    'custodian',
  ])('%s, who has none, is refused the statement, with its head moved or not, and the projector', async (name) => {
    expect(await tries(people[name], inLedger(name))).toBe(refused)
    expect(await tries(people[name], inLedger(name, { head: 'left' }))).toBe(refused)
    const strand = {
      case: theCase,
      from: people[name].authority,
      to: region === people[name].authority ? board : region,
    }
    expect(await tries(people[name], inLedger(name, { in: strand, n: strand.from === board ? 1 : 0 }))).toBe(refused)
    expect(await tries(people[name], read)).toBe(refused)
  })
  test.each<[string, Somebody, string]>([
    [
      'for another authority than hers',
      { ...people.anna, authority: region },
      inLedger('erik', { by: people.anna.user }),
    ],
    ['in a colleague’s name', people.anna, inLedger('anna', { by: people.leader.user })],
    ['without moving the head', people.anna, inLedger('anna', { head: 'left' })],
    ['moving the head to something else', people.anna, inLedger('anna', { head: 'moved elsewhere' })],
  ])('not even anna appends %s', async (_, who, sql) => {
    expect(await tries(who, sql)).toBe(refused)
  })

  const opening = (name: Name): string => inLedger(name, { in: { case: aNewCase, from: people[name].authority }, n: 0 })
  test('a case that is new to everybody is begun by whoever opens it, and gives nothing of another', async () => {
    expect(await tries(people.ofOtherBoard, opening('ofOtherBoard'))).not.toBe(refused)
    expect(await tries(people.ofOtherBoard, `${opening('ofOtherBoard')}; ${read}`)).toBe(refused)
  })
  test('who has a new case projected makes nobody a reader of another’s keys', async () => {
    const rows = (key: string): string =>
      JSON.stringify({
        case: {
          number: '1490-2026-CCCCC',
          tenant_id: kommun,
          authority_id: otherBoard,
          unit_id: otherBoard,
          phase: 'contact',
          opened_at: world.noon,
        },
        parties: [],
        assignments: [],
        compartments: [],
        content_keys: [
          {
            id: aNewCase,
            kind: 'reception',
            authority_id: otherBoard,
            category: 'plan',
            valid_until: '2026-06-01T00:00Z',
            commit: newHash,
          },
        ],
        flows: [],
        readers: [
          {
            key_id: key,
            user_id: people.ofOtherBoard.user,
            valid_from: '2026-03-01T00:00Z',
            valid_until: '2026-06-01T00:00Z',
            may_write: false,
          },
        ],
        withdrawn_grants: [],
        heard_consents: [],
        introductions: [],
      })
    const projecting = (key: string): string =>
      `${opening('ofOtherBoard')}; select sluss_apply_projection('${aNewCase}', '${rows(key)}')`
    expect(await tries(people.ofOtherBoard, projecting(aNewCase))).toHaveLength(1)
    const foreignKeyViolation = '23503'
    expect(await tries(people.ofOtherBoard, projecting(world.threatEpoch))).toBe(foreignKeyViolation)
  })

  const wrapping = (name: Name): string =>
    `insert into wraps values ('${world.planEpoch}', '${newHash}', '${theCase}', '${people[name].authority}', '${people[name].authority}', '')`
  test('a wrap is made by who has a part in the case', async () => {
    expect(await tries(people.anna, wrapping('anna'))).not.toBe(refused)
    expect(await tries(people.neverAssigned, wrapping('neverAssigned'))).toBe(refused)
  })
})
