// A running Sluss with certified people in it: keys, foundings and certifications through the real ceremonies, once per suite; and
// the sentences in which the suites speak of cases, consents and messages.
import type { Connected, Connection, ConsentDraft, CookieJar, Founding, SlussProblem } from '#libs/client'
import { connect, createRoot, foundTenant, openRoot, signIn } from '#libs/client'
import type {
  AuthorityId,
  CaseId,
  Category,
  Custodian,
  Instant,
  Purpose,
  RegistrationId,
  TenantId,
  ThreadId,
} from '#libs/domain'
import { addDays, instantOf } from '#libs/domain'
import { enterFounding } from '#libs/persistence'
import { readDemo, tenantKindOf } from '../../apps/seed/src/demo-files.ts'
import { tenantIdOf } from '../../apps/seed/src/ids.ts'
import { authorityOf } from '../../apps/seed/src/organisations.ts'
import type { Identity, Name } from './people.ts'
import { identityOf, police } from './people.ts'
import type { Running } from './running.ts'
import { demoFolder, startSluss } from './running.ts'

export { boras, centrum, hisingen, kriminalvarden, police } from './people.ts'
export type { Name } from './people.ts'

type Root = Awaited<ReturnType<typeof openRoot>>

const rootPassphrase = 'rot för prov'
/** Sessions end when they are not used; a suite that moves the clock further signs everybody in anew. */
const signInAgainMinutes = 20

type Person = Identity & { readonly session: Connected; readonly jar: CookieJar }

export type Shared = { readonly id: CaseId; readonly registration: RegistrationId }
export type Sharing = {
  readonly with?: AuthorityId
  readonly includesEarlier?: ConsentDraft['flows'][number]['includesEarlier']
  readonly purposes?: readonly Purpose[]
  readonly direction?: ConsentDraft['flows'][number]['direction']
  readonly days?: number
  readonly given?: ConsentDraft['given']
}

export class Given {
  readonly sluss: Running
  /** What clients tried by themselves and were refused. */
  readonly troubles: string[] = []
  readonly #rootFingerprint: string
  /** The root's key, which lies off line. */
  readonly root: Root
  readonly #people = new Map<Name, Person>()
  readonly #others: { readonly name: Name; readonly jar: CookieJar; readonly session: Connected }[] = []
  #aheadMilliseconds = 0
  #signedInAt = Date.now()

  constructor(sluss: Running, root: Root) {
    this.sluss = sluss
    this.root = root
    this.#rootFingerprint = root.public.signing
  }

  milliseconds = (): number => Date.now() + this.#aheadMilliseconds
  now = (): Instant => instantOf(this.milliseconds())

  /** Everybody's clock moves on together: the nodes', the database's, the clients'. */
  async pass(minutes: number): Promise<void> {
    this.#aheadMilliseconds += minutes * 60_000
    await this.sluss.setClock(new Date(this.milliseconds()))
    if (this.milliseconds() - this.#signedInAt > signInAgainMinutes * 60_000) await this.signAllInAgain()
  }

  async signAllInAgain(): Promise<void> {
    this.#signedInAt = this.milliseconds()
    for (const { name, jar } of [...this.#people.values(), ...this.#others]) await this.signInto(jar, name)
  }

  person(name: Name): Person {
    const person = this.#people.get(name)
    if (person === undefined) throw new Error(`the suite did not ask for ${name}`)
    return person
  }
  session = (name: Name): Connected => this.person(name).session

  add(identity: Identity, jar: CookieJar): Person {
    const person = { ...identity, jar, session: this.#connect(identity.name, jar, 0) }
    this.#people.set(identity.name, person)
    return person
  }

  async signInto(jar: CookieJar, name: Name): Promise<void> {
    const { persona } = this.person(name)
    const cookies = await signIn({
      baseUrl: this.sluss.publicUrl,
      tenant: tenantIdOf(persona.tenant),
      login: persona.id,
    })
    jar.clear()
    for (const [key, value] of cookies) jar.set(key, value)
  }

  /** The same person on another device that has seen nothing, at the node named. */
  async device(
    name: Name,
    node = 0,
    through: Partial<Omit<Connection, 'jar' | 'rootFingerprint'>> = {},
  ): Promise<Connected> {
    const jar: CookieJar = new Map()
    await this.signInto(jar, name)
    const session = this.#connect(name, jar, node, through)
    this.#others.push({ name, jar, session })
    await session.unlock(this.person(name).persona.passphrase)
    return session
  }

  /** A client in which nobody has signed in. */
  stranger(): Connected {
    return this.#connect('nobody', new Map(), 0)
  }

  #address(node: number): string {
    const running = this.sluss.nodes[node]
    if (running === undefined) throw new Error(`there is no node ${node}`)
    return running.url
  }

  #connect(name: Name | 'nobody', jar: CookieJar, node: number, through: Partial<Connection> = {}): Connected {
    const trouble = (problem: SlussProblem): void => void this.troubles.push(`${name}: ${problem.message}`)
    const rootFingerprint = this.#rootFingerprint
    return connect({
      baseUrl: this.#address(node),
      rootFingerprint,
      jar,
      trouble,
      clock: this.milliseconds,
      takesInventedPassphrases: true,
      ...through,
    })
  }

  // ---- sentences

  consent(categories: readonly Category[], sharing: Sharing = {}): ConsentDraft {
    return {
      givers: ['individual'],
      given: sharing.given ?? { how: 'in-person-written' },
      givenAt: this.now(),
      validUntil: addDays(this.now(), sharing.days ?? 100),
      words: {
        agreed: 'Socialtjänsten och polisen får dela uppgifter.',
        language: 'Svenska',
        interpreter: null,
        information: 'Informationsblad 3',
        witness: null,
      },
      evidence: 'Pärm 3, sett av två.',
      shown: 'here',
      renews: null,
      flows: [
        {
          counterpart: sharing.with ?? police,
          units: null,
          direction: sharing.direction ?? 'mutual',
          categories,
          purposes: sharing.purposes ?? ['casework'],
          includesEarlier: sharing.includesEarlier ?? 'none',
        },
      ],
    }
  }

  /** A custodian certifies, or approves, the key that waits for a colleague, as she is shown it. */
  async certifies(custodian: Name, name: Name): Promise<void> {
    const shown = (await this.session(custodian).pendingKeys()).find((one) => one.user === this.person(name).user)
    if (shown === undefined) throw new Error(`no key of ${name} waits`)
    await this.session(custodian).certifyKey(shown)
  }

  async opens(name: Name, title = 'Koltrast'): Promise<CaseId> {
    return this.session(name).openCase({ unit: this.person(name).unit, title })
  }

  async assigns(receiver: Name, id: CaseId, worker: Name, days = 90): Promise<void> {
    const until = addDays(this.now(), days)
    await this.session(receiver).assign(id, { user: this.person(worker).user, categories: 'default', until })
  }

  /** Registered, received, confirmed, and seen by both since, so that all keys are in place. */
  async shares(
    registrar: Name,
    id: CaseId,
    categories: readonly Category[],
    sharing: Sharing & { readonly receiver?: Name; readonly worker?: Name } = {},
  ): Promise<RegistrationId> {
    const [receiver, worker] = [sharing.receiver ?? 'joakim', sharing.worker ?? 'ida']
    const registration = await this.session(registrar).registerConsent(id, this.consent(categories, sharing))
    await this.assigns(receiver, id, worker)
    await this.session(worker).case(id)
    if (sharing.direction !== 'from-us') await this.session(worker).confirmConsent(id, registration)
    await this.session(registrar).case(id)
    await this.session(worker).case(id)
    return registration
  }

  /** Linnea's case in Borås, shared both ways with the Police, where Joakim has received it and Ida works in it. */
  async aCaseSharedWithPolice(categories: readonly Category[], sharing: Sharing = {}): Promise<Shared> {
    const id = await this.opens('linnea')
    return { id, registration: await this.shares('linnea', id, categories, sharing) }
  }

  async writes(
    who: Name | Connected,
    id: CaseId,
    category: Category,
    text: string,
    thread: ThreadId | null = null,
    purpose: Purpose = 'casework',
  ): Promise<ThreadId> {
    const session = typeof who === 'string' ? this.session(who) : who
    const { version } = await session.readers(id, category, purpose)
    const title = thread === null ? 'Läget' : null
    return (await session.send(id, { thread, title, category, purpose, text, readers: version })).thread
  }

  /** What she sees of a thread: each message's text, or the reason for which it was refused. */
  async reads(who: Name | Connected, id: CaseId, thread: ThreadId): Promise<readonly string[]> {
    const session = typeof who === 'string' ? this.session(who) : who
    const { messages } = await session.messages(id, thread)
    return messages.map((message) => (message.kind === 'opened' ? message.text : `refused: ${message.reason}`))
  }

  async stop(): Promise<void> {
    for (const { session } of [...this.#people.values(), ...this.#others]) session.close()
    await this.sluss.stop()
  }
}

/** The problem that a call ends in: its reason where it has one, else its name; `done` where it went through. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'done'
  } catch (problem) {
    const { name, reason } = problem as SlussProblem // calls of the client throw nothing else
    return reason ?? name
  }
}

/** Starts Sluss for a suite, with keys made and certified for those named; with the web client where its folder is given. */
export async function given(names: readonly Name[], nodes = 1, client?: string): Promise<Given> {
  const at = instantOf(Date.now())
  const file = await createRoot({ passphrase: rootPassphrase, at })
  const root = await openRoot(file, rootPassphrase)
  const made = new Given(
    await startSluss({ nodes, rootFingerprint: file.signing, ...(client === undefined ? {} : { client }) }),
    root,
  )
  const demo = readDemo(demoFolder)
  for (const name of names) {
    const person = made.add(identityOf(demo, name), new Map())
    await made.signInto(person.jar, name)
    await person.session.createKey(person.persona.passphrase)
  }
  const people = names.map((name) => made.person(name))
  for (const tenant of new Set(people.map((one) => one.tenant))) {
    const founded = await foundTenant(root, await foundingOf(tenant), at)
    const keys = await certifiedByFounding(tenant)
    await enterFounding(
      made.sluss.database.ownerUrl,
      { signed: founded.signed, verified: { statement: founded.statement, hash: founded.hash } },
      keys,
    )
    const [first, second] = custodiansOf(tenant)
    if (first === undefined || second === undefined) throw new Error('each tenant needs two custodians')
    for (const person of people.filter((one) => one.tenant === tenant))
      await made.certifies((person.user === first.user ? second : first).name, person.name)
  }
  return made

  function custodiansOf(tenant: TenantId): readonly Person[] {
    return people.filter((one) => one.tenant === tenant && one.isCustodian)
  }

  async function custodians(tenant: TenantId): Promise<readonly Custodian[]> {
    const found = await Promise.all(custodiansOf(tenant).map((one) => one.session.asCustodian()))
    return found.filter((one) => one !== null)
  }

  async function foundingOf(tenant: TenantId): Promise<Founding> {
    const organisation = demo.tenants.find((one) => tenantIdOf(one.id) === tenant)
    const kind = tenantKindOf[organisation?.kind ?? '']
    if (organisation === undefined || kind === undefined) throw new Error('a tenant of the demo has a kind')
    const authorities = [...new Set(organisation.units.map((unit) => authorityOf(organisation, unit.id)))]
    // Boards with none of their own have named the kommun's.
    const named = (await custodians(tenant)).map((one) => ({ ...one, certifies: authorities }))
    return { tenant, kind, authorities, custodians: named, threshold: 1, certifiers: 1 }
  }

  async function certifiedByFounding(tenant: TenantId): Promise<Parameters<typeof enterFounding>[2]> {
    const validUntil = addDays(at, 730)
    return (await custodians(tenant)).map(({ user, signing }) => ({ user, signing, state: 'certified', validUntil }))
  }
}
