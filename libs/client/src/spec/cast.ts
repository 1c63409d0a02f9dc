// The people of the client's own specs, with real keys: two authorities on the paper server, founded and certified as the product does it.
import type {
  AuthorityId,
  CaseId,
  Category,
  Custodian,
  PlaceName,
  StatementType,
  TenantId,
  ThreadId,
  UnitId,
  UserId,
} from '#libs/domain'
import { addDays, id, instantOf } from '#libs/domain'
import type { StaffKey, UnsignedStatement } from '#libs/protocol'
import { signStatement, unlockPrivateKey } from '#libs/protocol'
import { createRoot, foundTenant, openRoot } from '../ceremonies.ts'
import type { Connected } from '../connect.ts'
import { connect } from '../connect.ts'
import type { SlussProblem } from '../problem.ts'
import { platformRandom } from '../randomness.ts'
import type { ConsentDraft, PendingKey } from '../views.ts'
import type { PaperPerson, PaperTenant } from './paper-server.ts'
import { PaperServer } from './paper-server.ts'

const uuid = (n: number): string => `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`
const passphrase = 'lång lösenfras för prov'

const tenant = (n: number, name: string, kind: string, kommunCode: string | null): PaperTenant => ({
  id: uuid(n),
  name,
  kind,
  kommunCode,
  authorities: [{ id: uuid(n * 10), name, units: [{ id: uuid(n * 100), name: `${name}, enheten` }] }],
})
export const boras = tenant(1, 'Borås', 'kommun', '1490')
export const police = tenant(2, 'Polisregion Väst', 'police_region', null)
export const authorityOf = (of: PaperTenant): AuthorityId => id<AuthorityId>(of.authorities[0]?.id ?? '')
export const unitOf = (of: PaperTenant): UnitId => id<UnitId>(of.authorities[0]?.units[0]?.id ?? '')

type Name = 'anna' | 'lisa' | 'mehmet' | 'erika' | 'erik' | 'joakim' | 'ida'
const roles: Readonly<Record<Name, { readonly of: PaperTenant; readonly roles: readonly string[] }>> = {
  anna: { of: boras, roles: ['caseworker'] },
  lisa: { of: boras, roles: ['caseworker'] },
  mehmet: { of: boras, roles: ['team_leader', 'key_custodian'] },
  erika: { of: boras, roles: ['key_custodian'] },
  erik: { of: police, roles: ['local_coordinator'] },
  joakim: { of: police, roles: ['team_leader', 'key_custodian'] },
  ida: { of: police, roles: ['key_custodian'] },
}
const names = Object.keys(roles) as readonly Name[] // the keys of the table above

export class Cast {
  readonly passphrase = passphrase
  readonly server: PaperServer
  readonly troubles: string[] = []
  readonly sessions = new Map<Name, Connected>()
  readonly people = new Map<Name, PaperPerson>()
  #now = Date.parse('2026-11-24T08:00Z')
  #rootFingerprint = ''

  /** How many custodians each certification takes. */
  readonly #certifiers: 1 | 2

  constructor(certifiers: 1 | 2 = 1) {
    this.#certifiers = certifiers
    this.server = new PaperServer([boras, police], () => this.#now)
  }

  pass(minutes: number): void {
    this.#now += minutes * 60_000
  }

  at = (): ReturnType<typeof instantOf> => instantOf(this.#now)

  session(name: Name): Connected {
    const session = this.sessions.get(name)
    if (session === undefined) throw new Error(`${name} is not in the cast yet`)
    return session
  }

  person(name: Name): PaperPerson {
    const person = this.people.get(name)
    if (person === undefined) throw new Error(`${name} is not in the cast yet`)
    return person
  }

  /** The same person on a device that has seen nothing. */
  async newDevice(name: Name): Promise<Connected> {
    const session = this.#connect(name)
    await session.unlock(passphrase)
    return session
  }

  #connect(name: Name): Connected {
    const trouble = (problem: SlussProblem): void => void this.troubles.push(`${name}: ${problem.message}`)
    return connect({
      takesInventedPassphrases: true,
      baseUrl: 'http://paper.example',
      fetch: this.server.fetchOf(this.person(name)),
      rootFingerprint: this.#rootFingerprint,
      clock: () => this.#now,
      trouble,
    })
  }

  async begin(): Promise<void> {
    const file = await createRoot({ passphrase, at: this.at() })
    this.#rootFingerprint = file.signing
    for (const [place, name] of names.entries()) {
      const { of, roles: held } = roles[name]
      const person = {
        user: uuid(1000 + place),
        name,
        title: 'prov',
        tenant: of.id,
        authority: authorityOf(of),
        units: [unitOf(of)],
        roles: held,
      }
      this.people.set(name, person)
      this.server.people.push(person)
      this.sessions.set(name, this.#connect(name))
      await this.session(name).createKey(passphrase)
    }
    const root = await openRoot(file, passphrase)
    for (const one of [boras, police]) {
      const founding = {
        tenant: id<TenantId>(one.id),
        kind: one === boras ? 'kommun' : 'police_region',
        authorities: [authorityOf(one)],
        custodians: await this.#custodians(one),
        threshold: 1,
        certifiers: this.#certifiers,
      } as const
      this.server.append({ statements: [(await foundTenant(root, founding, this.at())).signed], wraps: [] })
    }
    for (const name of names) {
      const custodians = names.filter(
        (one) => one !== name && roles[one].of === roles[name].of && roles[one].roles.includes('key_custodian'),
      )
      for (const custodian of custodians.slice(0, this.#certifiers)) await this.certifies(custodian, name)
    }
  }

  /** What the custodian is shown of somebody whose key waits, as her page has it while she compares the words. */
  async shownTo(custodian: Name, name: Name): Promise<PendingKey> {
    const shown = (await this.session(custodian).pendingKeys()).find((one) => one.user === this.person(name).user)
    if (shown === undefined) throw new Error(`no key of ${name} waits`)
    return shown
  }

  async certifies(custodian: Name, name: Name): Promise<void> {
    await this.session(custodian).certifyKey(await this.shownTo(custodian, name))
  }

  /** Her key ends and she makes another, which waits. */
  async losesKey(name: Name, custodian: Name): Promise<void> {
    this.pass(1)
    await this.session(custodian).endKey(id(this.person(name).user), 'lost')
    this.pass(1)
    await this.session(name).createKey(passphrase)
  }

  async #custodians(of: PaperTenant): Promise<readonly Custodian[]> {
    const found: Custodian[] = []
    for (const name of names) {
      if (roles[name].of !== of || !roles[name].roles.includes('key_custodian')) continue
      const custodian = await this.session(name).asCustodian()
      if (custodian !== null) found.push(custodian)
    }
    return found
  }

  consent(
    categories: readonly Category[],
    includesEarlier: ConsentDraft['flows'][number]['includesEarlier'] = 'none',
  ): ConsentDraft {
    return {
      givers: ['individual'],
      given: { how: 'in-person-written' },
      givenAt: this.at(),
      validUntil: addDays(this.at(), 100),
      words: {
        agreed: 'Socialtjänsten och polisen får dela uppgifter.',
        language: 'Svenska',
        interpreter: null,
        information: 'Informationsblad 3',
        witness: null,
      },
      evidence: 'Pärm 3',
      shown: 'here',
      renews: null,
      flows: [
        {
          counterpart: authorityOf(police),
          units: null,
          direction: 'mutual',
          categories,
          purposes: ['casework'],
          includesEarlier,
        },
      ],
    }
  }

  async write(
    name: Name,
    theCase: CaseId,
    category: Category,
    text: string,
    thread: ThreadId | null = null,
  ): Promise<ThreadId> {
    const session = this.session(name)
    const { version } = await session.readers(theCase, category, 'casework')
    const title = thread === null ? 'Läget' : null
    const sent = await session.send(theCase, { thread, title, category, purpose: 'casework', text, readers: version })
    return sent.thread
  }

  /** Her own private key, to sign with it what her client would not. */
  async keyOf(name: Name): Promise<StaffKey> {
    const answer = await this.server.fetchOf(this.person(name))('http://paper.example/keys/own')
    const { key } = (await answer.json()) as {
      key: Parameters<typeof unlockPrivateKey>[2] & { lockedPrivateKey: string }
    }
    const unlocked = await unlockPrivateKey(key.lockedPrivateKey, passphrase, key)
    if (!unlocked.ok) throw new Error(unlocked.error)
    return unlocked.value
  }

  /** A shared case: the Police named, Erik assigned and his authority's part confirmed, both on line since. */
  async sharedWithPolice(): Promise<{
    readonly theCase: CaseId
    readonly registration: Awaited<ReturnType<Connected['registerConsent']>>
  }> {
    const [anna, erik, joakim] = [this.session('anna'), this.session('erik'), this.session('joakim')]
    const theCase = await anna.openCase({ unit: unitOf(boras), title: 'Delat' })
    const registration = await anna.registerConsent(theCase, this.consent(['threat', 'plan']))
    const user = id<UserId>(this.person('erik').user)
    await joakim.assign(theCase, { user, categories: 'default', until: addDays(this.at(), 90) })
    await erik.case(theCase)
    await erik.confirmConsent(theCase, registration)
    await anna.case(theCase)
    await erik.case(theCase)
    return { theCase, registration }
  }

  /** What no honest client would say, signed with her real key at the place that comes next, and taken by the paper server. */
  async says(name: Name, place: PlaceName, type: StatementType, body: object): Promise<void> {
    const person = this.person(name)
    const head = this.server.headOf(place)
    const unsigned = {
      place,
      type,
      body,
      n: head === null ? 0 : head.n + 1,
      prev: head?.hash ?? null,
      at: this.at(),
      by: person.user,
      tenantHeads: { [person.tenant]: this.server.headOf(`tenant/${person.tenant}`) },
    } as unknown as UnsignedStatement // type and body as the spec means them, true or not
    this.server.append({
      statements: [(await signStatement(unsigned, await this.keyOf(name), platformRandom)).signed],
      wraps: [],
    })
  }

  /** What a person sees of a thread: the text, or the reason for which a message was refused. */
  async read(session: Connected, theCase: CaseId, thread: ThreadId): Promise<readonly string[]> {
    const { messages } = await session.messages(theCase, thread)
    return messages.map((message) => (message.kind === 'opened' ? message.text : `refused: ${message.reason}`))
  }
}
