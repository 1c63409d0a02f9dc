// What a disclosure lets a client seal and open, though a colleague's client has named more (domain.md §§ 4–5; protocol.md § 5).
import type { CaseId, RegistrationId, Statement, StatementType, ThreadId } from '#libs/domain'
import { addDays, id } from '#libs/domain'
import { openListed } from './late-seals.ts'
import { authorityOf, boras, Cast, police, unitOf } from './spec/cast.ts'

jest.setTimeout(120_000)

const cast = new Cast()
beforeAll(() => cast.begin())

type Asked = { readonly theCase: CaseId; readonly registration: RegistrationId; readonly secret: ThreadId }

/** Anna has written something of the plan, and has asked the Police to confirm a consent about threats: Erik works there. */
async function asked(): Promise<Asked> {
  const [anna, erik, joakim] = [cast.session('anna'), cast.session('erik'), cast.session('joakim')]
  const theCase = await anna.openCase({ unit: unitOf(boras), title: 'Delat' })
  const secret = await cast.write('anna', theCase, 'plan', 'inte för polisen')
  const registration = await anna.registerConsent(theCase, cast.consent(['threat']))
  const until = addDays(cast.at(), 90)
  await joakim.assign(theCase, { user: id(cast.person('erik').user), categories: 'default', until })
  await erik.case(theCase)
  await anna.case(theCase)
  return { theCase, registration, secret }
}

const bodyOf = <T extends StatementType>(type: T, theCase: CaseId): object => {
  const told = cast.server.statements().findLast((one) => one.type === type && one.place.includes(theCase))
  return (told as Extract<Statement, { type: T }>).body
}
const strandOf = (theCase: CaseId): string => `strand/${theCase}/${authorityOf(boras)}/${authorityOf(police)}`

/** Both sides open the case, the source last but one: what waits for a key is sealed if it ever is. */
async function bothOpen(theCase: CaseId): Promise<void> {
  for (const name of ['anna', 'erik', 'anna', 'erik'] as const) await cast.session(name).case(theCase)
}

async function messagesIn({ theCase, secret }: Asked): Promise<readonly string[]> {
  return (await cast.session('anna').messages(theCase, secret)).messages.map((one) => one.id)
}

test('with the words of a consent nothing else is sealed, though a colleague’s client has named it', async () => {
  const given = await asked()
  const { theCase, registration, secret } = given
  cast.pass(1)
  const named = { ...bodyOf('disclosure.made', theCase), items: await messagesIn(given) }
  await cast.says('anna', strandOf(theCase), 'disclosure.made', named)
  await bothOpen(theCase)
  expect(await cast.read(cast.session('erik'), theCase, secret)).toEqual([])
  expect(await cast.session('erik').consentWords(theCase, registration)).toMatchObject({ state: 'agrees' })
})

test('what people write to each other is no words of a consent, though one is registered under its thread’s name', async () => {
  const given = await asked()
  const { theCase, secret } = given
  cast.pass(1)
  const under = { registration: secret }
  const ledger = `ledger/${theCase}/${authorityOf(boras)}`
  await cast.says('anna', ledger, 'consent.registered', { ...bodyOf('consent.registered', theCase), ...under })
  await cast.says('anna', strandOf(theCase), 'consent.shared', { ...bodyOf('consent.shared', theCase), ...under })
  await cast.says('anna', strandOf(theCase), 'disclosure.made', {
    ...bodyOf('disclosure.made', theCase),
    ground: { consent: secret },
    items: await messagesIn(given),
  })
  await bothOpen(theCase)
  expect(await cast.session('erik').case(theCase)).toMatchObject({ disclosures: [{}, { ground: { consent: secret } }] })
  expect(await cast.read(cast.session('erik'), theCase, secret)).toEqual([])
})

test('the recipient refuses what was sealed with the words from another thread', async () => {
  type Listed = Parameters<typeof openListed>[0]
  const key = { key: { id: 'f' }, items: ['m'], onlyThread: 'words' }
  const refusedIn = async (thread: string): Promise<unknown> => {
    const message = { id: 'm', thread, seals: [{ key: 'f', late: true, seq: 0, bytes: '' }] }
    const waiting = [{ message, ciphertext: 'ab', result: { ok: false, reason: 'late-waiting' } }]
    const announced = [{ n: 3, body: { flow: 'f', count: 1, list: 'as signed' } }]
    const opening = { waiting, announced, sealKey: async () => key, expectations: async () => Promise.reject(opened) }
    return openListed(opening as unknown as Listed) // of a message only what this asks about
  }
  const opened = new Error('asked to open it')
  expect(await refusedIn('other')).toMatchObject([{ result: { ok: false, reason: 'late-not-listed' } }])
  await expect(refusedIn('words')).rejects.toBe(opened)
})

test('nothing that the clients tried by themselves was refused', () => {
  expect(cast.troubles).toEqual([])
})
