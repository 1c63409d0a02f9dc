// Who may do what: one policy that HTTP, sockets, workers, lists and the web client's buttons all ask.
export type { Actor } from './actor.ts'
export type {
  AssignmentFacts,
  CaseFacts,
  ConsentFacts,
  ContentFacts,
  Coverage,
  Facts,
  FactsOf,
  OpeningFacts,
  PersonFacts,
  SubjectOf,
  TenantFacts,
} from './facts.ts'
export { herself, subjectOf } from './facts.ts'
export type { Condition, Denial, IdsOf, Permit, RefusedProblem, Scope } from './permit.ts'
export { isPermit, isScope } from './permit.ts'
export type { ListRelationName, RelationName } from './relations.ts'
export { listRelationNames, relationNames } from './relations.ts'
export type { ListAct } from './decide.ts'
export { decide, isAllowed, rowsOf, scopeOf } from './decide.ts'
