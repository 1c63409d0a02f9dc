// What a consent opens and its end closes, end to end: the client library against the real server, database and keys.
import type { ConsentDraft, Narrowing } from '#libs/client'
import type { AuthorityId, Category, Purpose, ThreadId } from '#libs/domain'
import { addDays } from '#libs/domain'
import { rowsOf } from './support/database.ts'
import type { Given } from './support/given.ts'
import { boras, given, hisingen, kriminalvarden, police, refusal } from './support/given.ts'
import { handingOverAll, wrappedTo } from './support/tampering.ts'

jest.setTimeout(120_000)

let here: Given
beforeAll(async () => {
  const borasAndPolice = ['linnea', 'mehmet', 'erika', 'joakim', 'ida'] as const
  here = await given([
    ...borasAndPolice,
    'nermina',
    'robin',
    'tove',
    'hassan',
    'mirjam',
    'helena',
    'gunvor',
    'samuel',
    'nadja',
  ])
})
afterAll(() => here.stop())
afterEach(() => expect(here.troubles.splice(0)).toEqual([]))

test('a consent is registered, received, confirmed; both write; each sees what it covers; withdrawn, all of it goes', async () => {
  const id = await here.opens('linnea')
  const inner = await here.writes('linnea', id, 'health', 'bara vårt')
  const registration = await here.session('linnea').registerConsent(id, here.consent(['threat', 'plan']))
  const waiting = await here.session('joakim').cases({})
  expect(waiting.cases).toEqual([expect.objectContaining({ id, relation: 'receiver', waiting: ['assign'] })])
  expect(await refusal(here.session('ida').case(id))).toBe('not-found')
  await here.assigns('joakim', id, 'ida')
  expect((await here.session('ida').case(id)).consents).toEqual([
    expect.objectContaining({ registration, awaitsMyConfirmation: true }),
  ])
  await here.session('linnea').case(id)
  const thread = await here.writes('linnea', id, 'threat', 'till polisen')
  expect(await here.reads('ida', id, thread)).toEqual(['till polisen'])
  await here.session('ida').confirmConsent(id, registration)
  await here.session('linnea').case(id)
  await here.writes('ida', id, 'threat', 'svar', thread)
  expect(await here.reads('linnea', id, thread)).toEqual(['till polisen', 'svar'])
  const seen = (await here.session('ida').threads(id)).map((one) => one.id)
  expect(seen).toContain(thread)
  expect(seen).not.toContain(inner)
  expect(await refusal(here.session('ida').messages(id, inner))).toBe('not-found')
  await here.pass(1)
  await here.session('linnea').withdrawConsent(id, registration)
  await here.pass(1)
  await here.writes('linnea', id, 'threat', 'efter återkallelsen', thread)
  expect(await here.reads('ida', id, thread)).toEqual(['svar'])
  expect(await here.reads('linnea', id, thread)).toEqual(['till polisen', 'efter återkallelsen'])
})

test('what waits for the recipient is sealed later, and nothing older than the consent with it', async () => {
  const id = await here.opens('linnea')
  const thread = await here.writes('linnea', id, 'threat', 'före samtycket')
  await here.pass(1)
  await here.session('linnea').registerConsent(id, here.consent(['threat']))
  const { waiting } = await here.session('linnea').readers(id, 'threat', 'casework')
  expect(waiting).toEqual([{ authority: police, cause: 'no-key' }])
  await here.writes('linnea', id, 'threat', 'medan nyckeln väntar', thread)
  await here.assigns('joakim', id, 'ida')
  await here.session('ida').case(id)
  expect((await here.session('ida').threads(id)).map((one) => one.id)).not.toContain(thread)
  await here.session('linnea').case(id)
  expect(await here.reads('ida', id, thread)).toEqual(['medan nyckeln väntar'])
})

test('a consent that includes everything earlier opens it', async () => {
  const id = await here.opens('linnea')
  const thread = await here.writes('linnea', id, 'threat', 'långt före')
  await here.pass(5)
  await here.shares('linnea', id, ['threat'], { includesEarlier: 'all' })
  expect(await here.reads('ida', id, thread)).toEqual(['långt före'])
})

test('narrowing takes exactly that part away', async () => {
  const { id, registration } = await here.aCaseSharedWithPolice(['threat', 'plan'])
  const threat = await here.writes('linnea', id, 'threat', 'hot, delat')
  const plan = await here.writes('linnea', id, 'plan', 'plan, delad')
  expect(await here.reads('ida', id, threat)).toEqual(['hot, delat'])
  await here.pass(1)
  await here.session('linnea').narrowConsent(id, registration, { categories: ['threat'] })
  expect(await refusal(here.session('ida').messages(id, threat))).toBe('scope-ended')
  await here.pass(1)
  await here.writes('linnea', id, 'threat', 'hot, bara vårt', threat)
  await here.writes('linnea', id, 'plan', 'plan, fortfarande delad', plan)
  expect(await refusal(here.session('ida').messages(id, threat))).toBe('scope-ended')
  expect(await here.reads('ida', id, plan)).toEqual(['plan, delad', 'plan, fortfarande delad'])
})

test('narrowing one direction leaves the other and third parties alone, whoever hears it, as the preview says', async () => {
  const id = await here.opens('linnea')
  const draft = here.consent(['threat', 'plan'])
  const [toPolice] = draft.flows
  if (toPolice === undefined) throw new Error('a draft has a flow')
  const flows = [toPolice, { ...toPolice, counterpart: kriminalvarden }]
  const registration = await here.session('linnea').registerConsent(id, { ...draft, flows })
  await here.assigns('joakim', id, 'ida')
  await here.assigns('hassan', id, 'robin')
  for (const name of ['ida', 'robin'] as const) await here.session(name).case(id)
  for (const name of ['ida', 'robin'] as const) await here.session(name).confirmConsent(id, registration)
  for (const name of ['linnea', 'ida', 'robin', 'linnea'] as const) await here.session(name).case(id)
  const threat = (source: AuthorityId, recipient: AuthorityId, category: Category = 'threat') =>
    `${source} ${recipient} ${category}`
  const open = async (name: 'linnea' | 'ida' | 'robin'): Promise<readonly string[]> =>
    (await here.session(name).case(id)).flows.map((flow) => threat(flow.source, flow.recipient, flow.category))
  const asked = { source: police, recipient: boras, categories: ['threat'] } as const
  const narrows = async (name: 'linnea' | 'ida', narrowing: Narrowing): Promise<readonly string[]> => {
    const before = await open('linnea')
    const { loses } = await here.session(name).previewNarrowing(id, registration, narrowing)
    await here.pass(1)
    await here.session(name).narrowConsent(id, registration, narrowing)
    const after = await open('linnea')
    const lost = before.filter((way) => !after.includes(way))
    expect(loses.map((way) => threat(way.source, way.recipient, way.category))).toEqual(lost)
    return lost
  }
  // Borås hears it of what the Police give.
  expect(await narrows('linnea', asked)).toEqual([threat(police, boras)])
  expect(await open('ida')).toEqual(expect.arrayContaining([threat(boras, police), threat(police, boras, 'plan')]))
  // The Police hear it of what Borås give: Borås' way to Kriminalvården and Kriminalvården's own stand.
  expect(await narrows('ida', { source: boras, recipient: police, categories: ['plan'] })).toEqual([
    threat(boras, police, 'plan'),
  ])
  expect(await open('robin')).toHaveLength(4)
  // Nobody's chain names a party that its other side does not know.
  const toPrison = await rowsOf<{ bytes: string }>(
    here.sluss.database.adminUrl,
    `select bytes from statements where case_id = $1 and (authority_id = $2 or recipient_id = $2) and kind = 'strand'`,
    [id, kriminalvarden],
  )
  expect(toPrison.filter(({ bytes }) => bytes.includes(police))).toEqual([])
})

test('words and evidence are read by a source that is asked to confirm, checked, and by nobody else', async () => {
  const id = await here.opens('linnea')
  const draft = here.consent(['threat'])
  const [toPolice] = draft.flows
  if (toPolice === undefined) throw new Error('a draft has a flow')
  // Kriminalvården only receives, and everything of `plan`, the past included.
  const toPrison = {
    ...toPolice,
    counterpart: kriminalvarden,
    direction: 'from-us',
    categories: ['plan'],
    includesEarlier: 'all',
  } as const
  const registration = await here.session('linnea').registerConsent(id, { ...draft, flows: [toPolice, toPrison] })
  await here.assigns('joakim', id, 'ida')
  await here.assigns('hassan', id, 'robin')
  for (const name of ['ida', 'robin'] as const) await here.session(name).case(id)
  expect(await here.session('ida').consentWords(id, registration)).toEqual({ state: 'waiting' })
  await here.session('linnea').case(id)
  // Also who gave it and when, which nothing else tells her who is to confirm.
  const text = { ...draft.words, givers: draft.givers, givenAt: draft.givenAt }
  const shown = { state: 'agrees', text, evidence: draft.evidence }
  expect(await here.session('linnea').consentWords(id, registration)).toEqual(shown)
  expect(await here.session('ida').consentWords(id, registration)).toEqual(shown)
  // What else stands in `plan` is not shown with it.
  const plan = await here.writes('linnea', id, 'plan', 'plan, inte till polisen')
  expect(await refusal(here.session('ida').messages(id, plan))).toBe('not-found')
  expect(await here.reads('robin', id, plan)).toEqual(['plan, inte till polisen'])
  const words = registration as string as ThreadId
  expect(await refusal(here.session('robin').messages(id, words))).toBe('not-found')
  expect(await refusal(here.session('robin').consentWords(id, registration))).toBe('not-found')
  // The words are no thread of theirs, and a colleague's client that looks in later seals them to nobody else.
  const later = await here.device('linnea')
  await later.case(id)
  expect((await later.threads(id)).map((one) => one.id)).toEqual([plan])
  expect((await here.session('ida').threads(id)).map((one) => one.id)).toEqual([])
  const sealedTo = await rowsOf<{ recipient: string | null }>(
    here.sluss.database.adminUrl,
    'select k.recipient_id as recipient from seals s join content_keys k on k.id = s.key_id where s.thread_id = $1',
    [words],
  )
  expect(sealedTo.map((one) => one.recipient).toSorted()).toEqual([police, null])
  // It goes with the consent.
  await here.pass(1)
  await here.session('linnea').withdrawConsent(id, registration)
  expect(await refusal(here.session('ida').messages(id, words))).toBe('scope-ended')
  // Nothing that cannot come is promised, and nobody is promised what is not for her.
  const after = await here.device('ida')
  await after.case(id)
  expect(await after.consentWords(id, registration)).toEqual({ state: 'ended' })
})

test('who receives without an assignment is told that the words are for those who have one', async () => {
  const id = await here.opens('linnea')
  const registration = await here.session('linnea').registerConsent(id, here.consent(['threat']))
  expect(await here.session('joakim').consentWords(id, registration)).toEqual({ state: 'not-assigned' })
  await here.assigns('joakim', id, 'ida')
  for (const name of ['ida', 'linnea', 'ida'] as const) await here.session(name).case(id)
  expect((await here.session('ida').consentWords(id, registration)).state).toBe('agrees')
})

test('what was given stands among the ways of a consent, with its dates and its end, also when it is over', async () => {
  const { id, registration } = await here.aCaseSharedWithPolice(['threat'])
  const given = async () =>
    (await here.session('ida').case(id)).consents[0]?.flows.filter((flow) => flow.recipient === police)
  const [before] = (await given()) ?? []
  expect(before).toMatchObject({ source: boras, category: 'threat', state: 'flows', ended: null })
  await here.pass(3)
  await here.session('linnea').withdrawConsent(id, registration)
  expect(await given()).toEqual([
    { ...before, state: 'ended', ended: expect.objectContaining({ how: 'withdrawn', by: boras }) },
  ])
})

test('where the person allows not even that, nothing of it is shown here and the page is told so', async () => {
  const id = await here.opens('linnea')
  const draft: ConsentDraft = { ...here.consent(['threat']), shown: 'outside' }
  const registration = await here.session('linnea').registerConsent(id, draft)
  await here.assigns('joakim', id, 'ida')
  for (const name of ['ida', 'linnea', 'ida'] as const) await here.session(name).case(id)
  expect(await here.session('ida').consentWords(id, registration)).toEqual({ state: 'outside' })
  expect(await refusal(here.session('ida').messages(id, registration as string as ThreadId))).toBe('not-found')
  expect((await here.session('linnea').consentWords(id, registration)).state).toBe('agrees')
  expect(await refusal(here.session('ida').confirmConsent(id, registration))).toBe('done')
})

test('a consent near its end is reminded of, renewed without a gap, and withdrawn with what it renews', async () => {
  const { id, registration: former } = await here.aCaseSharedWithPolice(['threat'], { days: 40 })
  const thread = await here.writes('linnea', id, 'threat', 'under det förra')
  const waiting = async () => (await here.session('linnea').cases({})).cases.find((one) => one.id === id)?.waiting
  expect(await waiting()).toEqual([])
  await here.pass(11 * 24 * 60)
  expect(await waiting()).toEqual(['renew'])
  expect((await here.session('linnea').case(id)).consents).toEqual([
    expect.objectContaining({ registration: former, endsSoon: true, mayRenew: true }),
  ])
  // To the one who confirmed it, it is not hers to renew.
  expect((await here.session('ida').case(id)).consents.map((one) => one.endsSoon || one.mayRenew)).toEqual([false])
  const draft = here.consent(['threat'], { includesEarlier: 'shared-before', days: 200 })
  const renewed = await here.session('linnea').registerConsent(id, { ...draft, renews: former })
  await here.session('ida').confirmConsent(id, renewed)
  for (const name of ['linnea', 'ida'] as const) await here.session(name).case(id)
  expect(await waiting()).toEqual([])
  await here.pass(30 * 24 * 60)
  for (const name of ['ida', 'linnea', 'ida'] as const) await here.session(name).case(id)
  await here.writes('linnea', id, 'threat', 'under det nya', thread)
  expect(await here.reads('ida', id, thread)).toEqual(['under det förra', 'under det nya'])
  const stateOf = async () => (await here.session('linnea').case(id)).consents.map((one) => [one.state, one.isRenewed])
  expect(await stateOf()).toEqual([
    ['expired', true],
    ['standing', false],
  ])
  await here.pass(1)
  await here.session('ida').withdrawConsent(id, renewed)
  expect(await refusal(here.session('ida').messages(id, thread))).toBe('scope-ended')
  await here.pass(1)
  await here.session('linnea').case(id)
  expect((await stateOf()).map(([state]) => state)).toEqual(['withdrawn', 'withdrawn'])
})

test('who hears the former consent withdrawn closes the renewal that she was never shown', async () => {
  const { id, registration: former } = await here.aCaseSharedWithPolice(['threat'])
  await here.pass(1)
  // One way only, so that nothing of the renewal is shared with the Police but what it opens.
  const draft = here.consent(['threat'], { direction: 'from-us' })
  const renewed = await here.session('linnea').registerConsent(id, { ...draft, renews: former })
  await here.pass(1)
  await here.session('ida').withdrawConsent(id, former)
  const open = async () => (await here.session('linnea').case(id)).flows.filter((flow) => flow.state !== 'ended')
  expect(await open()).toEqual([])
  await here.pass(1)
  const { consents } = await here.session('linnea').case(id)
  expect(consents.find((one) => one.registration === renewed)?.state).toBe('withdrawn')
})

test('the case shows what waits for a source beside what flows, each with its dates', async () => {
  const id = await here.opens('linnea')
  const registration = await here.session('linnea').registerConsent(id, here.consent(['threat']))
  const from = here.now()
  const shown = async () =>
    (await here.session('linnea').case(id)).flows.map(({ source, state, from: begins }) => [source, state, begins])
  expect(await shown()).toEqual([
    [boras, 'waiting-for-key', from],
    [police, 'waiting-for-confirmation', from],
  ])
  await here.assigns('joakim', id, 'ida')
  await here.session('ida').case(id)
  await here.pass(2)
  await here.session('ida').confirmConsent(id, registration)
  expect(await shown()).toEqual([
    [boras, 'flows', from],
    [police, 'flows', here.now()],
  ])
})

test('who will not read, and why: by authority', async () => {
  const id = await here.opens('linnea')
  const whyNot = async (
    name: 'linnea' | 'ida',
    theCase = id,
    category: Category = 'threat',
    purpose: Purpose = 'casework',
  ) => (await here.session(name).readers(theCase, category, purpose)).notReading.map((one) => one.cause)
  // Borås asks the Police for theirs and gives nothing.
  const asked = await here.session('linnea').registerConsent(id, here.consent(['threat'], { direction: 'to-us' }))
  expect(await whyNot('linnea')).toEqual(['none'])
  await here.assigns('joakim', id, 'ida')
  expect(await whyNot('ida')).toEqual(['not-confirmed'])
  await here.session('ida').confirmConsent(id, asked)
  await here.session('linnea').case(id)
  expect(await whyNot('ida')).toEqual([])
  expect(await whyNot('ida', id, 'plan')).toEqual(['category'])
  expect(await whyNot('ida', id, 'threat', 'follow_up')).toEqual(['purpose'])
  await here.pass(1)
  // The other side hears it: nothing of one's own says so yet.
  await here.session('linnea').withdrawConsent(id, asked)
  expect(await whyNot('ida')).toEqual(['withdrawn'])
  const short = await here.aCaseSharedWithPolice(['threat'], { days: 2 })
  expect(await whyNot('linnea', short.id)).toEqual([])
  await here.pass(2 * 24 * 60)
  expect(await whyNot('linnea', short.id)).toEqual(['ended'])
  const narrowed = await here.aCaseSharedWithPolice(['threat', 'plan'])
  await here.pass(1)
  await here.session('linnea').narrowConsent(narrowed.id, narrowed.registration, { recipient: police, source: boras })
  expect(await whyNot('linnea', narrowed.id)).toEqual(['withdrawn'])
})

test('who will not read, and why: a colleague whose assignment leaves the category out, by name', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  const { user, persona } = here.person('nermina')
  const until = addDays(here.now(), 30)
  await here.session('joakim').assign(id, { user, categories: ['contact'], until })
  const { own, ownNotReading } = await here.session('ida').readers(id, 'threat', 'casework')
  expect(own.map((one) => one.user)).toEqual([here.person('ida').user])
  expect(ownNotReading).toEqual([{ user, name: persona.name, cause: 'category' }])
  const contact = await here.session('ida').readers(id, 'contact', 'casework')
  expect(contact.own.map((one) => one.user)).toContain(user)
  expect(contact.ownNotReading).toEqual([])
})

test('a permit for one consent does not narrow another', async () => {
  const id = await here.opens('linnea')
  const first = await here.session('linnea').registerConsent(id, here.consent(['threat'], { direction: 'from-us' }))
  const other = await here.session('linnea').registerConsent(id, here.consent(['plan'], { direction: 'from-us' }))
  const device = await here.device('linnea', 0, {
    fetch: (address, init) => fetch(address.replace(`/consents/${first}/`, `/consents/${other}/`), init),
  })
  expect(await refusal(device.narrowConsent(id, first, { categories: ['threat'] }))).toBe('registration-unknown')
  expect((await here.session('linnea').case(id)).flows.map((flow) => flow.category)).toEqual(['threat', 'plan'])
  expect(await refusal(here.session('linnea').narrowConsent(id, first, { categories: ['threat'] }))).toBe('done')
  expect((await here.session('linnea').case(id)).flows.map((flow) => flow.category)).toEqual(['plan'])
})

test('a withdrawal that the recipient hears closes both ways at once, before the source has been on line', async () => {
  const { id, registration } = await here.aCaseSharedWithPolice(['threat'])
  const ours = await here.writes('linnea', id, 'threat', 'från socialtjänsten')
  const theirs = await here.writes('ida', id, 'threat', 'från polisen')
  await here.pass(1)
  await here.session('ida').withdrawConsent(id, registration)
  expect(await refusal(here.session('ida').messages(id, ours))).toBe('scope-ended')
  expect(await refusal(here.session('linnea').messages(id, theirs))).toBe('scope-ended')
  await here.pass(1)
  const { consents, flows } = await here.session('linnea').case(id)
  expect(consents.map((one) => one.state)).toEqual(['withdrawn'])
  expect(flows.filter((flow) => flow.state === 'flows')).toEqual([])
})

test('after a withdrawal no old key opens what is written, though the database hands over every row', async () => {
  const { id, registration } = await here.aCaseSharedWithPolice(['threat'])
  const thread = await here.writes('linnea', id, 'threat', 'under samtycket')
  await here.pass(1)
  await here.session('linnea').withdrawConsent(id, registration)
  await here.pass(1)
  await here.writes('linnea', id, 'threat', 'efter återkallelsen', thread)
  const ida = await here.device('ida', 0, { fetch: handingOverAll(here, thread) })
  const { messages } = await ida.messages(id, thread)
  expect(messages.map((one) => (one.kind === 'opened' ? one.text : one.reason))).toEqual([
    'under samtycket',
    'key-unknown',
  ])
  const later = messages[1]
  if (later === undefined) throw new Error('two messages were just listed')
  const linnea = await here.session('linnea').asCustodian()
  expect(await wrappedTo(here, later.id)).toEqual([linnea?.encryption])
})

test('between two boards of one kommun the border is the same as to the Police', async () => {
  const id = await here.opens('mirjam')
  const inner = await here.writes('mirjam', id, 'threat', 'före, bara Centrum')
  expect((await here.session('nadja').cases({})).cases.map((one) => one.id)).not.toContain(id)
  expect(await refusal(here.session('samuel').case(id))).toBe('not-found')
  await here.pass(1)
  const registration = await here.shares('mirjam', id, ['threat'], {
    with: hisingen,
    receiver: 'nadja',
    worker: 'samuel',
  })
  const thread = await here.writes('mirjam', id, 'threat', 'till Hisingen')
  await here.writes('samuel', id, 'threat', 'till Centrum', thread)
  expect(await here.reads('samuel', id, thread)).toEqual(['till Hisingen', 'till Centrum'])
  expect(await here.reads('mirjam', id, thread)).toEqual(['till Hisingen', 'till Centrum'])
  expect(await refusal(here.session('samuel').messages(id, inner))).toBe('not-found')
  await here.pass(1)
  await here.session('mirjam').withdrawConsent(id, registration)
  await here.pass(1)
  await here.writes('mirjam', id, 'threat', 'efter', thread)
  expect(await here.reads('samuel', id, thread)).toEqual(['till Centrum'])
})

test('a verbal consent lapses on its date by the clock alone', async () => {
  const given = { how: 'verbally-with-witness', lapsesAt: addDays(here.now(), 7) } as const
  const { id } = await here.aCaseSharedWithPolice(['threat'], { given })
  const thread = await here.writes('linnea', id, 'threat', 'under veckan')
  expect(await here.reads('ida', id, thread)).toEqual(['under veckan'])
  await here.pass(7 * 24 * 60 - 30)
  expect(await here.reads('ida', id, thread)).toEqual(['under veckan'])
  await here.pass(31)
  expect(await refusal(here.session('ida').messages(id, thread))).toBe('scope-ended')
  expect((await here.session('linnea').readers(id, 'threat', 'casework')).authorities).toEqual([])
  await here.writes('linnea', id, 'threat', 'efter veckan', thread)
  expect(await refusal(here.session('ida').messages(id, thread))).toBe('scope-ended')
})

test('several recipients: each sees its own part, none sees of the other, and one can be taken away', async () => {
  const id = await here.opens('linnea')
  const draft = here.consent(['threat', 'plan'])
  const [toPolice] = draft.flows
  if (toPolice === undefined) throw new Error('a draft has a flow')
  const both: ConsentDraft = {
    ...draft,
    flows: [toPolice, { ...toPolice, counterpart: kriminalvarden, categories: ['plan'] }],
  }
  const registration = await here.session('linnea').registerConsent(id, both)
  await here.assigns('joakim', id, 'ida')
  await here.assigns('hassan', id, 'robin')
  for (const name of ['ida', 'robin', 'linnea', 'ida', 'robin'] as const) await here.session(name).case(id)
  const threat = await here.writes('linnea', id, 'threat', 'hot')
  const plan = await here.writes('linnea', id, 'plan', 'plan')
  expect(await here.reads('ida', id, plan)).toEqual(['plan'])
  expect(await here.reads('robin', id, plan)).toEqual(['plan'])
  expect(await refusal(here.session('robin').messages(id, threat))).toBe('not-found')
  expect((await here.session('robin').case(id)).parties).not.toContain(police)
  await here.pass(1)
  await here.session('linnea').narrowConsent(id, registration, { recipient: police })
  await here.pass(1)
  await here.writes('linnea', id, 'plan', 'plan igen', plan)
  expect(await refusal(here.session('ida').messages(id, plan))).toBe('scope-ended')
  expect(await here.reads('robin', id, plan)).toEqual(['plan', 'plan igen'])
})
