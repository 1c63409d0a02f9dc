// The operations on consents, each with its handler.
import { consents } from '#libs/contracts'
import { capability } from '../platform/capability.ts'
import { confirmConsent } from './confirm-consent.ts'
import { followWithdrawal } from './follow-withdrawal.ts'
import { narrowConsent } from './narrow-consent.ts'
import { registerConsent } from './register-consent.ts'
import { withdrawConsent } from './withdraw-consent.ts'

export const ConsentsModule = capability(consents, {
  register: registerConsent,
  confirm: confirmConsent,
  narrow: narrowConsent,
  follow: followWithdrawal,
  withdraw: withdrawConsent,
})
