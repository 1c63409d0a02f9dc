// Who has read a message of one's own, who has not, who was or is given it later, and who never is: colleagues by person, others by
// authority.
import type { AuthorityId, UserId } from '#libs/domain'
import type { Opened, StaffMember } from '../../crypto/facade.ts'

type Read = { readonly user: UserId; readonly at: string } | { readonly authority: AuthorityId; readonly at: string }
export type Receipts = {
  readonly read: readonly Read[]
  readonly unread: readonly AuthorityId[]
  /** Given it afterwards; that they have not read it is not known, only that nothing of theirs says so. */
  readonly given: readonly AuthorityId[]
  readonly later: readonly AuthorityId[]
  readonly never: readonly AuthorityId[]
  /** Sealed to no other authority, and none waits. */
  readonly isHereOnly: boolean
}

type Sent = Pick<Opened, 'author' | 'authority' | 'readBy' | 'sentTo'>

/** A person whom one's own authority does not know of is told of by her pseudonym. */
export function receiptsOf(message: Sent, people: readonly Pick<StaffMember, 'user' | 'authority'>[]): Receipts {
  const authorityOf = (user: UserId): AuthorityId | undefined => people.find((one) => one.user === user)?.authority
  const read = new Map<string, Read>()
  for (const { user, at } of message.readBy) {
    if (user === message.author) continue
    const authority = authorityOf(user)
    const isOther = authority !== undefined && authority !== message.authority
    const who = isOther ? authority : user
    const known = read.get(who)
    if (known === undefined || known.at < at) read.set(who, isOther ? { authority, at } : { user, at })
  }
  const unreadAs = (wanted: NonNullable<Opened['sentTo']>[number]['state']): readonly AuthorityId[] =>
    (message.sentTo ?? []).flatMap(({ authority, state }) =>
      state === wanted && !read.has(authority) ? [authority] : [],
    )
  return {
    read: [...read.values()],
    unread: unreadAs('sealed'),
    given: unreadAs('sealed-late'),
    later: unreadAs('waiting'),
    never: unreadAs('never'),
    isHereOnly: message.sentTo?.length === 0,
  }
}
