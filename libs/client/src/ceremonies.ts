// The root's ceremonies: making the root key and founding a tenant (protocol.md § 3). Done off line; in development, by the seed.
import type { AuthorityId, Custodian, Fingerprint, Instant, TenantId, TenantKind } from '#libs/domain'
import type { Random, SignedStatement, StaffKey } from '#libs/protocol'
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
