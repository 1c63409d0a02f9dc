// A small symbolic world for specs: tenants, staff and signed statements without cryptography. A hash is a fold of the text, a
// wrap is the statement that there is one; everything else goes through extend and extendTenant as in the product.
import type { CaseHistory } from '../cases/case-history.ts'
import { emptyHistory } from '../cases/case-history.ts'
import { extend } from '../cases/extend.ts'
import type { AuthorityId, CaseId, Fingerprint, Hash, SubjectId, TenantId, UnitId, UserId } from '../ids.ts'
import { hash, id } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { addDays, addMinutes, instant } from '../instant.ts'
import type { TenantState } from '../keys/tenant-chain.ts'
import { extendTenant } from '../keys/tenant-chain.ts'
import type { StatementRefusal } from '../refusals.ts'
import type { Result } from '../result.ts'
import type {
  Custodian,
  Head,
  LedgerBodies,
  PlaceName,
  Statement,
  StrandBodies,
  TenantBodies,
  Verified,
} from '../statement.ts'
import { placeName } from '../statement.ts'
import type { Role, TenantKind } from '../tenants/roles.ts'

/** Taken out once: a test environment looks a global up anew at every use, and this is the innermost loop. */
const { imul } = Math

/** Sixteen hex digits of FNV-1a, spread to the form of a SHA-256: equal texts, equal hashes. */
function fold(text: string): string {
  let a = 0x811c9dc5
  let b = 0x01000193
  for (let place = 0; place < text.length; place++) {
    a = imul(a ^ text.charCodeAt(place), 0x01000193)
    b = imul(b ^ text.charCodeAt(place), 0x85ebca6b)
  }
  return (a >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0')
}

export const symbolicHash = <T extends Hash | Fingerprint>(text: string): T => hash<T>(fold(text).repeat(4))

/** A stable id for a name: the same in every world. */
export function symbolicId<T extends Parameters<typeof id>[0] & string>(name: string): T {
  const digits = fold(name) + fold(`${name}+`)
  const text = `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20, 32)}`
  return id(text) as unknown as T
}

const authority = (name: string): AuthorityId => symbolicId(`authority ${name}`)
const unit = (name: string): UnitId => symbolicId(`unit ${name}`)
const tenant = (name: string): TenantId => symbolicId(`tenant ${name}`)

/** Göteborg with two boards, a police region, Kriminalvården: four secrecy areas. */
export const authorities = {
  centrum: authority('centrum'),
  hisingen: authority('hisingen'),
  police: authority('police'),
  prison: authority('prison'),
} as const
export const units = {
  sav: unit('sav'),
  north: unit('north'),
  region: unit('region'),
  local: unit('local'),
  probation: unit('probation'),
} as const
export const tenants = { goteborg: tenant('goteborg'), police: tenant('police'), prison: tenant('prison') } as const
export type TenantName = keyof typeof tenants

export const theCase: CaseId = symbolicId('case')
export const individual: SubjectId = symbolicId('individual')
export const relative: SubjectId = symbolicId('relative')
export const root = symbolicHash<Fingerprint>('root')
export const start = instant('2025-03-01T12:00Z')

export type Staff = {
  readonly name: string
  readonly user: UserId
  readonly tenant: TenantName
  readonly authority: AuthorityId
  readonly units: readonly UnitId[]
  readonly roles: readonly Role[]
}

export const staffMember = (
  name: string,
  tenantOf: TenantName,
  authorityOf: AuthorityId,
  unitsOf: readonly UnitId[],
  ...roles: readonly Role[]
): Staff => ({
  name,
  user: symbolicId(`user ${name}`),
  tenant: tenantOf,
  authority: authorityOf,
  units: unitsOf,
  roles,
})

export const people = {
  linnea: staffMember('linnea', 'goteborg', authorities.centrum, [units.sav], 'caseworker'),
  sara: staffMember('sara', 'goteborg', authorities.centrum, [units.sav], 'caseworker'),
  mats: staffMember('mats', 'goteborg', authorities.centrum, [units.sav], 'team_leader'),
  anders: staffMember('anders', 'goteborg', authorities.centrum, [units.sav], 'analyst'),
  hanna: staffMember('hanna', 'goteborg', authorities.hisingen, [units.north], 'caseworker'),
  henrik: staffMember('henrik', 'goteborg', authorities.hisingen, [units.north], 'team_leader'),
  petra: staffMember('petra', 'police', authorities.police, [units.region], 'local_coordinator'),
  pelle: staffMember('pelle', 'police', authorities.police, [units.local], 'local_coordinator'),
  tuva: staffMember('tuva', 'police', authorities.police, [units.region], 'threat_assessor'),
  rolf: staffMember('rolf', 'police', authorities.police, [units.region], 'regional_coordinator'),
  karl: staffMember('karl', 'prison', authorities.prison, [units.probation], 'enforcement_officer'),
  kerstin: staffMember('kerstin', 'prison', authorities.prison, [units.probation], 'team_leader'),
} as const satisfies Record<string, Staff>
export type PersonName = keyof typeof people

const kinds: Readonly<Record<TenantName, TenantKind>> = {
  goteborg: 'kommun',
  police: 'police_region',
  prison: 'kriminalvarden',
}
const areas: Readonly<Record<TenantName, readonly AuthorityId[]>> = {
  goteborg: [authorities.centrum, authorities.hisingen],
  police: [authorities.police],
  prison: [authorities.prison],
}

export const signingOf = (name: string, generation = 1): Fingerprint => symbolicHash(`signing ${name} ${generation}`)
export const encryptionOf = (name: string, generation = 1): Fingerprint =>
  symbolicHash(`encryption ${name} ${generation}`)

export const custodian = (
  name: string,
  authorityOf: AuthorityId,
  certifies: readonly AuthorityId[] = [authorityOf],
): Custodian => ({
  user: symbolicId(`user ${name}`),
  signing: signingOf(name),
  encryption: encryptionOf(name),
  publicKey: `certificate of ${name}`,
  authority: authorityOf,
  certifies,
})

/** The body that certifies a person's n-th key. */
export const certification = (staff: Staff, validUntil: Instant, generation = 1): TenantBodies['key.certified'] => ({
  user: staff.user,
  signing: signingOf(staff.name, generation),
  encryption: encryptionOf(staff.name, generation),
  publicKey: `certificate ${generation} of ${staff.name}`,
  roles: staff.roles,
  authority: staff.authority,
  units: staff.units,
  validUntil,
  label: symbolicHash(`label ${staff.name}`),
})

export type Signer = { readonly by: UserId | 'root'; readonly key: Fingerprint }
export type TenantSaying = {
  [T in keyof TenantBodies]: { readonly type: T; readonly body: TenantBodies[T] }
}[keyof TenantBodies]
export type LedgerSaying = {
  [T in keyof LedgerBodies]: { readonly type: T; readonly body: LedgerBodies[T] }
}[keyof LedgerBodies]
export type StrandSaying = {
  [T in keyof StrandBodies]: { readonly type: T; readonly body: StrandBodies[T] }
}[keyof StrandBodies]

/** The statement that would come next in a chain after `head`. */
export function signed(
  place: PlaceName,
  head: Head | null,
  at: Instant,
  signer: Signer,
  said: TenantSaying | LedgerSaying | StrandSaying,
  tenantHeads: Readonly<Record<string, Head>> = {},
): Verified {
  const n = head === null ? 0 : head.n + 1
  const statement = { v: 1, place, n, prev: head?.hash ?? null, at, ...signer, tenantHeads, ...said } as Statement
  return { statement, hash: symbolicHash(JSON.stringify(statement)) }
}

/** The value, or an error that names the refusal: for what a spec expects to be accepted. */
export function accepted<T>(step: Result<T, StatementRefusal>, what: string): T {
  if (!step.ok) throw new Error(`${what}: ${step.error}`)
  return step.value
}

export const tenantPlace = (name: TenantName): PlaceName => placeName({ chain: 'tenant', tenant: tenants[name] })
export const custodiansOf = (name: TenantName): readonly Custodian[] => {
  const [first = authorities.centrum] = areas[name]
  return [`${name}-keys-1`, `${name}-keys-2`, `${name}-keys-3`].map((one) => custodian(one, first, areas[name]))
}

export const foundingOf = (
  name: TenantName,
  change: Partial<TenantBodies['tenant.founded']> = {},
): TenantBodies['tenant.founded'] => ({
  tenant: tenants[name],
  kind: kinds[name],
  root: 'certificate of the root',
  authorities: areas[name],
  custodians: custodiansOf(name),
  threshold: 1,
  certifiers: 1,
  ...change,
})

/** One case and its tenants as they are told, and the clock by which they are told. */
export class World {
  history: CaseHistory = emptyHistory(theCase, 'everybody')
  tenants: ReadonlyMap<TenantId, TenantState> = new Map()
  at: Instant = start
  /** Every statement of the case, in the order taken in. */
  readonly taken: Verified[] = []
  private serial = 0
  /** The newest key of each person, by generation. */
  private readonly generations = new Map<string, number>()
  /** What somebody who is off line last saw of the tenant chains. */
  private readonly lastSeen = new Map<string, Readonly<Record<string, Head>>>()

  constructor(staff: readonly Staff[] = Object.values(people), validDays = 720) {
    for (const name of Object.keys(tenants) as TenantName[]) {
      this.tells(name, { by: 'root', key: root }, { type: 'tenant.founded', body: foundingOf(name) })
      for (const one of staff.filter((each) => each.tenant === name)) this.certifies(one, addDays(start, validDays))
    }
  }

  /** A fresh id, different each time it is asked for, the same in every world that asks as often. */
  fresh<T extends Parameters<typeof id>[0] & string>(what = 'thing'): T {
    this.serial += 1
    return symbolicId(`${what} ${this.serial}`)
  }

  waits(minutes: number): this {
    this.at = addMinutes(this.at, minutes)
    return this
  }

  waitsDays(days: number): this {
    this.at = addDays(this.at, days)
    return this
  }

  /** The same world as somebody sees it who is served this much of the case; what she says there is said to nobody else. */
  servedWith(history: CaseHistory): World {
    const seen: World = Object.assign(Object.create(World.prototype), this) // the same members, private ones too
    seen.history = history
    seen.serial += 1_000_000
    return seen
  }

  // ---- tenant chains

  tenantStep(name: TenantName, signer: Signer, said: TenantSaying): Result<TenantState, StatementRefusal> {
    const state = this.tenants.get(tenants[name]) ?? null
    return extendTenant(state, signed(tenantPlace(name), state?.head ?? null, this.at, signer, said), root)
  }

  tells(name: TenantName, signer: Signer, said: TenantSaying): TenantState {
    const state = accepted(this.tenantStep(name, signer, said), said.type)
    this.tenants = new Map(this.tenants).set(tenants[name], state)
    return state
  }

  custodianOf(name: TenantName, place = 0): Signer {
    const one = custodiansOf(name)[place]
    if (one === undefined) throw new Error('no such custodian')
    return { by: one.user, key: one.signing }
  }

  /** Certifies a person's first key; a higher generation replaces it. */
  certifies(staff: Staff, validUntil: Instant, generation = 1): void {
    this.generations.set(staff.name, generation)
    const said: TenantSaying = { type: 'key.certified', body: certification(staff, validUntil, generation) }
    this.tells(staff.tenant, this.custodianOf(staff.tenant), said)
  }

  endsKey(staff: Staff, reason: TenantBodies['key.ended']['reason'] = 'left'): void {
    const signing = this.signerOf(staff).key
    this.tells(staff.tenant, this.custodianOf(staff.tenant), {
      type: 'key.ended',
      body: { user: staff.user, signing, reason },
    })
  }

  heads(): Readonly<Record<string, Head>> {
    return Object.fromEntries([...this.tenants].map(([name, state]) => [name, state.head]))
  }

  /** From now on this person signs with the tenant heads of now, whatever happens to the chains. */
  goesOffLine(staff: Staff): void {
    this.lastSeen.set(staff.name, this.heads())
  }

  signerOf(staff: Staff): Signer {
    return { by: staff.user, key: signingOf(staff.name, this.generations.get(staff.name) ?? 1) }
  }

  /** As an epoch names a person: by her newest key. */
  ownReader(staff: Staff): { readonly user: UserId; readonly key: Fingerprint; readonly write: boolean } {
    return { user: staff.user, key: encryptionOf(staff.name, this.generations.get(staff.name) ?? 1), write: true }
  }

  // ---- the case

  ledger(staff: Staff): PlaceName {
    return placeName({ chain: 'ledger', case: theCase, authority: staff.authority })
  }

  strand(staff: Staff, to: AuthorityId): PlaceName {
    return placeName({ chain: 'strand', case: theCase, from: staff.authority, to })
  }

  next(staff: Staff, place: PlaceName, said: LedgerSaying | StrandSaying): Verified {
    const last = this.history.chains.get(place)?.at(-1)
    const head = last === undefined ? null : { n: last.statement.n, hash: last.hash }
    return signed(place, head, this.at, this.signerOf(staff), said, this.lastSeen.get(staff.name) ?? this.heads())
  }

  /** Takes a statement in as the product does; an unexpected refusal ends the spec. */
  takes(verified: Verified): Hash {
    this.history = accepted(extend(this.history, this.tenants, verified), verified.statement.type)
    this.taken.push(verified)
    return verified.hash
  }

  onLedger(staff: Staff, said: LedgerSaying): Hash {
    return this.takes(this.next(staff, this.ledger(staff), said))
  }

  onStrand(staff: Staff, to: AuthorityId, said: StrandSaying): Hash {
    return this.takes(this.next(staff, this.strand(staff, to), said))
  }

  /** What would be answered to this statement; the world stays as it is. */
  answer(verified: Verified): StatementRefusal | 'accepted' {
    const step = extend(this.history, this.tenants, verified)
    return step.ok ? 'accepted' : step.error
  }

  answerOnLedger(staff: Staff, said: LedgerSaying): StatementRefusal | 'accepted' {
    return this.answer(this.next(staff, this.ledger(staff), said))
  }

  answerOnStrand(staff: Staff, to: AuthorityId, said: StrandSaying): StatementRefusal | 'accepted' {
    return this.answer(this.next(staff, this.strand(staff, to), said))
  }
}
