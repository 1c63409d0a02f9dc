// What is being written, as it is kept sealed on the device until it has been sent.
import type { Category, Purpose } from '#libs/domain'
import { categories, purposes } from '#libs/domain'

export type Unsent = {
  readonly title: string
  readonly text: string
  readonly category: Category | null
  readonly purpose: Purpose | null
}
const nothingWritten: Unsent = { title: '', text: '', category: null, purpose: null }

const textIn = (value: object, member: string): string => {
  const found: unknown = Reflect.get(value, member)
  return typeof found === 'string' ? found : ''
}

/** Reads it back; anything else than what was written here is nothing. */
export function readUnsent(kept: string): Unsent {
  try {
    const read: unknown = JSON.parse(kept)
    if (typeof read !== 'object' || read === null) return nothingWritten
    return {
      title: textIn(read, 'title'),
      text: textIn(read, 'text'),
      category: categories.find((one) => one === textIn(read, 'category')) ?? null,
      purpose: purposes.find((one) => one === textIn(read, 'purpose')) ?? null,
    }
  } catch {
    return nothingWritten
  }
}

/** Always whole: a category that is chosen before the first letter is a choice too, and decides who reads. */
export const writeUnsent = (unsent: Unsent): string => JSON.stringify(unsent)

/** Whether there is anything to tell its author about when it comes back. */
export const hasWords = (unsent: Unsent): boolean => unsent.title.trim() !== '' || unsent.text.trim() !== ''
