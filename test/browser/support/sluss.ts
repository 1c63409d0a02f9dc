// The running Sluss as a browser test sees it: an address, and sentences for what is not the point of the test.
import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { CaseId, Category, MessageId, RegistrationId, Role, ThreadId } from '#libs/domain'
import type { Name, Shared, Sharing } from '../../support/given.ts'

export type Sentences = {
  /** Anew, after she has been signed out everywhere. */
  signsIn(name: Name): Promise<void>
  opens(name: Name, title?: string): Promise<CaseId>
  assigns(receiver: Name, id: CaseId, worker: Name): Promise<void>
  /** A consent for the Police that nobody has answered. */
  registers(name: Name, id: CaseId, categories: readonly Category[]): Promise<RegistrationId>
  shares(
    registrar: Name,
    id: CaseId,
    categories: readonly Category[],
    sharing?: Sharing & { readonly receiver?: Name; readonly worker?: Name },
  ): Promise<RegistrationId>
  aCaseSharedWithPolice(categories: readonly Category[]): Promise<Shared>
  writes(name: Name, id: CaseId, category: Category, text: string, thread?: ThreadId): Promise<ThreadId>
  /** In place of the roles of the demo; `[]` gives those back. */
  holds(name: Name, roles: readonly Role[]): Promise<void>
  endsKey(custodian: Name, name: Name): Promise<void>
  /** Texts, or `refused: why`, of all that the database holds of a thread, tried with every key that she ever had. */
  opensWithAllOldKeys(name: Name, id: CaseId, thread: ThreadId): Promise<readonly string[]>
  /** The fingerprints of those to whom the keys of a message are wrapped. */
  wrappedTo(message: MessageId): Promise<readonly string[]>
  fingerprintOf(name: Name): Promise<string>
}
export type Asked = { readonly id: number; readonly sentence: keyof Sentences; readonly words: readonly unknown[] }
type Answered = { readonly id: number; readonly answer?: unknown; readonly error?: string }

export type Sluss = { readonly url: string; readonly says: Sentences; stop(): Promise<void> }

const loader = join(import.meta.dirname, '../../support/typescript.mjs')

/** `place`: which of Playwright's workers it is for; they share nothing. */
export async function startSlussFor(place: number): Promise<Sluss> {
  const child = fork(join(import.meta.dirname, 'sluss-process.ts'), {
    execArgv: ['-C', 'sluss-source', '--import', loader],
    // A Redis given by REDIS_URL is shared, a database of it is not.
    env: { ...process.env, JEST_WORKER_ID: `${place + 1}`, NODE_OPTIONS: '' },
  })
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`Sluss ended with ${code}`)))
  })
  ended.catch(() => undefined)
  const ready = new Promise<{ readonly url: string }>((resolve) => child.once('message', resolve as () => void))
  const { url } = await Promise.race([ready, ended])

  let asked = 0
  const waiting = new Map<number, (answered: Answered) => void>()
  child.on('message', (answered: Answered) => waiting.get(answered.id)?.(answered))
  const ask = async (sentence: keyof Sentences, words: readonly unknown[]): Promise<unknown> => {
    const id = ++asked
    const answered = new Promise<Answered>((resolve) => waiting.set(id, resolve))
    child.send({ id, sentence, words } satisfies Asked)
    const { answer, error } = await Promise.race([answered, ended])
    waiting.delete(id)
    if (error !== undefined) throw new Error(`${sentence}: ${error}`)
    return answer
  }
  return {
    url,
    says: new Proxy({} as Sentences, {
      get:
        (_, sentence) =>
        (...words: readonly unknown[]) =>
          ask(sentence as keyof Sentences, words),
    }),
    stop: () =>
      new Promise((resolve) => {
        child.removeAllListeners('exit')
        child.once('exit', () => resolve())
        child.disconnect()
      }),
  }
}
