// How a refusal is answered: as absent, or with a reason to those who know the thing already (domain.md § 6, last paragraph).
import type { Act } from '#libs/domain'
import { endOfTime } from '#libs/domain'
import { allows } from './ability.ts'
import type { CaseFacts, ContentFacts, Facts } from './facts.ts'
import type { Denial, RefusedProblem } from './permit.ts'
import type { Question } from './relations.ts'
import { assignmentStands, caseIn } from './relations.ts'

/** The denial of an act that no rule allows. Nothing in it depends on what the actor could never see. */
export function denialOf(act: Act, question: Question): Denial {
  const problem = reasonFor(act, question)
  return problem === null ? { answer: 'absent', act, problem: 'not-found' } : { answer: 'refused', act, problem }
}

function reasonFor(act: Act, question: Question): RefusedProblem | null {
  const certified = { ...question, actor: { ...question.actor, certifiedUntil: endOfTime } }
  // With a certified key she might: then she knows the thing, and the key is all that is missing.
  if (allows(act, certified)) return 'key-not-certified'
  switch (certified.facts.about) {
    case 'content':
      return reasonForContent(act, certified, certified.facts)
    case 'case':
      return reasonForCase(act, certified, certified.facts)
    case 'consent':
      // A consent that her authority has not heard of is absent, also to one who has the case.
      return certified.facts.heard === 'none' ? null : reasonForCase(act, certified, certified.facts.in)
    case 'person':
      return allows('key.list-pending', certified) ? 'role-missing' : null
    default:
      return null
  }
}

/** Known only where it was hers: ended by herself leaving the case, or by the flow closing while she stayed. */
function reasonForContent(act: Act, question: Question, facts: ContentFacts): RefusedProblem | null {
  // Where one would write, the answer is about the case alone, so that no compartment's existence shows.
  const closed = act === 'message.send' ? reasonThatEnded(act, question, facts.in) : null
  if (closed !== null) return closed
  if (allows('message.read', question))
    return act === 'message.send' && isOnlyLocked(act, question) ? 'scope-ended' : 'role-missing'
  return facts.coverage === 'former' ? formerReason(question, facts.in) : null
}

function reasonForCase(act: Act, question: Question, of: CaseFacts): RefusedProblem | null {
  const ended = reasonThatEnded(act, question, of)
  if (ended !== null) return ended
  if (!allows('case.read', { ...question, facts: of })) return null
  return isOnlyLocked(act, question) ? 'scope-ended' : 'role-missing'
}

/**
 * `assignment-ended` to her who had the case, if it is that which stops her: she sees it no more, or she does (as a receiver)
 * and could do this if she were assigned still.
 */
function reasonThatEnded(act: Act, question: Question, of: CaseFacts): RefusedProblem | null {
  const before = assignedAgain(question, of)
  if (before === null) return null
  const isSeen = allows('case.read', { ...question, facts: of })
  return !isSeen || allows(act, { ...question, facts: withCase(question.facts, before) }) ? 'assignment-ended' : null
}

function formerReason(question: Question, of: CaseFacts): RefusedProblem | null {
  if (assignmentStands(of, question.at)) return allows('case.read', { ...question, facts: of }) ? 'scope-ended' : null
  return assignedAgain(question, of) === null ? null : 'assignment-ended'
}

/** The case as it was while her assignment stood; null where there was none, it stands, or her roles would not have let her see it. */
function assignedAgain(question: Question, of: CaseFacts): CaseFacts | null {
  if (of.assignment.state === 'none' || assignmentStands(of, question.at)) return null
  const before: CaseFacts = {
    ...of,
    barred: false,
    assignment: { ...of.assignment, state: 'standing', until: endOfTime },
  }
  return allows('case.read', { ...question, facts: before }) ? before : null
}

/** Whether the act would be allowed if the case were not closed to her authority. */
function isOnlyLocked(act: Act, question: Question): boolean {
  const of = caseIn(question.facts)
  if (of?.party !== 'was') return false
  return allows(act, { ...question, facts: withCase(question.facts, { ...of, party: 'is' }) })
}

const withCase = (facts: Facts, of: CaseFacts): Facts =>
  facts.about === 'content' || facts.about === 'consent' ? { ...facts, in: of } : of
