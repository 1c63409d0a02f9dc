// Signed statements: the closed list of what can be said in a chain, and where (protocol.md §§ 3–6). Everything that the server
// and the clients know of who may read what is computed from these; reasons and words of the person are encrypted content.
import type { Category, IncludesEarlier, Purpose } from './consents/categories.ts'
import type { GroundId } from './disclosures/grounds.ts'
import type {
  AuthorityId,
  CaseId,
  CompartmentId,
  Fingerprint,
  Hash,
  KeyId,
  MessageId,
  RegistrationId,
  SubjectId,
  TenantId,
  UnitId,
  UserId,
} from './ids.ts'
import type { Instant } from './instant.ts'
import type { Role, TenantKind } from './tenants/roles.ts'

/** A chain's address: `tenant/<tenant>`, `ledger/<case>/<authority>` or `strand/<case>/<from>/<to>`. */
export type Place =
  | { readonly chain: 'tenant'; readonly tenant: TenantId }
  | { readonly chain: 'ledger'; readonly case: CaseId; readonly authority: AuthorityId }
  | { readonly chain: 'strand'; readonly case: CaseId; readonly from: AuthorityId; readonly to: AuthorityId }

export type PlaceName = string

export function placeName(place: Place): PlaceName {
  switch (place.chain) {
    case 'tenant':
      return `tenant/${place.tenant}`
    case 'ledger':
      return `ledger/${place.case}/${place.authority}`
    case 'strand':
      return `strand/${place.case}/${place.from}/${place.to}`
  }
}

/** The newest place of a chain that a signer had seen. */
export type Head = { readonly n: number; readonly hash: Hash }

// ---- parts that recur

/** One key under one certified encryption subkey; `wrap` is the SHA-256 of the wrap's bytes. */
export type Wrapped = { readonly user: UserId; readonly key: Fingerprint; readonly wrap: Hash }
export type EpochReader = Wrapped & { readonly write: boolean }
/** The final list of one stream of a key that is replaced: nothing beyond is accepted, for ever (protocol.md § 5 `closes`). */
export type ClosedStream = { readonly context: string; readonly count: number; readonly hash: Hash }
export type Closes = { readonly key: KeyId; readonly streams: readonly ClosedStream[] }

export type Custodian = {
  readonly user: UserId
  readonly signing: Fingerprint
  readonly encryption: Fingerprint
  readonly publicKey: string
  /** Her own. Of another tenant: a guest. */
  readonly authority: AuthorityId
  /** The authorities of the tenant that have named her: she certifies their staff and no others'. */
  readonly certifies: readonly AuthorityId[]
}

/** What may flow one way between two authorities about one subject (domain.md § 4 `grant`). */
export type FlowTerms = {
  readonly subject: SubjectId
  readonly source: AuthorityId
  readonly recipient: AuthorityId
  /** Null: the whole authority (its assigned staff); else only staff of these units. */
  readonly units: readonly UnitId[] | null
  readonly categories: readonly Category[]
  readonly purposes: readonly Purpose[]
  readonly validFrom: Instant
  readonly validUntil: Instant
  readonly includesEarlier: IncludesEarlier
}

/** How a consent was given (domain.md § 4). `lapsesAt`: a verbal consent not confirmed in writing ends there (rule 4). */
export type Given =
  | { readonly how: 'in-person-written' | 'e-identification' }
  | { readonly how: 'verbally-with-witness'; readonly lapsesAt: Instant }
  | { readonly how: 'in-custody'; readonly restsFrom: Instant | null }

export type Giver = 'individual' | 'guardian' | 'social-services-lvu'

/**
 * Which part of the flows a withdrawal narrows; an absent list means all of that kind (domain.md § 4 rule 3). `sources` and
 * `recipients` give the direction; on a strand they name its own two sides alone, so that neither learns of a third party.
 */
export type WithdrawalScope = {
  readonly subjects?: readonly SubjectId[]
  readonly categories?: readonly Category[]
  readonly purposes?: readonly Purpose[]
  readonly sources?: readonly AuthorityId[]
  readonly recipients?: readonly AuthorityId[]
}

/** What a disclosure rests on: the law (domain.md § 5), or a consent whose evidence a source that is asked to confirm may see. */
export type DisclosureGround = { readonly law: GroundId } | { readonly consent: RegistrationId }

// ---- what can be said

export type TenantBodies = {
  /** Genesis, signed by the root. `root` is the root's certificate: it counts only if its fingerprint is the pinned one. `authorities` binds each secrecy area to one tenant, so that no other tenant's custodians can certify staff into it. */
  'tenant.founded': {
    readonly tenant: TenantId
    readonly kind: TenantKind
    readonly root: string
    readonly authorities: readonly AuthorityId[]
    readonly custodians: readonly Custodian[]
    readonly threshold: number
    readonly certifiers: 1 | 2
  }
  /** Signed by the root, as the founding is: nobody else says which secrecy area is whose. */
  'authority.added': { readonly authority: AuthorityId }
  'key.certified': {
    readonly user: UserId
    readonly signing: Fingerprint
    readonly encryption: Fingerprint
    readonly publicKey: string
    readonly roles: readonly Role[]
    readonly authority: AuthorityId
    readonly units: readonly UnitId[]
    readonly validUntil: Instant
    readonly label: Hash
  }
  'key.ended': {
    readonly user: UserId
    readonly signing: Fingerprint
    readonly reason: 'left' | 'lost' | 'compromised' | 'replaced'
  }
  'custodians.set': { readonly custodians: readonly Custodian[]; readonly threshold: number }
  /** Signed by the root, where the custodians have lost their threshold: it takes effect 72 hours later, unless one of them voids it. */
  'custodians.replaced': { readonly custodians: readonly Custodian[]; readonly threshold: number }
  /** Signed by the root before it, which says nothing more in this chain. */
  'root.rotated': { readonly signing: Fingerprint; readonly publicKey: string }
  approved: { readonly of: Hash }
  /** A present custodian contradicts a replacement that has not taken effect. */
  voided: { readonly of: Hash }
}

export type LedgerBodies = {
  'ledger.opened': { readonly unit: UnitId; readonly as: 'owner' | 'party' }
  'case.opened': { readonly number: string; readonly individual: SubjectId }
  'case.closed': { readonly phase: 'closed' }
  'assignment.added': {
    readonly user: UserId
    readonly categories: readonly Category[]
    readonly until: Instant
    readonly reason?: 'opened' | 'alone' | 'night' | 'jour'
  }
  'assignment.ended': { readonly user: UserId; readonly closes: readonly Closes[] }
  'assignment.barred': { readonly user: UserId; readonly closes: readonly Closes[] }
  'compartment.opened': {
    readonly compartment: CompartmentId
    readonly subject: SubjectId
    readonly category: Category
    readonly purpose: Purpose
  }
  'epoch.started': {
    readonly compartment: CompartmentId
    readonly epoch: KeyId
    readonly prev: KeyId | null
    readonly readers: readonly EpochReader[]
    readonly withheld: readonly { readonly user: UserId; readonly cause: string; readonly since: Instant }[]
    readonly until: Instant
    readonly closes: readonly Closes[]
    readonly commit: Hash
  }
  'reception.started': {
    readonly reception: KeyId
    readonly subject: SubjectId
    readonly category: Category
    readonly units: readonly UnitId[] | null
    readonly publicKey: string
    readonly readers: readonly Wrapped[]
    readonly until: Instant
    readonly commit: Hash
  }
  'wraps.added': { readonly key: KeyId; readonly readers: readonly EpochReader[] }
  /**
   * `text` and `evidence` are salted hashes of encrypted content in category `plan`: what was agreed to and how it was given, in
   * words, and where the paper is. `shown`: whether a source asked to confirm reads that here, or outside Sluss because the person
   * allows not even that (domain.md § 4 rule 2). `renews`: the registration that this one takes over from.
   */
  'consent.registered': {
    readonly registration: RegistrationId
    readonly subject: SubjectId
    readonly givers: readonly Giver[]
    readonly given: Given
    readonly givenAt: Instant
    readonly validUntil: Instant
    readonly flows: readonly FlowTerms[]
    readonly text: Hash
    readonly evidence: Hash | null
    readonly shown: 'here' | 'outside'
    readonly renews: RegistrationId | null
  }
  'withdrawal.received': {
    readonly registrations: readonly RegistrationId[] | 'all'
    readonly subject: SubjectId
    readonly scope?: WithdrawalScope
  }
  approved: { readonly of: Hash }
  voided: { readonly of: Hash }
  upheld: { readonly keeps: readonly Hash[]; readonly closes: readonly Closes[] }
}

export type StrandBodies = {
  speakers: { readonly users: readonly UserId[]; readonly closes: readonly Closes[] }
  'consent.shared': {
    readonly registration: RegistrationId
    readonly subject: SubjectId
    readonly given: Given
    readonly validUntil: Instant
    readonly flows: readonly FlowTerms[]
    readonly text: Hash
    readonly evidence: Hash | null
    readonly shown: 'here' | 'outside'
  }
  'grant.opened': {
    readonly subject: SubjectId
    readonly categories: readonly Category[]
    readonly purposes: readonly Purpose[]
    readonly units: readonly UnitId[] | null
    readonly from: Instant
    readonly until: Instant
    readonly includesEarlier: IncludesEarlier
    readonly restsOn: readonly RegistrationId[]
  }
  /** What is taken away; an absent list takes nothing of that kind. Narrowed flows never come back by this grant. */
  'grant.narrowed': {
    readonly grant: Hash
    readonly categories?: readonly Category[]
    readonly purposes?: readonly Purpose[]
  }
  'grant.closed': { readonly grant: Hash }
  'reception.key': {
    readonly reception: KeyId
    readonly subject: SubjectId
    readonly category: Category
    readonly units: readonly UnitId[] | null
    readonly publicKey: string
    readonly until: Instant
    readonly again?: true
  }
  'reception.ended': { readonly reception: KeyId }
  'flow.keyed': {
    readonly flow: KeyId
    readonly compartment: CompartmentId
    readonly epoch: KeyId
    readonly subject: SubjectId
    readonly category: Category
    readonly purpose: Purpose
    readonly units: readonly UnitId[] | null
    readonly reception: KeyId
    /** The grants that it rests on; none where it rests on one disclosure alone. */
    readonly grants: readonly Hash[]
    readonly disclosure?: Hash
    readonly writers: readonly UserId[]
    readonly until: Instant
    readonly closes: readonly Closes[]
    readonly commit: Hash
    readonly wrap: Hash
    readonly sealed: Hash
  }
  'seals.added': { readonly flow: KeyId; readonly count: number; readonly list: Hash }
  /**
   * `items`: these messages and no other; `all`: the category while it is open (break-glass). `reason`: SHA-256 of the sealed message
   * that says why. Who signs it decides: nobody else is named, who has signed nothing.
   */
  'disclosure.made': {
    readonly subject: SubjectId
    readonly category: Category
    readonly purpose: Purpose
    readonly units: readonly UnitId[] | null
    readonly items: readonly MessageId[] | 'all'
    readonly ground: DisclosureGround
    readonly reason: Hash
    readonly until: Instant
  }
  'disclosure.closed': { readonly disclosure: Hash }
  'withdrawal.received': {
    readonly registrations: readonly RegistrationId[] | 'all'
    readonly subject: SubjectId
    readonly scope?: WithdrawalScope
  }
  contacts: { readonly users: readonly UserId[] }
  'party.left': Record<string, never>
  voided: { readonly of: Hash }
  upheld: { readonly keeps: readonly Hash[]; readonly closes: readonly Closes[] }
}

type Tagged<Bodies> = { [T in keyof Bodies & string]: { readonly type: T; readonly body: Bodies[T] } }[keyof Bodies &
  string]

type Envelope = {
  readonly v: 1
  readonly n: number
  /** SHA-256 of the signed bytes of statement n − 1 of this place; null for n = 0. */
  readonly prev: Hash | null
  readonly at: Instant
  readonly by: UserId | 'root'
  readonly key: Fingerprint
  /** Newest seen heads of the tenant chains that matter here, by tenant. */
  readonly tenantHeads: Readonly<Record<string, Head>>
}

export type TenantStatement = Envelope & { readonly place: PlaceName } & Tagged<TenantBodies>
export type LedgerStatement = Envelope & { readonly place: PlaceName } & Tagged<LedgerBodies>
export type StrandStatement = Envelope & { readonly place: PlaceName } & Tagged<StrandBodies>
export type Statement = TenantStatement | LedgerStatement | StrandStatement
export type StatementType = Statement['type']

/** A statement whose signature, canonical form and place in its chain have been checked, with the hash of its signed bytes. */
export type Verified<S extends Statement = Statement> = { readonly statement: S; readonly hash: Hash }

/** The order in which late seals stand in `seals.added.list`. */
export type ListedMessage = { readonly id: MessageId; readonly ciphertext: Hash }
