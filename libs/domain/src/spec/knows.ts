// What wraps exist for whom: symbolic cryptography for specs. It follows from the wraps alone, not from the rules.
import type { CaseHistory } from '../cases/case-history.ts'
import { everySaying } from '../cases/case-history.ts'
import type { KeyId, UserId } from '../ids.ts'

/** What a person's private keys open: every wrap ever made for her, and the flow keys under a reception key or an epoch of hers. */
export function knows(history: CaseHistory, user: UserId): ReadonlySet<KeyId> {
  const known = new Set<KeyId>()
  for (const {
    statement: { body },
  } of everySaying(history, 'epoch.started'))
    if (body.readers.some((one) => one.user === user)) known.add(body.epoch)
  for (const {
    statement: { body },
  } of everySaying(history, 'reception.started'))
    if (body.readers.some((one) => one.user === user)) known.add(body.reception)
  for (const {
    statement: { body },
  } of everySaying(history, 'wraps.added'))
    if (body.readers.some((one) => one.user === user)) known.add(body.key)
  for (const {
    statement: { body },
  } of everySaying(history, 'flow.keyed'))
    if (known.has(body.reception) || known.has(body.epoch)) known.add(body.flow)
  return known
}
