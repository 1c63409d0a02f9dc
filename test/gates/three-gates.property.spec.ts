// The three gates over random histories of three authorities: at each instant what the API lists and a client opens, what bare SQL
// sees, and what keys open of everything. GATES_HISTORIES: how many; GATES_SEED: which.
import type { AuthorityId, CaseId, MessageId } from '#libs/domain'
import { addDays } from '#libs/domain'
import fc from 'fast-check'
import { rowsOf } from '../support/database.ts'
import type { Given, Name } from '../support/given.ts'
import { given, kriminalvarden, police, refusal } from '../support/given.ts'
import type { Shared, Step, Worker } from './histories.ts'
import { aStep, categories, daysOf, Expected, names, workers } from './histories.ts'
import { everythingOf, OldKeys } from './old-keys.ts'
import { disconnect, rowsAs } from './support.ts'

jest.setTimeout(300_000)

const usual = 3
const wanted = Number(process.env['GATES_HISTORIES'] ?? usual)
const seed = Number(process.env['GATES_SEED'] ?? 8029)
/** On both sides somebody goes who has had the keys: what few random histories come to. */
const departures: readonly Step[] = [
  { do: 'write', who: 'mirjam', category: 'threat' },
  { do: 'end', who: 'dragan' },
  { do: 'write', who: 'mirjam', category: 'threat' },
  { do: 'bar', who: 'nermina' },
  { do: 'write', who: 'mirjam', category: 'threat' },
]
const random = fc.sample(fc.array(aStep, { minLength: 8, maxLength: 8 }), { seed, numRuns: wanted })
const histories: readonly (readonly Step[])[] = [departures, ...random]

/** They assign and are shown the case, and are no readers of it. */
const leaders = ['helena', 'joakim', 'hassan'] as const

let here: Given
let oldKeys: OldKeys
beforeAll(async () => {
  here = await given(['mirjam', 'dragan', 'helena', 'gunvor', 'ida', 'nermina', 'joakim', 'robin', 'hassan', 'tove'])
  oldKeys = new OldKeys(here)
  for (const name of names) await oldKeys.keep(name)
})
afterAll(async () => {
  await disconnect()
  await here.stop()
})

/** What a gate may answer to one who is not to see. */
const closed = ['not-found', 'scope-ended', 'assignment-ended', 'key-not-certified']
/** The kinds of step that found something to change; a history that has closed already leaves nothing to later ones. */
const mattered = new Set<Step['do']>()

async function begins(expected: Expected): Promise<CaseId> {
  // Keys are a person's in all her cases: the history before may have ended them.
  for (const name of names) {
    if ((await here.session(name).keyStatus()).state !== 'ended') continue
    expected.keyEnded(name)
    await certifiesAnew(expected, name)
  }
  const id = await here.opens('mirjam')
  expected.assigned('mirjam', addDays(here.now(), 365))
  const assign = (who: 'dragan' | 'ida' | 'nermina' | 'robin'): Promise<void> => assigns(expected, id, who)
  await assign('dragan')
  await registers(expected, id, { who: 'mirjam', with: police, between: ['board', 'police'], days: daysOf.consent[0] })
  await assign('ida')
  await assign('nermina')
  await here.session('ida').case(id)
  const onward = { with: kriminalvarden, between: ['police', 'prison'], days: daysOf.consent[1] } as const
  await registers(expected, id, { who: 'ida', ...onward })
  await assign('robin')
  return id
}

async function registers(
  expected: Expected,
  theCase: CaseId,
  consent: {
    readonly who: Worker
    readonly with: AuthorityId
    readonly between: Parameters<Expected['registered']>[0]['between']
    readonly days: number
  },
): Promise<void> {
  const draft = here.consent(categories, consent)
  const { between, who } = consent
  const registration = await here.session(who).registerConsent(theCase, draft)
  const [words] = await rowsOf<{ id: MessageId }>(
    here.sluss.database.adminUrl,
    'select id from messages where thread_id = $1',
    [registration],
  )
  if (words === undefined) throw new Error('a consent has words')
  expected.registered({ registration, between, until: draft.validUntil, words: words.id }, here.now())
}

async function assigns(expected: Expected, id: CaseId, who: 'dragan' | 'ida' | 'nermina' | 'robin'): Promise<void> {
  const days = daysOf.assignment[who]
  expected.assigned(who, addDays(here.now(), days))
  await here.assigns(workers[who].leader, id, who, days)
}

/** Everybody's client, twice: what one makes or publishes the other answers. */
async function openAll(expected: Expected, id: CaseId): Promise<void> {
  for (const name of [...names, ...names]) {
    const answer = await refusal(here.session(name).case(id))
    if (expected.stands(name, here.now())) expect([name, answer]).toEqual([name, 'done'])
    else expect(closed).toContain(answer)
  }
}

async function does(expected: Expected, id: CaseId, step: Step): Promise<void> {
  const at = here.now()
  const changes = (): void => void mattered.add(step.do)
  switch (step.do) {
    case 'write':
      if (!expected.mayWrite(step.who, step.category, at))
        return expect(await refusal(here.writes(step.who, id, step.category, 'för sent'))).not.toBe('done')
      changes()
      return writes(expected, id, step.who, step.category)
    case 'confirm': {
      const [consent, who] = [expected.goesOn(step.consent, at), step.consent === 0 ? 'ida' : 'robin'] as const
      if (consent === null || consent.isConfirmed || !expected.stands(who, at)) return
      changes()
      await here.session(who).confirmConsent(id, consent.registration)
      consent.isConfirmed = true
      return
    }
    case 'narrow':
    case 'withdraw': {
      const consent = expected.goesOn(step.consent, at)
      // By anybody of either party (domain.md § 4 rule 3).
      if (!consent?.between.includes(workers[step.who].of) || !expected.stands(step.who, at)) return
      if (step.do === 'narrow' && !consent.left.has(step.category)) return
      changes()
      const session = here.session(step.who)
      if (step.do === 'withdraw') await session.withdrawConsent(id, consent.registration)
      else await session.narrowConsent(id, consent.registration, { categories: [step.category] })
      for (const one of step.do === 'withdraw' ? categories : [step.category]) consent.left.delete(one)
      return
    }
    case 'assign': {
      const why = expected.isBarred(step.who) ? 'person-barred' : 'person-not-certified'
      if (expected.isBarred(step.who) || !expected.hasKey(step.who))
        return expect(await refusal(here.assigns(workers[step.who].leader, id, step.who))).toBe(why)
      changes()
      return assigns(expected, id, step.who)
    }
    case 'end':
    case 'bar': {
      if (!expected.isAssigned(step.who, at)) return
      changes()
      const { user } = here.person(step.who)
      await here.session(workers[step.who].leader).endAssignment(id, user, step.do === 'bar' ? 'barred' : 'ended')
      if (step.do === 'bar') expected.barred(step.who)
      else expected.ended(step.who)
      return
    }
    case 'end key':
      if (!expected.hasKey(step.who)) return
      changes()
      await here.session(workers[step.who].custodian).endKey(here.person(step.who).user, 'lost')
      return expected.keyEnded(step.who)
    case 'certify anew':
      if (expected.hasKey(step.who)) return
      changes()
      return certifiesAnew(expected, step.who)
    case 'wait':
      changes()
      return here.pass(step.days * 24 * 60)
  }
}

async function writes(expected: Expected, id: CaseId, who: Worker, category: Shared): Promise<void> {
  // Where she can read a thread of that category she answers in it, whoever began it.
  const thread =
    expected.readable(who, here.now()).findLast((one) => one.category === category && !one.isWords)?.thread ?? null
  const { version } = await here.session(who).readers(id, category, 'casework')
  const title = thread === null ? 'Läget' : null
  const text = { thread, title, category, purpose: 'casework', text: 'något', readers: version } as const
  const at = here.now()
  expected.writes(who, category, await here.session(who).send(id, text), at)
}

async function certifiesAnew(expected: Expected, who: Worker): Promise<void> {
  const passphrase = `${here.person(who).persona.passphrase} ${expected.certifiedAnew(who)}`
  await here.session(who).createKey(passphrase)
  await here.certifies(workers[who].custodian, who)
  await oldKeys.keep(who, passphrase)
}

async function listed(name: Worker, id: CaseId, threads: readonly string[]): Promise<readonly string[]> {
  const session = here.session(name)
  const found: string[] = []
  for (const thread of threads) {
    const asked = session.messages(id, thread as never) // an id that was read from the server
    const answer = await refusal(asked)
    if (answer !== 'done') expect(closed).toContain(answer)
    // Listed and not opened is a disagreement of policy and cryptography.
    else found.push(...(await asked).messages.map((one) => (one.kind === 'opened' ? one.id : `${one.kind} ${one.id}`)))
  }
  return found
}

/** Bare SQL as the application's role, with the person set and no policy in between. */
const rowsOfCase = async (name: Name, id: CaseId): Promise<readonly string[]> => {
  const { user, tenant, authority } = here.person(name)
  const somebody = { user, tenant, authority }
  const sql = 'select id from messages where case_id = $1'
  return (await rowsAs<{ id: string }>(here.sluss.database.appUrl, sql, [id], somebody)).map((row) => row.id)
}

const idsOf = (written: readonly { readonly id: string }[]): readonly string[] => written.map((one) => one.id).sort()

async function gatesAgree(expected: Expected, id: CaseId): Promise<void> {
  const everything = await everythingOf(here, id)
  // Words are read where the consent is, by a call of its own (test/consents.spec.ts): no thread lists them.
  const threads = [...new Set(expected.written.filter((one) => !one.isWords).map((one) => one.thread))]
  const answers = []
  const must = []
  for (const name of names) {
    const readable = expected.readable(name, here.now())
    const inThreads = readable.filter((one) => !one.isWords)
    const opens = [...(await oldKeys.opens(everything, name))].sort()
    const [list, rows] = [await listed(name, id, threads), await rowsOfCase(name, id)]
    answers.push({ name, policy: [...list].sort(), rows: [...rows].sort(), keys: opens })
    must.push({ name, policy: idsOf(inThreads), rows: idsOf(readable), keys: idsOf(expected.everGiven(name)) })
  }
  for (const name of leaders) {
    answers.push({ name, rows: await rowsOfCase(name, id) })
    must.push({ name, rows: [] })
  }
  expect(answers).toEqual(must)
}

test.each(histories.map((steps, place) => ({ place, steps })))('history $place: the gates agree', async ({ steps }) => {
  const expected = new Expected()
  const done: Step[] = []
  const id = await begins(expected)
  try {
    await openAll(expected, id)
    expected.settle(here.now())
    for (const step of steps) {
      await here.pass(1)
      done.push(step)
      await does(expected, id, step)
      await here.pass(1)
      await openAll(expected, id)
      expected.settle(here.now())
      await gatesAgree(expected, id)
    }
    expect(here.troubles.splice(0)).toEqual([])
  } catch (error) {
    const history = done.map((step) => JSON.stringify(step)).join('\n')
    throw new Error(`seed ${seed}, after\n${history}\n${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
})

test('every kind of step changed something in one of them', () => {
  const all: Step['do'][] = ['assign', 'bar', 'certify anew', 'confirm', 'end', 'end key', 'narrow', 'wait']
  if (wanted >= usual) expect([...mattered].sort()).toEqual([...all, 'withdraw', 'write'])
})
