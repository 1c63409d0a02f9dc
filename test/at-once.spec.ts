// A message sent at the moment of a withdrawal, over two nodes: accepted before or refused after, never half (issue 2 § 3).
import type { Connected } from '#libs/client'
import type { CaseId, ThreadId } from '#libs/domain'
import { rowsOf } from './support/database.ts'
import type { Given } from './support/given.ts'
import { given } from './support/given.ts'
import { handingOverAll } from './support/tampering.ts'

jest.setTimeout(300_000)

const writers = 4
/** How many have to be answered before the consent is withdrawn. */
const enough = 8

let here: Given
let devices: readonly Connected[]
beforeAll(async () => {
  here = await given(['linnea', 'mehmet', 'erika', 'joakim', 'ida'], 2)
  const found: Connected[] = []
  for (let n = 0; n < writers; n += 1) found.push(await here.device('linnea', n % 2))
  devices = found
})
afterAll(() => here.stop())

type Stored = { readonly id: string; readonly own: number; readonly flow: number }
/** In the order in which they were taken in, with how many seals of each kind they have. */
const stored = (thread: ThreadId): Promise<readonly Stored[]> =>
  rowsOf<Stored>(
    here.sluss.database.adminUrl,
    `select m.id, count(*) filter (where k.kind = 'epoch')::int as own, count(*) filter (where k.kind = 'flow')::int as flow
     from messages m join seals s on s.message_id = m.id join content_keys k on k.id = s.key_id
     where m.thread_id = $1 group by m.id, m.accepted_at order by m.accepted_at`,
    [thread],
  )

/** Each writer sends one after the other, and one more when it is over; `act`: called when enough have been answered. */
async function writeAround(id: CaseId, thread: ThreadId, act: () => Promise<unknown>): Promise<readonly string[]> {
  const answered: string[] = []
  let acting: Promise<void> | null = null
  let isOver = false
  const write = async (device: Connected): Promise<void> => {
    const { version } = await device.readers(id, 'threat', 'casework')
    for (let isLast = false; !isLast;) {
      isLast = isOver
      const sort = { category: 'threat', purpose: 'casework' } as const
      const message = { thread, title: null, text: 'nu', readers: version, ...sort }
      answered.push((await device.send(id, message)).message)
      if (answered.length >= enough) acting ??= act().then(() => void (isOver = true))
    }
  }
  await Promise.all(devices.map(write))
  await acting
  return answered
}

test('each message is wholly before the withdrawal or wholly after it, and the keys of those outside open the former alone', async () => {
  const { id, registration } = await here.aCaseSharedWithPolice(['threat'])
  const thread = await here.writes('linnea', id, 'threat', 'före')
  const ida = await here.device('ida', 1, { fetch: handingOverAll(here, thread) })
  await ida.messages(id, thread)

  const answered = await writeAround(id, thread, () => here.session('ida').withdrawConsent(id, registration))

  const [, ...messages] = await stored(thread)
  expect(messages.map((one) => one.id).sort()).toEqual([...answered].sort())
  expect(new Set(messages.map((one) => one.own))).toEqual(new Set([1]))
  const before = messages.filter((one) => one.flow === 1).map((one) => one.id)
  // Wherever it fell: nothing with a seal for the Police after the first without one.
  expect(messages.slice(0, before.length).map((one) => one.id)).toEqual(before)
  expect(before.length).toBeGreaterThanOrEqual(enough)
  expect(messages.length - before.length).toBeGreaterThanOrEqual(writers)
  const opened = (await ida.messages(id, thread)).messages.filter((one) => one.kind === 'opened')
  expect(opened.slice(1).map((one) => one.id)).toEqual(before)
})
