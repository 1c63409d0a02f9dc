// The binder: a capability's table of operations and its handlers become an ordinary Nest controller. Input is parsed on the way
// in, the answer on the way out, and one transaction with its audit entries lies between (docs/decisions: own binder, not oRPC).
import type { Capability, InputOf, Operation, Operations, ReturnOf } from '#libs/contracts'
import type { CaseId } from '#libs/domain'
import { Controller, Inject, Module, Req, RequestMapping, RequestMethod, Res } from '@nestjs/common'
import type { Type } from '@nestjs/common'
import type { Request, Response } from 'express'
import type { z } from 'zod'
import type { Asked, Context, DoorContext } from './context.ts'
import { malformed, Problem } from './problem.ts'
import { Platform } from './platform.ts'
import { signedInAt } from './session.ts'

type ContextOf<O extends Operation> = O['act'] extends 'tenant.choose' ? DoorContext : Context
/** The request itself is there for sessions alone: what an operation is about stands in its input. */
export type Handler<O extends Operation> = (
  context: ContextOf<O> & { readonly platform: Platform },
  input: InputOf<O>,
  request: Request,
) => Promise<ReturnOf<O>>
export type Handlers<Table extends Operations> = { readonly [Name in keyof Table]: Handler<Table[Name]> }

const methods = { GET: RequestMethod.GET, POST: RequestMethod.POST, DELETE: RequestMethod.DELETE } as const

/** A module that serves the operations of one capability; a missing or mistyped handler does not compile. */
export function capability<Table extends Operations>(
  contract: Capability<string, Table>,
  handlers: Handlers<Table>,
): Type {
  class Bound {
    readonly platform: Platform
    constructor(platform: Platform) {
      this.platform = platform
    }
  }
  Inject(Platform)(Bound, undefined, 0)
  Controller()(Bound)
  for (const name of Object.keys(contract.table)) {
    const operation = contract.table[name]
    const handler = handlers[name]
    if (operation === undefined || handler === undefined)
      throw new Error(`${contract.capability}.${name} has no handler`)
    serve(Bound, name, operation, handler as unknown as Handler<Operation>) // the pair belongs together by its name
  }
  class BoundModule {}
  Object.defineProperty(BoundModule, 'name', { value: `${contract.capability}Module` })
  Module({ controllers: [Bound] })(BoundModule)
  return BoundModule
}

function serve(controller: Type, name: string, operation: Operation, handler: Handler<Operation>): void {
  const method = async function (this: { platform: Platform }, request: Request, response: Response): Promise<void> {
    response.status(200).json(await answer(this.platform, operation, handler, request))
  }
  Object.defineProperty(controller.prototype, name, { value: method, writable: true, configurable: true })
  Req()(controller.prototype, name, 0)
  Res()(controller.prototype, name, 1)
  const descriptor = Object.getOwnPropertyDescriptor(controller.prototype, name)
  if (descriptor === undefined) throw new Error('a method that was just defined')
  RequestMapping({ path: operation.path, method: methods[operation.method] })(controller.prototype, name, descriptor)
}

async function answer(
  platform: Platform,
  operation: Operation,
  handler: Handler<Operation>,
  request: Request,
): Promise<unknown> {
  const { clock, contexts, settings, limits } = platform
  const at = clock.now()
  const isDoor = operation.act === 'tenant.choose'
  const signedIn = isDoor ? null : signedInAt(request.session, settings, clock)
  // Before the input is looked at, so that the anonymous learn nothing from how it is refused.
  if (!isDoor && signedIn === null) throw new Problem('not-signed-in')
  if (signedIn !== null) await limits.take(operation.act, signedIn.user)
  const input = inputOf(operation, request)
  const returned = isDoor
    ? await contexts.atDoor(at, (context) => handler({ ...context, platform } as never, input, request)) // the act says which context
    : await contexts.as(signedIn, askedBy(operation, input.params), at, (context) =>
        handler({ ...context, platform } as never, input, request),
      )
  return parsedAnswer(operation.answer, returned)
}

/** The case in the path, and the narrowest other id there. */
function askedBy({ act, params }: Operation, named: unknown): Asked {
  const ids = new Map(params === undefined ? [] : Object.entries(named as Readonly<Record<string, string>>)) // every parameter of a path is a text
  const inCase = ids.get('caseId') as CaseId | undefined // parsed as one by the contract
  const subject = ['registrationId', 'threadId', 'disclosure', 'tenantId'].map((name) => ids.get(name)).find(Boolean)
  return { act, case: inCase ?? null, subject: subject ?? null }
}

type LooseInput = { readonly params: never; readonly query: never; readonly body: never }

/** Branded, readonly, nothing beside the schema; where the operation takes no body, what was sent is not looked at. */
function inputOf(operation: Operation, from: { params: unknown; query: unknown; body: unknown }): LooseInput {
  return {
    params: parsed(operation.params, from.params) as never,
    query: parsed(operation.query, from.query) as never,
    body: parsed(operation.body, from.body) as never,
  }
}

function parsed(schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema === undefined) return undefined
  const result = schema.safeParse(value ?? {})
  if (!result.success) throw malformed(result.error)
  return result.data
}

/** Members outside the contract are left out; an answer out of form is a fault of ours, never the caller's. */
export function parsedAnswer(schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value)
  if (!result.success)
    throw new Error(`an answer out of form: ${result.error.issues.map(({ path }) => path.join('.')).join(', ')}`)
  return result.data
}
