// Who has read a message of one's own, who has not, and who is given it later: colleagues by person, others by authority.
import type { AuthorityId, UserId } from '#libs/domain'
import type { Opened, StaffMember } from '../../crypto/facade.ts'

type Read = { readonly user: UserId; readonly at: string } | { readonly authority: AuthorityId; readonly at: string }
export type Receipts = {
  readonly read: readonly Read[]
  readonly unread: readonly AuthorityId[]
  readonly later: readonly AuthorityId[]
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
  const sentTo = message.sentTo ?? []
  const unread = sentTo.filter(({ authority, state }) => state === 'sealed' && !read.has(authority))
  const later = sentTo.filter(({ authority, state }) => state === 'waiting' && !read.has(authority))
  return {
    read: [...read.values()],
    unread: unread.map((one) => one.authority),
    later: later.map((one) => one.authority),
    isHereOnly: message.sentTo?.length === 0,
  }
}
