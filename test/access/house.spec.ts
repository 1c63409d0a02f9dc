// The house: a capability has the same name in every room, and none is forgotten in one of them.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { capabilities } from '#libs/contracts'

const root = join(__dirname, '../..')
/** The capabilities there are; a new one begins with a line here (docs/architecture.md). */
const known = [
  'sessions',
  'tenants',
  'keys',
  'cases',
  'consents',
  'disclosures',
  'threads',
  'files',
  'audit',
  'process',
  'tasks',
  'samrad',
  'signals',
  'directory',
  'statistics',
  'funding',
  'records',
]
/** Folders that are a room's own ground and no capability. */
const ground: Readonly<Record<string, readonly string[]>> = {
  'apps/api/src': ['platform'],
  'libs/domain/src': ['spec'],
}

const inRoom = (room: string): readonly string[] => {
  const path = join(root, room)
  return existsSync(path)
    ? readdirSync(path, { withFileTypes: true }).map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    : []
}
const namedBy = (room: string, ending: string): readonly string[] =>
  inRoom(room).flatMap((name) => (name.endsWith(ending) ? [name.slice(0, -ending.length)] : []))

const offered = capabilities.map(({ capability }) => capability)

test('every contract file is in the list of capabilities, and every capability has its file', () => {
  expect(namedBy('libs/contracts/src', '.contract.ts').toSorted()).toEqual(offered.toSorted())
})

test.each([
  ['libs/policy/src', '.policy.ts'],
  ['apps/api/src', '/'],
])('%s has all that the wire offers, under the same names', (room, ending) => {
  const found = namedBy(room, ending).filter((name) => !(ground[room] ?? []).includes(name))
  expect(found.toSorted()).toEqual(offered.toSorted())
})

test.each(offered)('the API’s %s has its table of operations and handlers', (capability) => {
  expect(inRoom(`apps/api/src/${capability}`)).toContain(`${capability}.module.ts`)
})

test.each([
  ['libs/domain/src', '/'],
  ['libs/contracts/src', '.contract.ts'],
  ['libs/policy/src', '.policy.ts'],
  ['libs/persistence/src', '.store.ts'],
  ['apps/web/src/features', '/'],
])('%s knows no capability by another name', (room, ending) => {
  // The outbox is how effects leave the transaction; no user would name it.
  const found = namedBy(room, ending).filter((name) => name !== 'outbox' && !(ground[room] ?? []).includes(name))
  expect(found.filter((name) => !known.includes(name))).toEqual([])
  expect(found.length).toBeGreaterThan(0)
})
