// Where sealed messages on their way are kept in a browser: IndexedDB, the one storage that a worker and the next page both reach.
import type { Outbox } from '#libs/client'

const store = 'on-its-way'

function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open('sluss', 1)
  request.onupgradeneeded = () => void request.result.createObjectStore(store)
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('no answer of the device'))
  })
}

/** Answered when the device has it: what is kept must be there before the message is handed over. */
const asked = <T>(transaction: IDBTransaction, request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result)
    transaction.onabort = () => reject(request.error ?? new Error('no answer of the device'))
  })

/** A device that keeps nothing (private windows of some browsers) still sends: then only a reload while sending can send twice. */
export function outboxOnDevice(): Outbox {
  let database: Promise<IDBDatabase> | null = null
  const within = async <T>(
    mode: IDBTransactionMode,
    act: (kept: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T | null> => {
    database ??= opened()
    try {
      const transaction = (await database).transaction(store, mode, { durability: 'strict' })
      return await asked(transaction, act(transaction.objectStore(store)))
    } catch {
      database = null
      return null
    }
  }
  return {
    get: async (name) => {
      const found: unknown = await within('readonly', (kept) => kept.get(name))
      return typeof found === 'string' ? found : null
    },
    set: async (name, text) => void (await within('readwrite', (kept) => kept.put(text, name))),
    remove: async (name) => void (await within('readwrite', (kept) => kept.delete(name))),
  }
}
