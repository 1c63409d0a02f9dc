// What certified people sign by hand, past the client library: the server refuses it, and other people's clients stand it.
import type { Hash, KeyId } from '#libs/domain'
import { rowsOf } from '../support/database.ts'
import type { Given, Shared } from '../support/given.ts'
import { boras, given, police } from '../support/given.ts'
import { ask, signs } from './pen.ts'

jest.setTimeout(120_000)

let here: Given
beforeAll(async () => {
  here = await given(['linnea', 'mehmet', 'erika', 'joakim', 'ida'])
}, 120_000)
afterAll(() => here.stop())

type Keyed = {
  readonly type: string
  readonly place: string
  readonly body: { readonly epoch: KeyId; readonly flow: KeyId; readonly commit: Hash }
}

test('a final list that comes with no new key closes nothing, whoever gives it', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  const thread = await here.writes('linnea', id, 'threat', 'vår egen uppgift')
  const { chains } = (await ask(here, 'ida', `/cases/${id}`)).body as { chains: { statements: { bytes: string }[] }[] }
  const keyed = chains
    .flatMap((chain) => chain.statements.map(({ bytes }) => JSON.parse(bytes) as Keyed))
    .findLast((one) => one.type === 'flow.keyed' && one.place === `strand/${id}/${boras}/${police}`)
  const closing = async (who: 'ida' | 'linnea', key: KeyId | undefined): Promise<unknown> => {
    const [from, to] = who === 'ida' ? [police, boras] : [boras, police]
    const body = { users: [here.person(who).user], closes: [{ key, streams: [] }] }
    const signed = await signs(here, who, { place: `strand/${id}/${from}/${to}`, type: 'speakers', body })
    return (await ask(here, who, `/cases/${id}/keys`, { statements: [signed], wraps: [] })).body['reason']
  }
  for (const key of [keyed?.body.epoch, keyed?.body.flow]) expect(await closing('ida', key)).toBe('closes-without-key')
  expect(await closing('linnea', keyed?.body.flow)).toBe('closes-without-key')
  const ended = await signs(here, 'linnea', {
    place: `ledger/${id}/${boras}`,
    type: 'assignment.ended',
    body: { user: here.person('linnea').user, closes: [{ key: keyed?.body.epoch, streams: [] }] },
  })
  const path = `/cases/${id}/assignments/endings`
  expect((await ask(here, 'linnea', path, { statements: [ended], wraps: [] })).body['reason']).toBe(
    'closes-without-key',
  )
  for (const who of ['linnea', 'ida'] as const)
    expect(await here.reads(await here.device(who), id, thread)).toEqual(['vår egen uppgift'])
})

test('what a colleague has signed is taken from her, and not from whoever else sends it', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  const body = { users: [here.person('ida').user], closes: [] }
  const signed = await signs(here, 'joakim', { place: `strand/${id}/${police}/${boras}`, type: 'speakers', body })
  const sends = (who: 'ida' | 'joakim') => ask(here, who, `/cases/${id}/keys`, { statements: [signed], wraps: [] })
  expect((await sends('ida')).body).toMatchObject({ type: '/problems/statement-refused', reason: 'signer-differs' })
  expect((await sends('joakim')).status).toBe(200)
})

test('an assignment carries no voiding along, which is an act of its own; there it is taken', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  await here.assigns('joakim', id, 'ida', 100)
  const place = `ledger/${id}/${police}`
  const sql = `select hash from statements where place = $1 and type = 'assignment.added' order by n desc limit 1`
  const [assignment] = await rowsOf<{ hash: string }>(here.sluss.database.adminUrl, sql, [place])
  const voiding = async (path: string): Promise<unknown> => {
    const signed = await signs(here, 'joakim', { place, type: 'voided', body: { of: assignment?.hash } })
    const { status, body } = await ask(here, 'joakim', `/cases/${id}/${path}`, { statements: [signed], wraps: [] })
    return status === 200 ? 'taken' : body['reason']
  }
  expect(await voiding('assignments')).toBe('type-unknown')
  expect(await voiding('assignments/endings')).toBe('type-unknown')
  expect(await voiding('decisions')).toBe('taken')
})

test('what still stands is not closed in the name of a withdrawal; narrowed it is, and after a withdrawal it may be', async () => {
  const closes = async (shared: Shared, how: 'closings' | 'narrowings'): Promise<unknown> => {
    const { id, registration } = shared
    const place = `strand/${id}/${police}/${boras}`
    const sql = `select hash from statements where place = $1 and type = 'grant.opened' order by n desc limit 1`
    const [grant] = await rowsOf<{ hash: string }>(here.sluss.database.adminUrl, sql, [place])
    const signed = await signs(here, 'ida', { place, type: 'grant.closed', body: { grant: grant?.hash } })
    const path = `/cases/${id}/consents/${registration}/${how}`
    const { status, body } = await ask(here, 'ida', path, { statements: [signed], wraps: [] })
    return status === 200 ? 'taken' : body['reason']
  }
  const standing = await here.aCaseSharedWithPolice(['threat'])
  expect(await closes(standing, 'closings')).toBe('registration-unknown')
  expect(await closes(standing, 'narrowings')).toBe('taken')
  const withdrawn = await here.aCaseSharedWithPolice(['threat'])
  await here.session('linnea').withdrawConsent(withdrawn.id, withdrawn.registration)
  expect(await closes(withdrawn, 'closings')).toBe('taken')
})

test('the log says that she whose client closed what another withdrew carried that out, and not that she narrowed', async () => {
  const { id, registration } = await here.aCaseSharedWithPolice(['threat'])
  await here.session('linnea').withdrawConsent(id, registration)
  await here.session('ida').case(id)
  const { entries } = await here.session('ida').log(id)
  const acts = entries.filter((entry) => entry.user === here.person('ida').user).map((entry) => entry.act)
  expect(acts).toContain('consent.follow')
  expect(acts).not.toContain('consent.narrow')
  expect(here.troubles).toEqual([])
})
