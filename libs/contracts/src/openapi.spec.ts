// The OpenAPI document: whole, true to the operations, and equal to the file that is kept.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { capabilities } from './capabilities.ts'
import { jsonSchemaOf } from './json-schema.ts'
import type { Operation } from './operation.ts'
import { openApiDocument, problemsOf } from './openapi.ts'
import { append, caseId } from './schemas.ts'

const operations = capabilities.flatMap(({ capability, table }) =>
  Object.entries(table).map(([name, operation]): [string, Operation] => [`${capability}.${name}`, operation]),
)
const text = `${JSON.stringify(openApiDocument(capabilities), null, 2)}\n`
const keptAt = join(__dirname, '../../../docs/openapi.json')

test('docs/openapi.json is what the operations say; WRITE_OPENAPI=1 writes it anew', () => {
  if (process.env['WRITE_OPENAPI'] === '1') writeFileSync(keptAt, text)
  expect(readFileSync(keptAt, 'utf8')).toBe(text)
})

test('every operation is there under its method and path, with its act, and none twice', () => {
  const document = z
    .object({
      paths: z.record(z.string(), z.record(z.string(), z.object({ operationId: z.string(), 'x-act': z.string() }))),
    })
    .parse(JSON.parse(text))
  const found = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [
      operation.operationId,
      `${method.toUpperCase()} ${path}`,
      operation['x-act'],
    ]),
  )
  const expected = operations.map(([name, { act, method, path }]) => [
    name,
    `${method} ${path.replace(/:(\w+)/g, '{$1}')}`,
    act,
  ])
  expect(found.sort()).toEqual(expected.sort())
})

test.each(operations)('%s names in its path exactly the parameters it takes', (_, operation) => {
  const inPath = [...operation.path.matchAll(/:(\w+)/g)].map(([, name]) => name)
  const taken = operation.params instanceof z.ZodObject ? Object.keys(operation.params.shape) : []
  expect(taken).toEqual(inPath)
})

test('ids, hashes and statements are described in requests and answers alike, never as anything', () => {
  expect(jsonSchemaOf(caseId, 'answer')).toEqual(jsonSchemaOf(caseId, 'request'))
  expect(jsonSchemaOf(caseId, 'answer')).toMatchObject({ type: 'string', pattern: expect.any(String) })
  expect(text).not.toMatch(/"(?!properties")\w+": \{\}/u)
  expect(jsonSchemaOf(append, 'request')).toMatchObject({
    additionalProperties: false,
    required: ['statements', 'wraps'],
  })
})

test('only the door is open without a session', () => {
  const open = operations.filter(([, operation]) => !problemsOf(operation).includes('not-signed-in'))
  expect(open.map(([name]) => name)).toEqual(['sessions.tenants'])
})
