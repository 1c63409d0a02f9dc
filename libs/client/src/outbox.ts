// A message that has been sealed is kept, sealed once more for its author alone, until its answer has come: what is asked for again
// is then the same bytes under the same id, which the server takes in once (protocol.md § 6 "a retry whose content or MK changes
// takes a new id").
import type { Append } from '#libs/contracts'
import type { CaseId, ThreadId } from '#libs/domain'
import type { SealedMessage } from '#libs/protocol'
import { openDraft, sealDraft } from '#libs/protocol'
import type { Context } from './context.ts'

/** Text by name, on the device. In a browser it outlives the page, so that a reload while sending sends no second message. */
export type Outbox = {
  get(name: string): Promise<string | null>
  set(name: string, text: string): Promise<void>
  remove(name: string): Promise<void>
}

export type Composed = { readonly append: Append | null; readonly message: SealedMessage }

/** As long as the session: enough for a script, which knows by itself what it has sent. */
export function outboxInMemory(): Outbox {
  const kept = new Map<string, string>()
  return {
    get: async (name) => Promise.resolve(kept.get(name) ?? null),
    set: async (name, text) => Promise.resolve(void kept.set(name, text)),
    remove: async (name) => Promise.resolve(void kept.delete(name)),
  }
}

type Kept = Composed & { readonly content: string }
type Place = { readonly case: CaseId; readonly thread: ThreadId | null }

/** What is on its way in one thread (or the beginning of one) of one case; the newest alone. */
export class OnItsWay {
  readonly #context: Context
  readonly #place: Place
  /** What its author wrote and chose: another content is another message. */
  readonly #content: string

  constructor(context: Context, place: Place, content: unknown) {
    this.#context = context
    this.#place = place
    this.#content = JSON.stringify(content)
  }

  /** What was sealed of this very content and has had no answer; null: nothing. */
  async find(): Promise<Composed | null> {
    const { key } = await this.#context.holder()
    const sealed = await this.#context.outbox.get(await this.#name())
    const opened = sealed === null ? null : await openDraft(sealed, key)
    if (opened?.ok !== true) return null
    const kept = JSON.parse(opened.value) as Kept // sealed under the author's own key by `keep`: nobody else can have planted it
    return kept.content === this.#content ? { append: kept.append, message: kept.message } : null
  }

  async keep({ append, message }: Composed): Promise<void> {
    const { key } = await this.#context.holder()
    const kept: Kept = { append, message, content: this.#content }
    await this.#context.outbox.set(await this.#name(), await sealDraft(JSON.stringify(kept), key, this.#context.random))
  }

  async forget(): Promise<void> {
    await this.#context.outbox.remove(await this.#name())
  }

  async #name(): Promise<string> {
    return `${(await this.#context.holder()).user}/${this.#place.case}/${this.#place.thread ?? 'new'}`
  }
}
