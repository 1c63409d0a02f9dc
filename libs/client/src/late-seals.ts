// Seals added later: a list of their own, announced by `seals.added` and checked as a whole (protocol.md § 6). The list stands
// in the order of the messages' ids, so that source and recipient write the same one without asking the server for an order.
import type { ReadMessage } from '#libs/contracts'
import type { KeyId, ListedMessage } from '#libs/domain'
import { listHash, openMessage } from '#libs/protocol'
import type { StatementOf } from './case-book.ts'
import type { Entry, SealKey } from './entries.ts'

type Expectations = Parameters<typeof openMessage>[2]
type Late = Expectations['late']

export const inListOrder = (list: readonly ListedMessage[]): readonly ListedMessage[] =>
  list.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))

/** Opens what late seals open: all messages of an announced list, or none of them. */
export async function openListed(input: {
  readonly waiting: readonly Entry[]
  readonly announced: readonly StatementOf<'seals.added'>[]
  readonly sealKey: (key: KeyId) => Promise<SealKey | string>
  readonly expectations: (message: ReadMessage, key: SealKey, late: Late) => Promise<Expectations>
}): Promise<readonly Entry[]> {
  const done: Entry[] = []
  for (const announcement of input.announced) {
    const key = await input.sealKey(announcement.body.flow)
    if (typeof key === 'string') continue
    const found: { readonly entry: Entry; readonly opened: Entry }[] = []
    for (const entry of input.waiting) {
      const opened = await openOne(entry, key, announcement.n, input.expectations)
      if (opened !== null) found.push({ entry, opened })
    }
    const list = inListOrder(
      found.flatMap(({ entry }) =>
        entry.ciphertext === null ? [] : [{ id: entry.message.id, ciphertext: entry.ciphertext }],
      ),
    )
    const isWhole = list.length === announcement.body.count && (await listHash(list)) === announcement.body.list
    for (const { entry, opened } of found)
      done.push(isWhole ? opened : { ...entry, result: { ok: false, reason: 'late-not-listed' } })
  }
  return done
}

async function openOne(
  entry: Entry,
  key: SealKey,
  n: number,
  expectations: (message: ReadMessage, key: SealKey, late: Late) => Promise<Expectations>,
): Promise<Entry | null> {
  const seal = entry.message.seals.find((one) => one.late && one.key === key.key.id)
  if (seal === undefined || entry.ciphertext === null) return null
  const isElsewhere = key.onlyThread !== null && key.onlyThread !== entry.message.thread
  if (isElsewhere || key.items?.includes(entry.message.id) === false)
    return { ...entry, result: { ok: false, reason: 'outside-disclosure' } }
  const late = { n, list: [{ id: entry.message.id, ciphertext: entry.ciphertext }] }
  const result = await openMessage({ ...entry.message, seal }, key.key, await expectations(entry.message, key, late))
  if (!result.ok) return null
  return { ...entry, result: { ok: true, opened: result.value, late: true, isOrderDoubted: false, source: key.source } }
}
