// What every request refuses: unknown members, missing ones, other types, more than is accepted, at every depth.
import { z } from 'zod'
import { capabilities } from './capabilities.ts'
import type { Operation } from './operation.ts'
import { instant } from './schemas.ts'
import { requests } from './threads.contract.ts'

const uuid = '00000000-0000-4000-8000-00000000000a'
const hash = 'a'.repeat(64)
const at = '2025-03-01T12:00Z'
const append = {
  statements: [{ bytes: '{}', signature: 'AAAA' }],
  wraps: [
    { key: uuid, to: hash, bytes: 'AAAA' },
    { key: uuid, to: 'epoch', bytes: 'AAAA' },
  ],
}
const key = { publicKey: 'AAAA', signing: hash, encryption: hash, lockedPrivateKey: 'AAAA' }
const message = {
  id: uuid,
  compartment: uuid,
  thread: uuid,
  author: uuid,
  at,
  commit: hash,
  ciphertext: 'AAAA',
  seals: [{ key: uuid, bytes: 'AAAA' }],
  leftOut: [{ flow: `${uuid}/${uuid}`, cause: 'word' }],
}

/** One good request body per operation that takes one. */
const bodies: Readonly<Record<string, unknown>> = {
  'keys.create': key,
  'keys.certify': append,
  'keys.end': append,
  'keys.maintain': append,
  'cases.open': append,
  'cases.title': { key: uuid, bytes: 'AAAA' },
  'cases.assign': append,
  'cases.endAssignment': append,
  'cases.settle': append,
  'consents.register': append,
  'consents.confirm': append,
  'consents.narrow': append,
  'consents.follow': append,
  'consents.withdraw': append,
  'disclosures.make': append,
  'disclosures.close': append,
  'threads.send': { append, message },
  'threads.seal': { append, seals: [{ message: uuid, key: uuid, bytes: 'AAAA' }] },
  'threads.moveCursor': { key: uuid, seq: 0, cursor: append.statements[0] },
}

const params: Readonly<Record<string, string>> = {
  caseId: uuid,
  threadId: uuid,
  registrationId: uuid,
  tenantId: uuid,
  disclosure: hash,
}

const operations = capabilities.flatMap(({ capability, table }) =>
  Object.entries(table).map(([name, operation]): [string, Operation] => [`${capability}.${name}`, operation]),
)
const withBody = operations.flatMap(([name, { body }]): [string, z.ZodType, unknown][] =>
  body === undefined ? [] : [[name, body, bodies[name]]],
)

type Path = readonly (string | number)[]
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every place in a value, the value itself first. */
function placesIn(value: unknown, path: Path = []): readonly Path[] {
  if (Array.isArray(value)) return [path, ...value.flatMap((part, n) => placesIn(part, [...path, n]))]
  if (!isObject(value)) return [path]
  return [path, ...Object.entries(value).flatMap(([name, part]) => placesIn(part, [...path, name]))]
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((found, step) => (found as Record<string | number, unknown>)[step], value)

/** The same value with another one at this place. */
function replaced(value: unknown, [step, ...rest]: Path, by: unknown): unknown {
  if (step === undefined) return by
  if (Array.isArray(value)) return value.map((part, n) => (n === step ? replaced(part, rest, by) : part))
  return isObject(value) ? { ...value, [step]: replaced(value[step], rest, by) } : value
}

const accepts = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success
const nameOf = (path: Path): string => path.join('.') || '(whole)'

test('there is a good body for every operation that takes one, and no other', () => {
  expect(Object.keys(bodies).sort()).toEqual(withBody.map(([name]) => name).sort())
})

describe.each(withBody)('%s', (_, schema, good) => {
  test('takes the good body', () => {
    expect(schema.safeParse(good).error).toBeUndefined()
  })

  test('refuses an unknown member at every depth', () => {
    const taken = placesIn(good)
      .filter((path) => isObject(valueAt(good, path)))
      .filter((path) => accepts(schema, replaced(good, path, { ...(valueAt(good, path) as object), extra: 1 })))
    expect(taken.map(nameOf)).toEqual([])
  })

  test('refuses a missing member at every depth', () => {
    const taken = placesIn(good).flatMap((path) => {
      const found = valueAt(good, path)
      if (!isObject(found)) return []
      return Object.keys(found).flatMap((name) => {
        const { [name]: _gone, ...rest } = found
        return accepts(schema, replaced(good, path, rest)) ? [nameOf([...path, name])] : []
      })
    })
    expect(taken).toEqual([])
  })

  test('refuses another type at every place', () => {
    const others = [7.5, true, {}, 'å', -1]
    const taken = placesIn(good).flatMap((path) =>
      others
        .filter((other) => !isFree(path, other) && accepts(schema, replaced(good, path, other)))
        .map((other) => `${nameOf(path)} = ${JSON.stringify(other)}`),
    )
    expect(taken).toEqual([])
  })

  test('refuses more than is accepted: endless text and endless lists', () => {
    const endless = 'A'.repeat(400_000)
    const taken = placesIn(good).filter((path) => {
      const found = valueAt(good, path)
      if (typeof found === 'string') return accepts(schema, replaced(good, path, endless))
      return (
        Array.isArray(found) &&
        accepts(
          schema,
          replaced(
            good,
            path,
            Array.from({ length: 2001 }, () => found[0]),
          ),
        )
      )
    })
    expect(taken.map(nameOf)).toEqual([])
  })
})

/** Text whose form is checked later, in its own room: a statement's bytes by the protocol, a flow's name by the store. */
const isFree = (path: Path, other: unknown): boolean => typeof other === 'string' && path.at(-1) === 'flow'

describe.each(operations.filter(([, { params: taken }]) => taken !== undefined))('%s, its path', (_, operation) => {
  const schema = operation.params ?? z.never()
  const names = schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
  const good = Object.fromEntries(names.map((name) => [name, params[name]]))

  test('takes ids and nothing else', () => {
    expect(accepts(schema, good)).toBe(true)
    expect(accepts(schema, { ...good, extra: uuid })).toBe(false)
    for (const name of names) {
      for (const bad of ['', 'x', uuid.toUpperCase(), `${uuid} `, `${uuid}\n`, '../..', null, undefined, 1]) {
        expect({ bad, accepted: accepts(schema, { ...good, [name]: bad }) }).toEqual({ bad, accepted: false })
      }
    }
  })
})

describe.each(operations.filter(([, { query }]) => query !== undefined))('%s, its query', (_, operation) => {
  const schema = operation.query ?? z.never()

  test('may be empty, and takes no unknown, oversized or mistyped member', () => {
    expect(accepts(schema, {})).toBe(true)
    expect(accepts(schema, { extra: '1' })).toBe(false)
    for (const [name, values] of Object.entries({
      after: ['a'.repeat(201), ['a'], {}],
      limit: ['0', '-1', '1.5', 'x', '1000'],
      from: ['-1', 'x'],
      phase: ['x', ''],
      relation: ['x', 'former'],
    })) {
      for (const bad of values)
        expect({ name, bad, accepted: accepts(schema, { [name]: bad }) }).toEqual({ name, bad, accepted: false })
    }
  })
})

test.each(Object.entries(requests))('%s, emitted by a client, names a case and nothing else', (_, { payload }) => {
  expect(accepts(payload, { case: uuid })).toBe(true)
  for (const bad of [{}, { case: 'x' }, { case: uuid, extra: 1 }, null, [], 'x'])
    expect(accepts(payload, bad)).toBe(false)
})

test('instants on the wire are whole minutes that exist', () => {
  expect(accepts(instant, at)).toBe(true)
  for (const bad of [
    '2025-02-30T12:00Z',
    '2025-03-01T24:00Z',
    '2025-03-01T12:00:00Z',
    '2025-03-01T12:00',
    '2025-13-01T12:00Z',
  ]) {
    expect({ bad, accepted: accepts(instant, bad) }).toEqual({ bad, accepted: false })
  }
})
