// No plaintext and no secret leaves the clients: a round of work, and then everything that the servers keep and print is searched.
import type { Connected } from '#libs/client'
import { connect } from '#libs/client'
import * as openpgp from 'openpgp'
import type { Killable } from '../support/failing.ts'
import { killableNode, loggedWorker, untilDone } from '../support/failing.ts'
import type { Given, Name } from '../support/given.ts'
import { given } from '../support/given.ts'
import { cookiesOf } from '../support/bare.ts'
import { once, redisUrl, rowsOf } from '../support/database.ts'
import type { Needles } from '../support/scanner.ts'
import { planted as plantedIn, plantedKinds, Scanner } from '../support/scanner.ts'
import { ask } from './pen.ts'

jest.setTimeout(180_000)

/** Words of no language, and the identity number that authorities print in their examples. */
const words = {
  title: 'Qvastlumpsgrind',
  agreed: 'Zornkrusbarsvinter',
  evidence: 'Paxgnistelhylla',
  sent: 'Wirbelnattstolpe',
  answer: 'Xylkvadratmusla',
  draft: 'Yxblankettsnigel',
  malformed: 'Zebraklubbstaket',
  number: '19121212-1212',
}

let here: Given
let node: Killable
let worker: Pick<Killable, 'stop'>
let printed = ''
const hear = (text: string): void => void (printed += text)
const sessions: Connected[] = []

beforeAll(async () => {
  here = await given(['linnea', 'mehmet', 'erika', 'joakim', 'ida'])
  node = await killableNode(here.sluss.settings, hear)
  worker = await loggedWorker(here.sluss.settings, hear)
}, 120_000)
afterAll(async () => {
  for (const session of sessions) session.close()
  await worker?.stop()
  await node?.stop()
  await here.stop()
})

async function atTheNode(who: Name): Promise<Connected> {
  const { jar, persona } = here.person(who)
  const rootFingerprint = here.sluss.settings.rootFingerprint
  const session = connect({ baseUrl: node.url, rootFingerprint, jar, clock: here.milliseconds })
  sessions.push(session)
  await session.unlock(persona.passphrase)
  return session
}

/** The private halves as a stock tool opens them, with the passphrase that only she has. */
async function privateHalves(who: Name): Promise<readonly Uint8Array[]> {
  const { key } = (await ask(here, who, '/keys/own')).body as { key: { lockedPrivateKey: string } }
  const locked = await openpgp.readPrivateKey({ binaryKey: Buffer.from(key.lockedPrivateKey, 'base64') })
  const open = await openpgp.decryptKey({ privateKey: locked, passphrase: here.person(who).persona.passphrase })
  const packets = [open.keyPacket, ...open.subkeys.map((one) => one.keyPacket)]
  return packets.flatMap((packet) =>
    Object.values((packet as unknown as { privateParams: object }).privateParams).filter(
      (one): one is Uint8Array => one instanceof Uint8Array,
    ),
  )
}

async function secrets(): Promise<Needles> {
  const found: Record<string, Uint8Array | string> = { 'the session secret': here.sluss.settings.sessionSecret }
  for (const who of ['linnea', 'ida'] as const) {
    found[`${who}’s passphrase`] = here.person(who).persona.passphrase
    const halves = await privateHalves(who)
    expect(halves.map((one) => one.length)).toEqual([32, 32])
    for (const [place, half] of halves.entries()) found[`${who}’s private half ${place}`] = half
  }
  return found
}

/** The ids by which a browser is known: Redis keeps them, since it is asked by them; nothing else may. */
const cookies = (): Needles =>
  Object.fromEntries(
    (['linnea', 'ida'] as const).flatMap((who) =>
      [...here.person(who).jar]
        .filter(([name]) => name.endsWith(' sluss'))
        .map(([, value]) => [`${who}’s session`, decodeURIComponent(value).slice(2).split('.')[0] ?? '']),
    ),
  )

async function aRoundOfWork(): Promise<void> {
  const [linnea, ida] = [await atTheNode('linnea'), await atTheNode('ida')]
  const id = await linnea.openCase({ unit: here.person('linnea').unit, title: words.title })
  const consent = here.consent(['threat', 'plan'], { includesEarlier: 'all' })
  const registration = await linnea.registerConsent(id, {
    ...consent,
    evidence: words.evidence,
    words: { ...consent.words, agreed: words.agreed },
  })
  await here.assigns('joakim', id, 'ida')
  await ida.case(id)
  await linnea.case(id)
  await ida.confirmConsent(id, registration)
  await linnea.case(id)
  await ida.follow(id)
  const thread = await here.writes(linnea, id, 'threat', `${words.sent} ${words.number}`)
  expect(await here.reads(ida, id, thread)).toEqual([`${words.sent} ${words.number}`])
  await here.writes(ida, id, 'threat', words.answer, thread)
  await ida.markRead(id, thread)
  await linnea.retitle(id, `${words.title} ${words.number}`)
  expect(await linnea.openDraft(await linnea.sealDraft(words.draft))).toBe(words.draft)
  expect((await linnea.consentWords(id, registration)).state).toBe('agrees')
  await linnea.withdrawConsent(id, registration)
  // What is out of form, and what goes wrong, is where logs like to repeat what they were given.
  const headers = { 'x-sluss': '1', 'content-type': 'application/json', cookie: cookiesOf(here.person('linnea').jar) }
  for (const body of [`{"text":"${words.malformed}`, JSON.stringify({ statements: words.malformed })])
    expect((await fetch(`${node.url}/cases`, { method: 'POST', headers, body })).status).toBe(400)
  await fetch(`${node.url}/cases/${words.malformed}?after=${words.malformed}`, { headers })
  await fetch(`${node.url}/auth/callback/${words.malformed}?code=${words.malformed}&state=x`, { redirect: 'manual' })
  await untilDone(async () => {
    const [left] = await rowsOf<{ n: number }>(
      here.sluss.database.adminUrl,
      'select count(*)::int as n from audit_waiting',
    )
    if (left?.n !== 0) throw new Error('not chained yet')
  })
}

test('after a round of work no word, passphrase, private half or session is in a table, in Redis or in what was printed', async () => {
  await aRoundOfWork()
  const searched = new Scanner({ ...words, ...(await secrets()) })
  expect(await searched.inDatabase(here.sluss.database.adminUrl)).toEqual([])
  expect(await searched.inRedis(redisUrl())).toEqual([])
  expect(searched.in('what was printed', printed)).toEqual([])
  const sessionIds = new Scanner(cookies())
  expect(await sessionIds.inDatabase(here.sluss.database.adminUrl)).toEqual([])
  expect(sessionIds.in('what was printed', printed)).toEqual([])
  // Can: they are where they have to be, so it is they that were looked for.
  expect(await sessionIds.inRedis(redisUrl())).toEqual(
    expect.arrayContaining([expect.stringMatching(/ in Redis session$/)]),
  )
  expect(printed).toContain('"event":"request"')
})

test('the same search finds a word that is put in any of those places, in any spelling', async () => {
  const planted = new Scanner({ planted: 'Kvillingbergsoga' })
  const text = 'before Kvillingbergsoga after'
  const url = here.sluss.database.adminUrl
  await once(
    url,
    `create table planted (a text, b bytea, c jsonb, d text[]);
    insert into planted values ('${text}', convert_to('${text}', 'UTF8'), '{"x":"${text}"}', array['${text}']);
    insert into planted (a) values (encode('x${text}', 'base64')), (encode('${text}', 'hex'))`,
  )
  expect(await planted.inDatabase(url)).toEqual(['a', 'b', 'c', 'd'].map((one) => `planted in public.planted.${one}`))
  await once(url, 'drop table planted')
  for (const before of ['', 'x', 'xx'])
    for (const form of ['utf8', 'hex', 'base64'] as const)
      expect(planted.in('print', `"${Buffer.from(`${before}${text}`).toString(form)}"`)).toEqual(['planted in print'])
  expect(planted.in('print', text.replace('Kvilling', 'Kvilling '))).toEqual([])
  for (const kind of plantedKinds)
    await plantedIn(redisUrl(), kind, text, async () =>
      expect(await planted.inRedis(redisUrl())).toEqual(['planted in Redis planted']),
    )
})
