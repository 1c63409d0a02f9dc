// Who may have written what is served: a message of one who may not is refused by its reader with its own reason, and the rest of
// the thread opens (protocol.md §§ 6, 11). The paper server takes whatever it is given, as one that lies would.
import type { CaseId, Instant, MessageId, ThreadId, UserId } from '#libs/domain'
import { addDays, addMinutes, id } from '#libs/domain'
import type { CaseKey, StaffKey } from '#libs/protocol'
import { createStaffKey, openFlowKeyUnderEpoch, openWrap, sealMessage, streamStart } from '#libs/protocol'
import { platformRandom, randomId } from './randomness.ts'
import { authorityOf, boras, Cast, police, unitOf } from './spec/cast.ts'

jest.setTimeout(180_000)

const cast = new Cast()
const inNinetyDays = (): Instant => addDays(cast.at(), 90)
const userOf = (name: Parameters<Cast['person']>[0]): UserId => id<UserId>(cast.person(name).user)

let theCase: CaseId
let thread: ThreadId
/** Written by each in order before anything is forged. */
const honest = ['från anna', 'från lisa']

beforeAll(() => cast.begin())
beforeEach(async () => {
  const [anna, erik] = [cast.session('anna'), cast.session('erik')]
  theCase = await anna.openCase({ unit: unitOf(boras), title: 'Vem skrev' })
  const registration = await anna.registerConsent(theCase, cast.consent(['threat']))
  await cast.session('joakim').assign(theCase, { user: userOf('erik'), categories: 'default', until: inNinetyDays() })
  await erik.case(theCase)
  await erik.confirmConsent(theCase, registration)
  await cast.session('mehmet').assign(theCase, { user: userOf('lisa'), categories: 'default', until: inNinetyDays() })
  await anna.case(theCase)
  thread = await cast.write('anna', theCase, 'threat', 'från anna')
  await cast.write('lisa', theCase, 'threat', 'från lisa', thread)
})

/** Borås's keys of the category as Lisa holds them, on whatever device of hers was never told that she must not use them. */
async function keysOfLisa(): Promise<{
  readonly epoch: CaseKey
  readonly flow: CaseKey
  readonly compartment: string
}> {
  const statements = cast.server.statements().filter((one) => one.place.split('/')[1] === theCase)
  const keyed = statements.findLast(
    (one) => one.type === 'flow.keyed' && one.place.split('/')[2] === authorityOf(boras),
  )
  if (keyed?.type !== 'flow.keyed') throw new Error('Borås gives to the Police')
  const { flow, epoch, compartment, commit, sealed } = keyed.body
  const started = statements.find((one) => one.type === 'epoch.started' && one.body.epoch === epoch)
  if (started?.type !== 'epoch.started') throw new Error('a flow is keyed under an epoch')
  const answer = await cast.server.fetchOf(cast.person('lisa'))(`http://paper.example/cases/${theCase}/wraps`)
  const { wraps } = (await answer.json()) as { wraps: readonly { key: string; to: string; bytes: string }[] }
  const { opener, public: own } = await cast.keyOf('lisa')
  const bytesOf = (key: string, to: string): string =>
    wraps.find((one) => one.key === key && one.to === to)?.bytes ?? ''
  const named = started.body.readers.find((one) => one.user === userOf('lisa'))
  if (named === undefined) throw new Error('Lisa is among the readers')
  const expected = { key: epoch, wrap: named.wrap, of: compartment, commit: started.body.commit }
  const opened = await openWrap(bytesOf(epoch, own.encryption), opener, expected)
  if (!opened.ok) throw new Error(opened.error)
  const under = { key: flow, wrap: sealed, of: compartment, commit }
  const sent = await openFlowKeyUnderEpoch(bytesOf(flow, 'epoch'), opened.value, under)
  if (!sent.ok) throw new Error(sent.error)
  return { epoch: opened.value, flow: sent.value, compartment }
}

/** Sealed under Borås's keys for everybody who reads there, whoever it says has written it and by whichever key it is signed. */
async function isSealed(
  message: { readonly author: UserId; readonly by: StaffKey; readonly at: Instant },
  keys: Awaited<ReturnType<typeof keysOfLisa>>,
): Promise<void> {
  const seen = async ({ id: key }: CaseKey) => {
    const commit = cast.server
      .statements()
      .flatMap((one) =>
        (one.type === 'epoch.started' && one.body.epoch === key) || (one.type === 'flow.keyed' && one.body.flow === key)
          ? [one.body.commit]
          : [],
      )[0]
    if (commit === undefined) throw new Error('a key was started')
    return { n: 0, h: await streamStart(commit, { key, context: thread }) }
  }
  const sealed = await sealMessage({
    ...message,
    id: id<MessageId>(randomId(platformRandom)),
    compartment: id(keys.compartment),
    thread,
    body: { kind: 'text', title: null, text: 'falskt' },
    epoch: { key: keys.epoch, seen: await seen(keys.epoch) },
    flows: [{ key: keys.flow, seen: await seen(keys.flow) }],
    recipients: [{ authority: authorityOf(police), flow: keys.flow.id, cause: 'sealed' }],
    leftOut: [],
    random: platformRandom,
  })
  const answer = await cast.server.fetchOf(cast.person('lisa'))(`http://paper.example/cases/${theCase}/messages`, {
    method: 'POST',
    body: JSON.stringify({ append: null, message: sealed }),
  })
  if (answer.status !== 200) throw new Error('the paper server takes what has its form')
}

/** What each reads on a device that has seen nothing. */
const readBy = async (name: 'anna' | 'erik'): Promise<readonly string[]> =>
  cast.read(await cast.newDevice(name), theCase, thread)

test('one who may write is read by both: what is refused below is refused for what is wrong with it', async () => {
  await isSealed({ author: userOf('lisa'), by: await cast.keyOf('lisa'), at: cast.at() }, await keysOfLisa())
  for (const name of ['anna', 'erik'] as const) expect(await readBy(name)).toEqual([...honest, 'falskt'])
})

test('a key that its holder made herself signs for nobody', async () => {
  const { key } = await createStaffKey({ random: platformRandom, at: cast.at() })
  await isSealed({ author: userOf('lisa'), by: key, at: cast.at() }, await keysOfLisa())
  for (const name of ['anna', 'erik'] as const)
    expect(await readBy(name)).toEqual([...honest, 'refused: signature-issuer'])
})

test('a colleague whom nobody has assigned, and somebody of another organisation, write in no content of the source', async () => {
  const keys = await keysOfLisa()
  for (const name of ['erika', 'erik'] as const)
    await isSealed({ author: userOf(name), by: await cast.keyOf(name), at: cast.at() }, keys)
  for (const name of ['anna', 'erik'] as const)
    expect(await readBy(name)).toEqual([...honest, 'refused: author-not-writer', 'refused: author-not-writer'])
})

test('who has left the case and has her keys still is refused by her own and by the other side; what she wrote before stays', async () => {
  const keys = await keysOfLisa()
  cast.pass(1)
  await cast.session('mehmet').endAssignment(theCase, userOf('lisa'), 'ended')
  cast.pass(10)
  await isSealed({ author: userOf('lisa'), by: await cast.keyOf('lisa'), at: cast.at() }, keys)
  expect(await readBy('anna')).toEqual([...honest, 'refused: author-not-writer'])
  expect(await readBy('erik')).toEqual([...honest, 'refused: author-not-speaker'])
})

test('what is dated at or after the end of its key, or before its author came into the case, is refused by both', async () => {
  const keys = await keysOfLisa()
  const by = await cast.keyOf('lisa')
  await isSealed({ author: userOf('lisa'), by, at: addDays(cast.at(), 31) }, keys)
  await isSealed({ author: userOf('lisa'), by, at: addMinutes(cast.at(), -60 * 24 * 400) }, keys)
  expect(await readBy('erik')).toEqual([...honest, 'refused: content-after-until', 'refused: author-not-speaker'])
  expect(await readBy('anna')).toEqual([...honest, 'refused: content-after-until', 'refused: author-not-writer'])
})
