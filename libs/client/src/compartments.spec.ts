// What a client says of a compartment is its source's word, whoever else names the same one.
import type { AuthorityId, CompartmentId, Statement, Verified } from '#libs/domain'
import { hash, id } from '#libs/domain'
import { compartmentOf } from './standing.ts'

const theCase = '00000000-0000-4000-a000-000000000001'
const [own, police, prison] = [2, 3, 4].map((n) => id<AuthorityId>(`00000000-0000-4000-a000-00000000000${n}`)) as [
  AuthorityId,
  AuthorityId,
  AuthorityId,
]
const compartment = id<CompartmentId>('00000000-0000-4000-a000-000000000005')

/** Its place, type and sort: nothing else of a statement is asked about. */
const told = (place: string, type: 'flow.keyed' | 'compartment.opened', category: string): Verified => ({
  statement: {
    place,
    type,
    body: { compartment, subject: 's', category, purpose: 'casework' },
  } as unknown as Statement,
  hash: hash('a'.repeat(64)),
})
const fromPrison = told(`strand/${theCase}/${prison}/${own}`, 'flow.keyed', 'economy')
const fromPolice = told(`strand/${theCase}/${police}/${own}`, 'flow.keyed', 'threat')

test.each([
  ['first', [fromPrison, fromPolice]],
  ['last', [fromPolice, fromPrison]],
])('another authority that names it %s changes neither its source nor its sort', (_, statements) => {
  const book = { statements: () => statements }
  expect(compartmentOf(book, compartment, police)).toMatchObject({ source: police, category: 'threat' })
  expect(compartmentOf(book, compartment, prison)).toMatchObject({ source: prison, category: 'economy' })
  expect(compartmentOf(book, compartment, own)).toBeNull()
})

test('one’s own is known from one’s own ledger', () => {
  const opened = told(`ledger/${theCase}/${own}`, 'compartment.opened', 'plan')
  const book = { statements: () => [fromPolice, opened] }
  expect(compartmentOf(book, compartment, own)).toMatchObject({ source: own, category: 'plan' })
})
