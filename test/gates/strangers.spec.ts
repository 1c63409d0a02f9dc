// What somebody comes to who knows an id that is not hers: another's case, another's people.
import { addDays } from '#libs/domain'
import type { Given } from '../support/given.ts'
import { boras, centrum, given, kriminalvarden, police, refusal } from '../support/given.ts'
import { rowsOf } from '../support/database.ts'
import { ask, signs } from './pen.ts'

jest.setTimeout(180_000)

let here: Given
beforeAll(async () => {
  const borasAndPolice = ['linnea', 'mehmet', 'erika', 'joakim', 'ida'] as const
  here = await given([...borasAndPolice, 'tove', 'robin', 'hassan', 'mirjam', 'helena', 'gunvor'])
}, 180_000)
afterAll(() => here.stop())

type Seen = { readonly people: readonly { readonly user: string; readonly authority: string }[] }

test('contacts of another organisation are refused and tell nothing of them; one’s own colleague is told of', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  const names = async (...users: readonly string[]): Promise<unknown> => {
    const place = `strand/${id}/${boras}/${police}`
    const statement = await signs(here, 'linnea', { place, type: 'contacts', body: { users } })
    return (await ask(here, 'linnea', `/cases/${id}/keys`, { statements: [statement], wraps: [] })).body['reason']
  }
  expect(await names(here.person('tove').user, here.person('robin').user)).toBe('person-not-certified')
  expect(await names(here.person('mehmet').user)).toBeUndefined()
  const { people } = (await ask(here, 'ida', `/cases/${id}`)).body as unknown as Seen
  expect(people.filter((one) => one.authority === kriminalvarden)).toEqual([])
  expect(people.map((one) => one.user)).toContain(here.person('mehmet').user)
})

test('a case that exists is not opened again by who knows its id; a new one is', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  const { user, unit } = here.person('mirjam')
  const opens = async (
    caseId: string,
    number: string,
    how: 'whole' | 'without its case' = 'whole',
  ): Promise<unknown> => {
    const place = `ledger/${caseId}/${centrum}`
    const opened = await signs(here, 'mirjam', { place, type: 'ledger.opened', body: { unit, as: 'owner' } })
    const body = { number, individual: crypto.randomUUID() }
    const whole = how === 'whole' ? [await signs(here, 'mirjam', { place, type: 'case.opened', body }, opened)] : []
    const until = addDays(here.now(), 300)
    const added = {
      place,
      type: 'assignment.added' as const,
      body: { user, categories: ['plan'], until, reason: 'opened' },
    }
    const last = await signs(here, 'mirjam', added, whole[0] ?? opened)
    const statements = [opened, ...whole, last]
    const answer = (await ask(here, 'mirjam', '/cases', { statements, wraps: [] })).body
    return answer['reason'] ?? answer['type'] ?? 'done'
  }
  const year = here.now().slice(0, 4)
  expect(await opens(id, `1480-${year}-90001`, 'without its case')).toBe('ledger-not-opened')
  expect(await opens(id, `1480-${year}-90001`)).toBe('/problems/already-exists')
  expect(await opens(crypto.randomUUID(), `1480-${year}-90001`)).toBe('done')
  const parties = await rowsOf<{ authority_id: string }>(
    here.sluss.database.adminUrl,
    'select authority_id from parties where case_id = $1',
    [id],
  )
  expect(parties.map((one) => one.authority_id)).not.toContain(centrum)
  expect(await refusal(here.session('mirjam').case(id))).toBe('not-found')
})
