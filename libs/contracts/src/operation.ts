// What an operation is: written once here, used for validation both ways, types, OpenAPI, the client and the access table (house rule).
import type { Act } from '#libs/domain'
import type { z } from 'zod'
import type { ProblemName } from './problems.ts'

export type Operation<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> = {
  readonly act: Act
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: `/${string}`
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  readonly answer: Answer
  /** Refusals particular to this operation, beside those every operation may answer. */
  readonly problems: readonly ProblemName[]
}

export type Operations = Readonly<Record<string, Operation>>

/** Declares the operations of a capability; the name is the same in every room. */
export const operations = <const Name extends string, const Table extends Operations>(
  capability: Name,
  table: Table,
) => ({
  capability,
  table,
})
export type Capability<Name extends string = string, Table extends Operations = Operations> = {
  readonly capability: Name
  readonly table: Table
}

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined
type Written<T> = T extends z.ZodType ? z.input<T> : undefined

/** What a handler is given. */
export type InputOf<O extends Operation> = {
  params: Parsed<O['params']>
  query: Parsed<O['query']>
  body: Parsed<O['body']>
}
/** What a caller writes. */
export type CallOf<O extends Operation> = (O['params'] extends z.ZodType ? { params: Written<O['params']> } : unknown) &
  (O['query'] extends z.ZodType ? { query?: Written<O['query']> } : unknown) &
  (O['body'] extends z.ZodType ? { body: Written<O['body']> } : unknown)
export type AnswerOf<O extends Operation> = z.output<O['answer']>
/** What a handler returns: parsed by `answer` on its way out, so that nothing outside the contract can leak. */
export type ReturnOf<O extends Operation> = z.input<O['answer']>
