// What one authority signs of another's people reaches nobody: no stranger hears of the case, and nobody loses or is shown to have it.
// And an authority that is named, but has not come in, receives by no key.
import type { CaseId } from '#libs/domain'
import { addDays } from '#libs/domain'
import { createReception } from '#libs/protocol'
import type { Given, Name } from '../support/given.ts'
import { boras, given, police, refusal } from '../support/given.ts'
import { rowsOf } from '../support/database.ts'
import { ask, signs } from './pen.ts'

jest.setTimeout(240_000)

let here: Given
beforeAll(async () => {
  here = await given([
    'linnea',
    'osman',
    'mehmet',
    'erika',
    'joakim',
    'ida',
    'nermina',
    'mirjam',
    'samuel',
    'helena',
    'gunvor',
  ])
}, 240_000)
afterAll(() => here.stop())

/** Linnea's own hand: her client refuses to sign it of whom it does not know as her authority's. */
async function linneaBars(id: CaseId, who: Name): Promise<object> {
  const body = { user: here.person(who).user, closes: [] }
  const statement = await signs(here, 'linnea', { place: `ledger/${id}/${boras}`, type: 'assignment.barred', body })
  const { status, body: answer } = await ask(here, 'linnea', `/cases/${id}/assignments/endings`, {
    statements: [statement],
    wraps: [],
  })
  return status === 200 ? { status } : { status, type: answer['type'], reason: answer['reason'] }
}
const isListed = async (who: Name, id: CaseId): Promise<boolean> =>
  (await here.session(who).cases({})).cases.some((one) => one.id === id)
const refused = { status: 422, type: '/problems/statement-refused', reason: 'person-not-certified' }

test('whoever bars staff of another authority is refused alike of all of them: assigned, receiving or strangers', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  for (const who of ['ida', 'nermina', 'joakim', 'mirjam'] as const) expect(await linneaBars(id, who)).toEqual(refused)
  const { user } = here.person('mirjam')
  expect(await refusal(here.session('linnea').endAssignment(id, user, 'barred'))).toBe('person-not-certified')

  expect((await ask(here, 'mirjam', `/cases/${id}`)).status).toBe(404)
  expect(await isListed('joakim', id)).toBe(true)
  expect(await isListed('ida', id)).toBe(true)
  expect(await refusal(here.assigns('joakim', id, 'nermina'))).toBe('done')
})

test('one’s own staff are barred, who then are told so; the other authority assigns as before', async () => {
  const id = await here.opens('linnea')
  await here.session('linnea').registerConsent(id, here.consent(['threat']))
  expect(await linneaBars(id, 'osman')).toEqual({ status: 200 })
  expect(await linneaBars(id, 'ida')).toEqual(refused)
  expect((await ask(here, 'osman', `/cases/${id}`)).status).toBe(403)
  expect(await refusal(here.assigns('joakim', id, 'ida'))).toBe('done')
  expect(await isListed('ida', id)).toBe(true)
})

test('a receiver publishes no key to receive by before her ledger is opened; the one that her worker makes is used', async () => {
  const id = await here.opens('linnea')
  await here.session('linnea').registerConsent(id, here.consent(['threat']))
  const [told] = await rowsOf<{ subject: string }>(
    here.sluss.database.adminUrl,
    `select bytes::jsonb -> 'body' ->> 'individual' as subject from statements where case_id = $1 and type = 'case.opened'`,
    [id],
  )
  const random = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length))
  const { publicKey } = await createReception({ random, at: here.now() })
  const place = `strand/${id}/${police}/${boras}`
  const users = [here.person('joakim').user]
  const speakers = await signs(here, 'joakim', { place, type: 'speakers', body: { users, closes: [] } })
  const planted = {
    reception: crypto.randomUUID(),
    subject: told?.subject,
    category: 'threat',
    units: null,
    publicKey,
    until: addDays(here.now(), 30),
  }
  const published = await signs(here, 'joakim', { place, type: 'reception.key', body: planted }, speakers)
  const { status, body } = await ask(here, 'joakim', `/cases/${id}/keys`, {
    statements: [speakers, published],
    wraps: [],
  })
  expect({ status, reason: body['reason'] }).toEqual({ status: 422, reason: 'ledger-not-opened' })

  await here.assigns('joakim', id, 'ida')
  for (const who of ['ida', 'linnea'] as const) await here.session(who).case(id)
  const thread = await here.writes('linnea', id, 'threat', 'till polisen')
  expect(await here.reads('ida', id, thread)).toEqual(['till polisen'])
})
