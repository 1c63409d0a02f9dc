// What clocks that lie come to: a withdrawal counts at once all the same, and nothing else is dated where nobody can follow it.
import { createHash } from 'node:crypto'
import type { CaseId, Instant } from '#libs/domain'
import { addDays, addMinutes } from '#libs/domain'
import { rowsOf } from '../support/database.ts'
import type { Given, Name } from '../support/given.ts'
import { boras, given, police, refusal } from '../support/given.ts'
import { ask, signs } from './pen.ts'

jest.setTimeout(180_000)

let here: Given
beforeAll(async () => {
  const people = ['linnea', 'mehmet', 'erika', 'osman', 'joakim', 'ida', 'nermina'] as const
  here = await given(people, 2)
}, 180_000)
afterAll(() => here.stop())

const day = 24 * 60 * 60_000
const readsOf = async (who: Name): Promise<number> => {
  const { user } = here.person(who)
  const sql = 'select count(*)::int as rows from readers where user_id = $1 and valid_until > sluss_now()'
  const [row] = await rowsOf<{ rows: number }>(here.sluss.database.adminUrl, sql, [user])
  return row?.rows ?? 0
}

describe('a withdrawal', () => {
  test.each([
    ['a day ahead', day],
    ['a day behind', -day],
  ])('from a device whose clock is %s cuts the other side off at once', async (_, apart) => {
    const { id, registration } = await here.aCaseSharedWithPolice(['threat'])
    const thread = await here.writes('linnea', id, 'threat', 'före')
    expect(await here.reads('ida', id, thread)).toEqual(['före'])
    await here.pass(10)
    const device = await here.device('linnea', 0, { clock: () => here.milliseconds() + apart })
    expect(await device.withdrawConsent(id, registration)).toBe('heard-with-wrong-clock')
    expect(await refusal(here.session('ida').messages(id, thread))).toBe('scope-ended')
    const seen = await here.session('linnea').case(id)
    expect(seen.consents.map((one) => one.state)).toEqual(['withdrawn'])
    expect(seen.flows.filter((flow) => flow.source === boras && flow.state === 'flows')).toEqual([])
    await here.writes('linnea', id, 'threat', 'efter återkallelsen', thread)
    expect(await refusal(here.session('ida').messages(id, thread))).toBe('scope-ended')
    expect(await here.reads('linnea', id, thread)).toEqual(['före', 'efter återkallelsen'])
  })

  test('from a device a minute ahead goes into its chain, and closes before that minute has come', async () => {
    const { id, registration } = await here.aCaseSharedWithPolice(['threat'])
    const thread = await here.writes('linnea', id, 'threat', 'före')
    expect(await here.reads('ida', id, thread)).toEqual(['före'])
    const device = await here.device('linnea', 0, { clock: () => here.milliseconds() + 60_000 })
    expect(await device.withdrawConsent(id, registration)).toBe('told')
    expect(await refusal(here.session('ida').messages(id, thread))).toBe('scope-ended')
  })

  test('heard with a wrong clock leaves the chain as it was: a new consent opens anew', async () => {
    const { id, registration } = await here.aCaseSharedWithPolice(['threat'])
    const device = await here.device('linnea', 0, { clock: () => here.milliseconds() + day })
    expect(await device.withdrawConsent(id, registration)).toBe('heard-with-wrong-clock')
    await here.pass(1)
    await here.shares('linnea', id, ['threat'])
    expect(await here.reads('ida', id, await here.writes('linnea', id, 'threat', 'igen'))).toEqual(['igen'])
  })
})

describe('an assigned person cannot make herself unremovable', () => {
  const ending = async (id: CaseId, user: string, at: Instant) =>
    signs(here, 'nermina', {
      place: `ledger/${id}/${police}`,
      type: 'assignment.ended',
      body: { user, closes: [] },
      at,
    })

  test('by an ending dated shortly before her own assignment ends, or for somebody who was never assigned', async () => {
    const { id } = await here.aCaseSharedWithPolice(['threat'])
    await here.assigns('joakim', id, 'nermina', 90)
    const sends = async (user: string, at: Instant) => {
      const append = { statements: [await ending(id, user, at)], wraps: [] }
      const { body } = await ask(here, 'nermina', `/cases/${id}/assignments/endings`, append)
      return body['reason'] ?? body['type']
    }
    const late = addMinutes(addDays(here.now(), 90), -2)
    expect(await sends(here.person('ida').user, late)).toBe('/problems/clock-apart')
    expect(await sends(crypto.randomUUID(), here.now())).toBe('person-not-assigned')
    const { user } = here.person('nermina')
    expect(await refusal(here.session('joakim').endAssignment(id, user, 'barred'))).toBe('done')
    expect(await refusal(here.session('nermina').case(id))).toBe('assignment-ended')
  })

  test('nor by a statement that stands in the database and that the rules refuse when her key has ended', async () => {
    const { id, registration } = await here.aCaseSharedWithPolice(['threat'])
    await here.assigns('joakim', id, 'nermina', 90)
    const signed = await ending(id, here.person('ida').user, addDays(here.now(), 80))
    await asIfAccepted(signed)
    const elsewhere = await here.device('joakim', 1)
    expect(await refusal(elsewhere.endKey(here.person('nermina').user, 'compromised'))).toBe('done')
    expect(await readsOf('nermina')).toBe(0)
    expect(await refusal((await here.device('linnea', 1)).withdrawConsent(id, registration))).toBe('done')
  })

  /** As it would stand if it had been taken in. */
  async function asIfAccepted({ bytes, signature }: { bytes: string; signature: string }): Promise<void> {
    const { place, n, type, by, key, at } = JSON.parse(bytes) as Readonly<Record<string, string>>
    const [, caseId, authority] = place?.split('/') ?? []
    const hash = createHash('sha256').update(`sluss/v1/statement\n${bytes}`).digest('hex')
    const url = here.sluss.database.adminUrl
    await rowsOf(
      url,
      `insert into statements (hash, place, n, kind, type, case_id, authority_id, by_user_id, signing, at, bytes, signature)
       values ($1, $2, $3, 'ledger', $4, $5, $6, $7, $8, $9, $10, decode($11, 'base64'))`,
      [hash, place, n, type, caseId, authority, by, key, at, bytes, signature],
    )
    await rowsOf(url, 'update chains set n = $2, hash = $3 where place = $1', [place, n, hash])
  }
})

describe('what else narrows is refused from a clock that is wrong, and taken from one that is right', () => {
  test('a narrowing', async () => {
    const { id, registration } = await here.aCaseSharedWithPolice(['threat', 'plan'])
    const device = await here.device('linnea', 0, { clock: () => here.milliseconds() + day })
    const narrowing = { categories: ['threat' as const] }
    expect(await refusal(device.narrowConsent(id, registration, narrowing))).toBe('clock-apart')
    expect(await refusal(here.session('linnea').narrowConsent(id, registration, narrowing))).toBe('done')
  })

  test('the ending of a key: her rows go when it is taken', async () => {
    await here.aCaseSharedWithPolice(['threat'])
    const device = await here.device('joakim', 0, { clock: () => here.milliseconds() + 300 * day })
    const { user } = here.person('ida')
    expect(await refusal(device.endKey(user, 'compromised'))).toBe('clock-apart')
    expect(await readsOf('ida')).toBeGreaterThan(0)
    const minuteAhead = await here.device('joakim', 0, { clock: () => here.milliseconds() + 60_000 })
    expect(await refusal(minuteAhead.endKey(user, 'compromised'))).toBe('done')
    expect(await readsOf('ida')).toBe(0)
  })
})
