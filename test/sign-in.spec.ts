// Signing in where one organisation's identity provider is an enemy of the others, and where a link elsewhere begins it.
import { tenantIdOf } from '../apps/seed/src/ids.ts'
import type { Provider } from './support/provider.ts'
import { startProvider } from './support/provider.ts'
import type { Running } from './support/running.ts'
import { startSluss } from './support/running.ts'

const [evil, honest, saying] = [tenantIdOf('t-polis-vast'), tenantIdOf('t-boras'), tenantIdOf('t-goteborg')]

let sluss: Running
let providers: Readonly<Record<string, Provider>>
const providerOf = (tenant: string): Provider => {
  const found = providers[tenant]
  if (found === undefined) throw new Error('no provider for that organisation')
  return found
}

beforeAll(async () => {
  const at = (tenant: string, metadata = {}): Promise<Provider> =>
    startProvider({ waysBack: () => [`${sluss.publicUrl}/auth/callback/${tenant}`], metadata })
  providers = {
    [evil]: await at(evil),
    [honest]: await at(honest),
    [saying]: await at(saying, { authorization_response_iss_parameter_supported: true }),
  }
  const issuers = Object.fromEntries(Object.entries(providers).map(([tenant, { issuer }]) => [tenant, issuer]))
  sluss = await startSluss({ nodes: 1, rootFingerprint: 'a'.repeat(64), issuers })
}, 60_000)
afterAll(async () => {
  for (const provider of Object.values(providers)) provider.close()
  await sluss.stop()
})

/** A browser: its cookie, and where it was sent last. */
class Browser {
  #cookie = ''

  async goes(address: URL | string, headers: Readonly<Record<string, string>> = {}): Promise<URL> {
    const answer = await fetch(new URL(address, sluss.publicUrl), {
      redirect: 'manual',
      headers: { ...headers, cookie: this.#cookie },
    })
    const [set] = answer.headers.getSetCookie()
    if (set !== undefined) this.#cookie = set.split(';')[0] ?? ''
    return new URL(answer.headers.get('location') ?? '', sluss.publicUrl)
  }

  async name(): Promise<unknown> {
    const answer = await fetch(new URL('/session', sluss.publicUrl), {
      headers: { cookie: this.#cookie, 'x-sluss': '1' },
    })
    return ((await answer.json()) as { name?: unknown }).name
  }
}
const begin = (tenant: string): string => `/auth/login?tenant=${tenant}`
const isFailure = ({ pathname, searchParams }: URL): boolean => pathname === '/' && searchParams.has('sign-in-failed')

test('each organisation has a way back of its own, and her own provider signs a person in by it', async () => {
  const browser = new Browser()
  const asked = await browser.goes(begin(honest))
  expect(asked.searchParams.get('redirect_uri')).toBe(`${sluss.publicUrl}/auth/callback/${honest}`)
  const home = await browser.goes(providerOf(honest).authorise(asked, 'p-linnea'))
  expect(isFailure(home)).toBe(false)
  expect(await browser.name()).toBe('Linnea Rask')
})

test('a provider that sends its visitor on to another organisation’s gets neither the code nor anybody in', async () => {
  // Given: the attacker began at Borås herself, and Linnea follows a link that begins at the attacker's organisation.
  const [attacker, linnea] = [new Browser(), new Browser()]
  const wanted = await attacker.goes(begin(honest))
  const hers = await linnea.goes(begin(evil))
  // When: it sends Linnea on to Borås with the attacker's challenge and nonce, and Linnea's own state.
  const crafted = new URL(wanted)
  crafted.searchParams.set('state', hers.searchParams.get('state') ?? '')
  const answer = providerOf(honest).authorise(crafted, 'p-linnea')
  // Then: Sluss hands the code to nobody, and she is not signed in.
  expect(isFailure(await linnea.goes(answer))).toBe(true)
  expect(providerOf(evil).codesReceived).toEqual([])
  expect(await linnea.name()).toBeUndefined()
  // Nor does Borås send anybody back to the attacker's organisation.
  crafted.searchParams.set('redirect_uri', hers.searchParams.get('redirect_uri') ?? '')
  expect(() => providerOf(honest).authorise(crafted, 'p-linnea')).toThrow('not registered')
})

test('a provider that says it names itself in its answers is believed in no answer that does not', async () => {
  const { issuer } = providerOf(saying)
  for (const more of [{}, { iss: providerOf(honest).issuer }]) {
    const browser = new Browser()
    const answer = providerOf(saying).authorise(await browser.goes(begin(saying)), 'p-mirjam', more)
    expect(isFailure(await browser.goes(answer))).toBe(true)
    expect(await browser.name()).toBeUndefined()
  }
  const browser = new Browser()
  await browser.goes(providerOf(saying).authorise(await browser.goes(begin(saying)), 'p-mirjam', { iss: issuer }))
  expect(await browser.name()).toBe('Mirjam Öqvist')
})

test('an answer counts once, and only in the browser that asked', async () => {
  const [attacker, linnea] = [new Browser(), new Browser()]
  const answer = providerOf(honest).authorise(await attacker.goes(begin(honest)), 'p-mehmet')
  // Login by forgery: Linnea would write under another person's name.
  expect(isFailure(await linnea.goes(answer))).toBe(true)
  await linnea.goes(begin(honest))
  expect(isFailure(await linnea.goes(answer))).toBe(true)
  // What she began is over with that: not even the right answer counts any more.
  const asked = await linnea.goes(begin(honest))
  const right = providerOf(honest).authorise(asked, 'p-linnea')
  const wrong = new URL(right)
  wrong.searchParams.set('state', 'another')
  expect(isFailure(await linnea.goes(wrong))).toBe(true)
  expect(isFailure(await linnea.goes(right))).toBe(true)
  expect(await linnea.name()).toBeUndefined()
  expect(isFailure(await attacker.goes(answer))).toBe(false)
  expect(await attacker.name()).toBe('Mehmet Yıldız')
})

test('a link elsewhere begins no sign-in, and signs nobody out', async () => {
  const browser = new Browser()
  const from = (site: string): Record<string, string> => ({ 'sec-fetch-site': site })
  await browser.goes(providerOf(honest).authorise(await browser.goes(begin(honest), from('same-origin')), 'p-linnea'))
  for (const site of ['cross-site', 'same-site'])
    expect((await browser.goes(begin(evil), from(site))).href).toBe(`${sluss.publicUrl}/`)
  expect(await browser.name()).toBe('Linnea Rask')
  expect((await browser.goes(begin(honest), from('none'))).origin).toBe(providerOf(honest).issuer)
})
