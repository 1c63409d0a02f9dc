// The log of a case: who did, read or tried what; whose log it stands in; that there is no act without its entry; and that nothing
// that a party is given counts what happens outside its scope.
import type { CaseId, ThreadId } from '#libs/domain'
import { randomUUID } from 'node:crypto'
import type { BareAnswer } from './support/bare.ts'
import { sendBare } from './support/bare.ts'
import { once, rowsOf } from './support/database.ts'
import type { Given, Name } from './support/given.ts'
import { given, refusal } from './support/given.ts'

jest.setTimeout(120_000)

const people: readonly Name[] = [
  'linnea',
  'osman',
  'mehmet',
  'erika',
  'joakim',
  'ida',
  'nermina',
  'helena',
  'gunvor',
  'mirjam',
]
let here: Given
beforeAll(async () => {
  here = await given(people)
}, 180_000)
afterAll(() => here.stop())

const get = (who: Name, path: string): Promise<BareAnswer> =>
  sendBare(here.sluss.nodes[0]?.url ?? '', { method: 'GET', path, jar: here.person(who).jar })

type Kept = { readonly act: string; readonly outcome: string; readonly reason: string | null }
/** What the log of the case says to `reader` that `of` did or tried, the newest first. */
async function tried(reader: Name, id: CaseId, of: Name): Promise<readonly Kept[]> {
  const { entries } = await here.session(reader).log(id)
  return entries
    .filter((entry) => entry.user === here.person(of).user && entry.outcome !== 'allowed')
    .map(({ act, outcome, reason }) => ({ act, outcome, reason }))
}
const inDatabase = (sql: string, values: readonly unknown[] = []): Promise<readonly Record<string, unknown>[]> =>
  rowsOf(here.sluss.database.adminUrl, sql, values)

// ---- denials

test('a colleague who looks for a case that is not hers is seen by those who have it, and not told', async () => {
  const id = await here.opens('linnea')
  const [known, unknown] = [await get('osman', `/cases/${id}`), await get('osman', `/cases/${randomUUID()}`)]
  expect([known.status, unknown.status]).toEqual([404, 404])
  expect({ ...known.body, requestId: 0 }).toEqual({ ...unknown.body, requestId: 0 })
  expect(await tried('linnea', id, 'osman')).toEqual([{ act: 'case.read', outcome: 'absent', reason: null }])
  expect((await get('osman', `/cases/${id}/log`)).status).toBe(404)
})

test('what was tried in a case is kept with what it was: the thread, the consent, the way of asking', async () => {
  const id = await here.opens('linnea')
  const thread = await here.writes('linnea', id, 'threat', 'hot')
  await get('osman', `/cases/${id}/threads/${thread}/messages`)
  expect(await refusal(here.session('osman').follow(id))).toBe('not-found')
  expect((await tried('linnea', id, 'osman')).map(({ act }) => act)).toEqual(['case.read', 'message.read'])
  expect(
    await inDatabase(
      `select subject from audit_entries where case_id = $1 and act = 'message.read' and outcome = 'absent'`,
      [id],
    ),
  ).toEqual([{ subject: thread }])
})

test('a denied closing of a disclosure is kept with the disclosure that it named', async () => {
  const id = await here.opens('linnea')
  const disclosure = '5e'.repeat(32)
  const path = `/cases/${id}/disclosures/${disclosure}/closings`
  const text = JSON.stringify({ statements: [{ bytes: '{}', signature: 'AAAA' }], wraps: [] })
  const url = here.sluss.nodes[0]?.url ?? ''
  expect((await sendBare(url, { method: 'POST', path, jar: here.person('osman').jar, text })).status).toBe(404)
  const kept = await inDatabase(`select act, subject from audit_entries where case_id = $1 and outcome = 'absent'`, [
    id,
  ])
  expect(kept).toEqual([{ act: 'disclosure.close', subject: disclosure }])
})

test('a refusal with a reason is kept with it', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  await here.pass(1)
  await here.session('joakim').endAssignment(id, here.person('ida').user, 'ended')
  expect(await refusal(here.session('ida').case(id))).toBe('assignment-ended')
  expect(await tried('joakim', id, 'ida')).toContainEqual({
    act: 'case.read',
    outcome: 'refused',
    reason: 'assignment-ended',
  })
})

test('who tried stands in the log of her own authority alone, also where another owns the case', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  expect((await get('nermina', `/cases/${id}`)).status).toBe(404)
  expect(await tried('joakim', id, 'nermina')).toHaveLength(1)
  expect(await tried('linnea', id, 'nermina')).toEqual([])
})

test('one whom nothing names leaves a trace with her own, which nobody can lead back to a case', async () => {
  const id = await here.opens('linnea')
  expect((await get('mirjam', `/cases/${id}`)).status).toBe(404)
  expect(await tried('linnea', id, 'mirjam')).toEqual([])
  expect((await get('helena', `/cases/${id}/log`)).status).toBe(404)
  const kept = await inDatabase('select authority_id, user_id from audit_entries where case_id = $1 and user_id = $2', [
    id,
    here.person('mirjam').user,
  ])
  expect(kept).toEqual([{ authority_id: here.person('mirjam').authority, user_id: here.person('mirjam').user }])
})

test('a denial is kept in the same form whether or not there is such a case', async () => {
  const id = await here.opens('linnea')
  const nothing = randomUUID()
  for (const one of [id, nothing]) await get('osman', `/cases/${one}`)
  const form = (one: string): Promise<readonly Record<string, unknown>[]> =>
    inDatabase(
      `select tenant_id, authority_id, user_id, act, subject, outcome, reason from audit_entries where case_id = $1 and user_id = $2`,
      [one, here.person('osman').user],
    )
  expect(await form(id)).toHaveLength(1)
  expect(await form(id)).toEqual(await form(nothing))
})

// ---- no entry, no act

/** While `work` runs, the log takes nothing in: its disk is full. */
async function withoutLog(work: () => Promise<void>): Promise<void> {
  const { adminUrl } = here.sluss.database
  await once(
    adminUrl,
    `create function full_disk() returns trigger language plpgsql as $$ begin raise exception 'no space' using errcode = '53100'; end $$;
     grant execute on function full_disk() to sluss_app;
     create trigger full_disk before insert on audit_entries for each row execute function full_disk()`,
  )
  try {
    await work()
  } finally {
    await once(adminUrl, 'drop trigger full_disk on audit_entries; drop function full_disk()')
  }
}

test('no entry, no act: what cannot be logged is neither done, answered nor denied, and goes through afterwards', async () => {
  const id = await here.opens('linnea', 'Koltrast')
  const thread = await here.writes('linnea', id, 'threat', 'före')
  const linnea = here.session('linnea')
  const counts = 'select (select count(*) from statements) as statements, (select count(*) from messages) as messages'
  const before = await inDatabase(counts)
  await withoutLog(async () => {
    for (const call of [
      () => linnea.retitle(id, 'Trast'),
      () => here.writes('linnea', id, 'threat', 'under', thread),
      () => linnea.registerConsent(id, here.consent(['threat'])),
    ])
      expect(await refusal(call())).toBe('unavailable')
    expect((await get('linnea', `/cases/${id}`)).status).toBe(503)
    expect((await get('osman', `/cases/${id}`)).status).toBe(503)
  })
  expect(await inDatabase(counts)).toEqual(before)
  expect(await here.reads('linnea', id, thread)).toEqual(['före'])
  await here.writes('linnea', id, 'threat', 'efter', thread)
  expect(await here.reads('linnea', id, thread)).toEqual(['före', 'efter'])
})

// ---- what people did, among all that they read

test('asked for events alone, a page holds what was done however much was read, with what was refused, and goes on', async () => {
  const id = await here.opens('linnea')
  const thread = await here.writes('linnea', id, 'threat', 'ett')
  // More than a page of reading since.
  for (let n = 0; n < 110; n += 1) await get('linnea', `/cases/${id}/threads/${thread}/messages`)
  await get('osman', `/cases/${id}`)
  const linnea = here.session('linnea')
  const [all, events] = [await linnea.log(id), await linnea.log(id, { only: 'events' })]
  const actsOf = (of: typeof all): readonly string[] => of.entries.map(({ act }) => act)
  expect(actsOf(all)).not.toContain('message.send')
  expect(all.next).not.toBeNull()
  expect(actsOf(events)).toEqual(expect.arrayContaining(['case.open', 'message.send']))
  expect(events.entries).toContainEqual(expect.objectContaining({ act: 'case.read', outcome: 'absent' }))
  expect(events.entries.filter(({ act, outcome }) => act === 'message.read' && outcome === 'allowed')).toEqual([])
  expect(events.next).toBeNull()
  for (let n = 0; n < 110; n += 1) await get('osman', `/cases/${id}`)
  const first = await linnea.log(id, { only: 'events' })
  expect(first.entries).toHaveLength(100)
  const second = await linnea.log(id, { only: 'events', after: first.next ?? '' })
  expect(actsOf(second)).toEqual(expect.arrayContaining(['case.open', 'message.send']))
  const both = [...first.entries, ...second.entries].map((entry) => entry.id)
  expect(new Set(both).size).toBe(both.length)
})

// ---- twin worlds

const isLasting = (id: string): boolean =>
  people.some((name) => {
    const { user, tenant, authority, unit } = here.person(name)
    return [user, tenant, authority, unit].some((known) => known === id)
  })
/** Random ids, hashes, keys and times as what they are; numbers, counts, order and form as they stand. */
const normalised = (text: string): string =>
  text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => (isLasting(id) ? id : 'uuid'))
    .replaceAll(/[0-9a-f]{64}/g, 'hash')
    .replaceAll(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z/g, 'time')
    .replaceAll(/\b\w{1,4}-\d{4}-\w{5}\b/g, 'number')
    .replaceAll(/[A-Za-z0-9+/_-]{40,}={0,2}/g, (text) => (isCursor(text) ? 'cursor' : 'bytes'))
const isCursor = (text: string): boolean =>
  normalised(Buffer.from(text, 'base64url').toString('latin1')) === 'time uuid'

/** Where the order is that of random ids, it is of no meaning. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, sorted(part)]))
}

/** Everything that she can be answered about the case, with its headers. */
async function received(who: Name, id: CaseId, thread: ThreadId): Promise<readonly unknown[]> {
  const log = await get(who, `/cases/${id}/log`)
  const paths = [
    `/cases/${id}`,
    '/cases?limit=1',
    `/cases/${id}/threads`,
    `/cases/${id}/threads/${thread}/messages`,
    `/cases/${id}/threads/${thread}/messages?limit=1`,
    `/cases/${id}/threads/${thread}/cursors`,
    `/cases/${id}/wraps`,
    `/cases/${id}/log?after=${String(log.body['next'])}`,
  ]
  const answers = [log]
  for (const path of paths) answers.push(await get(who, path))
  return answers.map(({ status, body, headers }) => {
    const said = [...headers].filter(([name]) => !['date', 'x-request-id', 'set-cookie'].includes(name))
    return [status, said, sorted(JSON.parse(normalised(JSON.stringify(body))))]
  })
}

/** The same life of a case, with `meanwhile` between its steps. */
async function life(meanwhile: () => Promise<void>): Promise<readonly unknown[]> {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  await meanwhile()
  const thread = await here.writes('linnea', id, 'threat', 'ett')
  await meanwhile()
  await here.reads('ida', id, thread)
  await here.writes('ida', id, 'threat', 'två', thread)
  await meanwhile()
  await here.reads('linnea', id, thread)
  // More than a page of the log.
  for (let n = 0; n < 110; n += 1) {
    await get('linnea', `/cases/${id}/threads`)
    await get('ida', `/cases/${id}/threads`)
    if (n % 40 === 0) await meanwhile()
  }
  return [await received('linnea', id, thread), await received('ida', id, thread)]
}

test('what a party receives is the same whatever other organisations do meanwhile', async () => {
  await here.aCaseSharedWithPolice(['threat'])
  const quiet = await life(async () => undefined)
  const busy = await life(async () => {
    const id = await here.opens('mirjam')
    await here.writes('mirjam', id, 'plan', 'annat')
    await get('mirjam', `/cases/${randomUUID()}`)
  })
  expect(JSON.stringify(quiet)).toContain('cursor')
  expect(busy).toEqual(quiet)
})
