// What a client that pins the first root believes of the roots after it, and what it takes for an alarm (protocol.md § 3).
import { tenants as operations } from '#libs/contracts'
import type { AuthorityId, Custodian, TenantId, UserId } from '#libs/domain'
import { addMinutes, id, instant, replacedBy, replacementHours } from '#libs/domain'
import type { NewStaffKey, SignedStatement } from '#libs/protocol'
import { createStaffKey } from '#libs/protocol'
import type { ChainEnd } from './ceremonies.ts'
import { contradictReplacement, foundTenant, replaceCustodians, rotateRoot } from './ceremonies.ts'
import type { Http } from './http.ts'
import { SlussProblem } from './problem.ts'
import { platformRandom } from './randomness.ts'
import { TenantBook } from './tenant-book.ts'

const at = instant('2026-11-24T08:00Z')
const numbered = (n: number): string => `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`
const [boras, police] = [id<TenantId>(numbered(1)), id<TenantId>(numbered(2))]

type Keys = Record<'first' | 'second' | 'third' | 'anna' | 'erika' | 'lisa' | 'mehmet', NewStaffKey>
let keys: Keys
beforeAll(async () => {
  const make = (): Promise<NewStaffKey> => createStaffKey({ random: platformRandom, at })
  const [first, second, third, anna, erika, lisa, mehmet] = await Promise.all([
    make(),
    make(),
    make(),
    make(),
    make(),
    make(),
    make(),
  ])
  keys = { first, second, third, anna, erika, lisa, mehmet }
})

const userOf = (name: keyof Keys): UserId => id<UserId>(numbered(100 + Object.keys(keys).indexOf(name)))
const authorityOf = (tenant: TenantId): AuthorityId => id<AuthorityId>(tenant.replace('00000000', 'aaaaaaaa'))
const custodian = (name: keyof Keys, tenant: TenantId): Custodian => {
  const { publicKey, signing, encryption } = keys[name]
  const authority = authorityOf(tenant)
  return { user: userOf(name), authority, certifies: [authority], publicKey, signing, encryption }
}
const custodiansOf = (tenant: TenantId): readonly Custodian[] => [custodian('anna', tenant), custodian('erika', tenant)]
const others = (tenant: TenantId): readonly Custodian[] => [custodian('lisa', tenant), custodian('mehmet', tenant)]

/** Chains as a server keeps them, and a client that has read none of them. */
class Chains {
  /** Whose chain cannot be read now. */
  away: TenantId | null = null
  readonly #told = new Map<TenantId, SignedStatement[]>()

  async founds(tenant: TenantId, by: keyof Keys = 'first'): Promise<this> {
    const founding = {
      tenant,
      kind: 'kommun',
      authorities: [authorityOf(tenant)],
      custodians: custodiansOf(tenant),
    } as const
    this.#told.set(tenant, [await foundTenant(keys[by].key, { ...founding, threshold: 1, certifiers: 1 }, at)])
    return this
  }
  async adds(tenant: TenantId, say: (end: ChainEnd) => Promise<SignedStatement>): Promise<SignedStatement> {
    const chain = this.#told.get(tenant) ?? []
    const last = chain.at(-1)
    if (last === undefined) throw new Error('not founded')
    const said = await say({ tenant, head: { n: last.statement.n, hash: last.hash } })
    this.#told.set(tenant, [...chain, said])
    return said
  }
  rotates(tenant: TenantId, from: keyof Keys, to: keyof Keys): Promise<SignedStatement> {
    return this.adds(tenant, (end) => rotateRoot(keys[from].key, keys[to], end, at))
  }
  replaces(tenant: TenantId, by: keyof Keys): Promise<SignedStatement> {
    const body = { custodians: others(tenant), threshold: 1 }
    return this.adds(tenant, (end) => replaceCustodians(keys[by].key, body, end, at))
  }
  client(): TenantBook {
    const call = async (
      operation: unknown,
      { params, query }: { params: { tenantId: TenantId }; query: { from: number } } | Record<string, never> = {},
    ): Promise<unknown> => {
      if (operation === operations.table.directory)
        return { tenants: [...this.#told.keys()].map((one) => ({ id: one })) }
      if (params.tenantId === this.away) throw new SlussProblem('offline', 0)
      const statements = (this.#told.get(params.tenantId) ?? []).slice(query.from).map((one) => one.signed)
      return { statements, more: false }
    }
    return new TenantBook({ call } as unknown as Http, keys.first.signing) // the two operations that it calls
  }
}

const refusalOf = async (reading: Promise<void>): Promise<unknown> =>
  reading.then(
    () => 'accepted',
    (problem: { reason: string | null; name: string }) => problem.reason ?? problem.name,
  )
const custodiansIn = (book: TenantBook, tenant: TenantId, hours: number): unknown => {
  const state = book.state(tenant)
  return state === null ? null : replacedBy(state, addMinutes(at, hours * 60)).custodians.map((one) => one.user)
}

test('a client that pins the first root follows it to the next, which then says what the first did', async () => {
  const chains = await new Chains().founds(boras)
  await chains.rotates(boras, 'first', 'second')
  await chains.replaces(boras, 'second')
  const book = chains.client()
  expect(await refusalOf(book.refresh(boras))).toBe('accepted')
  expect(custodiansIn(book, boras, replacementHours)).toEqual(others(boras).map((one) => one.user))
})

test('it believes a tenant that the next root has founded, though it is the first that it asks for', async () => {
  const chains = await (await new Chains().founds(boras)).founds(police, 'second')
  expect(await refusalOf(chains.client().refresh(police))).toBe('root-differs')
  await chains.rotates(boras, 'first', 'second')
  expect(await refusalOf(chains.client().refresh(police))).toBe('accepted')
})

test('that the others’ chains cannot be read now is told as that, and not as a root that differs', async () => {
  const chains = await (await new Chains().founds(boras)).founds(police, 'second')
  await chains.rotates(boras, 'first', 'second')
  const book = chains.client()
  chains.away = boras
  expect(await refusalOf(book.refresh(police))).toBe('offline')
  chains.away = null
  expect(await refusalOf(book.refresh(police))).toBe('accepted')
})

test('a forged rotation is an alarm, whoever signs it in the root’s name', async () => {
  for (const forger of ['third', 'anna'] as const) {
    const chains = await new Chains().founds(boras)
    await chains.rotates(boras, forger, 'third')
    expect(await refusalOf(chains.client().refresh(boras))).toBe(
      forger === 'third' ? 'signer-unknown' : 'signer-not-root',
    )
  }
})

test('a second rotation is an alarm, in the same chain and in another tenant’s', async () => {
  const chains = await (await new Chains().founds(boras)).founds(police)
  await chains.rotates(boras, 'first', 'second')
  await chains.rotates(police, 'first', 'second')
  const book = chains.client()
  expect([await refusalOf(book.refresh(boras)), await refusalOf(book.refresh(police))]).toEqual([
    'accepted',
    'accepted',
  ])
  await chains.rotates(boras, 'first', 'third')
  expect(await refusalOf(book.refresh(boras))).toBe('root-rotated-twice')
  const split = await (await new Chains().founds(boras)).founds(police)
  await split.rotates(boras, 'first', 'second')
  await split.rotates(police, 'first', 'third')
  const other = split.client()
  expect([await refusalOf(other.refresh(boras)), await refusalOf(other.refresh(police))]).toEqual([
    'accepted',
    'root-rotated-twice',
  ])
})

test('a second founding of a tenant that was read is an alarm', async () => {
  const chains = await new Chains().founds(boras)
  const book = chains.client()
  await book.refresh(boras)
  await chains.adds(boras, async (end) => {
    const again = {
      tenant: boras,
      kind: 'kommun',
      authorities: [authorityOf(boras)],
      custodians: others(boras),
    } as const
    const { signed } = await foundTenant(keys.first.key, { ...again, threshold: 1, certifiers: 1 }, at)
    return { signed, hash: end.head.hash, statement: { n: 1 } } as unknown as SignedStatement // served as though it came next
  })
  expect(await refusalOf(book.refresh(boras))).toBe('forked')
})

test('custodians whom the root replaces are shown at once and take over after 72 hours, unless one of the present ones contradicts', async () => {
  const chains = await new Chains().founds(boras)
  const { hash } = await chains.replaces(boras, 'first')
  const book = chains.client()
  await book.refresh(boras)
  expect(book.state(boras)?.replacement?.custodians.map((one) => one.user)).toEqual(
    others(boras).map((one) => one.user),
  )
  expect(custodiansIn(book, boras, replacementHours - 1)).toEqual(custodiansOf(boras).map((one) => one.user))
  await chains.adds(boras, (end) =>
    contradictReplacement({ user: userOf('erika'), key: keys.erika.key }, hash, end, at),
  )
  await book.refresh(boras)
  expect(custodiansIn(book, boras, replacementHours)).toEqual(custodiansOf(boras).map((one) => one.user))
})
