// The access table is whole: no operation, live event or request without a row, and no row without one of them.
import { capabilities, events, requests } from '#libs/contracts'
import { accessTable, tableRoles } from './access-table.ts'
import { expectedAnswer, relationsOf } from './notation.ts'

const onTheWire = [
  ...capabilities.flatMap(({ capability, table }) => Object.keys(table).map((name) => `${capability}.${name}`)),
  ...Object.keys(events).map((name) => `event ${name}`),
  ...Object.keys(requests).map((name) => `request ${name}`),
]

test('every operation and event has a row, and every row is of an operation or event', () => {
  expect(Object.keys(accessTable).sort()).toEqual(onTheWire.sort())
})

test('every row lets somebody in: a row that only refuses is a mistake', () => {
  const closed = Object.entries(accessTable).filter(
    ([, row]) => !row.lines.some((line) => Object.values(line).includes('yes')),
  )
  expect(closed.map(([name]) => name)).toEqual([])
})

test('no row speaks of a relation that has no meaning for it, or of a role twice', () => {
  for (const [name, row] of Object.entries(accessTable)) {
    const relations = row.lines.flatMap((line) => Object.keys(line).filter((member) => member !== 'roles'))
    expect({
      name,
      stray: relations.filter((relation) => !relationsOf[row.about].some((known) => known === relation)),
    }).toEqual({ name, stray: [] })
    const roles = row.lines.flatMap((line) => line.roles)
    expect({ name, roles: roles.length }).toEqual({ name, roles: new Set(roles).size })
  }
})

test('to another nämnd of the same kommun, a stranger and the anonymous, no case is ever there', () => {
  const inCase = Object.entries(accessTable).filter(([, row]) => ['case', 'consent', 'content'].includes(row.about))
  expect(inCase.length).toBeGreaterThan(20)
  for (const [, row] of inCase) {
    for (const role of tableRoles) {
      expect(expectedAnswer(row, role, 'otherBoard')).toBe('absent')
      expect(expectedAnswer(row, role, 'stranger')).toBe('absent')
      expect(expectedAnswer(row, role, 'anonymous')).toBe('anonymous')
    }
  }
})
