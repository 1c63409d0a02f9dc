// Writing and reading in threads: who will read is computed, shown, bound to, and sealed to, from signed statements alone (protocol.md § 6).
import { threads as operations } from '#libs/contracts'
import type {
  AuthorityId,
  CaseId,
  Category,
  CompartmentId,
  MessageId,
  Purpose,
  Recipient,
  ThreadId,
  UserId,
} from '#libs/domain'
import { entitled, epochStanding, flowKeyStanding, flowName, id } from '#libs/domain'
import type { CaseKey, MessageBody, RecipientNote } from '#libs/protocol'
import { fitsMessage, sealMessage } from '#libs/protocol'
import { commitIn, individualOf } from './case-facts.ts'
import type { Context, Worked } from './context.ts'
import type { Draft } from './draft.ts'
import { compartmentFor, startEpoch, startFlow } from './make-keys.ts'
import type { Composed } from './outbox.ts'
import { OnItsWay } from './outbox.ts'
import { SlussProblem } from './problem.ts'
import { randomId } from './randomness.ts'
import { widensFrom } from './readers.ts'
import { currentEpoch, currentFlow, leftOutByWord, speakersOn } from './standing.ts'

export type Outgoing = {
  readonly thread: ThreadId | null
  readonly title: string | null
  readonly category: Category
  readonly purpose: Purpose
  readonly text: string
  readonly readers: string
}

const attempts = 4
/** Others were quicker, or a key went stale meanwhile: read again; keys are started again, nothing is widened unseen (protocol.md § 4 rule 2). */
const movedOn: readonly string[] = ['ledger-moved-on', 'key-stale', 'seals-differ']

/** Answers after which these very bytes will never be accepted: all others may come after the message was. */
const neverTaken: readonly number[] = [400, 409, 413, 422]

type Sent = { readonly thread: ThreadId; readonly message: MessageId }

/**
 * Sends once, however often it is asked and also by the next page: what was sealed and had no answer is looked for where it would
 * stand, else asked for again as it is; it is sealed anew, under a new id, only when these bytes will never be taken in.
 */
export async function send(context: Context, caseId: CaseId, input: Outgoing): Promise<Sent> {
  const { title, category, purpose, text } = input
  const body: MessageBody = { kind: 'text', title: input.thread === null ? title : null, text }
  if (!fitsMessage(body)) throw new SlussProblem('too-large', 413)
  const onItsWay = new OnItsWay(context, { case: caseId, thread: input.thread }, { body, category, purpose })
  const tried: Composed[] = []
  for (let attempt = 1; ; attempt += 1) {
    const kept = await onItsWay.find()
    if (kept !== null && tried.length === 0) tried.push(kept)
    const arrived = await arrivedOf(context, caseId, tried)
    if (arrived !== null) {
      await onItsWay.forget()
      return arrived
    }
    const isAgain = kept !== null && (await mayStillGo(context, caseId, kept))
    const sealed = isAgain ? kept : await composeAnew(context, caseId, { ...input, body })
    if (!isAgain) await onItsWay.keep(sealed)
    tried.push(sealed)
    try {
      await post(context, caseId, sealed)
      await onItsWay.forget()
      return { thread: sealed.message.thread, message: sealed.message.id }
    } catch (problem) {
      if (!(problem instanceof SlussProblem) || !neverTaken.includes(problem.status)) throw problem
      await onItsWay.forget()
      if ((!isAgain && !movedOn.includes(problem.name)) || attempt >= attempts) throw problem
    } finally {
      context.stale(caseId)
    }
  }
}

/** The one of these that was taken in after all: its answer was lost, or it overtook the next. */
async function arrivedOf(context: Context, caseId: CaseId, tried: readonly Composed[]): Promise<Sent | null> {
  for (const { message } of tried) {
    const { threads } = await context.work(caseId)
    try {
      await threads.load(message.thread)
    } catch (problem) {
      if (!(problem instanceof SlussProblem) || problem.name !== 'not-found') throw problem
    }
    if (threads.entry(message.id) !== null) return { thread: message.thread, message: message.id }
  }
  return null
}

/**
 * Sealed under keys that are all current still. What was never handed over must not go to somebody who has left since, whatever the
 * server takes in; keys that were to be started with it are started anew, and the chain takes one of the two.
 */
async function mayStillGo(context: Context, caseId: CaseId, { append, message }: Composed): Promise<boolean> {
  if (append !== null) return false
  const { history, at, setting } = await context.draft(await context.work(caseId, 'as-known'))
  return message.seals.every(
    ({ key }) =>
      epochStanding(history, setting.tenants, key, at).state === 'current' ||
      flowKeyStanding(history, setting.tenants, key, at).state === 'current',
  )
}

async function composeAnew(
  context: Context,
  caseId: CaseId,
  input: Outgoing & { readonly body: MessageBody },
): Promise<Composed> {
  const worked = await context.work(caseId)
  if (input.thread !== null) await worked.threads.load(input.thread)
  const thread = input.thread ?? id<ThreadId>(randomId(context.random))
  return compose(context, worked, { ...input, thread, toOthers: 'entitled' })
}

/** One repetition where the answer was lost on the way: the same bytes, so the server answers as before. */
async function post(context: Context, caseId: CaseId, { append, message }: Composed): Promise<void> {
  const body = { append, message: { ...message, seals: [...message.seals], leftOut: [...message.leftOut] } }
  try {
    await context.http.call(operations.table.send, { params: { caseId }, body })
  } catch (problem) {
    if (!(problem instanceof SlussProblem) || problem.name !== 'offline') throw problem
    await context.http.call(operations.table.send, { params: { caseId }, body })
  }
}

/** The message sealed to whom the signed statements entitle, with the keys that had to be started for it. */
export async function compose(
  context: Context,
  worked: Worked,
  input: {
    readonly thread: ThreadId
    readonly category: Category
    readonly purpose: Purpose
    readonly body: MessageBody
    readonly readers: string | null
    readonly toOthers: 'entitled' | 'nobody'
  },
): Promise<Composed> {
  const draft = await context.draft(worked)
  const holder = draft.setting.holder
  const sort = { subject: individualOf(worked.book), category: input.category, purpose: input.purpose }
  const compartment = await compartmentFor(context, draft, worked, sort)
  const standing = entitled(draft.history, draft.setting.tenants, compartment, draft.at)
  if (!standing.own.some((reader) => reader.user === holder.user && reader.write))
    throw new SlussProblem('no-writing-role', 0)
  if (input.readers !== null && widensFrom(input.readers, standing)) throw new SlussProblem('readers-grew', 0)

  const epoch = await epochFor(context, draft, worked, compartment)
  const word = leftOutByWord(worked.book, standing.recipients)
  const flows: { readonly recipient: Recipient; readonly key: CaseKey }[] = []
  const unspoken: Recipient[] = []
  const writers = standing.own.filter((reader) => reader.write).map((reader) => reader.user)
  if (input.toOthers === 'entitled')
    for (const recipient of standing.recipients) {
      if (word.includes(recipient)) continue
      const speaking = await speaksTo(draft, recipient.authority, holder.user, writers)
      // Over there nothing counts from one whom her receiver has not named: a colleague's client seals it to them.
      if (!speaking.includes(holder.user)) {
        unspoken.push(recipient)
        continue
      }
      flows.push({
        recipient,
        key: await flowFor(context, draft, worked, { compartment, sort, epoch, recipient, writers: speaking }),
      })
    }
  const sealedTo = flows.map(({ recipient }) => recipient)
  const left = standing.recipients.filter((recipient) => !sealedTo.includes(recipient))
  const cause = (recipient: Recipient): 'word' | 'uncovered' => (word.includes(recipient) ? 'word' : 'uncovered')
  const noted = (recipient: Recipient): RecipientNote['cause'] =>
    unspoken.includes(recipient) ? 'waiting' : cause(recipient)
  const message = await sealMessage({
    id: id<MessageId>(randomId(context.random)),
    compartment,
    thread: input.thread,
    author: holder.user,
    at: draft.at,
    body: input.body,
    epoch: { key: epoch, seen: await seenOf(worked, draft, epoch, input.thread) },
    flows: await Promise.all(
      flows.map(async ({ key }) => ({ key, seen: await seenOf(worked, draft, key, input.thread) })),
    ),
    recipients: [
      ...flows.map(({ recipient, key }): RecipientNote => ({
        authority: recipient.authority,
        flow: key.id,
        cause: 'sealed',
      })),
      ...left.map((recipient): RecipientNote => ({
        authority: recipient.authority,
        flow: null,
        cause: noted(recipient),
      })),
      ...standing.waiting.map((one): RecipientNote => ({
        authority: one.authority,
        flow: null,
        cause: input.toOthers === 'nobody' ? 'uncovered' : 'waiting',
      })),
    ],
    leftOut: left.map((recipient) => ({
      flow: flowName({ ...recipient, compartment, recipient: recipient.authority }),
      cause: cause(recipient),
    })),
    by: holder.key,
    random: context.random,
  })
  return { append: draft.isEmpty ? null : draft.append(), message }
}

async function epochFor(context: Context, draft: Draft, worked: Worked, compartment: CompartmentId): Promise<CaseKey> {
  const current = currentEpoch(draft, compartment)
  if (current === null) return startEpoch(context, draft, worked, compartment)
  const key = await worked.vault.open(current)
  if (!key.ok) throw new SlussProblem('key-missing', 0, key.error)
  return key.value
}

async function flowFor(
  context: Context,
  draft: Draft,
  worked: Worked,
  input: Parameters<typeof startFlow>[3],
): Promise<CaseKey> {
  const current = currentFlow(draft, input.compartment, input.recipient)
  if (current === null) return startFlow(context, draft, worked, input)
  const key = await worked.vault.open(current)
  if (!key.ok) throw new SlussProblem('key-missing', 0, key.error)
  return key.value
}

/** Who of the writers may speak on this strand. While it has no list the first to write names herself (protocol.md § 4 `speakers`). */
export async function speaksTo(
  draft: Draft,
  to: AuthorityId,
  self: UserId,
  writers: readonly UserId[],
): Promise<readonly UserId[]> {
  const listed = speakersOn(draft, to)
  if (listed === null) {
    await draft.tell(to, 'speakers', { users: [self], closes: [] })
    return [self]
  }
  return writers.filter((user) => listed.includes(user))
}

const seenOf = async (
  worked: Worked,
  draft: Draft,
  key: CaseKey,
  thread: ThreadId,
): ReturnType<Worked['threads']['seen']> =>
  worked.threads.seen({ id: key.id, commit: commitIn(worked.book, draft, key.id) }, thread)
