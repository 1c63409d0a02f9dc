// Disclosures on a ground in law, through the client library and by bare SQL, with no consent anywhere (domain.md § 5; protocol.md § 5).
import type { Connected, DisclosureDraft } from '#libs/client'
import type { CaseId, Hash, MessageId, ThreadId } from '#libs/domain'
import { addDays } from '#libs/domain'
import type { Signed } from '#libs/protocol'
import type { Given } from '../support/given.ts'
import { boras, given, police, refusal } from '../support/given.ts'
import { ask, signs } from './pen.ts'
import { disconnect, rowsAs } from './support.ts'
import { rowsOf } from '../support/database.ts'
import { changeAuthor } from '../support/tampering.ts'

jest.setTimeout(180_000)

let here: Given
beforeAll(async () => {
  here = await given(['linnea', 'mehmet', 'osman', 'joakim', 'ida', 'nermina'])
}, 300_000)
afterAll(async () => {
  await disconnect()
  await here.stop()
})
/** What one step of a case needs of time: a message and an end in the same minute are told apart by nobody. */
const aMinute = (): Promise<void> => here.pass(1)

const disclosure = (what: DisclosureDraft['what'], change: Partial<DisclosureDraft> = {}): DisclosureDraft => ({
  recipient: police,
  units: null,
  category: 'threat',
  purpose: 'casework',
  what,
  ground: 'brb-24-4',
  age: null,
  reason: 'Fara för livet i kväll.',
  ...change,
})
const named = (messages: readonly MessageId[], change: Partial<DisclosureDraft> = {}): DisclosureDraft =>
  disclosure({ messages, until: addDays(here.now(), 30) }, { ground: 'osl-10-20-24', ...change })

async function idsIn(id: CaseId, thread: ThreadId): Promise<readonly MessageId[]> {
  return (await here.session('linnea').messages(id, thread)).messages.map((message) => message.id)
}

/** Everything that a person's transaction is shown of a case's messages, by row-level security alone. */
async function rowsFor(name: 'ida' | 'linnea', id: CaseId): Promise<readonly string[]> {
  const { user, tenant, authority } = here.person(name)
  const sql = 'select id from messages where case_id = $1'
  const rows = await rowsAs<{ id: string }>(here.sluss.database.appUrl, sql, [id], { user, tenant, authority })
  return rows.map((row) => row.id)
}

/** The Police have received it, Ida works in it, and both sides have been on line since. */
async function received(id: CaseId): Promise<void> {
  await here.assigns('joakim', id, 'ida')
  await here.session('ida').case(id)
  await here.session('linnea').case(id)
  await here.session('ida').case(id)
}

test('Borås discloses two messages to the Police without any consent: those open, and nothing else exists for them', async () => {
  const [linnea, ida] = [here.session('linnea'), here.session('ida')]
  const id = await here.opens('linnea')
  const thread = await here.writes('linnea', id, 'threat', 'ett')
  for (const text of ['två', 'tre']) await here.writes('linnea', id, 'threat', text, thread)
  const other = await here.writes('linnea', id, 'threat', 'en annan tråd')
  const health = await here.writes('linnea', id, 'health', 'hälsa')
  const [first, , third] = await idsIn(id, thread)
  if (first === undefined || third === undefined) throw new Error('three were written')
  await aMinute()
  await linnea.disclose(id, named([first, third]))
  expect((await here.session('joakim').cases({})).cases.find((one) => one.id === id)?.waiting).toEqual(['assign'])
  await received(id)

  expect(await here.reads('ida', id, thread)).toEqual(['ett', 'tre'])
  expect((await ida.threads(id)).map((one) => one.id)).toEqual([thread])
  for (const hidden of [other, health]) expect(await refusal(ida.messages(id, hidden))).toBe('not-found')
  expect([...(await rowsFor('ida', id))].sort()).toEqual([first, third].sort())
  const view = await ida.case(id)
  expect(view.disclosures).toMatchObject([
    { category: 'threat', items: [first, third], state: 'open', decidedBy: here.person('linnea').user },
  ])
  expect([view.consents, view.flows]).toEqual([[], []])

  // Why it was done is the source's own content, told as a fact; what to call it is the page's to say.
  const reasons = (await linnea.threads(id)).filter((one) => one.isReasonOfDisclosure)
  expect(reasons.map((one) => [one.title, one.newest.kind === 'opened' && one.newest.text])).toEqual([
    [null, 'Fara för livet i kväll.'],
  ])

  // What is written afterwards is not theirs, and no one is said to read it who does not.
  await aMinute()
  await here.writes('linnea', id, 'threat', 'fyra', thread)
  await linnea.case(id)
  expect((await linnea.readers(id, 'threat', 'casework')).authorities).toEqual([])
  expect(await here.reads('ida', id, thread)).toEqual(['ett', 'tre'])
  expect(await here.reads(await here.device('ida'), id, thread)).toEqual(['ett', 'tre'])
  // The Police write for themselves: that they were told something opens nothing of theirs to Borås.
  const own = await here.writes('ida', id, 'threat', 'polisens eget')
  expect(await refusal(linnea.messages(id, own))).toBe('not-found')
})

describe('a broken glass', () => {
  let id: CaseId
  let thread: ThreadId
  let made: Hash

  test('opens the category for a day, what was written before too, and its composer says until when', async () => {
    const linnea = here.session('linnea')
    id = await here.opens('linnea')
    thread = await here.writes('linnea', id, 'threat', 'före')
    const health = await here.writes('linnea', id, 'health', 'hälsa')
    await aMinute()
    made = await linnea.disclose(id, disclosure({ hours: 24 }))
    expect((await linnea.readers(id, 'threat', 'casework')).waiting).toMatchObject([{ authority: police }])
    await received(id)
    await aMinute()
    await here.writes('linnea', id, 'threat', 'under tiden', thread)
    expect(await here.reads('ida', id, thread)).toEqual(['före', 'under tiden'])
    expect(await refusal(here.session('ida').messages(id, health))).toBe('not-found')
    const { authorities, notReading } = await linnea.readers(id, 'threat', 'casework')
    const [open] = (await linnea.case(id)).disclosures
    expect(authorities).toMatchObject([{ authority: police, disclosedUntil: open?.until }])
    expect(notReading).toEqual([])
    expect((await linnea.readers(id, 'health', 'casework')).authorities).toEqual([])
    expect(await here.reads(await here.device('ida'), id, thread)).toEqual(['före', 'under tiden'])
  })

  test('closes by the clock, with no statement and no job: nothing is shown and old keys open nothing later', async () => {
    await here.pass(24 * 60)
    expect(await refusal(here.session('ida').messages(id, thread))).toBe('scope-ended')
    expect(await rowsFor('ida', id)).toEqual([])
    await here.writes('linnea', id, 'threat', 'efteråt', thread)
    expect((await here.session('linnea').readers(id, 'threat', 'casework')).authorities).toEqual([])
    expect((await here.session('linnea').case(id)).disclosures).toMatchObject([{ disclosure: made, state: 'over' }])
    // Her keys stay hers; of the three messages two are sealed to one of them, and the last to none.
    const sql = `select m.id from messages m join seals s on s.message_id = m.id join content_keys k on k.id = s.key_id
      where m.thread_id = $1 and k.kind = 'flow' order by m.accepted_at`
    const sealed = await rowsOf<{ id: string }>(here.sluss.database.adminUrl, sql, [thread])
    expect(sealed.map((row) => row.id)).toEqual((await idsIn(id, thread)).slice(0, 2))
  })

  test('is closed early by its source, at once', async () => {
    const [linnea, ida] = [here.session('linnea'), here.session('ida')]
    const again = await linnea.disclose(id, disclosure({ hours: 72 }))
    await ida.case(id)
    await linnea.case(id)
    expect(await here.reads('ida', id, thread)).toEqual(['före', 'under tiden', 'efteråt'])
    expect(await refusal(ida.closeDisclosure(id, again))).toBe('not-found')
    await aMinute()
    await linnea.closeDisclosure(id, again)
    expect(await refusal(ida.messages(id, thread))).toBe('scope-ended')
    expect(await rowsFor('ida', id)).toEqual([])
  })
})

test('beside a consent it has keys of its own: withdrawing the consent leaves it open, and what was read by both stays in order', async () => {
  const [linnea, ida] = [here.session('linnea'), here.session('ida')]
  const { id, registration } = await here.aCaseSharedWithPolice(['threat'])
  const thread = await here.writes('linnea', id, 'threat', 'med samtycke')
  await aMinute()
  await linnea.disclose(id, disclosure({ hours: 24 }))
  expect((await linnea.readers(id, 'threat', 'casework')).authorities).toHaveLength(2)
  await here.writes('linnea', id, 'threat', 'med båda', thread)
  expect(await here.reads('ida', id, thread)).toEqual(['med samtycke', 'med båda'])
  await aMinute()
  await linnea.withdrawConsent(id, registration)
  await aMinute()
  await here.writes('linnea', id, 'threat', 'utan samtycke', thread)
  expect(await here.reads('ida', id, thread)).toEqual(['med samtycke', 'med båda', 'utan samtycke'])
  expect(await here.reads(await here.device('ida'), id, thread)).toEqual(['med samtycke', 'med båda', 'utan samtycke'])
  await here.pass(24 * 60)
  expect(await refusal(ida.messages(id, thread))).toBe('scope-ended')
})

test('a receiver of the source ends a disclosure without being assigned; one of the recipient does not', async () => {
  const { id } = await here.aCaseSharedWithPolice(['health'])
  const thread = await here.writes('ida', id, 'threat', 'polisens uppgift')
  await aMinute()
  const made = await here.session('ida').disclose(id, disclosure({ hours: 24 }, { recipient: boras }))
  await here.session('linnea').case(id)
  await here.session('ida').case(id)
  expect(await here.reads('linnea', id, thread)).toEqual(['polisens uppgift'])
  expect(await refusal(here.session('linnea').closeDisclosure(id, made))).toBe('not-found')
  await aMinute()
  await here.session('joakim').closeDisclosure(id, made)
  expect(await refusal(here.session('linnea').messages(id, thread))).toBe('scope-ended')
})

test('each refusal has its own word, and nothing is opened by it', async () => {
  const linnea = here.session('linnea')
  const id = await here.opens('linnea')
  const thread = await here.writes('linnea', id, 'threat', 'ett')
  const [message] = await idsIn(id, thread)
  if (message === undefined) throw new Error('one was written')
  const answer = (draft: DisclosureDraft): Promise<string> => refusal(linnea.disclose(id, draft))
  expect(await answer(disclosure({ hours: 23 }))).toBe('too-short')
  expect(await answer(disclosure({ hours: 73 }))).toBe('too-long')
  expect(await answer(named([message], { ground: 'sol-2001-14-1' }))).toBe('ground-not-in-force')
  expect(await answer(named([message], { ground: 'osl-10-27' }))).toBe('ground-not-theirs')
  expect(await answer(named([message], { ground: 'osl-10-18a', age: 21 }))).toBe('ground-about-younger')
  expect(await answer(disclosure({ hours: 24 }, { category: 'health' }))).toBe('ground-without-category')
  // A message of another sort is not named by this disclosure.
  expect(await answer(named([message], { category: 'identity' }))).toBe('not-found')
  expect((await linnea.case(id)).disclosures).toEqual([])
  expect((await here.session('joakim').cases({})).cases.some((one) => one.id === id)).toBe(false)
  expect(await answer(named([message], { ground: 'osl-10-18a', age: 20 }))).toBe('done')
})

describe('the words of a consent', () => {
  type Body = { statements: Signed[]; wraps: unknown[] }
  type Made = {
    readonly type: string
    readonly place: string
    readonly body: { readonly ground: { consent: ThreadId } }
  }

  /** A device of Linnea's that registers a consent and shows with it what `items` names instead of the words. */
  const showing = (items: (thread: ThreadId) => Promise<readonly MessageId[]>): Promise<Connected> =>
    here.device('linnea', 0, {
      fetch: async (address, init) => {
        if (!address.endsWith('/consents') || typeof init?.body !== 'string') return fetch(address, init)
        const { statements, wraps } = JSON.parse(init.body) as Body
        const [shared, made] = statements.slice(-2)
        if (shared === undefined || made === undefined) throw new Error('asked and shown')
        const { type, place, body } = JSON.parse(made.bytes) as Made
        const changed = { ...body, items: await items(body.ground.consent) }
        const signed = await signs(here, 'linnea', { place, type: type as 'disclosure.made', body: changed }, shared)
        return fetch(address, {
          ...init,
          body: JSON.stringify({ wraps, statements: [...statements.slice(0, -1), signed] }),
        })
      },
    })

  test('are shown alone: neither what stands in another thread nor what a colleague has written goes with them', async () => {
    const id = await here.opens('linnea')
    const other = await here.writes('linnea', id, 'plan', 'ett annat ärende')
    const toPolice = here.consent(['threat'], { direction: 'to-us' })
    const answer = async (items: (thread: ThreadId) => Promise<readonly MessageId[]>): Promise<string> => {
      await aMinute()
      return refusal((await showing(items)).registerConsent(id, toPolice))
    }
    expect(await answer(async () => idsIn(id, other))).toBe('outside-disclosure')
    const ofColleague = async (thread: ThreadId): Promise<readonly MessageId[]> => {
      const words = await idsIn(id, thread)
      for (const message of words) await changeAuthor(here, message, here.person('osman').user)
      return words
    }
    expect(await answer(ofColleague)).toBe('outside-disclosure')
    expect((await here.session('linnea').case(id)).disclosures).toEqual([])
    expect(await answer(async (thread) => idsIn(id, thread))).toBe('done')
    expect((await here.session('linnea').case(id)).disclosures).toMatchObject([{ category: 'plan' }])
  })

  test('are shown where the consent is registered, and not by the way of what the law allows', async () => {
    const id = await here.opens('linnea')
    const registration = await here.session('linnea').registerConsent(id, here.consent(['threat']))
    const [shown] = (await here.session('linnea').case(id)).disclosures
    const place = `strand/${id}/${boras}/${police}`
    const made = await bodyOf(shown?.disclosure)
    await aMinute()
    const signed = await signs(here, 'linnea', { place, type: 'disclosure.made', body: made })
    const answer = await ask(here, 'linnea', `/cases/${id}/disclosures`, { statements: [signed], wraps: [] })
    expect(answer.body['reason']).toBe('outside-disclosure')
    expect(made).toMatchObject({ ground: { consent: registration } })
  })

  async function bodyOf(hash: Hash | undefined): Promise<object> {
    const [row] = await rowsOf<{ bytes: string }>(
      here.sluss.database.adminUrl,
      'select bytes from statements where hash = $1',
      [hash ?? ''],
    )
    return (JSON.parse(row?.bytes ?? '{}') as { body: object }).body
  }
})

test('nothing that the clients tried by themselves was refused', () => {
  expect(here.troubles).toEqual([])
})
