// The demo's staff as the seeder's clients: each signs in, holds her own key, and works through the client library alone.
import type { CookieJar, Connected } from '#libs/client'
import { connect, cookieJar, signIn } from '#libs/client'
import type { Clock } from './clock.ts'
import type { Demo, Persona } from './demo-files.ts'
import { tenantIdOf } from './ids.ts'
import { subjectOf } from './organisations.ts'

/** Sessions end by the clock that the seeder moves: after this long she signs in anew. */
const sessionMilliseconds = 15 * 60_000

type Member = { readonly persona: Persona; readonly session: Connected; readonly jar: CookieJar; signedInAt: number }

export class Staff {
  readonly #members = new Map<string, Member>()
  readonly #demo: Demo
  readonly #clock: Clock
  readonly #connection: { readonly baseUrl: string; readonly rootFingerprint: string }

  constructor(demo: Demo, clock: Clock, connection: { readonly baseUrl: string; readonly rootFingerprint: string }) {
    this.#demo = demo
    this.#clock = clock
    this.#connection = connection
  }

  persona(id: string): Persona {
    const found = this.#demo.personas.find((one) => one.id === id)
    if (found === undefined) throw new Error(`nobody is called ${id} in the demo`)
    return found
  }

  /** Her session, signed in. */
  async session(id: string): Promise<Connected> {
    const member = this.#members.get(id) ?? this.#begin(id)
    if (this.#clock.milliseconds() - member.signedInAt > sessionMilliseconds) {
      const { baseUrl } = this.#connection
      const cookies = await signIn({
        baseUrl,
        tenant: tenantIdOf(member.persona.tenant),
        login: subjectOf(member.persona),
      })
      member.jar.clear()
      for (const [name, value] of cookies) member.jar.set(name, value)
      member.signedInAt = this.#clock.milliseconds()
    }
    return member.session
  }

  #begin(id: string): Member {
    const jar = cookieJar()
    const trouble = (problem: Error): void => console.error(`  ${id}: ${problem.message}`)
    const session = connect({
      ...this.#connection,
      takesInventedPassphrases: true,
      jar,
      trouble,
      clock: () => this.#clock.milliseconds(),
    })
    const member = { persona: this.persona(id), session, jar, signedInAt: Number.NEGATIVE_INFINITY }
    this.#members.set(id, member)
    return member
  }

  close(): void {
    for (const { session } of this.#members.values()) session.close()
  }
}
