// What is signed off line after a founding and entered by the operator: the next root, and custodians in place of others (protocol.md § 3).
import type { ChainEnd, EndingKey } from '#libs/client'
import { createRoot, openRoot, replaceCustodians, rotateRoot } from '#libs/client'
import type { Custodian } from '#libs/domain'
import { addDays } from '#libs/domain'
import type { SignedStatement, StaffKey } from '#libs/protocol'
import { rowsOf } from '../support/database.ts'
import type { Given, Name } from '../support/given.ts'
import { given, refusal } from '../support/given.ts'
import { enters } from '../support/operator.ts'
import { ask } from './pen.ts'

jest.setTimeout(120_000)

let here: Given
let [next, stranger]: StaffKey[] = []
beforeAll(async () => {
  here = await given(['linnea', 'mehmet', 'erika', 'joakim', 'ida'])
  ;[next, stranger] = await Promise.all([newRoot(), newRoot()])
}, 180_000)
afterAll(() => here.stop())

async function newRoot(): Promise<StaffKey> {
  const passphrase = 'nästa rot för prov'
  return openRoot(await createRoot({ passphrase, at: here.now() }), passphrase)
}

async function endOf(who: Name): Promise<ChainEnd> {
  const { tenant } = here.person(who)
  const [head] = await rowsOf<ChainEnd['head']>(
    here.sluss.database.adminUrl,
    'select n::int, hash from chains where place = $1',
    [`tenant/${tenant}`],
  )
  if (head === undefined) throw new Error('a tenant is founded')
  return { tenant, head }
}

/** Enters what is said in her tenant's chain; answers why it was refused. */
const said = async (who: Name, say: (end: ChainEnd) => Promise<SignedStatement>): Promise<string> =>
  enters(here, (await say(await endOf(who))).signed)

const rotating =
  (from: StaffKey | undefined, to: StaffKey | undefined) =>
  (end: ChainEnd): Promise<SignedStatement> => {
    if (from === undefined || to === undefined) throw new Error('made before')
    return rotateRoot(from, to.public, end, here.now())
  }

test('only what the chain accepts is entered, and after a rotation everybody works on', async () => {
  const before = (await endOf('linnea')).head
  expect(await said('linnea', rotating(stranger, next))).toBe('signer-unknown')
  expect(await said('linnea', async (end) => rotating(here.root, next)({ ...end, head: { ...end.head, n: 0 } }))).toBe(
    'ledger-moved-on',
  )
  expect((await endOf('linnea')).head).toEqual(before)

  expect(await said('linnea', rotating(here.root, next))).toBe('entered')
  expect(await said('joakim', rotating(here.root, stranger))).toBe('signer-not-root')
  expect(await said('joakim', rotating(here.root, next))).toBe('entered')
  expect(await said('linnea', rotating(here.root, next))).toBe('signer-not-root')
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  const thread = await here.writes('linnea', id, 'threat', 'efter bytet av rot')
  expect(await here.reads(await here.device('ida'), id, thread)).toEqual(['efter bytet av rot'])
})

/** Her certified key, as a custodian's page shows it when its certification ends soon. */
async function shownOf(who: Name): Promise<EndingKey> {
  const { staff } = (await ask(here, who, '/staff')).body as { staff: readonly (EndingKey & { key: string })[] }
  const [person, key] = [staff.find((one) => one.user === here.person(who).user), await here.session(who).asCustodian()]
  if (person === undefined || key === null) throw new Error(`${who} has a certified key`)
  const { publicKey, signing, encryption } = key
  const validUntil = addDays(here.now(), 365)
  return { ...person, publicKey, signing, encryption, before: null, proposal: null, validUntil, waits: false }
}

test('custodians replaced by the root are told of in the case, and certify after 72 hours, when the former no longer do', async () => {
  const id = await here.opens('linnea')
  const custodians: Custodian[] = []
  for (const name of ['erika', 'linnea'] as const) {
    const one = await here.session(name).asCustodian()
    if (one !== null) custodians.push({ ...one, certifies: [here.person('linnea').authority] })
  }
  const replace = (end: ChainEnd): Promise<SignedStatement> =>
    replaceCustodians(next ?? here.root, { custodians, threshold: 1 }, end, here.now())
  const linnea = await shownOf('linnea')
  const certifies = (who: Name): Promise<string> => refusal(here.session(who).renewKey(linnea))
  expect(await said('linnea', replace)).toBe('entered')
  expect((await here.session('linnea').case(id)).warnings).toContain('custodians-replaced')
  expect(await certifies('mehmet')).toBe('done')
  await here.pass(72 * 60)
  expect((await here.session('linnea').case(id)).warnings).not.toContain('custodians-replaced')
  expect(await certifies('mehmet')).toBe('not-custodian')
  expect(await certifies('erika')).toBe('done')
})

test('nothing that the clients tried by themselves was refused', () => {
  expect(here.troubles).toEqual([])
})
