// Taking the next statement of a case in: its place and order, who may say it, and what it may say (domain.md § 1; protocol.md §§ 4–5).
import { addMinutes } from '../instant.ts'
import { sayKeys } from '../keys/may-key.ts'
import { sayConsent } from '../consents/may-consent.ts'
import type { TenantStates } from '../keys/tenant-chain.ts'
import { knowsOf, signerOf } from '../keys/upholding.ts'
import type { StatementRefusal } from '../refusals.ts'
import type { Result } from '../result.ts'
import { never, ok, refused } from '../result.ts'
import type { Verified } from '../statement.ts'
import { isReceiver } from '../tenants/writing.ts'
import type { CaseHistory, CaseStatement, Told } from './case-history.ts'
import { casePlace, ledgerOf, saying, strandOf } from './case-history.ts'
import { assignedAt } from './assigned.ts'
import { sayAssignment } from './may-assign.ts'
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
  const chain = history.chains.get(statement.place) ?? []
  const last = chain.at(-1)
  if (statement.n !== chain.length) return refused('out-of-order')
  if (statement.prev !== (last?.hash ?? null)) return refused('other-predecessor')
  if (last !== undefined && statement.at < last.statement.at) return refused('time-goes-back')
  const told: Told = { statement, hash, from: place.from, to: place.to }
  const refusal = signerRefusal(tenants, chain, told) ?? said(history, tenants, told)
  if (refusal !== null) return refused(refusal)
  return ok({ ...history, chains: new Map(history.chains).set(statement.place, [...chain, told]) })
}

/** How far the clock of a signer, and of the server, may be off. */
const clockMinutes = 2

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
  'withdrawal.received',
  'contacts',
  'party.left',
  'voided',
  'upheld',
]
const isCaseStatement = (statement: Verified['statement'], chain: 'ledger' | 'strand'): statement is CaseStatement =>
  (chain === 'ledger' ? ledgerTypes : strandTypes).includes(statement.type)

/** The signer is staff of the authority in whose place she speaks, by a key that her statement does not itself know as ended. */
function signerRefusal(tenants: TenantStates, chain: readonly Told[], told: Told): StatementRefusal | null {
  const known = [...tenants.values()].some((tenant) => tenant.keys.has(told.statement.key))
  if (!known) return 'signer-unknown'
  const signer = signerOf(tenants, told)
  if (signer === null) return 'signer-of-another-authority'
  const { tenant, key } = signer
  if (key.ended !== null) {
    // Held back and put in later: she or a statement before hers in its chain knew of the end, or the clocks, of which each may
    // be two minutes off (protocol.md § 2), do not meet.
    if (knowsOf([...chain, told], tenant.tenant, key.ended.n)) return 'key-ended'
    if (told.statement.at > addMinutes(key.ended.at, 2 * clockMinutes)) return 'key-ended'
  }
  if (told.statement.at < key.certifiedAt || told.statement.at >= key.validUntil) return 'key-ended'
  return null
}

function said(history: CaseHistory, tenants: TenantStates, told: Told): StatementRefusal | null {
  const signer = signerOf(tenants, told)
  if (signer === null) return 'signer-unknown'
  const ledger = ledgerOf(history, told.from)
  const assigned = assignedAt(history, tenants, told.from, { user: signer.key.user, at: told.statement.at })
  const saying: Saying = {
    history,
    tenants,
    told,
    key: signer.key,
    by: signer.key.user,
    assigned: assigned?.span ?? null,
    receiver: isReceiver(signer.key.roles),
    // Another authority's ledger is not shown: there the strand's own list of speakers stands in for its assignments.
    ledgerKnown: ledger.length > 0,
  }
  return ledger.length === 0 && told.to === null ? firstOnLedger(saying) : next(saying)
}

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
    case 'case.closed':
      return mayNarrow(said) ?? ownsCase(said)
    case 'reception.ended':
    case 'withdrawal.received':
    case 'party.left':
      return mayNarrow(said)
    case 'contacts':
      return mayNarrow(said) ?? notSpeaking(said)
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

/** `case.*` is the owner's (protocol.md § 4). */
const ownsCase = ({ told, history }: Saying): StatementRefusal | null =>
  saying(ledgerOf(history, told.from), 'case.opened').length > 0 ? null : 'ledger-not-opened'

function notSpeaking(said: Saying): StatementRefusal | null {
  const { told, history } = said
  if (told.to === null) return 'wrong-place'
  const list = saying(strandOf(history, told.from, told.to), 'speakers').at(-1)?.statement.body.users
  return list?.includes(said.by) === true ? null : 'not-speaker'
}

const voidable: readonly string[] = ['grant.opened', 'assignment.added', 'consent.registered']

function sayAbout(said: Saying): StatementRefusal | null {
  const { told, history } = said
  const { statement } = told
  const chain = history.chains.get(statement.place) ?? []
  if (statement.type === 'upheld') {
    const kept = statement.body.keeps.map((hash) => chain.find((one) => one.hash === hash))
    if (kept.length === 0 || kept.some((one) => one === undefined)) return 'statement-unknown'
    if (kept.some((one) => one?.statement.by === said.by)) return 'own-benefit'
    return said.receiver || said.assigned !== null ? null : 'not-assigned'
  }
  if (statement.type !== 'voided' && statement.type !== 'approved') return null
  const about = chain.find((one) => one.hash === statement.body.of)
  if (about === undefined) return 'statement-unknown'
  if (statement.type === 'approved' && about.statement.by === said.by) return 'own-benefit'
  if (statement.type === 'voided' && !voidable.includes(about.statement.type)) return 'not-voidable'
  return said.receiver || said.assigned !== null ? null : 'not-assigned'
}
