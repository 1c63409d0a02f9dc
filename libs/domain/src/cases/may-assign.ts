// Opening a ledger, assigning and ending, and naming who speaks on a strand (domain.md § 1 "Receivers"; protocol.md § 4).
import type { UserId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { addDays } from '../instant.ts'
import { isStaffOf, staffKeyAt, tenantOf } from '../keys/staff-key.ts'
import type { StatementRefusal } from '../refusals.ts'
import { isReceiver, mayBeAssigned, mayOpenCase, mayOpenLedger } from '../tenants/writing.ts'
import { everAssigned, isBarred } from './assigned.ts'
import { everySaying, ledgerOf, saying, strandOf } from './case-history.ts'
import type { Saying } from './saying.ts'

/** No assignment runs longer than a year without being renewed. */
const longestAssignmentDays = 366

export function sayAssignment(said: Saying): StatementRefusal | null {
  const { statement } = said.told
  switch (statement.type) {
    case 'ledger.opened':
      if (statement.n !== 0) return 'ledger-opened-already'
      if (!said.key.units.includes(statement.body.unit)) return 'unit-not-own'
      // A case has one owner, in whichever authority's ledger that is said.
      if (statement.body.as === 'owner' && isOpened(said)) return 'case-opened-already'
      return mayOpenLedger(said.key.roles) ? null : 'role-missing'
    case 'case.opened':
      return openedByOwner(said)
    case 'assignment.added':
      return mayAssign(said, statement.body)
    case 'assignment.ended':
      if (!everAssigned(said.history, said.told.from).includes(statement.body.user)) return 'person-not-assigned'
      return mayEnd(said)
    case 'assignment.barred':
      // Of one's own staff alone: what is said of another authority's would reach into its case, and tell who works there.
      return areOwnStaff(said, [statement.body.user]) ? mayEnd(said) : 'person-not-certified'
    case 'speakers':
      return mayNameSpeakers(said, statement.body.users)
    default:
      return 'wrong-place'
  }
}

const mayEnd = ({ receiver, assigned }: Saying): StatementRefusal | null =>
  receiver || assigned !== null ? null : 'not-assigned'

const isOpened = ({ history }: Saying): boolean => everySaying(history, 'case.opened').length > 0

function openedByOwner(said: Saying): StatementRefusal | null {
  if (!mayOpenCase(said.key.roles)) return 'role-missing'
  const ledger = ledgerOf(said.history, said.told.from)
  const opened = saying(ledger, 'ledger.opened')[0]
  if (opened === undefined || opened.statement.body.as !== 'owner') return 'ledger-not-opened'
  if (ledger.length !== 1 || isOpened(said)) return 'case-opened-already'
  return opened.statement.by === said.by ? null : 'role-missing'
}

function mayAssign(
  said: Saying,
  body: {
    readonly user: UserId
    readonly categories: readonly string[]
    readonly until: Instant
    readonly reason?: string
  },
): StatementRefusal | null {
  const { told, history, tenants } = said
  const { at } = told.statement
  if (body.categories.length === 0) return 'empty-list'
  if (body.until <= at) return 'ends-before-it-begins'
  if (body.until > addDays(at, longestAssignmentDays)) return 'too-long'
  if (isBarred(history, told.from, body.user)) return 'person-barred'
  const tenant = tenantOf(tenants, told.from)
  const person = tenant === null ? null : staffKeyAt(tenant, body.user, at)
  if (person?.authority !== told.from) return 'person-not-certified'
  if (!mayBeAssigned(person.roles)) return 'role-missing'
  if (body.user !== said.by) return said.receiver ? null : 'not-receiver'
  return maySelfAssign(said, body.reason)
}

/** Whoever opens the ledger thereby assigns herself; a receiver who is alone, or at night, with a reason that log review sees. */
function maySelfAssign(said: Saying, reason: string | undefined): StatementRefusal | null {
  const ledger = ledgerOf(said.history, said.told.from)
  if (reason === 'opened') {
    const opener = saying(ledger, 'ledger.opened')[0]?.statement.by === said.by
    const first = saying(ledger, 'assignment.added').length === 0
    return opener && first ? null : 'own-benefit'
  }
  return (reason === 'alone' || reason === 'night') && said.receiver ? null : 'own-benefit'
}

/**
 * The list of those who may sign on a strand: a receiver names it; a self-assigned opener may name herself while there is no list;
 * shortening is anybody's who is assigned (protocol.md § 4 "speakers").
 */
function mayNameSpeakers(said: Saying, users: readonly UserId[]): StatementRefusal | null {
  const { told, history } = said
  if (told.to === null) return 'wrong-place'
  if (!areOwnStaff(said, users)) return 'person-not-certified'
  if (isReceiver(said.key.roles)) return null
  const before = saying(strandOf(history, told.from, told.to), 'speakers').at(-1)?.statement.body.users
  if (said.ledgerKnown && said.assigned === null) return 'not-assigned'
  // Only somebody who may open the ledger can be in a case before a receiver has named anybody.
  if (before === undefined)
    return users.length === 1 && users[0] === said.by && mayOpenLedger(said.key.roles) ? null : 'not-receiver'
  return users.every((user) => before.includes(user)) ? null : 'not-receiver'
}

/** An authority speaks of its own people, who have been certified for it: nobody is made known by somebody else (domain.md § 6 "Absence"). */
export const areOwnStaff = ({ told, tenants }: Saying, users: readonly UserId[]): boolean =>
  users.every((user) => isStaffOf(tenants, told.from, user))
