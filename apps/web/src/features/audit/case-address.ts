// The case that a pasted address or id names.
import type { CaseId } from '#libs/domain'
import { id, isUuid } from '#libs/domain'

export function caseIn(text: string): CaseId | null {
  const [, named] = /\/arenden\/([0-9a-f-]{36})(?:[/?#]|$)/.exec(text.trim()) ?? []
  const found = named ?? text.trim()
  return isUuid(found) ? id<CaseId>(found) : null
}
