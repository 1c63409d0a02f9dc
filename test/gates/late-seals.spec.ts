// Late seals that no grant covers: signed by the source's own hand with her real key, over HTTP, and by bare SQL as the application's role.
import type { CaseId, KeyId, MessageId, ThreadId } from '#libs/domain'
import { addDays } from '#libs/domain'
import type { Given } from '../support/given.ts'
import { boras, given, police } from '../support/given.ts'
import { rowsOf } from '../support/database.ts'
import { ask, signs } from './pen.ts'
import { disconnect, rowsAs } from './support.ts'

jest.setTimeout(120_000)

let here: Given
beforeAll(async () => {
  here = await given(['linnea', 'mehmet', 'erika', 'joakim', 'ida'])
}, 120_000)
afterAll(async () => {
  await disconnect()
  await here.stop()
})

/** Of the right form; what it opens, no server can see. */
const aLateSeal = Buffer.alloc(65, 3).toString('base64')

async function newestIn(thread: ThreadId): Promise<MessageId> {
  const sql = 'select id from messages where thread_id = $1 order by accepted_at desc limit 1'
  const [row] = await rowsOf<{ id: MessageId }>(here.sluss.database.adminUrl, sql, [thread])
  if (row === undefined) throw new Error('something was written')
  return row.id
}

const writes = async (id: CaseId, text: string): Promise<MessageId> =>
  newestIn(await here.writes('linnea', id, 'threat', text))

/** The newest flow key from Borås to the Police in the case. */
async function flowOf(id: CaseId): Promise<KeyId> {
  const sql = `select (bytes::jsonb #>> '{body,flow}') as flow from statements
    where place = $1 and type = 'flow.keyed' order by n desc limit 1`
  const [row] = await rowsOf<{ flow: KeyId }>(here.sluss.database.adminUrl, sql, [`strand/${id}/${boras}/${police}`])
  if (row === undefined) throw new Error('the flow has a key')
  return row.flow
}

/** Linnea announces and hands over one late seal by hand; answers the problem's name, or `taken`. */
async function sealsByHand(id: CaseId, message: MessageId): Promise<string> {
  const flow = await flowOf(id)
  const body = { flow, count: 1, list: 'a'.repeat(64) }
  const signed = await signs(here, 'linnea', { place: `strand/${id}/${boras}/${police}`, type: 'seals.added', body })
  const seals = [{ message, key: flow, bytes: aLateSeal }]
  const answer = await ask(here, 'linnea', `/cases/${id}/seals`, { append: { statements: [signed], wraps: [] }, seals })
  return answer.status === 200 ? 'taken' : String(answer.body['type']).replace('/problems/', '')
}

/** The same as a bare row, at once or with a place in the stream as if it were not late; rolled back. */
async function sealsBySql(id: CaseId, message: MessageId, seq: 1000 | null = null): Promise<string> {
  const { user, tenant, authority } = here.person('linnea')
  const sql = `insert into seals (message_id, key_id, thread_id, seq, bytes)
    values ($1, $2, (select thread_id from messages where id = $1), $3, '\\x03')`
  try {
    await rowsAs(here.sluss.database.appUrl, sql, [message, await flowOf(id), seq], { user, tenant, authority })
    return 'taken'
  } catch (error) {
    return String((error as { code?: string }).code) // pg throws nothing else
  }
}

async function isRefused(id: CaseId, message: MessageId): Promise<void> {
  expect(await sealsBySql(id, message)).toBe('42501')
  expect(await sealsBySql(id, message, 1000)).toBe('42501')
  expect(await sealsByHand(id, message)).toBe('message-refused')
}
async function isTaken(id: CaseId, message: MessageId): Promise<void> {
  expect(await sealsBySql(id, message)).toBe('taken')
  expect(await sealsByHand(id, message)).toBe('taken')
}

/** The Police come in with a key of their own, and Linnea writes once more without opening the page that would catch up. */
async function receives(id: CaseId): Promise<void> {
  await here.assigns('joakim', id, 'ida')
  await here.session('ida').case(id)
  await here.pass(1)
  await writes(id, 'det som ger flödet en nyckel')
}

test('a grant that includes nothing earlier: what waited is taken, what was written before it is not', async () => {
  const id = await here.opens('linnea')
  const before = await writes(id, 'före samtycket')
  await here.pass(1)
  await here.session('linnea').registerConsent(id, here.consent(['threat']))
  await here.pass(1)
  const waited = await writes(id, 'väntar på polisens nyckel')
  await receives(id)
  await isRefused(id, before)
  await isTaken(id, waited)
})

test('a grant that includes all: what was written before it is taken', async () => {
  const id = await here.opens('linnea')
  const before = await writes(id, 'före samtycket')
  await here.pass(1)
  await here.session('linnea').registerConsent(id, here.consent(['threat'], { includesEarlier: 'all' }))
  await receives(id)
  await isTaken(id, before)
})

test('a grant that includes what was shared before: the time of the former is taken, the gap and what was before are not', async () => {
  const linnea = here.session('linnea')
  const id = await here.opens('linnea')
  const before = await writes(id, 'före allt')
  await here.pass(1)
  const former = await linnea.registerConsent(id, here.consent(['threat']))
  await here.pass(1)
  const shared = await writes(id, 'medan det förra gällde')
  await here.pass(1)
  await linnea.withdrawConsent(id, former)
  await here.pass(1)
  const between = await writes(id, 'när inget gällde')
  await here.pass(1)
  await linnea.registerConsent(id, here.consent(['threat'], { includesEarlier: 'shared-before' }))
  await receives(id)
  await isRefused(id, before)
  await isRefused(id, between)
  await isTaken(id, shared)
})

test('a disclosure of named messages: these are taken and no other, though it is written in the same minute', async () => {
  const id = await here.opens('linnea')
  const [named, other] = [await writes(id, 'lämnas ut'), await writes(id, 'lämnas inte ut')]
  await here.pass(1)
  await here.session('linnea').disclose(id, {
    recipient: police,
    units: null,
    category: 'threat',
    purpose: 'casework',
    what: { messages: [named], until: addDays(here.now(), 30) },
    ground: 'osl-10-20-24',
    age: null,
    reason: 'Fara för livet.',
  })
  await here.assigns('joakim', id, 'ida')
  await here.session('ida').case(id)
  await here.session('linnea').case(id)
  await isRefused(id, other)
  // The one that her client has added is lost, and added again.
  await rowsOf(here.sluss.database.adminUrl, 'delete from seals where message_id = $1 and key_id = $2', [
    named,
    await flowOf(id),
  ])
  await isTaken(id, named)
})

test('a broken glass carries the whole category while it is open, and nothing once it is closed', async () => {
  const id = await here.opens('linnea')
  const before = await writes(id, 'före')
  await here.pass(1)
  const made = await here.session('linnea').disclose(id, {
    recipient: police,
    units: null,
    category: 'threat',
    purpose: 'casework',
    what: { hours: 24 },
    ground: 'brb-24-4',
    age: null,
    reason: 'Fara för livet i kväll.',
  })
  await receives(id)
  await isTaken(id, before)
  const sql = 'delete from seals where message_id = $1 and key_id = $2'
  await rowsOf(here.sluss.database.adminUrl, sql, [before, await flowOf(id)])
  await here.session('linnea').closeDisclosure(id, made)
  expect(await sealsBySql(id, before)).toBe('42501')
  expect(await sealsByHand(id, before)).toBe('key-stale')
})
