// What the provider remembers for the minutes of a sign-in: in memory, gone with the process.
import type { Adapter, AdapterPayload } from 'oidc-provider'

type Kept = { readonly payload: AdapterPayload; readonly until: number }
type Store = Map<string, Kept>

/** The adapter class of one provider: one store for each kind of thing it remembers. */
export function memoryOf(): new (kind: string) => Adapter {
  const stores = new Map<string, Store>()
  return class Memory implements Adapter {
    readonly #store: Store

    constructor(kind: string) {
      const store: Store = stores.get(kind) ?? new Map()
      stores.set(kind, store)
      this.#store = store
    }

    async upsert(id: string, payload: AdapterPayload, seconds: number): Promise<void> {
      const now = Date.now()
      for (const [other, kept] of this.#store) if (kept.until <= now) this.#store.delete(other)
      this.#store.set(id, { payload, until: now + (seconds > 0 ? seconds * 1000 : 600_000) })
    }

    async find(id: string): Promise<AdapterPayload | undefined> {
      const kept = this.#store.get(id)
      return kept !== undefined && kept.until > Date.now() ? kept.payload : undefined
    }

    async findByUid(uid: string): Promise<AdapterPayload | undefined> {
      return this.#first((payload) => payload.uid === uid)
    }

    async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
      return this.#first((payload) => payload.userCode === userCode)
    }

    async consume(id: string): Promise<void> {
      const kept = this.#store.get(id)
      if (kept !== undefined)
        this.#store.set(id, { ...kept, payload: { ...kept.payload, consumed: Math.floor(Date.now() / 1000) } })
    }

    async destroy(id: string): Promise<void> {
      this.#store.delete(id)
    }

    async revokeByGrantId(grantId: string): Promise<void> {
      for (const [id, { payload }] of this.#store) if (payload.grantId === grantId) this.#store.delete(id)
    }

    #first(test: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
      const now = Date.now()
      for (const kept of this.#store.values()) if (kept.until > now && test(kept.payload)) return kept.payload
      return undefined
    }
  }
}
