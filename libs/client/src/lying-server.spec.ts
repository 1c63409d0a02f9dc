// The client library on a paper server that lies: what it serves is refused, told, or changes nothing (protocol.md § 11).
import { addDays, id } from '#libs/domain'
import type { Connected } from './connect.ts'
import { Cast, authorityOf, boras, police, unitOf } from './spec/cast.ts'

jest.setTimeout(120_000)

const cast = new Cast()
const uuidOfNobody = '00000000-0000-0000-0000-00000000dead'
const inNinetyDays = (): ReturnType<typeof addDays> => addDays(cast.at(), 90)

beforeAll(() => cast.begin())
afterEach(() => cast.server.lies.clear())

type Chain = {
  readonly place: string
  readonly statements: readonly { readonly bytes: string; readonly signature: string }[]
}

const withoutLast = ({ messages, ...rest }: Record<string, unknown>): object => ({
  ...rest,
  messages: (messages as unknown[]).slice(0, -1),
})
/** The first two have each other's places. */
const swapped = ([first, second, ...others]: readonly { seals: { seq: number }[] }[]): readonly object[] =>
  first === undefined || second === undefined
    ? []
    : [
        { ...second, seals: second.seals.map((seal) => ({ ...seal, seq: 1 })) },
        { ...first, seals: first.seals.map((seal) => ({ ...seal, seq: 2 })) },
        ...others,
      ]
/** The newest statement said a year earlier than it was. */
const otherwise = (statements: Chain['statements']): Chain['statements'] =>
  statements.map((one, place) =>
    place === statements.length - 1 ? { ...one, bytes: one.bytes.replace('"at":"2026', '"at":"2025') } : one,
  )

/** From now on this person is answered about a case as she was the first time. */
function staysBehind(name: string): void {
  let known: Record<string, unknown> | null = null
  cast.server.lies.set('cases.read', (answer, person) => {
    if (person.name !== name) return answer
    known ??= answer
    return known
  })
}

test('puts a name, a role or an organisation on a colleague: she is shown as certified, without the name', async () => {
  type Told = { name: string }
  const [mehmet, lisa] = [cast.session('mehmet'), cast.person('lisa').user]
  const { theCase: shared } = await cast.sharedWithPolice()
  const honest = { user: lisa, name: 'lisa', roles: ['caseworker'], authority: authorityOf(boras), key: 'certified' }
  expect(await mehmet.staff()).toContainEqual(expect.objectContaining(honest))
  const foreign = { tenant: police.id, authority: authorityOf(police) }
  const nobody = { tenant: uuidOfNobody, authority: uuidOfNobody }
  for (const more of [{}, { tenant: police.id }, { tenant: uuidOfNobody }, foreign, nobody]) {
    const lie = (list: unknown): object[] =>
      (list as Told[]).map((one) =>
        one.name === 'lisa' ? { ...one, name: 'anna', roles: ['team_leader'], units: [], ...more } : one,
      )
    cast.server.lies.set('tenants.staff', ({ staff }) => ({ staff: lie(staff) }))
    cast.server.lies.set('cases.read', ({ people, ...rest }) => ({ ...rest, people: lie(people) }))
    for (const people of [await mehmet.staff(), (await cast.session('anna').case(shared)).people])
      expect(people).toContainEqual(
        expect.objectContaining({ ...honest, name: null, title: null, units: [unitOf(boras)] }),
      )
  }
})

test('invents a colleague whom nobody has certified: she has no name, no roles and no key', async () => {
  const invented = { user: uuidOfNobody, name: 'anna', roles: ['team_leader'], key: 'certified' }
  cast.server.lies.set('tenants.staff', ({ staff }) => ({
    staff: (staff as object[]).map((one, place) => (place === 0 ? { ...one, ...invented } : one)),
  }))
  expect((await cast.session('mehmet').staff())[0]).toMatchObject({
    user: uuidOfNobody,
    name: null,
    roles: [],
    units: [],
    key: 'none',
  })
})

test('changes a ciphertext: that message is refused with the reason and the others open', async () => {
  const { theCase: shared } = await cast.sharedWithPolice()
  const thread = await cast.write('anna', shared, 'threat', 'första')
  await cast.write('anna', shared, 'threat', 'andra', thread)
  cast.server.lies.set('threads.read', ({ messages, ...rest }) => ({
    ...rest,
    messages: (messages as { ciphertext: string }[]).map((message, place) =>
      place === 0 ? { ...message, ciphertext: `${message.ciphertext.slice(0, -8)}AAAAAAA=` } : message,
    ),
  }))
  const seen = await cast.read(await cast.newDevice('erik'), shared, thread)
  expect(seen[0]).toMatch(/^refused: /)
  expect(seen[1]).toBe('andra')
})

test('lets a recipient give the final list of the source’s keys: the source goes on reading its own', async () => {
  const { theCase: shared } = await cast.sharedWithPolice()
  const thread = await cast.write('anna', shared, 'threat', 'vår egen uppgift')
  const keyed = cast.server.statements().findLast((one) => one.type === 'flow.keyed')
  const place = `strand/${shared}/${authorityOf(police)}/${authorityOf(boras)}`
  const closes = keyed?.type === 'flow.keyed' ? [keyed.body.epoch, keyed.body.flow] : []
  const users = [cast.person('erik').user]
  await cast.says('erik', place, 'speakers', { users, closes: closes.map((key) => ({ key, streams: [] })) })
  expect(await cast.read(await cast.newDevice('anna'), shared, thread)).toEqual(['vår egen uppgift'])
})

test('drops a message from the middle: the gap is told in its place, and what comes after opens', async () => {
  const { theCase: shared } = await cast.sharedWithPolice()
  const thread = await cast.write('anna', shared, 'threat', 'första')
  for (const text of ['andra', 'tredje']) await cast.write('anna', shared, 'threat', text, thread)
  cast.server.lies.set('threads.read', ({ messages, ...rest }) => ({
    ...rest,
    messages: (messages as unknown[]).toSpliced(1, 1),
  }))
  expect(await cast.read(await cast.newDevice('erik'), shared, thread)).toEqual([
    'första',
    'refused: stream-gap',
    'tredje',
  ])
})

test('moves an answer to another question: it is refused there and named so, in the list of threads too, and opens where it was written', async () => {
  const { theCase: shared } = await cast.sharedWithPolice()
  const question = await cast.write('anna', shared, 'threat', 'Kan han vara kvar i bostaden?')
  const moved = await cast.write('anna', shared, 'threat', 'Ska vi hämta honom i natt?')
  await cast.write('erik', shared, 'threat', 'Ja, gör det', moved)
  type Message = { id: string; thread: string }
  const served = cast.server.messages.filter((one) => one.thread === moved)
  const answer = served.at(-1)
  if (answer === undefined) throw new Error('Erik has answered')
  const elsewhere = 'refused: message-elsewhere'
  const both = async (session: Connected): Promise<unknown> => [
    await cast.read(session, shared, question),
    await cast.read(session, shared, moved),
  ]
  const inItsOwn = ['Ska vi hämta honom i natt?', 'Ja, gör det']
  expect(await both(await cast.newDevice('anna'))).toEqual([['Kan han vara kvar i bostaden?'], inItsOwn])

  const seals = answer.seals.filter(({ key }) => served[0]?.seals.every((one) => one.key !== key))
  const mine = { ...answer, seals }
  cast.server.lies.set('threads.read', ({ messages, ...rest }) => {
    const list = messages as Message[]
    return { ...rest, messages: list[0]?.thread === question ? [...list, mine] : list }
  })
  const shown = await both(await cast.newDevice('anna'))
  expect(shown).toEqual([['Kan han vara kvar i bostaden?', elsewhere], inItsOwn])

  // Nor where it says that it belongs there, which its author has not signed.
  const claimed = { ...mine, thread: question }
  cast.server.lies.set('threads.read', ({ messages, ...rest }) => {
    const list = messages as Message[]
    return { ...rest, messages: list[0]?.thread === question ? [...list, claimed] : list }
  })
  expect(await both(await cast.newDevice('anna'))).toEqual([
    ['Kan han vara kvar i bostaden?', 'refused: header-differs'],
    inItsOwn,
  ])

  cast.server.lies.clear()
  cast.server.lies.set('threads.list', ({ threads, ...rest }) => {
    const list = threads as { id: string; first: Message; newest: Message }[]
    const other = list.find((one) => one.id === moved)
    return { ...rest, threads: list.map((one) => ({ ...one, first: other?.first, newest: other?.newest })) }
  })
  for (const session of [cast.session('anna'), await cast.newDevice('anna')]) {
    const listed = await session.threads(shared)
    expect(listed.find((one) => one.id === question)).toMatchObject({
      title: null,
      newest: { kind: 'refused', reason: 'message-elsewhere' },
    })
    expect(listed.find((one) => one.id === moved)).toMatchObject({ title: 'Läget', newest: { kind: 'opened' } })
  }
})

test('keeps from a writer that somebody has left: what she writes afterwards opens with a warning, and what she wrote before without', async () => {
  const { theCase: shared } = await cast.sharedWithPolice()
  const [anna, mehmet] = [cast.session('anna'), cast.session('mehmet')]
  const lisa = id<Parameters<typeof mehmet.endAssignment>[1]>(cast.person('lisa').user)
  await mehmet.assign(shared, { user: lisa, categories: 'default', until: inNinetyDays() })
  await anna.case(shared)
  const thread = await cast.write('anna', shared, 'threat', 'medan lisa är med')
  const doubted = async (session: Connected): Promise<unknown> =>
    (await session.messages(shared, thread)).messages.map((one) => one.kind === 'opened' && one.isDateDoubted)
  staysBehind('anna')
  await anna.case(shared)
  cast.pass(1)
  await mehmet.endAssignment(shared, lisa, 'ended')
  cast.pass(60)
  await cast.write('anna', shared, 'threat', 'en timme efter att lisa har slutat', thread)
  expect(await doubted(anna)).toEqual([false, false])
  cast.server.lies.clear()
  for (const session of [anna, await cast.newDevice('anna')]) {
    await session.case(shared)
    expect(await doubted(session)).toEqual([false, true])
  }
  await cast.write('anna', shared, 'threat', 'under en ny nyckel', thread)
  expect(await doubted(await cast.newDevice('anna'))).toEqual([false, true, false])
})

test('keeps a withdrawal from the source: what is dated an hour after it opens for the recipient with a warning', async () => {
  const { theCase: shared, registration } = await cast.sharedWithPolice()
  const [anna, erik] = [cast.session('anna'), cast.session('erik')]
  const thread = await cast.write('anna', shared, 'threat', 'före återkallelsen')
  staysBehind('anna')
  await anna.case(shared)
  cast.pass(1)
  await erik.withdrawConsent(shared, registration)
  cast.pass(60)
  await cast.write('anna', shared, 'threat', 'efter återkallelsen', thread)
  const { messages } = await (await cast.newDevice('erik')).messages(shared, thread)
  expect(messages.map((one) => one.kind === 'opened' && [one.text, one.isDateDoubted])).toEqual([
    ['före återkallelsen', false],
    ['efter återkallelsen', true],
  ])
})

test('says that a message was received an hour before it is dated: it opens with a warning', async () => {
  const { theCase: shared } = await cast.sharedWithPolice()
  const thread = await cast.write('anna', shared, 'threat', 'nyss')
  const doubted = async (): Promise<unknown> =>
    (await (await cast.newDevice('erik')).messages(shared, thread)).messages.map(
      (one) => one.kind === 'opened' && one.isDateDoubted,
    )
  expect(await doubted()).toEqual([false])
  cast.server.lies.set('threads.read', ({ messages, ...rest }) => ({
    ...rest,
    messages: (messages as { acceptedAt: string }[]).map((one) => ({
      ...one,
      acceptedAt: new Date(Date.parse(one.acceptedAt) - 3_600_000).toISOString(),
    })),
  }))
  expect(await doubted()).toEqual([true])
})

test('drops the end of a thread: who has read further says so, and nobody else can', async () => {
  const { theCase: shared } = await cast.sharedWithPolice()
  const thread = await cast.write('anna', shared, 'threat', 'första')
  await cast.write('anna', shared, 'threat', 'andra', thread)
  const erik = cast.session('erik')
  expect((await erik.messages(shared, thread)).alarms).toEqual([])
  const unread = await cast.newDevice('erik')
  cast.server.lies.set('threads.read', withoutLast)
  expect((await unread.messages(shared, thread)).alarms).toEqual([])
  cast.server.lies.clear()
  await erik.markRead(shared, thread)
  cast.server.lies.set('threads.read', withoutLast)
  const { alarms, messages } = await (await cast.newDevice('anna')).messages(shared, thread)
  expect(alarms).toEqual([{ kind: 'rolled-back', by: cast.person('erik').user }])
  expect(messages).toHaveLength(1)
})

test('shows a reader another message than the others: their receipts meet and say so, and both go on reading', async () => {
  const { theCase: shared } = await cast.sharedWithPolice()
  const thread = await cast.write('anna', shared, 'threat', 'första')
  await cast.write('anna', shared, 'threat', 'andra', thread)
  await cast.write('anna', shared, 'threat', 'tredje', thread)
  cast.server.lies.set('threads.read', ({ messages, ...rest }, person) => ({
    ...rest,
    messages:
      person.user === cast.person('erik').user
        ? swapped(messages as { seals: { seq: number }[] }[])
        : (messages as unknown[]),
  }))
  const erik = await cast.newDevice('erik')
  await erik.messages(shared, thread)
  await erik.markRead(shared, thread)
  const { alarms, messages } = await cast.session('anna').messages(shared, thread)
  expect(alarms).toEqual([{ kind: 'forked', by: cast.person('erik').user }])
  expect(messages.map((one) => one.kind)).toEqual(['opened', 'opened', 'opened'])
})

test('drops a warning and moves the others up: what the reader signed is no receipt for it, and the author is told', async () => {
  const { theCase: shared } = await cast.sharedWithPolice()
  const reader = cast.person('erik').user
  const readBy = async (): Promise<readonly boolean[]> =>
    (await (await cast.newDevice('anna')).messages(shared, thread)).messages.map(
      (one) => one.kind === 'opened' && one.readBy.some(({ user }) => user === reader),
    )
  const thread = await cast.write('anna', shared, 'threat', 'ett')
  await (await cast.newDevice('erik')).markRead(shared, thread)
  expect(await readBy()).toEqual([true])
  for (const text of ['VARNING: byt boende i natt', 'tre']) await cast.write('anna', shared, 'threat', text, thread)
  const dropped = (messages: readonly { seals: readonly object[] }[]): readonly object[] =>
    messages
      .toSpliced(1, 1)
      .map((one, place) => ({ ...one, seals: one.seals.map((seal) => ({ ...seal, seq: place + 1 })) }))
  cast.server.lies.set('threads.read', ({ messages, ...rest }, person) => ({
    ...rest,
    messages: person.user === reader ? dropped(messages as { seals: object[] }[]) : messages,
  }))
  await (await cast.newDevice('erik')).markRead(shared, thread)
  expect(await readBy()).toEqual([true, false, false])
  const { alarms } = await cast.session('anna').messages(shared, thread)
  expect(alarms).toEqual([{ kind: 'forked', by: reader }])
  // Nor where a message is spoilt beside, so that the author's client cannot make the reader's stream anew.
  const honest = cast.server.lies.get('threads.read')
  cast.server.lies.set('threads.read', (answer, person) => {
    const { messages, ...rest } = (honest?.(answer, person) ?? answer) as { messages: { ciphertext: string }[] }
    return {
      ...rest,
      messages: messages.map((one, place) =>
        place === 2 ? { ...one, ciphertext: `${one.ciphertext.slice(0, -8)}AAAAAAA=` } : one,
      ),
    }
  })
  expect(await readBy()).not.toContain(true)
})

test('shows another statement at a place that was seen: it is told, nothing is written on it, and the case stays readable', async () => {
  const { theCase: shared } = await cast.sharedWithPolice()
  const thread = await cast.write('anna', shared, 'threat', 'läsbart')
  const anna = cast.session('anna')
  expect((await anna.case(shared)).warnings).not.toContain('history-differs')
  cast.server.lies.set('cases.read', ({ chains, ...rest }) => ({
    ...rest,
    chains: (chains as Chain[]).map((chain) => ({ ...chain, statements: otherwise(chain.statements) })),
  }))
  await expect(cast.write('anna', shared, 'threat', 'ska inte gå', thread)).rejects.toMatchObject({
    reason: 'forked',
  })
  expect((await anna.case(shared)).warnings).toContain('history-differs')
  expect(await cast.read(anna, shared, thread)).toEqual(['läsbart'])
  cast.server.lies.clear()
  expect((await anna.case(shared)).warnings).not.toContain('history-differs')
  await cast.write('anna', shared, 'threat', 'går igen', thread)
})

test('serves chains under one another’s names: none is taken for the other, and nothing is written', async () => {
  const { theCase: shared } = await cast.sharedWithPolice()
  const [ours, theirs] = [boras, police].map(authorityOf)
  const swapped = new Map([
    [`strand/${shared}/${ours}/${theirs}`, `strand/${shared}/${theirs}/${ours}`],
    [`strand/${shared}/${theirs}/${ours}`, `strand/${shared}/${ours}/${theirs}`],
  ])
  cast.server.lies.set('cases.read', ({ chains, ...rest }) => ({
    ...rest,
    chains: (chains as { place: string }[]).map((chain) => ({
      ...chain,
      place: swapped.get(chain.place) ?? chain.place,
    })),
  }))
  const device = await cast.newDevice('anna')
  await expect(device.registerConsent(shared, cast.consent(['plan']))).rejects.toMatchObject({
    name: 'chain-refused',
    reason: 'wrong-place',
  })
  cast.server.lies.clear()
  await device.registerConsent(shared, cast.consent(['plan']))
})

test('shows another history of a tenant than the one known: no chain of it counts', async () => {
  const { theCase: shared } = await cast.sharedWithPolice()
  const anna = cast.session('anna')
  await anna.case(shared)
  cast.server.lies.set('cases.read', ({ tenantHeads, ...rest }) => ({
    ...rest,
    tenantHeads: Object.fromEntries(
      Object.entries(tenantHeads as Record<string, { n: number }>).map(([tenant, { n }]) => [
        tenant,
        { n, hash: 'ab'.repeat(32) },
      ]),
    ),
  }))
  await expect(anna.threads(shared)).rejects.toMatchObject({
    name: 'chain-refused',
    reason: 'forked',
  })
})

test('says that a consent is withdrawn: its recipient is left out on that word, and only a later registration takes her back', async () => {
  const { theCase: shared } = await cast.sharedWithPolice()
  const anna = cast.session('anna')
  const given = (await anna.case(shared)).flows.filter((flow) => flow.source === authorityOf(boras))
  cast.server.lies.set('cases.read', (answer) => ({
    ...answer,
    withdrawnGrants: given.flatMap(({ grants }) => grants.map((grant) => ({ grant, since: cast.server.now }))),
  }))
  const left = { authority: authorityOf(police), cause: 'word' }
  expect((await anna.readers(shared, 'threat', 'casework')).notReading).toEqual([left])
  const thread = await cast.write('anna', shared, 'threat', 'utan polisen')
  cast.server.lies.clear()
  expect(await cast.read(await cast.newDevice('erik'), shared, thread)).toEqual([])
  expect((await anna.readers(shared, 'threat', 'casework')).notReading).toEqual([left])
  cast.pass(1)
  await anna.registerConsent(shared, cast.consent(['threat']))
  expect((await anna.readers(shared, 'threat', 'casework')).authorities).toHaveLength(1)
  await cast.write('anna', shared, 'threat', 'med polisen igen', thread)
  expect(await cast.read(await cast.newDevice('erik'), shared, thread)).toEqual(['med polisen igen'])
})

test('gives a person another name than was certified: the pseudonym is shown, and where nothing is certified too', async () => {
  const { theCase: shared } = await cast.sharedWithPolice()
  const named = async (): Promise<string | null | undefined> =>
    (await cast.session('anna').case(shared)).people.find((one) => one.user === cast.person('erik').user)?.name
  expect(await named()).toBe('erik')
  cast.server.lies.set('cases.read', ({ people, ...rest }) => ({
    ...rest,
    people: (people as { user: string }[]).map((one) =>
      one.user === cast.person('erik').user
        ? { ...one, name: 'Någon Annan' }
        : one.user === cast.person('ida').user
          ? { ...one, user: '00000000-0000-0000-0000-000000009999', name: 'Aldrig Bestyrkt' }
          : one,
    ),
  }))
  const { people } = await (await cast.newDevice('anna')).case(shared)
  const names = people.map((one) => one.name)
  expect(names).toContain('anna')
  expect(names).not.toContain('Någon Annan')
  expect(names).not.toContain('Aldrig Bestyrkt')
})

test('holds back the end of a chain that was seen: nothing is written on it', async () => {
  const { theCase: shared } = await cast.sharedWithPolice()
  await cast.session('anna').case(shared)
  cast.server.lies.set('cases.read', ({ chains, ...rest }) => ({
    ...rest,
    chains: (chains as { statements: unknown[] }[]).map((chain) => ({
      ...chain,
      statements: chain.statements.slice(0, -1),
    })),
  }))
  await expect(cast.write('anna', shared, 'threat', 'ska inte gå')).rejects.toMatchObject({
    name: 'chain-refused',
    reason: 'rolled-back',
  })
})

test('breaks a chain: nothing is widened or written any more, and a withdrawal and the end of an assignment go through', async () => {
  const { theCase: shared, registration } = await cast.sharedWithPolice()
  const lisa = id<Parameters<ReturnType<Cast['session']>['endAssignment']>[1]>(cast.person('lisa').user)
  await cast.session('mehmet').assign(shared, { user: lisa, categories: 'default', until: inNinetyDays() })
  const anna = cast.session('anna')
  await anna.case(shared)
  cast.server.lies.set('cases.read', ({ chains, ...rest }) => ({
    ...rest,
    chains: (chains as Chain[]).filter(
      (chain) => !chain.place.endsWith(authorityOf(boras)) || chain.place.startsWith('ledger'),
    ),
  }))
  await expect(cast.write('anna', shared, 'threat', 'ska inte gå')).rejects.toMatchObject({ name: 'chain-refused' })
  await expect(anna.registerConsent(shared, cast.consent(['plan']))).rejects.toMatchObject({ name: 'chain-refused' })
  await anna.endAssignment(shared, lisa, 'ended')
  cast.pass(1)
  await anna.withdrawConsent(shared, registration)
  cast.server.lies.clear()
  const view = await anna.case(shared)
  expect(view.consents[0]?.state).toBe('withdrawn')
  expect(view.assignments.find((one) => one.user === lisa)?.state).toBe('ended')
})

test('shows another root: no chain counts', async () => {
  const { theCase: shared } = await cast.sharedWithPolice()
  cast.server.lies.set('tenants.chain', ({ statements, ...rest }) => ({
    ...rest,
    statements: (statements as unknown[]).slice(1),
  }))
  await expect((await cast.newDevice('anna')).case(shared)).rejects.toMatchObject({ name: 'chain-refused' })
})

test('nothing that the clients tried by themselves was refused', () => {
  expect(cast.troubles).toEqual([])
})
