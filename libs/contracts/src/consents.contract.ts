// Consents: registered by one authority, confirmed by each other source, narrowed and withdrawn by any party (domain.md § 4).
import { z } from 'zod'
import { operations } from './operation.ts'
import { append, appended, caseId, registrationId } from './schemas.ts'

const ofCase = z.strictObject({ caseId })
const ofRegistration = z.strictObject({ caseId, registrationId })

export const consents = operations('consents', {
  /** consent.registered on the own ledger; grant.opened, speakers on the own strands; consent.shared, and disclosure.made of its words, to each source that is to confirm. */
  register: {
    act: 'consent.register',
    method: 'POST',
    path: '/cases/:caseId/consents',
    params: ofCase,
    body: append,
    answer: appended,
    problems: ['statement-refused', 'ledger-moved-on', 'clock-apart'],
  },
  /** grant.opened on the source's own strand, resting on a registration shared with it. */
  confirm: {
    act: 'consent.confirm',
    method: 'POST',
    path: '/cases/:caseId/consents/:registrationId/confirmations',
    params: ofRegistration,
    body: append,
    answer: appended,
    problems: ['statement-refused', 'ledger-moved-on', 'clock-apart'],
  },
  /** grant.narrowed or grant.closed on the source's own strands. */
  narrow: {
    act: 'consent.narrow',
    method: 'POST',
    path: '/cases/:caseId/consents/:registrationId/narrowings',
    params: ofRegistration,
    body: append,
    answer: appended,
    problems: ['statement-refused', 'ledger-moved-on', 'clock-apart'],
  },
  /** grant.closed on the source's own strands, of what a withdrawal that it has been told of took already: said by its client, decided by nobody here. */
  follow: {
    act: 'consent.follow',
    method: 'POST',
    path: '/cases/:caseId/consents/:registrationId/closings',
    params: ofRegistration,
    body: append,
    answer: appended,
    problems: ['statement-refused', 'ledger-moved-on', 'clock-apart'],
  },
  /**
   * withdrawal.received; the server narrows at once whatever its place and clock, so 'ledger-moved-on' is never answered (protocol.md
   * § 4 rule 3). What it could not put in its chain is not among `heads`: the client says it again there.
   */
  withdraw: {
    act: 'consent.withdraw',
    method: 'POST',
    path: '/cases/:caseId/consents/:registrationId/withdrawals',
    params: ofRegistration,
    body: append,
    answer: appended,
    problems: ['statement-refused', 'clock-apart'],
  },
})
