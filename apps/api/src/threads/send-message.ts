// Takes a sealed message in, with the keys that had to be started for it; told to each key's room after the commit.
import type { threads as contract } from '#libs/contracts'
import type { CaseId } from '#libs/domain'
import { cases, threads } from '#libs/persistence'
import type { ContentFacts } from '#libs/policy'
import { checkCiphertext, checkSeal } from '#libs/protocol/verify'
import type { Checked } from '../platform/append.ts'
import { checkAppend, storeAppend } from '../platform/append.ts'
import type { Handler } from '../platform/capability.ts'
import type { Context } from '../platform/context.ts'
import type { Platform } from '../platform/platform.ts'
import { Problem, unwrapMessage } from '../platform/problem.ts'

type Operation = (typeof contract)['table']['send']
type Message = Parameters<Handler<Operation>>[1]['body']['message']
type Append = NonNullable<Parameters<Handler<Operation>>[1]['body']['append']>
type Working = Context & { readonly platform: Platform }

export const sendMessage: Handler<Operation> = async (context, { params, body }) => {
  const { tx, platform } = context
  const { message, append } = body
  const { facts, checked } =
    append === null
      ? { facts: await threads.compartmentFacts(tx, params.caseId, message.compartment, message.thread), checked: null }
      : await withItsKeys(context, params.caseId, message, append)
  const permit = context.permit('message.send', facts)
  if (message.author !== context.actor.user) throw new Problem('message-refused', { reason: 'signer-differs' })
  checkForm(message)
  // Repeated, the keys that travelled with it stand already; that it is the same message is asked where it is taken in.
  const isRepeated = checked !== null && (await threads.isKnown(tx, permit, message.id))
  if (checked !== null && !isRepeated) await storeAppend(context, permit, checked)
  // In this order: the entry is written before the thread is locked.
  const [, accepted] = await Promise.all([context.record(), threads.acceptMessage(tx, permit, message)])
  if (accepted.fresh) context.enqueue(() => publish(platform, params.caseId, message, accepted))
  return { acceptedAt: accepted.acceptedAt, places: [...accepted.places] }
}

/** The compartment written in may be about to be opened by the same request. */
async function withItsKeys(
  context: Working,
  caseId: CaseId,
  message: Message,
  append: Append,
): Promise<{ readonly facts: ContentFacts | null; readonly checked: Checked | null }> {
  const { tx, actor } = context
  const { compartment, thread } = message
  const caseFacts = await cases.lockedFacts(tx, caseId)
  if (caseFacts === null) return { facts: null, checked: null }
  const checked = await checkAppend(context, caseId, append)
  for (const { statement } of checked.verified)
    if (statement.type === 'compartment.opened' && statement.body.compartment === compartment) {
      const { category } = statement.body
      const opening = { compartment, source: actor.authority, category, thread }
      return { facts: threads.openingCompartmentFacts(caseFacts, opening), checked }
    }
  return { facts: await threads.compartmentFacts(tx, caseId, compartment, thread), checked }
}

function checkForm(message: Message): void {
  unwrapMessage(checkCiphertext(message.ciphertext))
  for (const { bytes } of message.seals)
    if (unwrapMessage(checkSeal(bytes)) === 'late') throw new Problem('message-refused', { reason: 'packet-malformed' })
}

type Accepted = Awaited<ReturnType<typeof threads.acceptMessage>>

function publish(platform: Platform, caseId: CaseId, message: Message, accepted: Accepted): void {
  const { id, compartment, thread, author, at, commit, ciphertext } = message
  const seqByKey = new Map(accepted.places.map(({ key, seq }) => [key, seq]))
  const seals = message.seals.flatMap(({ key, bytes }) => {
    const seq = seqByKey.get(key)
    return seq === undefined ? [] : [{ key, seq, bytes, late: false }]
  })
  platform.live.messageAccepted(
    caseId,
    { id, compartment, thread, author, at, commit, ciphertext, acceptedAt: accepted.acceptedAt },
    seals,
  )
}
