// The server's own picture of who is certified: tenant chains folded from the pinned root, kept per process and caught up with the
// database before each use. Every signature is checked again here, so that a row slipped into the database counts for nothing.
import type { Fingerprint, Head, Statement, TenantId, TenantState, TenantStates, Verified } from '#libs/domain'
import { extendTenant, id } from '#libs/domain'
import type { StoredStatement, Tx } from '#libs/persistence'
import { tenants } from '#libs/persistence'
import type { PublicKey, Signed } from '#libs/protocol/verify'
import { parseStatement, readPublicKey, RootLine, verifyStatement } from '#libs/protocol/verify'
import { Problem, unwrapStatement } from './problem.ts'

export class TenantChains {
  readonly #roots: RootLine
  readonly #leastCertifiers: number
  readonly #alarm: (tenant: TenantId, error: unknown) => void
  readonly #states = new Map<TenantId, TenantState>()
  readonly #certificates = new Map<Fingerprint, string>()
  readonly #keys = new Map<Fingerprint, PublicKey>()
  #catchingUp: Promise<void> = Promise.resolve()

  constructor(
    trusted: { readonly root: Fingerprint; readonly leastCertifiers: number },
    alarm: (tenant: TenantId, error: unknown) => void,
  ) {
    this.#roots = new RootLine(trusted.root)
    this.#leastCertifiers = trusted.leastCertifiers
    this.#alarm = alarm
  }

  /** All tenants' chains as the transaction sees them. */
  async at(tx: Tx): Promise<TenantStates> {
    // One after the other: two requests must not fold the same statement twice.
    const mine = this.#catchingUp.catch(() => undefined).then(() => this.#catchUp(tx))
    this.#catchingUp = mine
    await mine
    return new Map(this.#states)
  }

  async #catchUp(tx: Tx): Promise<void> {
    const heads = Object.entries(await tenants.tenantHeads(tx)).map(([name, head]) => ({
      tenant: id<TenantId>(name),
      head,
    }))
    const failed: typeof heads = []
    for (const one of heads) await this.#catchUpWith(tx, one, () => failed.push(one))
    // What a later root has founded is read when the chain that names that root has been. One tenant's broken chain leaves its staff
    // uncertified and is an alarm; the others work on.
    for (const one of failed) await this.#catchUpWith(tx, one, (error) => this.#alarm(one.tenant, error))
  }

  /** `onBroken`: what does not verify or fold. That nothing can be read is no fault of the chain, and ends the request. */
  async #catchUpWith(
    tx: Tx,
    { tenant, head }: { readonly tenant: TenantId; readonly head: Head },
    onBroken: (error: unknown) => void,
  ): Promise<void> {
    const known = this.#states.get(tenant) ?? null
    if (known !== null && known.head.n >= head.n) return
    const told = await tenants.tenantStatements(tx, tenant, known?.head.n ?? -1)
    await this.#takeAll(tenant, told).catch(onBroken)
  }

  async #takeAll(tenant: TenantId, told: readonly StoredStatement[]): Promise<void> {
    for (const one of told) await this.#take(tenant, one)
  }

  async #take(tenant: TenantId, stored: StoredStatement): Promise<void> {
    const key = await this.#signer(unwrapped(parseStatement(stored.bytes)))
    const verified = unwrapped(await verifyStatement(stored, key))
    if (this.contradicts(verified.statement)) throw new Error('a root that has rotated to two')
    const next = unwrapped(extendTenant(this.#states.get(tenant) ?? null, verified, key.signing))
    this.#states.set(tenant, next)
    this.#learn(verified.statement)
  }

  async #signer(statement: Statement): Promise<PublicKey> {
    if (statement.type !== 'tenant.founded') return this.keyNamed(statement.key)
    const root = unwrapped(await readPublicKey(statement.body.root))
    if (!this.#roots.includes(root.signing)) throw new Error('a tenant that another root has founded')
    // One custodian who is deceived, or deceives, must not be enough where it matters (protocol.md § 3 "production: two").
    if (statement.body.certifiers < this.#leastCertifiers)
      throw new Error(`a tenant whose founding asks for fewer than ${this.#leastCertifiers} certifiers`)
    return root
  }

  #learn(statement: Statement): void {
    this.#roots.learn(statement)
    // The root speaks later too: its certificate was checked against its fingerprint.
    if (statement.type === 'tenant.founded') this.#certificates.set(statement.key, statement.body.root)
    if (statement.type === 'root.rotated') this.#certificates.set(statement.body.signing, statement.body.publicKey)
    if (statement.type === 'key.certified') this.#certificates.set(statement.body.signing, statement.body.publicKey)
    if ('custodians' in statement.body)
      for (const one of statement.body.custodians) this.#certificates.set(one.signing, one.publicKey)
  }

  /** True where its root has signed over to another already, in whichever chain. */
  contradicts(statement: Statement): boolean {
    return this.#roots.contradicts(statement)
  }

  /** The certificate with this fingerprint; whether it stands is the domain's question. */
  async keyNamed(signing: Fingerprint): Promise<PublicKey> {
    const known = this.#keys.get(signing)
    if (known !== undefined) return known
    const certificate = this.#certificates.get(signing)
    if (certificate === undefined) throw new Problem('statement-refused', { reason: 'signer-unknown' })
    const read = unwrapStatement(await readPublicKey(certificate))
    if (read.signing !== signing) throw new Problem('statement-refused', { reason: 'fingerprint-differs' })
    this.#keys.set(signing, read)
    return read
  }

  /** A statement as it came, checked against the certificate that it names. The chains are to be caught up before. */
  async verified(signed: Signed): Promise<Verified> {
    const statement = unwrapStatement(parseStatement(signed.bytes))
    return unwrapStatement(await verifyStatement(signed, await this.keyNamed(statement.key)))
  }
}

/** What is stored was accepted once; if it does not verify now, the database is not what it was. */
function unwrapped<T>(result: { ok: true; value: T } | { ok: false; error: string }): T {
  if (result.ok) return result.value
  throw new Error(`a stored tenant chain does not verify: ${result.error}`)
}
