// The client library end to end on a paper server without gates: what is refused here is refused by signed statements and keys alone.
import { addDays, id } from '#libs/domain'
import type { CaseId } from '#libs/domain'
import { Cast, authorityOf, boras, police, unitOf } from './spec/cast.ts'

jest.setTimeout(120_000)

const cast = new Cast()
let theCase: CaseId
const inNinetyDays = (): ReturnType<typeof addDays> => addDays(cast.at(), 90)

beforeAll(async () => {
  await cast.begin()
  theCase = await cast.session('anna').openCase({ unit: unitOf(boras), title: 'Koltrast' })
})

test('the working title is kept and the warnings of a lone case stand', async () => {
  const view = await cast.session('anna').case(theCase)
  expect(view.summary.title).toBe('Koltrast')
  expect(view.warnings).toEqual(['no-recovery-key', 'one-reader'])
  expect(view.words).toHaveLength(6)
})

test('before the key is there a recipient waits by name, and afterwards opens what was written meanwhile and nothing older', async () => {
  const [anna, erik, joakim] = [cast.session('anna'), cast.session('erik'), cast.session('joakim')]
  const mine = await anna.openCase({ unit: unitOf(boras), title: 'Väntar' })
  const thread = await cast.write('anna', mine, 'threat', 'före samtycket')
  cast.pass(1)
  expect((await anna.previewConsent(mine, cast.consent(['threat']))).gains).toHaveLength(2)
  const registration = await anna.registerConsent(mine, cast.consent(['threat']))
  expect((await anna.readers(mine, 'threat', 'casework')).waiting).toHaveLength(1)
  await cast.write('anna', mine, 'threat', 'medan nyckeln väntar', thread)
  const sentTo = async (): Promise<unknown> =>
    (await anna.messages(mine, thread)).messages.map((one) => one.kind === 'opened' && one.sentTo)
  const policeAs = (state: string): unknown => [{ authority: authorityOf(police), state }]
  expect(await sentTo()).toEqual([[], policeAs('waiting')])
  expect((await joakim.cases({})).cases.find((one) => one.id === mine)?.waiting).toEqual(['assign'])
  await joakim.assign(mine, { user: id(cast.person('erik').user), categories: 'default', until: inNinetyDays() })
  expect((await erik.case(mine)).consents[0]?.awaitsMyConfirmation).toBe(true)
  expect(await erik.threads(mine)).toEqual([])
  await anna.case(mine)
  expect(await sentTo()).toEqual([[], policeAs('sealed-late')])
  expect(await cast.read(erik, mine, thread)).toEqual(['medan nyckeln väntar'])
  await erik.confirmConsent(mine, registration)
  expect((await erik.case(mine)).consents[0]?.awaitsMyConfirmation).toBe(false)
})

test('what waits in a case that nobody follows is computed anew when the list says that it has moved, and read again only then', async () => {
  const mine = await cast.session('anna').openCase({ unit: unitOf(boras), title: 'I listan' })
  await cast.session('anna').registerConsent(mine, cast.consent(['threat']))
  const joakim = await cast.newDevice('joakim')
  let reads = 0
  cast.server.lies.set('cases.read', (answer) => {
    reads += 1
    return answer
  })
  const waiting = async (): Promise<unknown> => (await joakim.cases({})).cases.find((one) => one.id === mine)?.waiting
  expect(await waiting()).toEqual(['assign'])
  const readOnce = reads
  expect(await waiting()).toEqual(['assign'])
  expect(reads).toBe(readOnce)
  cast.pass(1)
  const user = id<Parameters<typeof joakim.endAssignment>[1]>(cast.person('erik').user)
  await cast.session('joakim').assign(mine, { user, categories: 'default', until: inNinetyDays() })
  const before = reads
  expect(await waiting()).toEqual([])
  expect(reads).toBe(before + 1)
  cast.server.lies.clear()
})

test('two authorities write in turn without a new key, and the author sees who has read', async () => {
  const { theCase: shared } = await cast.sharedWithPolice()
  const thread = await cast.write('anna', shared, 'threat', 'ett')
  await cast.write('erik', shared, 'threat', 'två', thread)
  const before = cast.server.statements().length
  for (const text of ['tre', 'fyra', 'fem']) {
    await cast.write('anna', shared, 'threat', `${text} från anna`, thread)
    await cast.write('erik', shared, 'threat', `${text} från erik`, thread)
  }
  expect(cast.server.statements().length).toBe(before)
  const all = await cast.read(cast.session('anna'), shared, thread)
  expect(all).toHaveLength(8)
  expect(await cast.read(cast.session('erik'), shared, thread)).toEqual(all)
  await cast.session('erik').markRead(shared, thread)
  const { messages } = await cast.session('anna').messages(shared, thread)
  const reader = cast.person('erik').user
  expect(messages.map((one) => one.kind === 'opened' && one.readBy.some((cursor) => cursor.user === reader))).toEqual(
    messages.map((one) => one.kind === 'opened' && one.author !== reader),
  )
  const sealed = [{ authority: authorityOf(police), state: 'sealed' }]
  expect(messages.map((one) => one.kind === 'opened' && one.sentTo)).toEqual(
    messages.map((one) => (one.kind === 'opened' && one.author !== reader ? sealed : null)),
  )
})

test('a thread that several parts of a page read at the same time is read once', async () => {
  const { theCase: shared } = await cast.sharedWithPolice()
  const thread = await cast.write('anna', shared, 'threat', 'ett')
  const erik = cast.session('erik')
  await cast.read(erik, shared, thread)
  for (const text of ['två', 'tre']) await cast.write('anna', shared, 'threat', text, thread)
  const all = ['ett', 'två', 'tre']
  expect(await Promise.all([1, 2, 3].map(() => cast.read(erik, shared, thread)))).toEqual([all, all, all])
})

test('a colleague who joins reads what the authority knows; one who leaves opens nothing written after', async () => {
  const { theCase: shared } = await cast.sharedWithPolice()
  const thread = await cast.write('anna', shared, 'threat', 'innan lisa')
  const lisa = id<Parameters<ReturnType<Cast['session']>['endAssignment']>[1]>(cast.person('lisa').user)
  await cast.session('mehmet').assign(shared, { user: lisa, categories: 'default', until: inNinetyDays() })
  await cast.session('anna').case(shared)
  expect(await cast.read(cast.session('lisa'), shared, thread)).toEqual(['innan lisa'])
  await cast.write('lisa', shared, 'threat', 'lisa är med', thread)
  cast.pass(1)
  await cast.session('mehmet').endAssignment(shared, lisa, 'ended')
  cast.pass(1)
  await cast.write('anna', shared, 'threat', 'utan lisa', thread)
  expect(await cast.read(cast.session('erik'), shared, thread)).toEqual(['innan lisa', 'lisa är med', 'utan lisa'])
  expect((await cast.read(await cast.newDevice('lisa'), shared, thread)).at(-1)).toBe('refused: key-not-given')
})

test('whom nobody has named towards the other side writes to her own, and a colleague who is named gives them the message', async () => {
  const [anna, erik, joakim, lisa] = (['anna', 'erik', 'joakim', 'lisa'] as const).map((name) => cast.session(name))
  if (!anna || !erik || !joakim || !lisa) throw new Error('four of the cast')
  const shared = await anna.openCase({ unit: unitOf(boras), title: 'Två från början' })
  const user = id<Parameters<typeof anna.endAssignment>[1]>(cast.person('lisa').user)
  await cast.session('mehmet').assign(shared, { user, categories: 'default', until: inNinetyDays() })
  // Anna registers, and while there is no list she names herself: Lisa is in none.
  await anna.registerConsent(shared, cast.consent(['threat']))
  await joakim.assign(shared, { user: id(cast.person('erik').user), categories: 'default', until: inNinetyDays() })
  await erik.case(shared)
  const thread = await cast.write('anna', shared, 'threat', 'från anna')

  const readers = await lisa.readers(shared, 'threat', 'casework')
  expect(readers).toMatchObject({
    authorities: [],
    waiting: [{ authority: authorityOf(police), cause: 'not-speaker' }],
  })
  await cast.write('lisa', shared, 'threat', 'från lisa', thread)
  await lisa.case(shared)
  expect(await cast.read(erik, shared, thread)).toEqual(['från anna'])
  await anna.case(shared)
  expect(await cast.read(erik, shared, thread)).toEqual(['från anna', 'från lisa'])
})

test('narrowing closes that category alone, and a withdrawal heard by the recipient closes all, for every party', async () => {
  const { theCase: shared, registration } = await cast.sharedWithPolice()
  const [anna, erik] = [cast.session('anna'), cast.session('erik')]
  const thread = await cast.write('anna', shared, 'threat', 'hot, delat')
  const plan = await cast.write('anna', shared, 'plan', 'plan, delad')
  cast.pass(1)
  expect((await anna.previewNarrowing(shared, registration, { categories: ['threat'] })).loses).toHaveLength(2)
  await anna.narrowConsent(shared, registration, { categories: ['threat'] })
  await erik.case(shared)
  cast.pass(1)
  await cast.write('anna', shared, 'threat', 'hot, bara vårt', thread)
  await cast.write('anna', shared, 'plan', 'plan, fortfarande delad', plan)
  expect(await cast.read(erik, shared, thread)).toEqual(['hot, delat'])
  expect(await cast.read(erik, shared, plan)).toEqual(['plan, delad', 'plan, fortfarande delad'])
  cast.pass(1)
  await erik.withdrawConsent(shared, registration)
  cast.pass(1)
  expect((await anna.case(shared)).consents[0]?.state).toBe('withdrawn')
  await cast.write('anna', shared, 'plan', 'plan, bara vårt', plan)
  expect(await cast.read(erik, shared, plan)).toEqual(['plan, delad', 'plan, fortfarande delad'])
  expect((await anna.readers(shared, 'plan', 'casework')).authorities).toEqual([])
})

test('who has named herself is shown as unconfirmed to the other side alone, until a receiver names her', async () => {
  const { theCase: shared } = await cast.sharedWithPolice()
  const thread = await cast.write('anna', shared, 'threat', 'från den som öppnade ärendet')
  await cast.write('erik', shared, 'threat', 'från den som en mottagare utsett', thread)
  const [anna, erik] = [cast.session('anna'), cast.session('erik')]
  const shown = async (session: typeof anna): Promise<unknown> => [
    (await session.messages(shared, thread)).messages.map((one) => one.kind === 'opened' && one.isUnconfirmed),
    (await session.readers(shared, 'threat', 'casework')).authorities.map((one) => one.unconfirmed),
  ]
  const herself = cast.person('anna').user
  expect(await shown(erik)).toEqual([[true, false], [[herself]]])
  expect(await shown(anna)).toEqual([[false, false], [[]]])
  const lisa = id<Parameters<typeof anna.endAssignment>[1]>(cast.person('lisa').user)
  await cast.session('mehmet').assign(shared, { user: lisa, categories: 'default', until: inNinetyDays() })
  expect(await shown(erik)).toEqual([[false, false], [[]]])
})

test('a grant that includes everything earlier opens the time before it', async () => {
  const [anna, erik, joakim] = [cast.session('anna'), cast.session('erik'), cast.session('joakim')]
  const mine = await anna.openCase({ unit: unitOf(boras), title: 'Allt' })
  const thread = await cast.write('anna', mine, 'threat', 'långt före')
  cast.pass(60)
  await anna.registerConsent(mine, cast.consent(['threat'], 'all'))
  await joakim.assign(mine, { user: id(cast.person('erik').user), categories: 'default', until: inNinetyDays() })
  await erik.case(mine)
  await anna.case(mine)
  expect(await cast.read(erik, mine, thread)).toEqual(['långt före'])
})

test('a new device reads the whole case again from what the server keeps', async () => {
  const { theCase: shared } = await cast.sharedWithPolice()
  const thread = await cast.write('anna', shared, 'threat', 'kvar')
  const device = await cast.newDevice('anna')
  expect(await cast.read(device, shared, thread)).toEqual(['kvar'])
  expect(await device.openDraft(await device.sealDraft('utkast'))).toBe('utkast')
  await device.lock()
  await expect(device.case(shared)).rejects.toMatchObject({ name: 'locked' })
})

test('nothing that the clients tried by themselves was refused', () => {
  expect(cast.troubles).toEqual([])
})
