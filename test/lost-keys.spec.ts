// A lost passphrase: the key ends, a new one is certified, a colleague's client gives what was written before, and what rested on
// the old key is gone through (protocol.md §§ 3–5).
import type { CaseId } from '#libs/domain'
import type { Given, Name, Shared } from './support/given.ts'
import { centrum, given, police, refusal } from './support/given.ts'

jest.setTimeout(120_000)

let here: Given
beforeAll(async () => {
  here = await given(['mirjam', 'dragan', 'helena', 'gunvor', 'joakim', 'ida', 'nermina'])
}, 120_000)
afterAll(() => here.stop())
afterEach(() => expect(here.troubles.splice(0)).toEqual([]))

/** Her key ends, she makes another under a new passphrase, and a custodian who is not she certifies it. */
async function losesHerPassphrase(name: Name, custodian: Name): Promise<void> {
  const { session, user } = here.person(name)
  await here.pass(1)
  await here.session(custodian).endKey(user, 'lost')
  await here.pass(1)
  expect((await session.keyStatus()).state).toBe('ended')
  expect((await session.createKey(`${here.person(name).persona.passphrase} igen`)).state).toBe('pending')
  await here.certifies(custodian, name)
  expect((await session.keyStatus()).state).toBe('ready')
}

/** Mirjam's case at Centrum, where she works alone, shared both ways with the Police. */
async function aCaseOfMirjam(): Promise<Shared> {
  const id = await here.opens('mirjam')
  return { id, registration: await here.shares('mirjam', id, ['threat']) }
}

/** What her list shows on a device that has just begun. */
async function waitingIn(name: Name, id: CaseId): Promise<readonly string[]> {
  const { cases } = await (await here.device(name)).cases({})
  return cases.find((one) => one.id === id)?.waiting ?? []
}

test('a colleague’s client gives her what was written before, and meanwhile she is told whom she waits for', async () => {
  const { id } = await aCaseOfMirjam()
  await here.assigns('joakim', id, 'nermina')
  await here.session('ida').case(id)
  await here.session('nermina').case(id)
  const theirs = await here.writes('mirjam', id, 'threat', 'till polisen')
  const ours = await here.writes('ida', id, 'threat', 'polisens eget')
  await losesHerPassphrase('ida', 'joakim')

  const { keysFrom } = await here.session('ida').case(id)
  expect(keysFrom).toEqual([here.person('nermina').user])
  expect(await here.reads('ida', id, ours)).toEqual(['refused: key-not-given'])
  expect(await here.reads('ida', id, theirs)).toEqual(['refused: key-not-given'])

  expect(await waitingIn('nermina', id)).toEqual(['give-keys'])
  await here.session('nermina').case(id)
  expect(await waitingIn('nermina', id)).toEqual([])
  expect((await here.session('ida').case(id)).keysFrom).toBeNull()
  expect(await here.reads('ida', id, ours)).toEqual(['polisens eget'])
  expect(await here.reads('ida', id, theirs)).toEqual(['till polisen'])

  // What is written afterwards reaches her by the keys that her authority has made anew, on both sides.
  await here.session('mirjam').case(id)
  await here.writes('mirjam', id, 'threat', 'efteråt', theirs)
  expect(await here.reads('ida', id, theirs)).toEqual(['till polisen', 'efteråt'])
  await here.writes('ida', id, 'threat', 'svar', theirs)
  expect(await here.reads('mirjam', id, theirs)).toEqual(['till polisen', 'efteråt', 'svar'])
})

test('a sole caseworker’s decisions wait for her team leader: shown as such, upheld at once, and then they carry again', async () => {
  const { id, registration } = await aCaseOfMirjam()
  const before = await here.writes('mirjam', id, 'threat', 'före')
  await losesHerPassphrase('mirjam', 'gunvor')
  const flowOut = async (name: Name) =>
    (await here.session(name).case(id)).flows.find((flow) => flow.source === centrum)?.state

  // What she opened herself rests on the key that is gone: she is not confirmed, and nothing new goes to the Police.
  const hers = await here.session('mirjam').case(id)
  expect(hers.assignments).toEqual([
    expect.objectContaining({ user: here.person('mirjam').user, state: 'unconfirmed' }),
  ])
  expect(hers.warnings).toContain('uphold-needed')
  expect(hers.decisions.map(({ kind, mine }) => ({ kind, mine }))).toEqual([
    { kind: 'assignment', mine: false },
    { kind: 'consent', mine: false },
    // That she showed the Police the consent's words is a decision of its own.
    { kind: 'disclosure', mine: false },
  ])
  expect(await flowOut('mirjam')).toBe('uncovered')
  expect(await flowOut('ida')).toBe('uncovered')
  expect(hers.summary.waiting).toEqual([])
  expect(await refusal(here.session('mirjam').settle(id, [hers.decisions[0]?.id ?? ('' as never)], 'uphold'))).toBe(
    'own-benefit',
  )

  const { decisions } = await here.session('helena').case(id)
  expect(decisions.map(({ mine }) => mine)).toEqual([true, true, true])
  expect(decisions[1]).toMatchObject({ by: here.person('mirjam').user, registration, categories: ['threat'] })
  expect(await waitingIn('helena', id)).toEqual(['uphold'])
  await here.session('helena').settle(
    id,
    decisions.map((one) => one.id),
    'uphold',
  )

  const after = await here.session('mirjam').case(id)
  expect(after.decisions).toEqual([])
  expect(after.assignments).toEqual([expect.objectContaining({ state: 'standing' })])
  expect(await flowOut('mirjam')).toBe('flows')
  // Nobody else had the old keys: what was written before is lost to her, and what comes now is read by both.
  expect(after.keysFrom).toEqual([])
  expect(await here.reads('mirjam', id, before)).toEqual(['refused: key-not-given'])
  const now = await here.writes('mirjam', id, 'threat', 'nu')
  expect(await here.reads('ida', id, now)).toEqual(['nu'])
})

test('what somebody else has carried on stands, and an assigned colleague voids the rest', async () => {
  const { id } = await aCaseOfMirjam()
  const health = await here.writes('mirjam', id, 'health', 'bara vårt')
  // Naming Dragan on the strand to the Police, Helena speaks after the first consent: it rests on Mirjam's key no longer.
  await here.assigns('helena', id, 'dragan')
  await here.session('mirjam').case(id)
  await here.session('mirjam').registerConsent(id, here.consent(['economy'], { direction: 'from-us' }))
  await losesHerPassphrase('mirjam', 'gunvor')
  const outward = async () =>
    (await here.session('dragan').case(id)).flows
      .filter((flow) => flow.source === centrum)
      .map(({ category, state }) => [category, state])
  expect(await outward()).toEqual([
    ['threat', 'flows'],
    ['economy', 'uncovered'],
  ])
  const { decisions } = await here.session('dragan').case(id)
  expect(decisions).toEqual([expect.objectContaining({ kind: 'consent', categories: ['economy'], mine: true })])
  await here.pass(1)
  await here.session('dragan').settle(id, [decisions[0]?.id ?? ('' as never)], 'void')
  expect(await outward()).toEqual([['threat', 'flows']])
  expect((await here.session('dragan').case(id)).decisions).toEqual([])
  const { notReading } = await here.session('dragan').readers(id, 'economy', 'casework')
  expect(notReading.map((one) => one.authority)).toEqual([police])
  expect(await here.reads('dragan', id, health)).toEqual(['bara vårt'])
})

test('a voided assignment takes its holder out at once', async () => {
  const id = await here.opens('mirjam')
  await here.assigns('helena', id, 'dragan')
  await losesHerPassphrase('helena', 'gunvor')
  const { decisions } = await here.session('mirjam').case(id)
  expect(decisions).toEqual([
    expect.objectContaining({ kind: 'assignment', user: here.person('dragan').user, mine: true }),
  ])
  expect((await here.session('dragan').case(id)).decisions).toEqual([expect.objectContaining({ mine: false })])
  await here.pass(1)
  await here.session('mirjam').settle(id, [decisions[0]?.id ?? ('' as never)], 'void')
  expect(await refusal(here.session('dragan').case(id))).toBe('assignment-ended')
  const left = (await here.session('mirjam').case(id)).assignments
  expect(left.find((one) => one.user === here.person('dragan').user)).toMatchObject({ state: 'ended' })
})
