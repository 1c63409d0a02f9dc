// That what is appended for one consent speaks of that consent: the permit was given for it alone.
import type { CaseId, Hash, RegistrationId, Verified } from '#libs/domain'
import { threadShown } from '#libs/domain'
import { cases, threads } from '#libs/persistence'
import type { Permit } from '#libs/policy'
import { parseStatement } from '#libs/protocol/verify'
import type { Context } from '../platform/context.ts'
import { Problem } from '../platform/problem.ts'

/**
 * Ends the request where a grant rests on other registrations, where a withdrawal names another, or where what is narrowed,
 * closed or voided is of another: what that is, is looked up among the statements that the actor's authority sees.
 */
export async function namesOnly(
  { tx }: Pick<Context, 'tx'>,
  verified: readonly Verified[],
  params: { readonly caseId: CaseId; readonly registrationId: RegistrationId },
): Promise<void> {
  const { caseId, registrationId } = params
  const named = verified.flatMap((one) => statementNamed(one) ?? [])
  const known = named.length === 0 ? [] : await cases.statementsNamed(tx, caseId, named)
  const ofConsent = new Set(known.filter(({ bytes }) => isOf(bytes, registrationId)).map(({ hash }) => hash))
  const isAbout = (one: Verified): boolean => {
    const { statement } = one
    if (statement.type === 'grant.opened') return statement.body.restsOn.includes(registrationId)
    if (statement.type === 'withdrawal.received') {
      const { registrations } = statement.body
      return registrations === 'all' || registrations.includes(registrationId)
    }
    const of = statementNamed(one)
    return of === null || ofConsent.has(of)
  }
  if (!verified.every(isAbout)) throw new Problem('statement-refused', { reason: 'registration-unknown' })
}

function statementNamed({ statement }: Verified): Hash | null {
  if (statement.type === 'grant.narrowed' || statement.type === 'grant.closed') return statement.body.grant
  return statement.type === 'voided' ? statement.body.of : null
}

function isOf(bytes: string, registration: RegistrationId): boolean {
  const parsed = parseStatement(bytes)
  if (!parsed.ok) return false
  const statement = parsed.value
  if (statement.type === 'grant.opened') return statement.body.restsOn.includes(registration)
  return statement.type === 'consent.registered' && statement.body.registration === registration
}

/**
 * Who registers may show the words of what she registers: messages that she has written herself in the thread named as the
 * registration. To disclose others, or on another ground, is another act.
 */
export async function showsOnlyItsWords(
  { tx }: Pick<Context, 'tx'>,
  permit: Permit<'consent.register'>,
  verified: readonly Verified[],
): Promise<void> {
  const registered = verified.flatMap(({ statement }) =>
    statement.type === 'consent.registered' ? [statement.body.registration] : [],
  )
  for (const { statement } of verified) {
    if (statement.type !== 'disclosure.made') continue
    const { ground, items } = statement.body
    const thread = threadShown(statement.body)
    if (!('consent' in ground) || thread === null || !registered.includes(ground.consent))
      throw new Problem('statement-refused', { reason: 'registration-unknown' })
    const written = await threads.writtenBySelf(tx, permit, thread)
    if (items === 'all' || !items.every((one) => written.includes(one)))
      throw new Problem('statement-refused', { reason: 'outside-disclosure' })
  }
}
