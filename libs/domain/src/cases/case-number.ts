// The pseudonymous number of a case: `<kommun code>-<year>-<five random digits>` (domain.md § 2). It says who owns the case and
// when it was opened, and by chance alone nothing of whom it is about, of other cases, or of how many there are.
import type { Instant } from '../instant.ts'

/** Stands for the code where no kommun owns the case: no kommun has it (SCB's codes begin with the number of a län). */
export const noKommun = '0000'

const digits = 5

const before = (kommunCode: string | null, at: Instant): string => `${kommunCode ?? noKommun}-${at.slice(0, 4)}-`

/** `chance`: 32 random bits. */
export const caseNumber = (kommunCode: string | null, at: Instant, chance: number): string =>
  `${before(kommunCode, at)}${String(chance % 10 ** digits).padStart(digits, '0')}`

/** Whether a case opened `at` by an organisation with this code may bear the number. */
export function isCaseNumber(number: string, kommunCode: string | null, at: Instant): boolean {
  const start = before(kommunCode, at)
  return number.startsWith(start) && new RegExp(`^\\d{${digits}}$`).test(number.slice(start.length))
}
