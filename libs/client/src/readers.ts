// "Läses av": who will read what is about to be written, who waits for a key, who will not and why (protocol.md § 6, last paragraph).
import type { AuthorityId, CaseId, Category, Entitled, Hash, Instant, Purpose, Recipient, UserId } from '#libs/domain'
import { disclosuresIn, disclosureSpan, entitled } from '#libs/domain'
import { standingAssignments } from './assigned.ts'
import { counterparts, individualOf } from './case-facts.ts'
import { said, strandPlace } from './case-book.ts'
import type { Context, Worked } from './context.ts'
import type { Draft } from './draft.ts'
import { compartmentFor } from './make-keys.ts'
import { staffOf } from './people.ts'
import { leftOutByWord, notReadingCause, speakersOn } from './standing.ts'
import type { AssignmentView, Readers } from './views.ts'

type Shown = { readonly own: readonly string[]; readonly others: readonly string[] }

const shownOf = (standing: Pick<Entitled, 'own' | 'recipients' | 'waiting'>): Shown => ({
  own: standing.own.map((reader) => reader.user).toSorted(),
  others: [...standing.recipients, ...standing.waiting]
    .map((one) => `${one.authority}/${(one.units ?? []).join('+')}${one.disclosure ?? ''}`)
    .toSorted(),
})

/** What `send` is bound to: the readers as they were shown, those waiting included, since they were shown too. */
export const versionOf = (standing: Pick<Entitled, 'own' | 'recipients' | 'waiting'>): string =>
  JSON.stringify(shownOf(standing))

/** True where somebody reads now who was not shown; fewer readers than shown widen nothing. */
export function widensFrom(version: string, standing: Pick<Entitled, 'own' | 'recipients' | 'waiting'>): boolean {
  const shown = readVersion(version)
  if (shown === null) return true
  const now = shownOf(standing)
  return now.own.some((user) => !shown.own.includes(user)) || now.others.some((one) => !shown.others.includes(one))
}

function readVersion(version: string): Shown | null {
  try {
    const parsed: unknown = JSON.parse(version)
    const { own, others } = parsed as Partial<Shown>
    return Array.isArray(own) && Array.isArray(others) ? { own, others } : null
  } catch {
    return null
  }
}

/** The readers of this sort of content as it stands; nothing is signed or sent by asking. */
export async function readers(
  context: Context,
  caseId: CaseId,
  category: Category,
  purpose: Purpose,
): Promise<Readers> {
  const worked = await context.work(caseId)
  const draft = await context.draft(worked)
  const sort = { subject: individualOf(worked.book), category, purpose }
  const compartment = await compartmentFor(context, draft, worked, sort)
  const standing = entitled(draft.history, draft.setting.tenants, compartment, draft.at)
  const word = leftOutByWord(worked.book, standing.recipients)
  const staff = await staffOf(context, worked)
  const { user } = draft.setting.holder
  const isHeard = ({ authority }: Recipient): boolean => speakersOn(draft, authority)?.includes(user) !== false
  const inScope = standing.recipients.filter((recipient) => !word.includes(recipient))
  const reading = inScope.filter(isHeard)
  const waiting: Readers['waiting'] = [
    ...standing.waiting.map(({ authority, cause }) => ({ authority, cause })),
    ...inScope
      .filter((recipient) => !isHeard(recipient))
      .map(({ authority }) => ({ authority, cause: 'not-speaker' as const })),
  ]
  const named = new Set<AuthorityId>([...reading, ...waiting].map((one) => one.authority))
  return {
    own: standing.own.flatMap((reader) => staff.find((member) => member.user === reader.user) ?? []),
    authorities: reading.map(({ authority, units, disclosure, until }) => ({
      authority,
      units,
      disclosedUntil: disclosure === null ? null : (openUntil(draft, disclosure) ?? until),
      ...contactsOf(worked, authority, draft.setting.holder.authority),
    })),
    waiting,
    notReading: counterparts(worked.book, draft.setting.holder.authority)
      .filter((authority) => !named.has(authority))
      .map((authority) => ({
        authority,
        cause: word.some((recipient) => recipient.authority === authority)
          ? 'word'
          : notReadingCause(worked.book, draft, authority, sort),
      })),
    ownNotReading: (await ownNotReading(context, worked, standing.own, category)).map(({ user, cause }) => ({
      user,
      name: staff.find((member) => member.user === user)?.name ?? null,
      cause,
    })),
    version: versionOf(standing),
  }
}

/** The end of a broken glass, known beforehand; a key may end sooner and is renewed. */
const openUntil = ({ history }: Draft, disclosure: Hash): Instant | null => {
  const made = disclosuresIn(history).find((one) => one.hash === disclosure)
  return made === undefined ? null : (disclosureSpan(history, made)?.until ?? null)
}

/** Own colleagues who are assigned and yet do not read: inner secrecy cuts the category out, or nothing new may rest on the decision or the key. */
async function ownNotReading(
  context: Context,
  worked: Worked,
  reading: Entitled['own'],
  category: Category,
): Promise<readonly { readonly user: UserId; readonly cause: OwnCause }[]> {
  const { authority } = await context.holder()
  return standingAssignments(context, worked, authority)
    .filter(({ user }) => !reading.some((reader) => reader.user === user))
    .map(({ user, categories, state }) => ({ user, cause: ownCause(categories.includes(category), state) }))
}

type OwnCause = Readers['ownNotReading'][number]['cause']
function ownCause(isIncluded: boolean, state: AssignmentView['state']): OwnCause {
  if (!isIncluded) return 'category'
  return state === 'unconfirmed' ? 'unconfirmed' : 'no-key'
}

/** Whom the other authority has named as persons to call; information only. */
function contactsOf(
  { book }: Worked,
  authority: AuthorityId,
  own: AuthorityId,
): Pick<Readers['authorities'][number], 'contacts' | 'unconfirmed'> {
  const contacts = said(book.place(strandPlace(book.id, authority, own)), 'contacts').at(-1)?.statement.body.users ?? []
  return { contacts, unconfirmed: contacts.filter((user) => book.isUnconfirmed(authority, own, user)) }
}
