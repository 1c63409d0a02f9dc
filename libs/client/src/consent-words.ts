// The words of a consent and where its paper is: content of the registering authority, in `plan`, read by its own staff and by each
// source that is asked to confirm, and by nobody else (domain.md § 4 rule 2).
import { threads as operations } from '#libs/contracts'
import type { AuthorityId, CaseId, Hash, MessageId, RegistrationId, ThreadId, Verified } from '#libs/domain'
import { disclosuresIn, disclosureSpan, holds, id } from '#libs/domain'
import type { ConsentBody, WrittenConsent } from '#libs/protocol'
import { hashesOfWords } from '#libs/protocol'
import type { StatementOf } from './case-book.ts'
import { authorityOfPlace, said } from './case-book.ts'
import type { Context, Worked } from './context.ts'
import type { Entry } from './entries.ts'
import { compose } from './messages.ts'
import { SlussProblem } from './problem.ts'
import type { ConsentDraft, ConsentWords } from './views.ts'

/** The place of the words: a thread of their own, named as the registration is, so that whoever may read them finds them. */
const threadOfWords = (registration: RegistrationId): ThreadId => id<ThreadId>(registration)

/** The threads of words: of the registrations that signed statements name, whatever else somebody calls words. */
export const threadsOfWords = (statements: Iterable<Verified>): ReadonlySet<ThreadId> => {
  const all = [...statements]
  const named = [...said(all, 'consent.registered'), ...said(all, 'consent.shared')]
  return new Set(named.map(({ statement }) => threadOfWords(statement.body.registration)))
}

export type KeptWords = { readonly message: MessageId; readonly text: Hash; readonly evidence: Hash | null }

/** Keeps the words before the consent is registered, so that nobody whom the consent lets in is a reader of them by it. */
export async function keepWords(
  context: Context,
  worked: Worked,
  registration: RegistrationId,
  draft: ConsentDraft,
): Promise<KeptWords> {
  const body: ConsentBody = {
    kind: 'consent',
    registration,
    text: { ...draft.words, givers: draft.givers, givenAt: draft.givenAt },
    textSalt: saltFrom(context),
    evidence: draft.evidence === '' ? null : draft.evidence,
    evidenceSalt: saltFrom(context),
  }
  const { append, message } = await compose(context, worked, {
    thread: threadOfWords(registration),
    category: 'plan',
    purpose: 'casework',
    body,
    readers: null,
    toOthers: 'nobody',
  })
  await context.http.call(operations.table.send, {
    params: { caseId: worked.book.id },
    body: { append, message: { ...message, seals: [...message.seals], leftOut: [...message.leftOut] } },
  })
  context.stale(worked.book.id)
  return { message: message.id, ...(await hashesOfWords(body)) }
}

const saltFrom = (context: Context): string =>
  [...context.random(16)].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/** What this reader has of the words, held against what the registering authority signed. */
export async function consentWords(
  context: Context,
  caseId: CaseId,
  registration: RegistrationId,
): Promise<ConsentWords> {
  const worked = await context.work(caseId)
  const own = (await context.me()).authority.id
  const told = signedOf(worked, registration)
  if (told === null) throw new SlussProblem('not-found', 404)
  const { text, evidence, shown } = told.body
  const by = authorityOfPlace(told.place)
  if (by !== own && shown === 'outside') return { state: 'outside' }
  const kept = await keptIn(worked, registration)
  const body = kept.flatMap((entry) => wordsIn(entry, by) ?? []).find((one) => one.registration === registration)
  if (body === undefined) return { state: whyNot(context, worked, registration, own) }
  // Its own statement names them too; what it shares names neither, so that nobody is told of them but by the words.
  const named = told.type === 'consent.registered' ? { givers: told.body.givers, givenAt: told.body.givenAt } : {}
  return heldAgainst(body, { text, evidence, ...named })
}

/** The words beside what was signed of them: shown either way, since a difference is what the reader has to see. */
export async function heldAgainst(
  body: ConsentBody,
  signed: { readonly text: Hash; readonly evidence: Hash | null } & Partial<Pick<WrittenConsent, 'givers' | 'givenAt'>>,
): Promise<ConsentWords> {
  const hashes = await hashesOfWords(body)
  const { givers = body.text.givers, givenAt = body.text.givenAt } = signed
  const isNamedAlike = String(givers) === String(body.text.givers) && givenAt === body.text.givenAt
  const agrees = hashes.text === signed.text && hashes.evidence === signed.evidence && isNamedAlike
  return { state: agrees ? 'agrees' : 'differs', text: body.text, evidence: body.evidence }
}

/** What is promised must be able to come: the server hands over nothing to the unassigned, and nothing once the showing is over. */
function whyNot(
  context: Context,
  worked: Worked,
  registration: RegistrationId,
  own: AuthorityId,
): 'waiting' | 'ended' | 'not-assigned' {
  const { history } = worked.book
  const at = context.now()
  const shown = disclosuresIn(history).filter(({ to, statement: { body } }) => {
    return to === own && 'consent' in body.ground && body.ground.consent === registration
  })
  const isOpen = shown.some((made) => {
    const span = disclosureSpan(history, made)
    return span !== null && holds(span, at)
  })
  if (shown.length > 0 && !isOpen) return 'ended'
  return worked.book.answer?.case.relation === 'assigned' ? 'waiting' : 'not-assigned'
}

function signedOf(
  worked: Worked,
  registration: RegistrationId,
): StatementOf<'consent.registered'> | StatementOf<'consent.shared'> | null {
  const statements = [...worked.book.statements()]
  const told = [...said(statements, 'consent.registered'), ...said(statements, 'consent.shared')]
  return told.find(({ statement }) => statement.body.registration === registration)?.statement ?? null
}

/** Nothing there yet for this reader is an answer, not a failure. */
async function keptIn(worked: Worked, registration: RegistrationId): Promise<readonly Entry[]> {
  try {
    return await worked.threads.load(threadOfWords(registration))
  } catch (problem) {
    if (problem instanceof SlussProblem && (problem.status === 404 || problem.status === 403)) return []
    throw problem
  }
}

/** Only what the registering authority itself wrote: nobody else can put words in the place of its own. */
function wordsIn({ result }: Entry, by: string): ConsentBody | null {
  if (!result.ok || result.opened.body.kind !== 'consent') return null
  return result.source === by ? result.opened.body : null
}
