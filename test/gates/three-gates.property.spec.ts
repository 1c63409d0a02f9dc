// The three gates over random histories: what the API lists, what bare SQL sees, and what a client opens of everything handed over.
import type { Connected } from '#libs/client'
import type { CaseId, MessageId, ThreadId } from '#libs/domain'
import fc from 'fast-check'
import type { Given } from '../support/given.ts'
import { given, refusal } from '../support/given.ts'
import { handingOverAll } from '../support/tampering.ts'
import { disconnect, rowsAs } from './support.ts'

jest.setTimeout(180_000)

const categories = ['threat', 'plan'] as const
type Shared = (typeof categories)[number]
type Side = 'linnea' | 'ida'
type Step =
  | { readonly do: 'write'; readonly who: Side; readonly category: Shared }
  | { readonly do: 'confirm' }
  | { readonly do: 'narrow'; readonly category: Shared }
  | { readonly do: 'expire' }
  | { readonly do: 'withdraw'; readonly who: Side }

const category = fc.constantFrom(...categories)
const who = fc.constantFrom<Side>('linnea', 'ida')
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('write' as const), who, category }) },
  { weight: 3, arbitrary: fc.constant({ do: 'confirm' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('narrow' as const), category }) },
  { weight: 1, arbitrary: fc.constant({ do: 'expire' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), who }) },
)
const histories = fc.sample(fc.array(step, { minLength: 6, maxLength: 8 }), { seed: 20261172, numRuns: 4 })
/** Shorter than any assignment, so that the consent's end is what closes the case. */
const consentDays = 20

let here: Given
let handedOver: Connected
beforeAll(async () => {
  here = await given(['linnea', 'mehmet', 'erika', 'joakim', 'ida'])
  handedOver = await here.device('ida', 0, {
    fetch: (input, init) => {
      const thread = /\/threads\/([^/]+)\//.exec(input)?.[1] as ThreadId | undefined // the client's own path
      return thread === undefined ? fetch(input, init) : handingOverAll(here, thread)(input, init)
    },
  })
})
afterAll(async () => {
  await disconnect()
  await here.stop()
})

type Written = {
  readonly id: MessageId
  readonly thread: ThreadId
  readonly by: Side
  readonly category: Shared
  readonly wasOpen: boolean
}

async function listed(name: Side, id: CaseId, thread: ThreadId): Promise<readonly string[]> {
  const { messages } = await here
    .session(name)
    .messages(id, thread)
    .catch(() => ({ messages: [] }))
  return messages.map((one) => one.id)
}

async function seenBySql(name: Side, thread: ThreadId): Promise<readonly string[]> {
  const { user, tenant, authority } = here.person(name)
  const somebody = { user, tenant, authority }
  const rows = await rowsAs<{ id: string }>(
    here.sluss.database.appUrl,
    'select id from messages where thread_id = $1',
    [thread],
    somebody,
  )
  return rows.map((row) => row.id)
}

/** The kinds of step that found something to change; a history that has closed already leaves nothing to later ones. */
const mattered = new Set<Step['do']>()

test.each(histories.map((steps, place) => ({ place, steps })))('history $place: the gates agree', async ({ steps }) => {
  const id = await here.opens('linnea')
  const registration = await here.session('linnea').registerConsent(id, here.consent(categories, { days: consentDays }))
  await here.assigns('joakim', id, 'ida')
  /** What the consent stands for; and whether the Police, asked for theirs, have said yes. */
  const open = new Set<Shared>(categories)
  let isConfirmed = false
  const written: Written[] = []
  for (const one of steps) {
    await here.pass(1)
    for (const name of ['linnea', 'ida'] as const) await here.session(name).case(id)
    // A party to whom the case is closed writes no more.
    if (one.do === 'write' && one.who === 'ida' && open.size === 0)
      expect(await refusal(here.writes('ida', id, one.category, 'för sent'))).toBe('scope-ended')
    else if (one.do === 'write') {
      const { version } = await here.session(one.who).readers(id, one.category, 'casework')
      const sent = await here.session(one.who).send(id, {
        thread: written.find((other) => other.category === one.category && other.by === one.who)?.thread ?? null,
        title: 'Läget',
        category: one.category,
        purpose: 'casework',
        text: 'något',
        readers: version,
      })
      mattered.add('write')
      written.push({
        id: sent.message,
        thread: sent.thread,
        by: one.who,
        category: one.category,
        wasOpen: open.has(one.category) && (one.who === 'linnea' || isConfirmed),
      })
    } else if (one.do === 'confirm') {
      if (!isConfirmed && open.size > 0) {
        isConfirmed = true
        mattered.add('confirm')
        await here.session('ida').confirmConsent(id, registration)
        for (const name of ['linnea', 'ida'] as const) await here.session(name).case(id)
      }
    } else if (one.do === 'expire') {
      if (open.size > 0) {
        mattered.add('expire')
        open.clear()
        await here.pass((consentDays + 1) * 24 * 60)
      }
    } else if (one.do === 'narrow') {
      if (open.delete(one.category)) {
        mattered.add('narrow')
        await here.session('linnea').narrowConsent(id, registration, { categories: [one.category] })
      }
    } else if (open.size > 0) {
      mattered.add('withdraw')
      open.clear()
      await here.session(one.who).withdrawConsent(id, registration)
    }
    await here.pass(1)
    for (const thread of new Set(written.map((message) => message.thread))) {
      const inThread = written.filter((message) => message.thread === thread)
      for (const name of ['linnea', 'ida'] as const) {
        const readable = inThread.filter(
          (message) => message.by === name || (message.wasOpen && open.has(message.category)),
        )
        const expected = readable.map((message) => message.id).sort()
        expect({ gate: 'policy', name, ids: [...(await listed(name, id, thread))].sort() }).toEqual({
          gate: 'policy',
          name,
          ids: expected,
        })
        expect({ gate: 'rows', name, ids: [...(await seenBySql(name, thread))].sort() }).toEqual({
          gate: 'rows',
          name,
          ids: expected,
        })
      }
      // Keys once received stay: cryptography closes what is written later, and only that.
      const { messages } = await handedOver.messages(id, thread)
      const opens = messages.filter((message) => message.kind === 'opened').map((message) => message.id)
      const everGiven = inThread
        .filter((message) => message.by === 'ida' || message.wasOpen)
        .map((message) => message.id)
      expect({ gate: 'keys', ids: opens.sort() }).toEqual({ gate: 'keys', ids: everGiven.sort() })
    }
  }
  expect(here.troubles.splice(0)).toEqual([])
})

test('every kind of step changed something in one of them', () => {
  expect([...mattered].sort()).toEqual(['confirm', 'expire', 'narrow', 'withdraw', 'write'])
})
