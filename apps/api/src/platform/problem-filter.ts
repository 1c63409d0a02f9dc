// The one place where a refusal becomes an answer: application/problem+json, whatever was thrown and wherever.
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common'
import { Catch } from '@nestjs/common'
import type { NextFunction, Request, Response } from 'express'
import type { Log } from './log.ts'
import { errorFields } from './log.ts'
import { documentOf, problemOf } from './problem.ts'

function writeProblem(error: unknown, request: Request, response: Response, log: Log): void {
  const problem = problemOf(error)
  const requestId = String(response.getHeader('x-request-id') ?? '')
  if (problem.problem === 'internal-error') log.error('request.failed', { requestId, ...errorFields(error) })
  if (response.headersSent) {
    response.destroy()
    return
  }
  if (problem.problem === 'too-many-requests' || problem.problem === 'unavailable') response.set('retry-after', '1')
  response
    .status(problem.status)
    .type('application/problem+json')
    .set('cache-control', 'no-store')
    .send(JSON.stringify(documentOf(problem, requestId)))
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log: Log

  constructor(log: Log) {
    this.#log = log
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp()
    writeProblem(error, http.getRequest<Request>(), http.getResponse<Response>(), this.#log)
  }
}

/** For what is thrown before Nest's own routes are reached: parsers, sessions, the routers of the platform. */
export const problemMiddleware = (log: Log) =>
  function answerProblem(error: unknown, request: Request, response: Response, _next: NextFunction): void {
    writeProblem(error, request, response, log)
  }
