// Cases as they are opened: their numbers say whose they are and from which year, and nothing of other cases.
import type { Connected } from '#libs/client'
import type { CaseId } from '#libs/domain'
import type { Given, Name } from './support/given.ts'
import { given, refusal } from './support/given.ts'
import { rowsOf } from './support/running.ts'

jest.setTimeout(120_000)

let here: Given
beforeAll(async () => {
  here = await given(['linnea', 'osman', 'mehmet', 'erika', 'mirjam', 'samuel', 'helena', 'gunvor'])
}, 120_000)
afterAll(() => here.stop())

const numberOf = async (who: Name | Connected, id: CaseId): Promise<string> =>
  (await (typeof who === 'string' ? here.session(who) : who).case(id)).summary.number

const opens = (device: Connected, who: Name): Promise<CaseId> =>
  device.openCase({ unit: here.person(who).unit, title: '' })

/** A device whose chance draws these numbers of cases first, as fast as they are asked for, and any after that. */
async function drawing(who: Name, numbers: readonly string[]): Promise<{ device: Connected; left: number[] }> {
  const left = numbers.map((number) => Number(number.slice(-5)))
  const random = (length: number): Uint8Array<ArrayBuffer> => {
    const bytes = crypto.getRandomValues(new Uint8Array(length))
    const next = length === 4 ? left.shift() : undefined
    if (next !== undefined) new DataView(bytes.buffer).setUint32(0, next)
    return bytes
  }
  return { device: await here.device(who, 0, { random }), left }
}

/** A device that has been told that its organisation is the kommun with this code. */
const misled = (who: Name, code: string | null): Promise<Connected> =>
  here.device(who, 0, {
    fetch: async (address, init) => {
      const answer = await fetch(address, init)
      if (!address.endsWith('/session')) return answer
      const me = (await answer.json()) as { readonly tenant: object } // the contract's own form
      return Response.json({ ...me, tenant: { ...me.tenant, kommunCode: code } }, { headers: answer.headers })
    },
  })

test('a number begins with the code of the kommun and the year', async () => {
  const year = here.now().slice(0, 4)
  expect(await numberOf('linnea', await here.opens('linnea'))).toMatch(new RegExp(`^1490-${year}-\\d{5}$`))
  expect(await numberOf('mirjam', await here.opens('mirjam'))).toMatch(new RegExp(`^1480-${year}-\\d{5}$`))
})

test('the next number does not follow from the last', async () => {
  const numbers = new Set<string>()
  for (const _ of [1, 2, 3, 4]) numbers.add(await numberOf('linnea', await here.opens('linnea', '')))
  const sorted = [...numbers].map((number) => Number(number.slice(-5))).toSorted((a, b) => a - b)
  expect(sorted).toHaveLength(4)
  expect(Math.max(...sorted.slice(1).map((number, place) => number - (sorted[place] ?? 0)))).toBeGreaterThan(1)
})

test('a number that is taken is drawn again, by a colleague too; nothing of the refused draw stays', async () => {
  const taken = [await here.opens('linnea'), await here.opens('osman')]
  const numbers = [await numberOf('linnea', taken[0] as CaseId), await numberOf('osman', taken[1] as CaseId)]
  const { device, left } = await drawing('linnea', [...numbers, '1490-2026-00042'])
  const id = await opens(device, 'linnea')
  expect(left).toEqual([])
  expect(await numberOf(device, id)).toMatch(/-00042$/)
  const rows = await rowsOf(here.sluss.database, `select type from statements where case_id = '${id}' order by n`)
  expect(rows.map((row) => row['type'])).toEqual(['ledger.opened', 'case.opened', 'assignment.added'])
})

test('a client that only draws what is taken is told so in the end', async () => {
  const number = await numberOf('linnea', await here.opens('linnea'))
  const { device } = await drawing('linnea', Array<string>(20).fill(number))
  expect(await refusal(opens(device, 'linnea'))).toBe('already-exists')
  const other = await drawing('linnea', Array<string>(3).fill(number))
  expect(await refusal(opens(other.device, 'linnea'))).toBe('done')
})

test('another kommun has the same five digits: neither learns of the other', async () => {
  const number = await numberOf('linnea', await here.opens('linnea'))
  const { device, left } = await drawing('mirjam', [number])
  expect((await numberOf(device, await opens(device, 'mirjam'))).slice(-5)).toBe(number.slice(-5))
  expect(left).toEqual([])
})

test.each([['1480'], ['0114'], [null]])(
  'a case of Borås under the code %s is refused, and under its own taken',
  async (code) => {
    expect(await refusal(opens(await misled('linnea', code), 'linnea'))).toBe('number-wrong')
    expect(await refusal(opens(await misled('linnea', '1490'), 'linnea'))).toBe('done')
  },
)
