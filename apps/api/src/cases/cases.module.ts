// The operations on cases, each with its handler.
import { cases } from '#libs/contracts'
import { capability } from '../platform/capability.ts'
import { addAssignment } from './add-assignment.ts'
import { list, read } from './cases.queries.ts'
import { endAssignment } from './end-assignment.ts'
import { openCase } from './open-case.ts'
import { settleDecisions } from './settle-decisions.ts'
import { titleCase } from './title-case.ts'

export const CasesModule = capability(cases, {
  open: openCase,
  list,
  read,
  title: titleCase,
  assign: addAssignment,
  endAssignment,
  settle: settleDecisions,
})
