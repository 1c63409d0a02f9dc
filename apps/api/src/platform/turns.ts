// Work that waits for each other by name: one at a time, in the order asked, whatever becomes of the one before.
export class Turns<Name> {
  readonly #last = new Map<Name, Promise<unknown>>()

  async take<T>(name: Name, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name) ?? Promise.resolve()
    const mine = before.then(work, work)
    this.#last.set(name, mine)
    try {
      return await mine
    } finally {
      if (this.#last.get(name) === mine) this.#last.delete(name)
    }
  }
}
