// Keys of staff over time: what an ended key closes, at once and in every case of its holder, though nothing is said there.
import type { Connected } from '#libs/client'
import type { CaseId, MessageId, ThreadId } from '#libs/domain'
import { cookiesOf } from './support/bare.ts'
import type { Given, Name } from './support/given.ts'
import { given, refusal } from './support/given.ts'
import { rowsOf } from './support/running.ts'
import { wrappedTo } from './support/tampering.ts'

jest.setTimeout(120_000)

let here: Given
beforeAll(async () => {
  here = await given(['linnea', 'mehmet', 'erika', 'joakim', 'ida', 'nermina'])
}, 120_000)
afterAll(() => here.stop())

const readsBy = async (user: string): Promise<number> => {
  const [row] = await rowsOf(
    here.sluss.database,
    `select count(*)::int as rows from readers where user_id = '${user}' and valid_until > sluss_now()`,
  )
  return Number(row?.['rows'])
}
const current = async (id: string): Promise<number> => {
  const [row] = await rowsOf(
    here.sluss.database,
    `select count(*)::int as keys from content_keys where case_id = '${id}' and stale_since is null and valid_until > sluss_now()`,
  )
  return Number(row?.['keys'])
}

const encryptionOf = async (name: Name): Promise<string> => {
  const [row] = await rowsOf(
    here.sluss.database,
    `select encryption from staff_keys where user_id = '${here.person(name).user}'`,
  )
  return String(row?.['encryption'])
}
const newest = async (session: Connected, id: CaseId, thread: ThreadId): Promise<MessageId> => {
  const last = (await session.messages(id, thread)).messages.at(-1)
  if (last === undefined) throw new Error('nothing in the thread')
  return last.id
}

test('a session that was open all the time seals nothing more to a key that a custodian has ended', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  await here.assigns('joakim', id, 'nermina')
  const ida = here.session('ida')
  await ida.case(id)
  const thread = await here.writes('nermina', id, 'threat', 'nermina är med')
  await here.writes(ida, id, 'threat', 'till nermina', thread)
  const encryption = await encryptionOf('nermina')
  expect(await wrappedTo(here, await newest(ida, id, thread))).toContain(encryption)
  await here.pass(1)
  await here.session('joakim').endKey(here.person('nermina').user, 'compromised')
  // Nothing is told, asked or unlocked in between: the next thing that Ida does is to write.
  await here.writes(ida, id, 'threat', 'utan nermina', thread)
  expect(await here.reads(ida, id, thread)).toEqual(['nermina är med', 'till nermina', 'utan nermina'])
  const holders = await wrappedTo(here, await newest(ida, id, thread))
  expect(holders).not.toContain(encryption)
  expect(holders).toContain(await encryptionOf('ida'))
})

test('an ended key reads nothing from then on, and the keys that its holder was given take no more', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  const thread = await here.writes('linnea', id, 'threat', 'före')
  expect(await here.reads('ida', id, thread)).toEqual(['före'])
  await here.pass(1)
  const { user } = here.person('ida')
  expect(await readsBy(user)).toBeGreaterThan(0)
  const before = await current(id)
  const custodian = here.person('joakim').isCustodian ? 'joakim' : 'nermina'
  await here.session(custodian).endKey(user, 'lost')
  expect(await readsBy(user)).toBe(0)
  expect(await current(id)).toBeLessThan(before)
  expect(await refusal(here.session('ida').case(id))).toBe('key-not-certified')
})

test('a locked private key is not to be asked for as often as one likes', async () => {
  // Not one whom other suites at the same Redis unlock as: the limit is hers for a minute.
  const person = here.person('nermina')
  const url = here.sluss.nodes[0]?.url ?? ''
  const cookie = cookiesOf(person.jar)
  const ask = (): Promise<Response> => fetch(`${url}/keys/own`, { headers: { cookie, 'x-sluss': '1' } })
  expect((await ask()).status).toBe(200)
  const statuses = new Set((await Promise.all(Array.from({ length: 110 }, ask))).map(({ status }) => status))
  expect(statuses).toEqual(new Set([200, 429]))
  expect(await (await ask()).json()).toMatchObject({ type: '/problems/too-many-requests' })
})
