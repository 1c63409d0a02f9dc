// Disclosures on a ground other than consent: of named messages, or of a category in acute danger (domain.md § 5).
import { z } from 'zod'
import { operations } from './operation.ts'
import { append, appended, caseId, hash } from './schemas.ts'

export const disclosures = operations('disclosures', {
  /** disclosure.made, contacts and speakers on the source's own strand; the keys and seals that it needs follow when the recipient has a key. */
  make: {
    act: 'disclosure.make',
    method: 'POST',
    path: '/cases/:caseId/disclosures',
    params: z.strictObject({ caseId }),
    body: append,
    answer: appended,
    problems: ['statement-refused', 'ledger-moved-on', 'clock-apart'],
  },
  /** disclosure.closed on the source's own strand, before its hours are over. */
  close: {
    act: 'disclosure.close',
    method: 'POST',
    path: '/cases/:caseId/disclosures/:disclosure/closings',
    params: z.strictObject({ caseId, disclosure: hash }),
    body: append,
    answer: appended,
    problems: ['statement-refused', 'ledger-moved-on', 'clock-apart'],
  },
})
