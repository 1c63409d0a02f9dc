// The OpenAPI 3.1 document, made from the operations: nothing in it is written twice.
import type { z } from 'zod'
import type { JsonSchema } from './json-schema.ts'
import { jsonSchemaOf } from './json-schema.ts'
import type { Capability, Operation } from './operation.ts'
import type { ProblemName } from './problems.ts'
import { problemNames, problems } from './problems.ts'
import { events, requests } from './threads.contract.ts'

export type OpenApiDocument = { readonly openapi: '3.1.0' } & JsonSchema

/** The document of these capabilities; `serverUrl` is where their paths begin. The same input gives the same text. */
export function openApiDocument(capabilities: readonly Capability[], serverUrl = '/'): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sluss',
      version: '1',
      summary: 'A shared, consent-scoped, end-to-end-encrypted workspace for authorities.',
      description:
        'Contents arrive and leave encrypted. What lies outside the scope of the one who asks is answered as though it did not exist.',
      license: { name: 'EUPL-1.2', identifier: 'EUPL-1.2' },
    },
    servers: [{ url: serverUrl }],
    security: [{ session: [] }],
    tags: capabilities.map(({ capability }) => ({ name: capability })),
    paths: pathsOf(capabilities),
    components: {
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'sluss',
          description:
            'The session that signing in by OpenID Connect sets. Every request carries the header `x-sluss: 1`.',
        },
      },
      schemas: { Problem: problemSchema },
    },
    'x-live': {
      events: Object.fromEntries(Object.entries(events).map(([name, event]) => [name, liveEventOf(event)])),
      requests: Object.fromEntries(
        Object.entries(requests).map(([name, request]) => [
          name,
          {
            act: request.act,
            payload: jsonSchemaOf(request.payload, 'request'),
            answer: jsonSchemaOf(request.answer, 'answer'),
          },
        ]),
      ),
    },
  }
}

const problemSchema: JsonSchema = {
  type: 'object',
  required: ['type', 'title', 'status'],
  properties: {
    type: { enum: problemNames.map((name) => `/problems/${name}`) },
    title: { type: 'string' },
    status: { type: 'integer' },
    reason: { type: 'string', description: 'A closed word of the domain or the protocol; never input.' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
    requestId: { type: 'string' },
  },
}

const liveEventOf = (event: { readonly act: string; readonly payload: z.ZodType }): JsonSchema => ({
  act: event.act,
  payload: jsonSchemaOf(event.payload, 'answer'),
})

function pathsOf(capabilities: readonly Capability[]): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {}
  for (const { capability, table } of capabilities) {
    for (const [name, operation] of Object.entries(table)) {
      const path = operation.path.replace(/:(\w+)/g, '{$1}')
      paths[path] = {
        ...paths[path],
        [operation.method.toLowerCase()]: operationOf(`${capability}.${name}`, capability, operation),
      }
    }
  }
  return paths
}

const operationOf = (operationId: string, capability: string, operation: Operation): JsonSchema => ({
  operationId,
  tags: [capability],
  'x-act': operation.act,
  ...(operation.act === 'tenant.choose' ? { security: [] } : {}),
  parameters: [
    ...parametersOf(operation.params, 'path'),
    ...parametersOf(operation.query, 'query'),
    ...headersOf(operation),
  ],
  ...(operation.body === undefined
    ? {}
    : {
        requestBody: {
          required: true,
          content: { 'application/json': { schema: jsonSchemaOf(operation.body, 'request') } },
        },
      }),
  responses: {
    '200': {
      description: 'Done',
      content: { 'application/json': { schema: jsonSchemaOf(operation.answer, 'answer') } },
    },
    ...responsesOf(problemsOf(operation)),
  },
})

/** A page of another origin cannot set the header, so a request that carries it comes from the application. */
const headersOf = (operation: Operation): readonly JsonSchema[] =>
  operation.method === 'GET' ? [] : [{ name: 'x-sluss', in: 'header', required: true, schema: { const: '1' } }]

type ObjectSchema = {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query'): readonly JsonSchema[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = jsonSchemaOf(schema, 'request') as ObjectSchema // parameters are objects of scalars
  return Object.entries(properties).map(([name, found]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: found,
  }))
}

/** The operation's own problems and those that every operation of its kind may answer. */
export function problemsOf(operation: Operation): readonly ProblemName[] {
  const takesInput = operation.params !== undefined || operation.query !== undefined || operation.body !== undefined
  const isOpen = operation.act === 'tenant.choose'
  const found = new Set<ProblemName>([
    ...operation.problems,
    ...(takesInput ? (['malformed-request'] as const) : []),
    ...(isOpen ? [] : (['not-signed-in', 'role-missing', 'key-not-certified', 'not-found'] as const)),
    ...(operation.method === 'GET' ? [] : (['cross-site-request'] as const)),
    ...(operation.body === undefined ? [] : (['too-large'] as const)),
    'too-many-requests',
    'internal-error',
    'unavailable',
  ])
  return problemNames.filter((name) => found.has(name))
}

function responsesOf(names: readonly ProblemName[]): JsonSchema {
  const statuses = [...new Set(names.map((name) => problems[name].status))].sort((a, b) => a - b)
  return Object.fromEntries(
    statuses.map((status) => {
      const here = names.filter((name) => problems[name].status === status)
      return [
        String(status),
        {
          description: here.map((name) => `\`${name}\`: ${problems[name].title}`).join('. '),
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      ]
    }),
  )
}
