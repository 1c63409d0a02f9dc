// My cases among a million: policy and row-level security on, beside SQL written by hand; first page and page 100, with their plans.
import type { AuthorityId, TenantId, UnitId, UserId } from '#libs/domain'
import { id, instantOf } from '#libs/domain'
import { cases, Database } from '#libs/persistence'
import type { Actor } from '#libs/policy'
import { isScope, scopeOf } from '#libs/policy'
import pg from 'pg'
import { sizes, Table, timedInTurns, whole } from './figures.ts'
import { loadCases, loaded } from './many-cases.ts'
import { explain, overhear } from './plans.ts'
import { connected, startServers } from './servers.ts'

const size = sizes({ cases: 1_000_000, users: 5_000, own: 6_000, times: 100 })
const pageLength = 50
const lastPage = 100
const bigTables = ['cases', 'parties', 'assignments', 'readers', 'case_titles']

type Who = { readonly name: string; readonly actor: Actor; readonly byHand: string }

const person = (user: UserId, roles: Actor['roles']): Actor => ({
  user,
  tenant: id<TenantId>(loaded.tenant),
  authority: id<AuthorityId>(loaded.authority(0)),
  units: [id<UnitId>(loaded.unit(0))],
  roles,
  certifiedUntil: instantOf(Date.now() + 86_400_000),
})

const columns = `c.id, c.number, c.tenant_id, c.authority_id, c.unit_id, c.phase, c.opened_at, coalesce(p.changed_at, c.opened_at) as changed_at`
const titles = `left join case_titles t on t.case_id = c.id and t.authority_id = p.authority_id
  and exists (select 1 from readers r where r.key_id = t.key_id and r.user_id = $1 and r.valid_from <= now() and r.valid_until > now())`

/**
 * What somebody would write who needs this one list and trusts herself with every row. Planned for each call: prepared, `$3 is null
 * or …` keeps it from the index, and it takes ten times as long.
 */
const people: readonly Who[] = [
  {
    name: 'caseworker',
    actor: person(id<UserId>(loaded.user(1)), ['caseworker']),
    byHand: `select ${columns}, t.key_id, encode(t.bytes, 'base64') as title
      from assignments a join cases c on c.id = a.case_id
      left join parties p on p.case_id = c.id and p.authority_id = $2 ${titles}
      where a.user_id = $1 and a.state = 'standing' and a.valid_until > now()
        and ($3::timestamptz is null or (a.opened_at, a.case_id) < ($3, $4::uuid))
      order by a.opened_at desc, a.case_id desc limit ${pageLength + 1}`,
  },
  {
    name: 'team leader',
    actor: person(id<UserId>(loaded.user(2)), ['team_leader']),
    byHand: `select ${columns}, t.key_id, encode(t.bytes, 'base64') as title
      from parties p join cases c on c.id = p.case_id ${titles}
      where p.authority_id = $2 and (p.units is null or p.units && array['${loaded.unit(0)}'::uuid])
        and not exists (select 1 from assignments a where a.case_id = c.id and a.user_id = $1 and a.state = 'barred')
        and ($3::timestamptz is null or (p.opened_at, p.case_id) < ($3, $4::uuid))
      order by p.opened_at desc, p.case_id desc limit ${pageLength + 1}`,
  },
]

const table = new Table()
const servers = await startServers('fast')
try {
  console.log(`loading ${whole(size.cases)} cases …`)
  await connected(servers.adminUrl, (client) => loadCases(client, size))
  for (const who of people) await measure(who)
} finally {
  await servers.stop()
}
table.print(`cases: a page of ${pageLength} among ${whole(size.cases)}`)

async function measure({ name, actor, byHand }: Who): Promise<void> {
  const database = await Database.open({ url: servers.appUrl, poolSize: 1 })
  const baseline = new pg.Client({ connectionString: servers.adminUrl })
  // Another failure stops the server under it; that one is to be seen.
  baseline.on('error', () => undefined)
  await baseline.connect()
  const scope = scopeOf(actor, 'case.list', instantOf(Date.now()))
  if (!isScope(scope)) throw new Error(`${name} may list nothing`)
  const page = (after: string | null) =>
    database.run(actor, (tx) => cases.page(tx, scope, { after, limit: pageLength, phase: null, relation: null }))
  // As a transaction too: what is compared is the list, not what a transaction costs.
  const hand = async (after: Place): Promise<readonly { opened_at: Date; id: string }[]> => {
    await baseline.query('begin')
    const { rows } = await baseline.query(byHand, [
      actor.user,
      actor.authority,
      after?.moment ?? null,
      after?.id ?? null,
    ])
    await baseline.query('commit')
    return rows
  }
  const deep = await cursorOf(page)
  const places = [
    ['first page', null],
    [`page ${lastPage}`, deep],
  ] as const
  for (const [where, after] of places) {
    const place = placeIn(after)
    const [ours, theirs] = [await page(after), await hand(place)]
    const same =
      ours.rows.map((row) => row.id).join() ===
      theirs
        .slice(0, pageLength)
        .map((row) => row.id)
        .join()
    if (!same || ours.rows.length < pageLength) table.fail(`${name}, ${where}: not the same rows as by hand`)
    const spread = await timedInTurns(size.times, 10, {
      ours: () => page(after),
      hand: () => hand(place),
    })
    table.compare(`${name}, ${where}, median`, spread.ours.median, spread.hand.median, { unit: 'ms', aim: 1.5 })
    table.compare(`${name}, ${where}, p99`, spread.ours.p99, spread.hand.p99, { unit: 'ms' })
    await showPlan(`${name}, ${where}`, actor, () => page(after))
  }
  await database.close()
  await baseline.end()
}

type Place = { readonly moment: string; readonly id: string } | null

/** The cursor's own form, for the hand-written query to begin at the same row. */
function placeIn(cursor: string | null): Place {
  if (cursor === null) return null
  const [moment = '', row = ''] = Buffer.from(cursor, 'base64url').toString().split(' ')
  return { moment, id: row }
}

async function cursorOf(
  page: (after: string | null) => Promise<{ readonly next: string | null }>,
): Promise<string | null> {
  let after: string | null = null
  for (let turn = 1; turn < lastPage; turn += 1) after = (await page(after)).next
  return after
}

/** A scan of a whole big table ends the run as failed; so does a step that reads more than some pages, such as all that one person has. */
async function showPlan(what: string, actor: Actor, work: () => Promise<unknown>): Promise<void> {
  const plan = await explain(servers.appUrl, actor, await overhear(/as listed/, work))
  console.log(`\nplan: ${what}\n${plan}`)
  for (const [, scanned = ''] of plan.matchAll(/Seq Scan on (\w+)/g))
    if (bigTables.includes(scanned)) table.fail(`${what}: Seq Scan on ${scanned}`)
  for (const [, rows = ''] of plan.matchAll(/rows=(\d+)/g))
    if (Number(rows) > 4 * pageLength) table.fail(`${what}: a step of ${rows} rows`)
}
