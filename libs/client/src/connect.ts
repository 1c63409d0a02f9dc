// One session of one person: the whole client as the flat set of calls of `SlussSession`.
import { audit, keys, sessions } from '#libs/contracts'
import type { Custodian } from '#libs/domain'
import { openDraft, sealDraft } from '#libs/protocol'
import type { Random } from '#libs/protocol'
import { assign, endAssignment } from './assignments.ts'
import { caseView } from './case-view.ts'
import { listCases, openCase, retitle } from './cases.ts'
import { consentWords } from './consent-words.ts'
import { confirmConsent, registerConsent } from './consents.ts'
import { Context } from './context.ts'
import type { CookieJar } from './cookies.ts'
import { closeDisclosure, disclose } from './disclosures.ts'
import type { Fetch } from './http.ts'
import { httpFor } from './http.ts'
import { settleDecisions } from './decisions.ts'
import { keyCalls } from './keys.ts'
import { previewEnding } from './lacking.ts'
import { liveOver } from './live.ts'
import { maintain } from './maintain.ts'
import { send } from './messages.ts'
import type { Outbox } from './outbox.ts'
import { outboxInMemory } from './outbox.ts'
import { colleagues } from './people.ts'
import type { SlussProblem } from './problem.ts'
import { narrowConsent, withdrawConsent } from './narrowings.ts'
import { previewConsent, previewNarrowing } from './previews.ts'
import { platformRandom } from './randomness.ts'
import { readers } from './readers.ts'
import { listThreads, markRead, readMessages } from './threads.ts'
import type { LiveEvent, SlussSession } from './views.ts'

export type Connection = {
  readonly baseUrl: string
  /** The signing fingerprint of the root, pinned by whoever sets the client up. */
  readonly rootFingerprint: string
  /** Node only: the cookies of `signIn`. A browser keeps its own. */
  readonly jar?: CookieJar
  readonly fetch?: Fetch
  /** Milliseconds since 1970; the device's clock unless given. */
  readonly clock?: () => number
  readonly random?: Random
  /** Where messages on their way are kept; in memory unless given. */
  readonly outbox?: Outbox
  /** For the demo and for tests: takes the published passphrases of invented people, which are shorter than a real one may be. */
  readonly takesInventedPassphrases?: true
  /** Told of what the client tried by itself (renewing keys, adding seals) and was refused. */
  readonly trouble?: (problem: SlussProblem) => void
}

/** A session that also ends (closes the socket, forgets keys), and that shows what a founding needs of a custodian. */
export type Connected = SlussSession & {
  close(): void
  /** One's own public half with one's id and authority, as `tenant.founded` names a custodian for her own authority alone; null without a key. */
  asCustodian(): Promise<Custodian | null>
}

/** Nothing is asked of the server until a call is made. */
export function connect(input: Connection): Connected {
  const { baseUrl, rootFingerprint } = input
  const http = httpFor({
    baseUrl,
    ...(input.fetch && { fetch: input.fetch }),
    ...(input.jar && { jar: input.jar }),
    // Who has not been anybody yet is asked to sign in; nothing of hers has ended.
    whenSignedOut: () => void (context.isSomebody && live.end('over')),
  })
  const context = new Context({
    http,
    rootFingerprint,
    random: input.random ?? platformRandom,
    takesInventedPassphrases: input.takesInventedPassphrases ?? false,
    clock: input.clock ?? Date.now,
    outbox: input.outbox ?? outboxInMemory(),
    trouble: input.trouble ?? (() => undefined),
  })
  const live = liveOver(http, (event) => forget(context, event))

  return {
    me: () => context.me(),
    directory: () => context.directory(),
    staff: () => colleagues(context),
    async signOut(where) {
      await (where === 'here' ? http.call(sessions.table.end) : http.call(sessions.table.endEverywhere))
      live.close()
      context.lock()
    },

    ...keyCalls(context),

    cases: (filter) => listCases(context, filter),
    openCase: (wanted) => openCase(context, wanted),
    async case(id) {
      await maintain(context, id)
      return caseView(context, id)
    },
    retitle: (id, title) => retitle(context, id, title),
    assign: (id, wanted) => assign(context, id, wanted),
    previewEnding: (id, user) => previewEnding(context, id, user),
    endAssignment: (id, user, how) => endAssignment(context, id, user, how),
    settle: (id, decisions, how) => settleDecisions(context, id, decisions, how),

    previewConsent: (id, draft) => previewConsent(context, id, draft),
    registerConsent: (id, draft) => registerConsent(context, id, draft),
    consentWords: (id, registration) => consentWords(context, id, registration),
    confirmConsent: (id, registration) => confirmConsent(context, id, registration),
    previewNarrowing: (id, registration, narrowing) => previewNarrowing(context, id, registration, narrowing),
    narrowConsent: (id, registration, narrowing) => narrowConsent(context, id, registration, narrowing),
    withdrawConsent: (id, registration) => withdrawConsent(context, id, registration),

    async disclose(id, draft) {
      const made = await disclose(context, id, draft)
      await maintain(context, id)
      return made
    },
    closeDisclosure: (id, disclosure) => closeDisclosure(context, id, disclosure),

    threads: (id) => listThreads(context, id),
    messages: (id, thread, after) => readMessages(context, id, thread, after),
    readers: (id, category, purpose) => readers(context, id, category, purpose),
    send: (id, message) => send(context, id, message),
    markRead: (id, thread) => markRead(context, id, thread),
    log: (id, request = {}) => http.call(audit.table.ofCase, { params: { caseId: id }, query: request }),

    async sealDraft(text) {
      const { key } = await context.holder()
      return sealDraft(text, key, context.random)
    },
    async openDraft(sealed) {
      const { key } = await context.holder()
      const opened = await openDraft(sealed, key)
      return opened.ok ? opened.value : null
    },

    hearOfCases: () => live.hear(),
    follow: (id) => live.follow(id),
    leave: (id) => live.leave(id),
    listen: (listener) => live.listen(listener),
    close() {
      live.close()
      context.lock()
    },
    async asCustodian() {
      const [me, { key }] = [await context.me(), await http.call(keys.table.own)]
      if (key === null) return null
      const { publicKey, signing, encryption } = key
      const certifies = [me.authority.id]
      return { user: me.user, authority: me.authority.id, certifies, publicKey, signing, encryption }
    },
  }
}

/** An event changes what is known before anybody hears of it: a listener that reads again reads anew. */
function forget(context: Context, event: LiveEvent): void {
  if (event.type === 'scope.changed') context.drop(event.case)
  else if ('case' in event) context.stale(event.case)
}
