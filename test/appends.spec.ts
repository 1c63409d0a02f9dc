// What bad appends get: a client that lies about places, authors, wraps or acts is refused by name, and nothing is half written.
import type { Connected } from '#libs/client'
import { connect } from '#libs/client'
import type { Given, Name } from './support/given.ts'
import { boras, given, refusal } from './support/given.ts'
import { rowsOf } from './support/running.ts'

jest.setTimeout(120_000)

type Body = { statements: { bytes: string; signature: string }[]; wraps: { key: string; to: string; bytes: string }[] }
type Request = { path: string; body: Body }

let here: Given
beforeAll(async () => {
  here = await given(['linnea', 'mehmet', 'erika', 'joakim', 'ida'])
}, 120_000)
afterAll(async () => {
  for (const { session } of liars.values()) session.close()
  await here.stop()
})

/** A device of hers whose appends are changed on the way by what `lie` is at the moment; unlocked once per person. */
type Liar = { readonly session: Connected; lie: (request: Request) => Request | Promise<Request> }
const liars = new Map<Name, Liar>()
const honest = (request: Request): Request => request
afterEach(() => {
  for (const liar of liars.values()) liar.lie = honest
})

async function lying(who: Name, lie: Liar['lie']): Promise<Connected> {
  const known = liars.get(who)
  if (known !== undefined) {
    known.lie = lie
    return known.session
  }
  const person = here.person(who)
  const url = here.sluss.nodes[0]?.url ?? ''
  const session = connect({
    baseUrl: url,
    rootFingerprint: here.sluss.settings.rootFingerprint,
    jar: person.jar,
    clock: () => here.milliseconds() + aheadMilliseconds,
    fetch: async (address, init) => {
      const body = typeof init?.body === 'string' ? (JSON.parse(init.body) as Partial<Body>) : null
      if (body?.statements === undefined) return fetch(address, init)
      const changed = await liar.lie({ path: address.slice(url.length), body: body as Body })
      return fetch(url + changed.path, { ...init, body: JSON.stringify(changed.body) })
    },
  })
  const liar: Liar = { session, lie }
  liars.set(who, liar)
  await session.unlock(person.persona.passphrase)
  return session
}
let aheadMilliseconds = 0

const countStatements = async (): Promise<unknown> =>
  (await rowsOf(here.sluss.database, 'select count(*)::int as statements from statements'))[0]?.['statements']

const altered = (text: string): string => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`

test('a consent whose signature, bytes or author was changed is refused, and the true one is taken', async () => {
  const id = await here.opens('linnea')
  const lies: readonly [string, (request: Request) => Request][] = [
    [
      'bytes-not-canonical',
      ({ path, body }) => ({
        path,
        body: { ...body, statements: body.statements.map((one) => ({ ...one, bytes: one.bytes.replace('{', '{ ') })) },
      }),
    ],
    [
      'signature-wrong',
      ({ path, body }) => ({
        path,
        body: {
          ...body,
          statements: body.statements.map((one) => ({
            ...one,
            bytes: one.bytes.replace('"individual"', '"guardian"'),
          })),
        },
      }),
    ],
    [
      'shape-wrong',
      ({ path, body }) => ({
        path,
        body: {
          ...body,
          statements: body.statements.map((one) => ({ ...one, bytes: one.bytes.replace('"givers"', '"giverz"') })),
        },
      }),
    ],
  ]
  for (const [reason, change] of lies) {
    const device = await lying('linnea', change)
    const before = await countStatements()
    expect(await refusal(device.registerConsent(id, here.consent(['threat'])))).toBe(reason)
    expect(await countStatements()).toBe(before)
  }
  const device = await lying('linnea', honest)
  expect(await refusal(device.registerConsent(id, here.consent(['threat'])))).toBe('done')
})

test('a statement of another act does not pass with the permit for one', async () => {
  const id = await here.opens('linnea')
  const device = await lying('linnea', (request) => ({ ...request, path: request.path.replace('/consents', '/keys') }))
  expect(await refusal(device.registerConsent(id, here.consent(['threat'])))).toBe('type-unknown')
})

test('a statement of one case is refused in another of the same authority', async () => {
  const [written, sent] = [await here.opens('linnea'), await here.opens('linnea')]
  const device = await lying('linnea', (request) => ({ ...request, path: request.path.replace(written, sent) }))
  expect(await refusal(device.registerConsent(written, here.consent(['threat'])))).toBe('wrong-place')
})

test('what another person has signed is not taken from one who sends it', async () => {
  const { id } = await here.aCaseSharedWithPolice(['threat'])
  let taken: Body | null = null
  const linnea = await lying('linnea', (request) => {
    taken = request.body
    return { ...request, body: { statements: [], wraps: [] } }
  })
  await refusal(linnea.registerConsent(id, here.consent(['plan'])))
  const ida = await lying('ida', (request) => ({ ...request, body: taken ?? request.body }))
  expect(await refusal(ida.registerConsent(id, here.consent(['plan'], { with: boras })))).toBe('wrong-place')
})

test('a key without a wrap, with one too many, or with one that was changed is refused; nothing of it stays', async () => {
  // Without a title no key of the case has been started: sealing one starts the first.
  const id = await here.opens('linnea', '')
  const lies: readonly ((body: Body) => Body)[] = [
    (body) => ({ ...body, wraps: body.wraps.slice(1) }),
    (body) => ({ ...body, wraps: [...body.wraps, ...body.wraps.slice(0, 1)] }),
    (body) => ({
      ...body,
      wraps: body.wraps.map((wrap) => ({
        ...wrap,
        bytes: `${wrap.bytes.slice(0, -8)}${altered(wrap.bytes.slice(-8))}`,
      })),
    }),
  ]
  for (const lie of lies) {
    const device = await lying('linnea', ({ path, body }) => ({
      path,
      body: path.endsWith('/keys') ? lie(body) : body,
    }))
    await device.case(id)
    const before = await countStatements()
    expect(await refusal(device.retitle(id, 'Ny titel'))).toBe('wrap-differs')
    expect(await countStatements()).toBe(before)
  }
  expect(await refusal((await lying('linnea', honest)).retitle(id, 'Ny titel'))).toBe('done')
})

test('a device whose clock is five minutes off is told so', async () => {
  const id = await here.opens('linnea')
  const device = await lying('linnea', honest)
  await device.case(id)
  aheadMilliseconds = 5 * 60_000
  expect(await refusal(device.registerConsent(id, here.consent(['threat'])))).toBe('clock-apart')
  aheadMilliseconds = 0
  expect(await refusal(device.registerConsent(id, here.consent(['threat'])))).toBe('done')
})

test('of two who take the same place at the same time, one is told to read again and nothing is lost', async () => {
  const id = await here.opens('linnea')
  const device = await lying('linnea', honest)
  await Promise.all([device.case(id), here.session('linnea').case(id)])
  const answers = await Promise.all([
    refusal(device.registerConsent(id, here.consent(['threat']))),
    refusal(here.session('linnea').registerConsent(id, here.consent(['plan']))),
  ])
  const done = answers.filter((answer) => answer === 'done').length
  expect(done).toBeGreaterThanOrEqual(1)
  for (const answer of answers) expect(['done', 'ledger-moved-on']).toContain(answer)
  expect((await here.session('linnea').case(id)).consents).toHaveLength(done)
})

test('a withdrawal whose place was taken meanwhile narrows at once all the same', async () => {
  const { id, registration } = await here.aCaseSharedWithPolice(['threat'])
  const thread = await here.writes('linnea', id, 'threat', 'före')
  expect(await here.reads('ida', id, thread)).toEqual(['före'])
  await here.pass(1)
  let isTaken = false
  // Between signing and sending, her other device takes the next place of the ledger.
  const device = await lying('linnea', async (request) => {
    if (!request.path.endsWith('/withdrawals') || isTaken) return request
    isTaken = true
    await here.session('linnea').registerConsent(id, here.consent(['economy']))
    return request
  })
  expect(await refusal(device.withdrawConsent(id, registration))).toBe('done')
  expect(isTaken).toBe(true)
  expect(await refusal(here.session('ida').messages(id, thread))).toBe('scope-ended')
})
