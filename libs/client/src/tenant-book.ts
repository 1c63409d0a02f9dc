// What this client knows of tenants: their verified chains, from the pinned root to each member of staff (protocol.md § 3).
import { tenants as operations } from '#libs/contracts'
import type {
  AuthorityId,
  Fingerprint,
  Head,
  StaffKey,
  Statement,
  TenantId,
  TenantState,
  UserId,
  Verified,
} from '#libs/domain'
import { extendTenant, hash, id, newestKeyOf } from '#libs/domain'
import type { PublicKey, Signed } from '#libs/protocol'
import { parseStatement, readPublicKey, RootLine, verifyStatement } from '#libs/protocol'
import type { Http } from './http.ts'
import { SlussProblem } from './problem.ts'

type Known = { state: TenantState | null; readonly statements: Verified[] }

const refuse = (reason: string): never => {
  throw new SlussProblem('chain-refused', 0, reason)
}

export class TenantBook {
  readonly #http: Http
  readonly #roots: RootLine
  readonly #known = new Map<TenantId, Known>()
  readonly #certificates = new Map<Fingerprint, string>()
  readonly #keys = new Map<Fingerprint, PublicKey>()
  readonly #tenantByAuthority = new Map<AuthorityId, TenantId>()
  readonly #running = new Map<TenantId, Promise<void>>()

  constructor(http: Http, rootFingerprint: string) {
    this.#http = http
    this.#roots = new RootLine(hash<Fingerprint>(rootFingerprint))
  }

  /** The folded chains, for the domain's functions. */
  get states(): ReadonlyMap<TenantId, TenantState> {
    const states = new Map<TenantId, TenantState>()
    for (const [tenant, known] of this.#known) if (known.state !== null) states.set(tenant, known.state)
    return states
  }

  state(tenant: TenantId): TenantState | null {
    return this.#known.get(tenant)?.state ?? null
  }

  statements(tenant: TenantId): readonly Verified[] {
    return this.#known.get(tenant)?.statements ?? []
  }

  head(tenant: TenantId): Head | null {
    const last = this.#known.get(tenant)?.statements.at(-1)
    return last === undefined ? null : { n: last.statement.n, hash: last.hash }
  }

  headsOf(tenants: Iterable<TenantId>): Readonly<Record<string, Head>> {
    const heads: Record<string, Head> = {}
    for (const tenant of tenants) {
      const head = this.head(tenant)
      if (head !== null) heads[tenant] = head
    }
    return heads
  }

  /** A key that some accepted statement of a tenant chain carries; whether it counts is the domain's question. */
  async key(signing: Fingerprint): Promise<PublicKey | null> {
    const read = this.#keys.get(signing)
    if (read !== undefined) return read
    const certificate = this.#certificates.get(signing)
    if (certificate === undefined) return null
    const key = await readPublicKey(certificate)
    if (!key.ok || key.value.signing !== signing) return null
    this.#keys.set(signing, key.value)
    return key.value
  }

  /**
   * Fetches and verifies what is new; a chain that was seen longer, or otherwise, is refused. A tenant that a later root has founded
   * tells nothing of the pinned one: that one was followed by the other stands in the chains of tenants founded before.
   */
  async refresh(tenant: TenantId): Promise<void> {
    try {
      await this.#catchUp(tenant)
    } catch (problem) {
      if (!(problem instanceof SlussProblem) || problem.name !== 'root-differs') throw problem
      const { tenants } = await this.#http.call(operations.table.directory)
      for (const one of tenants) if (one.id !== tenant) await this.#catchUp(one.id).catch(unlessItsOwn)
      await this.#catchUp(tenant)
    }
  }

  async #catchUp(tenant: TenantId): Promise<void> {
    const running = this.#running.get(tenant)
    if (running !== undefined) return running
    const started = this.#fetch(tenant).finally(() => this.#running.delete(tenant))
    this.#running.set(tenant, started)
    return started
  }

  /** Catches up with heads that somebody has seen. False where one contradicts the chain known here: two histories of one tenant. */
  async reaches(heads: Readonly<Record<string, Head>>): Promise<boolean> {
    let isSame = true
    for (const [name, head] of Object.entries(heads)) {
      const tenant = id<TenantId>(name)
      const known = this.head(tenant)
      if (known === null || known.n < head.n) await this.refresh(tenant)
      const seen = this.statements(tenant)[head.n]
      if (seen !== undefined && seen.hash !== head.hash) isSame = false
    }
    return isSame
  }

  async #fetch(tenant: TenantId): Promise<void> {
    const known = this.#known.get(tenant) ?? { state: null, statements: [] }
    this.#known.set(tenant, known)
    for (;;) {
      // One place back: the newest known statement must still be there, or the server shows another chain.
      const from = Math.max(0, known.statements.length - 1)
      const before = known.statements.length
      const answer = await this.#http.call(operations.table.chain, { params: { tenantId: tenant }, query: { from } })
      for (const signed of answer.statements) await this.#accept(known, signed)
      if (before > 0 && answer.statements.length === 0) refuse('rolled-back')
      if (!answer.more || known.statements.length === before) return
    }
  }

  async #accept(known: Known, signed: Signed): Promise<void> {
    const parsed = parseStatement(signed.bytes)
    if (!parsed.ok) return refuse(parsed.error)
    const signer = await this.#signer(parsed.value)
    const verified = await verifyStatement(signed, signer)
    if (!verified.ok) return refuse(verified.error)
    const seen = known.statements[verified.value.statement.n]
    if (seen !== undefined) {
      if (seen.hash !== verified.value.hash) refuse('forked')
      return
    }
    if (this.#roots.contradicts(verified.value.statement)) refuse('root-rotated-twice')
    const next = extendTenant(known.state, verified.value, signer.signing)
    if (!next.ok) return refuse(String(next.error))
    known.state = next.value
    known.statements.push(verified.value)
    this.#learn(verified.value.statement)
  }

  async #signer(statement: Statement): Promise<PublicKey> {
    if (statement.type === 'tenant.founded') {
      const root = await readPublicKey(statement.body.root)
      if (!root.ok || !this.#roots.includes(root.value.signing)) throw new SlussProblem('root-differs', 0)
      return root.value
    }
    return (await this.key(statement.key)) ?? refuse('signer-unknown')
  }

  /** Which tenant a secrecy area belongs to, by a founding that the root signed; null where no such chain is loaded. */
  tenantOf(authority: AuthorityId): TenantId | null {
    return this.#tenantByAuthority.get(authority) ?? null
  }

  #learn(statement: Statement): void {
    const tenant = id<TenantId>(statement.place.split('/')[1] ?? '')
    if (statement.type === 'tenant.founded') for (const one of statement.body.authorities) this.#bind(one, tenant)
    this.#roots.learn(statement)
    // The root speaks later too: its certificate was checked against its fingerprint.
    if (statement.type === 'tenant.founded') this.#certificates.set(statement.key, statement.body.root)
    if (statement.type === 'root.rotated') this.#certificates.set(statement.body.signing, statement.body.publicKey)
    if (statement.type === 'authority.added') this.#bind(statement.body.authority, tenant)
    if (statement.type === 'key.certified') this.#certificates.set(statement.body.signing, statement.body.publicKey)
    if ('custodians' in statement.body)
      for (const custodian of statement.body.custodians) this.#certificates.set(custodian.signing, custodian.publicKey)
  }

  /** The first tenant to name an authority keeps it: a second one is an alarm, not a change. */
  #bind(authority: AuthorityId, tenant: TenantId): void {
    const bound = this.#tenantByAuthority.get(authority)
    if (bound !== undefined && bound !== tenant) refuse('authority-claimed-twice')
    this.#tenantByAuthority.set(authority, tenant)
  }

  /** A person's newest certified key: what a custodian proposed and nobody has approved yet is none. */
  certified(tenant: TenantId, user: UserId): StaffKey | null {
    const state = this.state(tenant)
    return state === null ? null : newestKeyOf(state, user)
  }
}

/** What is wrong with another's chain is told where that one is asked for; that nothing could be read at all must be told here. */
function unlessItsOwn(problem: unknown): void {
  const isItsOwn =
    problem instanceof SlussProblem && (problem.name === 'chain-refused' || problem.name === 'root-differs')
  if (!isItsOwn) throw problem
}
