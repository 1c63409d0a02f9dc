// What certified people sign by hand, past the client library: the server refuses it, and other people's clients stand it.
import type { Hash, KeyId } from '#libs/domain'
import type { Given } from '../support/given.ts'
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

test('a recipient’s final list of the source’s keys closes nothing; the source’s own does', async () => {
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
  for (const key of [keyed?.body.epoch, keyed?.body.flow]) expect(await closing('ida', key)).toBe('closes-foreign-key')
  for (const who of ['linnea', 'ida'] as const)
    expect(await here.reads(await here.device(who), id, thread)).toEqual(['vår egen uppgift'])
  expect(await closing('linnea', keyed?.body.flow)).toBeUndefined()
  expect(await here.reads(await here.device('ida'), id, thread)).toEqual(['refused: content-after-closes'])
})

test('what a colleague has signed is taken from her, and not from whoever else sends it', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  const body = { users: [here.person('ida').user], closes: [] }
  const signed = await signs(here, 'joakim', { place: `strand/${id}/${police}/${boras}`, type: 'speakers', body })
  const sends = (who: 'ida' | 'joakim') => ask(here, who, `/cases/${id}/keys`, { statements: [signed], wraps: [] })
  expect((await sends('ida')).body).toMatchObject({ type: '/problems/statement-refused', reason: 'signer-differs' })
  expect((await sends('joakim')).status).toBe(200)
})
