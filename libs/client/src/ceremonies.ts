// The root's ceremonies: making the root key, founding a tenant, following the root by another, replacing custodians who have lost
// their threshold (protocol.md § 3). Done off line; in development, by the seed.
import type {
  AuthorityId,
  Custodian,
  Fingerprint,
  Hash,
  Head,
  Instant,
  TenantBodies,
  TenantId,
  TenantKind,
  UserId,
} from '#libs/domain'
import type { Random, SignedStatement, StaffKey, UnsignedStatement } from '#libs/protocol'
import { createStaffKey, lockPrivateKey, signStatement, unlockPrivateKey } from '#libs/protocol'
import { SlussProblem } from './problem.ts'
import { platformRandom } from './randomness.ts'

/** The root key as it is kept: the private half under a passphrase only. `signing` is what clients and servers pin. */
export type RootFile = {
  readonly publicKey: string
  readonly signing: Fingerprint
  readonly encryption: Fingerprint
  readonly locked: string
}

export async function createRoot(input: {
  readonly passphrase: string
  readonly at: Instant
  readonly random?: Random
}): Promise<RootFile> {
  const made = await createStaffKey({ random: input.random ?? platformRandom, at: input.at })
  const { publicKey, signing, encryption } = made
  return { publicKey, signing, encryption, locked: await lockPrivateKey(made.halves, input.passphrase) }
}

export async function openRoot(file: RootFile, passphrase: string): Promise<StaffKey> {
  const root = await unlockPrivateKey(file.locked, passphrase, file)
  if (!root.ok) throw new SlussProblem('passphrase-wrong', 0, root.error)
  return root.value
}

export type Founding = {
  readonly tenant: TenantId
  readonly kind: TenantKind
  readonly authorities: readonly AuthorityId[]
  readonly custodians: readonly Custodian[]
  readonly threshold: number
  readonly certifiers: 1 | 2
}

/** The genesis of a tenant's chain, signed by the root after the custodians' words were compared by telephone. */
export async function foundTenant(
  root: StaffKey,
  founding: Founding,
  at: Instant,
  random: Random = platformRandom,
): Promise<SignedStatement> {
  const place = `tenant/${founding.tenant}`
  const body = { ...founding, root: root.public.publicKey }
  return signStatement(
    { place, n: 0, prev: null, at, by: 'root', tenantHeads: {}, type: 'tenant.founded', body },
    root,
    random,
  )
}

/** Where a tenant's chain stands, as whoever signs next at its end has read it. */
export type ChainEnd = { readonly tenant: TenantId; readonly head: Head }
type Later = Pick<TenantBodies, 'root.rotated' | 'custodians.replaced' | 'voided'>

function atEnd<T extends keyof Later>(
  { tenant, head }: ChainEnd,
  by: { readonly user: UserId | 'root'; readonly key: StaffKey },
  said: { readonly type: T; readonly body: Later[T] },
  at: Instant,
): Promise<SignedStatement> {
  const place = `tenant/${tenant}`
  const frame = { place, n: head.n + 1, prev: head.hash, at, by: by.user, tenantHeads: {} }
  return signStatement({ ...frame, ...said } as UnsignedStatement, by.key, platformRandom) // type and body go together by `said`
}

/** The root signs over to the next one. Said in every tenant's chain: clients that pin the first follow it, and no second one. */
export const rotateRoot = (
  root: StaffKey,
  next: Pick<RootFile, 'signing' | 'publicKey'>,
  end: ChainEnd,
  at: Instant,
): Promise<SignedStatement> => {
  const { signing, publicKey } = next
  return atEnd(end, { user: 'root', key: root }, { type: 'root.rotated', body: { signing, publicKey } }, at)
}

/** Names custodians in place of those who have lost their threshold; 72 hours later these are the custodians. */
export const replaceCustodians = (
  root: StaffKey,
  body: TenantBodies['custodians.replaced'],
  end: ChainEnd,
  at: Instant,
): Promise<SignedStatement> => atEnd(end, { user: 'root', key: root }, { type: 'custodians.replaced', body }, at)

/** A present custodian says that the threshold is not lost. */
export const contradictReplacement = (
  custodian: { readonly user: UserId; readonly key: StaffKey },
  replacement: Hash,
  end: ChainEnd,
  at: Instant,
): Promise<SignedStatement> => atEnd(end, custodian, { type: 'voided', body: { of: replacement } }, at)
