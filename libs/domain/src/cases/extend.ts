// Taking the next statement of a case in: its place and order, who may say it, and what it may say (domain.md § 1; protocol.md §§ 4–5).
import { addMinutes, clocksApartMinutes } from '../instant.ts'
import { closesRefusal, sayKeys } from '../keys/may-key.ts'
import { sayConsent } from '../consents/may-consent.ts'
import { sayDisclosure } from '../disclosures/may-disclose.ts'
import type { StaffKey } from '../keys/staff-key.ts'
import { asSeen, certifiedAt, tenantOf } from '../keys/staff-key.ts'
import type { TenantStates } from '../keys/tenant-chain.ts'
import { isThird, signerOf } from '../keys/upholding.ts'
import type { Hash, UserId } from '../ids.ts'
import type { StatementRefusal } from '../refusals.ts'
import type { Result } from '../result.ts'
import { never, ok, refused } from '../result.ts'
import type { StatementType, Verified, WithdrawalScope } from '../statement.ts'
import { isReceiver } from '../tenants/writing.ts'
import type { CaseHistory, CaseStatement, Told } from './case-history.ts'
import { casePlace, isLedgerShown, ledgerOf, saying, strandOf, withTold } from './case-history.ts'
import { assignedWhenSaid } from './assigned.ts'
import { areOwnStaff, sayAssignment } from './may-assign.ts'
import type { Saying } from './saying.ts'

/** The history with this statement, or why it is not accepted. The history itself never changes. */
export function extend(
  history: CaseHistory,
  tenants: TenantStates,
  verified: Verified,
): Result<CaseHistory, StatementRefusal> {
  const { statement, hash } = verified
  const place = casePlace(statement.place)
  if (place === null || place.case !== history.case || !isCaseStatement(statement, place.chain))
    return refused('wrong-place')
  if (place.to === null && !isLedgerShown(history, place.from)) return refused('wrong-place')
  const chain = history.chains.get(statement.place) ?? []
  const last = chain.at(-1)
  if (statement.n !== chain.length) return refused('out-of-order')
  if (statement.prev !== (last?.hash ?? null)) return refused('other-predecessor')
  const before = chain.findLast((one) => one.kept === undefined)
  if (before !== undefined && statement.at < before.statement.at) return refused('time-goes-back')
  const told: Told = { statement, hash, from: place.from, to: place.to }
  const refusal =
    endedRefusal(tenants, chain, told) ??
    headsRefusal(tenants, told, last) ??
    judged(history, asSeen(tenants, statement.tenantHeads), told)
  if (refusal !== null) return refused(refusal)
  return ok(withTold(history, told))
}

/** What may only take away: it always counts (protocol.md § 4 rule 1). */
const narrowingTypes: readonly StatementType[] = [
  'assignment.ended',
  'assignment.barred',
  'grant.narrowed',
  'grant.closed',
  'disclosure.closed',
  'reception.ended',
  'withdrawal.received',
  'voided',
  'party.left',
  'case.closed',
]

/**
 * For the server alone: a statement that it accepted once and whose signer the rules refuse by what has been told since. It keeps its
 * place, so that nobody can stop what narrows after it; where it narrows it counts, and where it widens it says nothing. Refused is
 * only what stands in no place of this case's chains.
 */
export function keepPlace(history: CaseHistory, { statement, hash }: Verified): Result<CaseHistory, StatementRefusal> {
  const place = casePlace(statement.place)
  if (place === null || place.case !== history.case || !isCaseStatement(statement, place.chain))
    return refused('wrong-place')
  const chain = history.chains.get(statement.place) ?? []
  if (statement.n !== chain.length) return refused('out-of-order')
  if (statement.prev !== (chain.at(-1)?.hash ?? null)) return refused('other-predecessor')
  const told: Told = { statement, hash, from: place.from, to: place.to }
  return ok(withTold(history, { ...told, kept: narrowingTypes.includes(statement.type) ? 'narrowing' : 'mute' }))
}

const ledgerTypes: readonly string[] = [
  'ledger.opened',
  'case.opened',
  'case.closed',
  'assignment.added',
  'assignment.ended',
  'assignment.barred',
  'compartment.opened',
  'epoch.started',
  'reception.started',
  'wraps.added',
  'consent.registered',
  'withdrawal.received',
  'approved',
  'voided',
  'upheld',
]
const strandTypes: readonly string[] = [
  'speakers',
  'consent.shared',
  'grant.opened',
  'grant.narrowed',
  'grant.closed',
  'reception.key',
  'reception.ended',
  'flow.keyed',
  'seals.added',
  'disclosure.made',
  'disclosure.closed',
  'withdrawal.received',
  'contacts',
  'party.left',
  'voided',
  'upheld',
]
const isCaseStatement = (statement: Verified['statement'], chain: 'ledger' | 'strand'): statement is CaseStatement =>
  (chain === 'ledger' ? ledgerTypes : strandTypes).includes(statement.type)

/**
 * Held back and put in later: she or a statement before hers in its chain knew that her key had ended, or the clocks do not meet.
 * True of what was accepted before the end whenever it is read, and so refuses nothing that once stood.
 */
function endedRefusal(tenants: TenantStates, chain: readonly Told[], told: Told): StatementRefusal | null {
  const signer = signerOf(tenants, told)
  const ended = signer?.key.ended ?? null
  if (signer === null || ended === null) return null
  const name = signer.tenant.tenant
  const isKnown = [chain.at(-1), told].some((one) => (one?.statement.tenantHeads[name]?.n ?? -1) >= ended.n)
  return isKnown || told.statement.at > addMinutes(ended.at, clocksApartMinutes) ? 'key-ended' : null
}

/** A signer names how far she had read her own tenant's chain, and what she had read is never less than before in this chain. */
function headsRefusal(tenants: TenantStates, told: Told, last: Told | undefined): StatementRefusal | null {
  const heads = told.statement.tenantHeads
  const own = tenantOf(tenants, told.from)
  if (own === null) return 'signer-unknown'
  const seen = heads[own.tenant]
  if (seen === undefined) return 'heads-missing'
  if (seen.n > own.upTo) return 'heads-unknown'
  const before = last?.statement.tenantHeads ?? {}
  const wentBack = Object.entries(before).some(([tenant, head]) => (heads[tenant]?.n ?? head.n) < head.n)
  return wentBack ? 'heads-go-back' : null
}

/** Asked of what the signer had seen, so that the answer is the same whenever and wherever the chain is read. */
function judged(history: CaseHistory, tenants: TenantStates, told: Told): StatementRefusal | null {
  const signer = signerOf(tenants, told)
  if (signer === null) return isKnown(tenants, told) ? 'signer-of-another-authority' : 'signer-unknown'
  const { at } = told.statement
  const { key } = signer
  const held = certifiedAt(key, at)
  if (key.ended !== null || held === null) return 'key-ended'
  if (held.authority !== told.from) return 'signer-of-another-authority'
  return said(history, tenants, told, { ...key, ...held })
}

const isKnown = (tenants: TenantStates, told: Told): boolean =>
  [...tenants.values()].some((tenant) => tenant.keys.has(told.statement.key))

function said(history: CaseHistory, tenants: TenantStates, told: Told, key: StaffKey): StatementRefusal | null {
  const ledger = ledgerOf(history, told.from)
  const saying: Saying = {
    history,
    tenants,
    told,
    key,
    by: key.user,
    assigned: assignedWhenSaid(history, told, key.user),
    receiver: isReceiver(key.roles),
    // Another authority's ledger is not shown: there the strand's own list of speakers stands in for its assignments.
    ledgerKnown: isLedgerShown(history, told.from),
  }
  if (ledger.length === 0 && told.to === null) return firstOnLedger(saying)
  return beforeLedger(saying, ledger) ?? next(saying) ?? closesRefusal(saying)
}

/** Nobody is assigned before the ledger is opened: until then an authority may only take away. */
const beforeLedger = ({ told, ledgerKnown }: Saying, ledger: readonly Told[]): StatementRefusal | null =>
  ledgerKnown && ledger.length === 0 && !narrowingTypes.includes(told.statement.type) ? 'ledger-not-opened' : null

const firstOnLedger = (saying: Saying): StatementRefusal | null =>
  saying.told.statement.type === 'ledger.opened' ? sayAssignment(saying) : 'ledger-not-opened'

function next(said: Saying): StatementRefusal | null {
  const { statement } = said.told
  switch (statement.type) {
    case 'ledger.opened':
    case 'case.opened':
    case 'assignment.added':
    case 'assignment.ended':
    case 'assignment.barred':
    case 'speakers':
      return sayAssignment(said)
    case 'compartment.opened':
    case 'epoch.started':
    case 'reception.started':
    case 'wraps.added':
    case 'reception.key':
    case 'flow.keyed':
    case 'seals.added':
      return sayKeys(said)
    case 'consent.registered':
    case 'consent.shared':
    case 'grant.opened':
    case 'grant.narrowed':
    case 'grant.closed':
      return sayConsent(said)
    case 'disclosure.made':
    case 'disclosure.closed':
      return sayDisclosure(said)
    case 'case.closed':
      return mayNarrow(said) ?? ownsCase(said)
    case 'withdrawal.received':
      return mayNarrow(said) ?? namesThird(said.told, statement.body.scope)
    case 'reception.ended':
    case 'party.left':
      return mayNarrow(said)
    case 'contacts':
      return mayNarrow(said) ?? notSpeaking(said) ?? namesStrangers(said, statement.body.users)
    case 'approved':
    case 'voided':
    case 'upheld':
      return sayAbout(said)
    default:
      return never(statement)
  }
}

/** Narrowing and withdrawal: anyone assigned in any party, and its receivers (domain.md § 4 rule 3). */
function mayNarrow(said: Saying): StatementRefusal | null {
  if (!said.ledgerKnown || said.assigned !== null || said.receiver) return null
  return 'not-assigned'
}

/** What stands on a strand names its two sides and nobody else: neither is to learn of a third party (protocol.md § 1 P8). */
function namesThird({ from, to }: Told, scope: WithdrawalScope | undefined): StatementRefusal | null {
  if (to === null) return null
  const named = [...(scope?.sources ?? []), ...(scope?.recipients ?? [])]
  return named.every((one) => one === from || one === to) ? null : 'not-a-party-to-flow'
}

/** `case.*` is the owner's (protocol.md § 4). */
const ownsCase = ({ told, history }: Saying): StatementRefusal | null =>
  saying(ledgerOf(history, told.from), 'case.opened').length > 0 ? null : 'ledger-not-opened'

const namesStrangers = (said: Saying, users: readonly UserId[]): StatementRefusal | null =>
  areOwnStaff(said, users) ? null : 'person-not-certified'

function notSpeaking(said: Saying): StatementRefusal | null {
  const { told, history } = said
  if (told.to === null) return 'wrong-place'
  const list = saying(strandOf(history, told.from, told.to), 'speakers').at(-1)?.statement.body.users
  return list?.includes(said.by) === true ? null : 'not-speaker'
}

const voidable: readonly string[] = ['grant.opened', 'disclosure.made', 'assignment.added', 'consent.registered']

function sayAbout(said: Saying): StatementRefusal | null {
  const { told, history } = said
  const { statement } = told
  const chain = history.chains.get(statement.place) ?? []
  switch (statement.type) {
    case 'voided': {
      const about = chain.find((one) => one.hash === statement.body.of)
      if (about === undefined) return 'statement-unknown'
      return voidable.includes(about.statement.type) ? mayNarrow(said) : 'not-voidable'
    }
    case 'approved': {
      const about = chain.find((one) => one.hash === statement.body.of)
      if (about === undefined) return 'statement-unknown'
      return about.statement.by === said.by ? 'own-benefit' : mayNarrow(said)
    }
    case 'upheld':
      return mayUphold(said, chain, statement.body.keeps)
    default:
      return 'wrong-place'
  }
}

/** Neither one's own statement nor one that benefits oneself; on a strand by a speaker or a receiver. */
function mayUphold(said: Saying, chain: readonly Told[], hashes: readonly Hash[]): StatementRefusal | null {
  const named = hashes.map((hash) => chain.find((one) => one.hash === hash))
  if (named.length === 0 || named.some((one) => one === undefined)) return 'statement-unknown'
  if (named.some((one) => one !== undefined && !isThird(one, said.by))) return 'own-benefit'
  if (said.receiver) return null
  return mayNarrow(said) ?? (said.told.to === null ? null : notSpeaking(said))
}
