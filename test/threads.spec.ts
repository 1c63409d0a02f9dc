// Messages end to end: what a tampered database cannot pass off, what is asked twice, and what bad input gets.
import type { Connected, Outbox } from '#libs/client'
import type { CaseId, MessageId, ThreadId } from '#libs/domain'
import { id as idFrom } from '#libs/domain'
import { randomUUID } from 'node:crypto'
import { cookiesOf } from './support/bare.ts'
import type { Given, Shared } from './support/given.ts'
import { boras, given, police, refusal } from './support/given.ts'
import { changeAuthor, changeOneBit, replay, swapPlaces, takeAway } from './support/tampering.ts'

jest.setTimeout(120_000)

let here: Given
let shared: Shared
beforeAll(async () => {
  here = await given(['linnea', 'mehmet', 'erika', 'joakim', 'ida'])
  shared = await here.aCaseSharedWithPolice(['threat'])
})
afterAll(() => here.stop())
afterEach(() => expect(here.troubles.splice(0)).toEqual([]))

/** A thread of Linnea's with one message per text, and their ids. */
async function written(...texts: readonly string[]): Promise<{ thread: ThreadId; ids: readonly MessageId[] }> {
  let thread: ThreadId | null = null
  for (const text of texts) thread = await here.writes('linnea', shared.id, 'threat', text, thread)
  if (thread === null) throw new Error('nothing was written')
  const { messages } = await here.session('linnea').messages(shared.id, thread)
  return { thread, ids: messages.map((one) => one.id) }
}
const at = (ids: readonly MessageId[], place: number): MessageId => {
  const found = ids[place]
  if (found === undefined) throw new Error(`no message at ${place}`)
  return found
}
/** By a client that has seen nothing of the thread before. */
const readAnew = async (thread: ThreadId): Promise<readonly string[]> =>
  here.reads(await here.device('ida'), shared.id, thread)

test('two authorities write in turn, each in its own key, and the author sees who has read', async () => {
  const { thread } = await written('ett')
  for (const text of ['två', 'tre']) {
    await here.writes('ida', shared.id, 'threat', `${text} från polisen`, thread)
    await here.writes('linnea', shared.id, 'threat', `${text} från socialtjänsten`, thread)
  }
  const all = await here.reads('linnea', shared.id, thread)
  expect(all).toHaveLength(5)
  expect(await here.reads('ida', shared.id, thread)).toEqual(all)
  await here.session('ida').markRead(shared.id, thread)
  const { messages } = await here.session('linnea').messages(shared.id, thread)
  const reader = here.person('ida').user
  for (const one of messages)
    expect(one.kind === 'opened' && one.readBy.some(({ user }) => user === reader)).toBe(
      one.kind === 'opened' && one.author !== reader,
    )
})

describe('a message that the database changed is refused or doubted, and the rest of the thread opens', () => {
  test('a changed ciphertext', async () => {
    const { thread, ids } = await written('första', 'andra')
    await changeOneBit(here, at(ids, 1))
    expect(await readAnew(thread)).toEqual(['första', expect.stringMatching(/^refused: /)])
  })

  test('another author', async () => {
    const { thread, ids } = await written('första', 'andra')
    await changeAuthor(here, at(ids, 0), here.person('mehmet').user)
    expect(await readAnew(thread)).toEqual([expect.stringMatching(/^refused: /), 'andra'])
  })

  test('a message twice', async () => {
    const { thread, ids } = await written('första', 'andra')
    await replay(here, at(ids, 0), idFrom<MessageId>(randomUUID()))
    const seen = await readAnew(thread)
    expect(seen).toHaveLength(3)
    expect(seen.filter((text) => !text.startsWith('refused: '))).toEqual(['första', 'andra'])
  })

  test('two that changed places', async () => {
    const { thread, ids } = await written('första', 'andra', 'tredje')
    await swapPlaces(here, at(ids, 0), at(ids, 1))
    const { messages } = await (await here.device('ida')).messages(shared.id, thread)
    expect(messages.map((one) => one.kind === 'opened' && [one.text, one.isOrderDoubted])).toEqual([
      ['andra', true],
      ['första', false],
      ['tredje', true],
    ])
  })

  test('one that was taken out of the middle: told in its place', async () => {
    const { thread, ids } = await written('första', 'andra', 'tredje')
    await takeAway(here, at(ids, 1))
    expect(await readAnew(thread)).toEqual(['första', 'refused: stream-gap', 'tredje'])
  })
})

test('an answer lost on the way is asked for again and nothing is written twice', async () => {
  const { thread } = await written('första')
  let lost = 0
  const linnea = await here.device('linnea', 0, {
    fetch: async (input, init) => {
      const answer = await fetch(input, init)
      const isFirst = init?.method === 'POST' && String(input).endsWith('/messages') && (lost += 1) === 1
      if (!isFirst) return answer
      await answer.text()
      throw new TypeError('the line broke')
    },
  })
  await here.writes(linnea, shared.id, 'threat', 'andra', thread)
  expect(lost).toBe(2)
  expect(await readAnew(thread)).toEqual(['första', 'andra'])
})

describe('a message whose answer never came', () => {
  /** What the device keeps while pages come and go. */
  const device = (): Outbox => {
    const kept = new Map<string, string>()
    return {
      get: async (name) => Promise.resolve(kept.get(name) ?? null),
      set: async (name, text) => Promise.resolve(void kept.set(name, text)),
      remove: async (name) => Promise.resolve(void kept.delete(name)),
    }
  }
  /** A page of Linnea's over a line that breaks for messages, before or after the server has heard them. */
  const page = (outbox: Outbox, breaks: 'before' | 'after'): Promise<Connected> =>
    here.device('linnea', 0, {
      outbox,
      fetch: async (input, init) => {
        if (init?.method !== 'POST' || !input.endsWith('/messages')) return fetch(input, init)
        if (breaks === 'after') await (await fetch(input, init)).text()
        throw new TypeError('the line broke')
      },
    })
  const nextPage = (outbox: Outbox): Promise<Connected> => here.device('linnea', 0, { outbox })

  test('is one message when the author sends again, on this page or the next', async () => {
    const { thread } = await written('första')
    const kept = device()
    const broken = await page(kept, 'after')
    expect(await refusal(here.writes(broken, shared.id, 'threat', 'en gång', thread))).toBe('offline')
    await here.writes(await nextPage(kept), shared.id, 'threat', 'en gång', thread)
    expect(await readAnew(thread)).toEqual(['första', 'en gång'])
  })

  test('begins one thread, with the keys that were started for it', async () => {
    const { id } = await here.aCaseSharedWithPolice(['plan'])
    const kept = device()
    expect(await refusal(here.writes(await page(kept, 'after'), id, 'plan', 'ny tråd'))).toBe('offline')
    const thread = await here.writes(await nextPage(kept), id, 'plan', 'ny tråd')
    const threads = (await here.session('linnea').threads(id)).filter((one) => one.title !== 'Samtycke')
    expect(threads.map((one) => one.id)).toEqual([thread])
    expect(await here.reads('ida', id, thread)).toEqual(['ny tråd'])
  })

  test('is another message when the text is another', async () => {
    const { thread } = await written('första')
    const kept = device()
    expect(await refusal(here.writes(await page(kept, 'after'), shared.id, 'threat', 'så här', thread))).toBe('offline')
    await here.writes(await nextPage(kept), shared.id, 'threat', 'så här, närmare bestämt', thread)
    expect(await readAnew(thread)).toEqual(['första', 'så här', 'så här, närmare bestämt'])
  })

  test('and that nobody heard goes as it was, with the same id', async () => {
    const { thread } = await written('första')
    const kept = device()
    expect(await refusal(here.writes(await page(kept, 'before'), shared.id, 'threat', 'sen', thread))).toBe('offline')
    expect(await readAnew(thread)).toEqual(['första'])
    await here.writes(await nextPage(kept), shared.id, 'threat', 'sen', thread)
    expect(await readAnew(thread)).toEqual(['första', 'sen'])
  })

  test('and that nobody heard is sealed anew when a reader has left since', async () => {
    const { id, registration } = await here.aCaseSharedWithPolice(['threat'])
    const thread = await here.writes('linnea', id, 'threat', 'första')
    const kept = device()
    expect(await refusal(here.writes(await page(kept, 'before'), id, 'threat', 'bara vårt', thread))).toBe('offline')
    await here.pass(1)
    await here.session('linnea').withdrawConsent(id, registration)
    await here.pass(1)
    const handed: string[] = []
    const watched = await here.device('linnea', 0, {
      outbox: kept,
      fetch: (input, init) => {
        if (init?.method === 'POST' && input.endsWith('/messages')) handed.push(String(init.body))
        return fetch(input, init)
      },
    })
    await here.writes(watched, id, 'threat', 'bara vårt', thread)
    expect(handed.map((body) => (JSON.parse(body) as { message: { seals: unknown[] } }).message.seals.length)).toEqual([
      1,
    ])
    expect(await here.reads('linnea', id, thread)).toEqual(['första', 'bara vårt'])
  })
})

test('a request sent again, byte for byte, is answered as before; with other content under the same id it is refused', async () => {
  const sent: { url: string; init: RequestInit; answer: Promise<Response> }[] = []
  const linnea = await here.device('linnea', 0, {
    fetch: (input, init) => {
      const answer = fetch(input, init)
      if (init?.method === 'POST' && input.endsWith('/messages')) sent.push({ url: input, init, answer })
      return answer.then((one) => one.clone())
    },
  })
  const thread = await here.writes(linnea, shared.id, 'threat', 'en gång')
  const [first] = sent
  if (first === undefined) throw new Error('one message was sent')
  const again = await fetch(first.url, first.init)
  expect(again.status).toBe(200)
  const before = (await (await first.answer).json()) as { acceptedAt: string; places: readonly object[] }
  const now = (await again.json()) as typeof before
  expect(now.acceptedAt).toBe(before.acceptedAt)
  expect(before.places).toEqual(expect.arrayContaining([...now.places]))
  const body = JSON.parse(String(first.init.body)) as { message: { ciphertext: string } }
  const { ciphertext } = body.message
  const octet = ciphertext.at(400) === 'A' ? 'B' : 'A'
  const message = { ...body.message, ciphertext: `${ciphertext.slice(0, 400)}${octet}${ciphertext.slice(401)}` }
  for (const one of [body, { ...body, append: null }]) {
    const changed = await fetch(first.url, { ...first.init, body: JSON.stringify({ ...one, message }) })
    expect(changed.status).toBe(409)
  }
  expect(await readAnew(thread)).toEqual(['en gång'])
})

test('a device whose clock is apart may not write, and is told so', async () => {
  const fast = await here.device('linnea', 0, { clock: () => here.milliseconds() + 10 * 60_000 })
  expect(await refusal(here.writes(fast, shared.id, 'threat', 'från framtiden'))).toBe('clock-apart')
})

test('what is too long is refused before it is sent', async () => {
  expect(await refusal(here.writes('linnea', shared.id, 'threat', 'x'.repeat(400_000)))).toBe('too-large')
})

test('malformed and oversized requests get a problem document, and nothing is written', async () => {
  const { thread } = await written('före')
  const cookie = cookiesOf(here.person('linnea').jar)
  const headers = { 'content-type': 'application/json', 'x-sluss': '1', cookie }
  const base = `${here.sluss.nodes[0]?.url ?? ''}/cases/${shared.id}`
  const post = (path: string, body: string): Promise<Response> =>
    fetch(`${base}${path}`, { method: 'POST', headers, body })
  const bad = [
    { answer: await post('/messages', '{"message":'), status: 400 },
    { answer: await post('/messages', '[]'), status: 400 },
    { answer: await post('/messages', '{"append":null,"message":{"id":7}}'), status: 400 },
    { answer: await post('/messages', JSON.stringify({ append: null, message: 'x'.repeat(1_100_000) })), status: 413 },
    {
      answer: await post('/consents', JSON.stringify({ statements: [{ bytes: '{}', signature: 'AA==' }], wraps: [] })),
      status: 422,
    },
    { answer: await fetch(`${base}/threads/not-an-id/messages`, { headers }), status: 400 },
    { answer: await fetch(`${base}/threads/${thread}/messages?limit=0`, { headers }), status: 400 },
  ]
  for (const { answer, status } of bad) {
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect({ status: answer.status, type: ((await answer.json()) as { type: string }).type }).toEqual({
      status,
      type: expect.stringMatching(/^\/problems\/[a-z-]+$/),
    })
  }
  expect(await here.reads('linnea', shared.id, thread)).toEqual(['före'])
})

describe('what became of a message that the other authority had no key for, as its author is shown it', () => {
  const states = async (id: CaseId, thread: ThreadId): Promise<readonly unknown[]> => {
    const { messages } = await here.session('linnea').messages(id, thread)
    return messages.flatMap((one) =>
      one.kind === 'opened' && one.authority === boras
        ? [[one.sentTo?.map(({ authority, state }) => [authority, state]), one.readBy.map(({ user }) => user)]]
        : [],
    )
  }
  const writtenBeforeTheirKey = async () => {
    const id = await here.opens('linnea')
    const registration = await here.session('linnea').registerConsent(id, here.consent(['threat', 'plan']))
    const thread = await here.writes('linnea', id, 'threat', 'innan de hade nyckel')
    return { id, registration, thread }
  }
  const received = async (id: CaseId): Promise<void> => {
    await here.assigns('joakim', id, 'ida')
    await here.session('ida').case(id)
    await here.session('linnea').case(id)
  }

  test('it waits; then it was sent late; then it is read, as an answer says or a receipt in the same thread', async () => {
    const { id, registration, thread } = await writtenBeforeTheirKey()
    expect(await states(id, thread)).toEqual([[[[police, 'waiting']], []]])
    await received(id)
    expect(await states(id, thread)).toEqual([[[[police, 'sealed-late']], []]])
    // Another client, which has sealed nothing itself, is shown the same.
    const elsewhere = await (await here.device('linnea')).messages(id, thread)
    expect(elsewhere.messages).toMatchObject([{ sentTo: [{ state: 'sealed-late' }] }])
    await here.pass(1)
    await here.session('ida').confirmConsent(id, registration)
    for (const name of ['linnea', 'ida'] as const) await here.session(name).case(id)
    await here.writes('ida', id, 'threat', 'vi svarar', thread)
    expect(await states(id, thread)).toEqual([[[[police, 'sealed-late']], [here.person('ida').user]]])
  })

  test('narrowed away before they had a key it never comes; what was sent late stays sent', async () => {
    const [never, late] = [await writtenBeforeTheirKey(), await writtenBeforeTheirKey()]
    await received(late.id)
    await here.pass(1)
    for (const { id, registration } of [never, late])
      await here.session('linnea').narrowConsent(id, registration, { categories: ['threat'] })
    expect(await states(never.id, never.thread)).toEqual([[[[police, 'never']], []]])
    expect(await states(late.id, late.thread)).toEqual([[[[police, 'sealed-late']], []]])
    const withdrawn = await writtenBeforeTheirKey()
    await here.session('linnea').withdrawConsent(withdrawn.id, withdrawn.registration)
    expect(await states(withdrawn.id, withdrawn.thread)).toEqual([[[[police, 'never']], []]])
  })
})
