// The shape of every signed statement, member by member: total over the closed list in libs/domain, so a new type without a shape does not compile.
import type {
  ClosedStream,
  Closes,
  Custodian,
  DisclosureGround,
  EpochReader,
  Fingerprint,
  FlowTerms,
  Given,
  GroundId,
  Hash,
  Head,
  Instant,
  LedgerBodies,
  StrandBodies,
  TenantBodies,
  UserId,
  WithdrawalScope,
  Wrapped,
} from '#libs/domain'
import {
  categories,
  groundIds,
  includesEarlierValues,
  isHash,
  isInstant,
  isUuid,
  purposes,
  roles,
  tenantKinds,
} from '#libs/domain'
import type { Shape } from './shape.ts'
import { boolean, count, either, line, list, matching, nullable, object, oneOf, record, set, text } from './shape.ts'

const id = <T extends string>(): Shape<T> => matching<T>(isUuid)
const ids = <T extends string>(): Shape<readonly T[]> => set(id<T>())
export const user = id<UserId>()
export const hash: Shape<Hash> = matching<Hash>(isHash)
export const fingerprint: Shape<Fingerprint> = matching<Fingerprint>(isHash)
export const at: Shape<Instant> = matching<Instant>(isInstant)
const category = oneOf(...categories)
const purpose = oneOf(...purposes)
const certificate = text(4096)
const shown = oneOf('here', 'outside')

export const head: Shape<Head> = object<Head>({ n: count, hash })
export const tenantHeads = record(matching(isUuid), head)

const wrapped: Shape<Wrapped> = object<Wrapped>({ user, key: fingerprint, wrap: hash })
const reader: Shape<EpochReader> = object<EpochReader>({ user, key: fingerprint, wrap: hash, write: boolean })
const closedStream: Shape<ClosedStream> = object<ClosedStream>({ context: id(), count, hash })
const closes: Shape<readonly Closes[]> = list(object<Closes>({ key: id(), streams: list(closedStream) }))
const custodian: Shape<Custodian> = object<Custodian>({
  user,
  signing: fingerprint,
  encryption: fingerprint,
  publicKey: certificate,
  authority: id(),
  certifies: ids(),
})
const flowTerms: Shape<FlowTerms> = object<FlowTerms>({
  subject: id(),
  source: id(),
  recipient: id(),
  units: nullable(ids()),
  categories: set(category),
  purposes: set(purpose),
  validFrom: at,
  validUntil: at,
  includesEarlier: oneOf(...includesEarlierValues),
})
type GivenAs<How extends Given['how']> = Extract<Given, { readonly how: How }>
const given: Shape<Given> = either(
  object<GivenAs<'in-person-written' | 'e-identification'>>({ how: oneOf('in-person-written', 'e-identification') }),
  either(
    object<GivenAs<'verbally-with-witness'>>({ how: oneOf('verbally-with-witness'), lapsesAt: at }),
    object<GivenAs<'in-custody'>>({ how: oneOf('in-custody'), restsFrom: nullable(at) }),
  ),
)
const disclosureGround: Shape<DisclosureGround> = either(
  object<Extract<DisclosureGround, { law: GroundId }>>({ law: oneOf(...groundIds) }),
  object<Extract<DisclosureGround, { consent: unknown }>>({ consent: id() }),
)
const withdrawalScope: Shape<WithdrawalScope> = object<WithdrawalScope>(
  { subjects: ids(), categories: set(category), purposes: set(purpose), sources: ids(), recipients: ids() },
  'subjects',
  'categories',
  'purposes',
  'sources',
  'recipients',
)
const withdrawal: Shape<LedgerBodies['withdrawal.received']> = object<LedgerBodies['withdrawal.received']>(
  { registrations: either(ids(), oneOf('all')), subject: id(), scope: withdrawalScope },
  'scope',
)
const named: Shape<{ readonly of: Hash }> = object<{ readonly of: Hash }>({ of: hash })
const upheld: Shape<LedgerBodies['upheld']> = object<LedgerBodies['upheld']>({ keeps: set(hash), closes })
const assignmentOver: Shape<LedgerBodies['assignment.ended']> = object<LedgerBodies['assignment.ended']>({
  user,
  closes,
})

type Shapes<Bodies> = { readonly [T in keyof Bodies]: Shape<Bodies[T]> }

export const tenantShapes: Shapes<TenantBodies> = {
  'tenant.founded': object<TenantBodies['tenant.founded']>({
    tenant: id(),
    kind: oneOf(...tenantKinds),
    authorities: ids(),
    custodians: list(custodian),
    threshold: count,
    certifiers: oneOf(1, 2),
    root: certificate,
  }),
  'authority.added': object<TenantBodies['authority.added']>({ authority: id() }),
  'key.certified': object<TenantBodies['key.certified']>({
    user,
    signing: fingerprint,
    encryption: fingerprint,
    publicKey: certificate,
    roles: set(oneOf(...roles)),
    authority: id(),
    units: ids(),
    validUntil: at,
    label: hash,
  }),
  'key.ended': object<TenantBodies['key.ended']>({
    user,
    signing: fingerprint,
    reason: oneOf('left', 'lost', 'compromised', 'replaced'),
  }),
  'custodians.set': object<TenantBodies['custodians.set']>({ custodians: list(custodian), threshold: count }),
  'custodians.replaced': object<TenantBodies['custodians.replaced']>({ custodians: list(custodian), threshold: count }),
  'root.rotated': object<TenantBodies['root.rotated']>({ signing: fingerprint, publicKey: certificate }),
  approved: named,
  voided: named,
}

export const ledgerShapes: Shapes<LedgerBodies> = {
  'ledger.opened': object<LedgerBodies['ledger.opened']>({ unit: id(), as: oneOf('owner', 'party') }),
  'case.opened': object<LedgerBodies['case.opened']>({ number: line(40), individual: id() }),
  'case.closed': object<LedgerBodies['case.closed']>({ phase: oneOf('closed') }),
  'assignment.added': object<LedgerBodies['assignment.added']>(
    { user, categories: set(category), until: at, reason: oneOf('opened', 'alone', 'night', 'jour') },
    'reason',
  ),
  'assignment.ended': assignmentOver,
  'assignment.barred': assignmentOver,
  'compartment.opened': object<LedgerBodies['compartment.opened']>({
    compartment: id(),
    subject: id(),
    category,
    purpose,
  }),
  'epoch.started': object<LedgerBodies['epoch.started']>({
    compartment: id(),
    epoch: id(),
    prev: nullable(id()),
    readers: list(reader),
    withheld: list(object<LedgerBodies['epoch.started']['withheld'][number]>({ user, cause: line(40), since: at })),
    until: at,
    closes,
    commit: hash,
  }),
  'reception.started': object<LedgerBodies['reception.started']>({
    reception: id(),
    subject: id(),
    category,
    units: nullable(ids()),
    publicKey: certificate,
    readers: list(wrapped),
    until: at,
    commit: hash,
  }),
  'wraps.added': object<LedgerBodies['wraps.added']>({ key: id(), readers: list(reader) }),
  'consent.registered': object<LedgerBodies['consent.registered']>({
    registration: id(),
    subject: id(),
    givers: set(oneOf('individual', 'guardian', 'social-services-lvu')),
    given,
    givenAt: at,
    validUntil: at,
    flows: list(flowTerms),
    text: hash,
    evidence: nullable(hash),
    shown,
    renews: nullable(id()),
  }),
  'withdrawal.received': withdrawal,
  approved: named,
  voided: named,
  upheld,
}

export const strandShapes: Shapes<StrandBodies> = {
  speakers: object<StrandBodies['speakers']>({ users: ids(), closes }),
  'consent.shared': object<StrandBodies['consent.shared']>({
    registration: id(),
    subject: id(),
    given,
    validUntil: at,
    flows: list(flowTerms),
    text: hash,
    evidence: nullable(hash),
    shown,
  }),
  'grant.opened': object<StrandBodies['grant.opened']>({
    subject: id(),
    categories: set(category),
    purposes: set(purpose),
    units: nullable(ids()),
    from: at,
    until: at,
    includesEarlier: oneOf(...includesEarlierValues),
    restsOn: ids(),
  }),
  'grant.narrowed': object<StrandBodies['grant.narrowed']>(
    { grant: hash, categories: set(category), purposes: set(purpose) },
    'categories',
    'purposes',
  ),
  'grant.closed': object<StrandBodies['grant.closed']>({ grant: hash }),
  'reception.key': object<StrandBodies['reception.key']>(
    {
      reception: id(),
      subject: id(),
      category,
      units: nullable(ids()),
      publicKey: certificate,
      until: at,
      again: oneOf(true),
    },
    'again',
  ),
  'reception.ended': object<StrandBodies['reception.ended']>({ reception: id() }),
  'flow.keyed': object<StrandBodies['flow.keyed']>(
    {
      flow: id(),
      compartment: id(),
      epoch: id(),
      subject: id(),
      category,
      purpose,
      units: nullable(ids()),
      reception: id(),
      grants: set(hash),
      disclosure: hash,
      writers: ids(),
      until: at,
      closes,
      commit: hash,
      wrap: hash,
      sealed: hash,
    },
    'disclosure',
  ),
  'seals.added': object<StrandBodies['seals.added']>({ flow: id(), count, list: hash }),
  'disclosure.made': object<StrandBodies['disclosure.made']>({
    subject: id(),
    category,
    purpose,
    units: nullable(ids()),
    items: either(ids(), oneOf('all')),
    ground: disclosureGround,
    reason: hash,
    until: at,
  }),
  'disclosure.closed': object<StrandBodies['disclosure.closed']>({ disclosure: hash }),
  'withdrawal.received': withdrawal,
  contacts: object<StrandBodies['contacts']>({ users: ids() }),
  'party.left': object<StrandBodies['party.left']>({}),
  voided: named,
  upheld,
}
