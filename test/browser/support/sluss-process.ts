// A running Sluss for browser tests in a process of its own, run from the sources: Playwright compiles without the metadata by
// which the API's classes find each other. Sentences come in over the process's channel, answers go back.
import { join } from 'node:path'
import { startPostgres, startRedis } from '../../support/cluster.ts'
import type { Name } from '../../support/given.ts'
import { given } from '../../support/given.ts'
import { handingOverAll, wrappedTo } from '../../support/tampering.ts'
import { makeTemplate } from '../../support/template.ts'
import { once } from '../../support/database.ts'
import type { CaseId, ThreadId } from '#libs/domain'
import type { Asked, Sentences } from './sluss.ts'

const [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
process.env['SLUSS_TEST_POSTGRES'] = postgres.url
process.env['SLUSS_TEST_REDIS'] = redis.url
await makeTemplate(postgres.url)

// Nermina has an account and no key: her first login is a test.
const boras = ['linnea', 'mehmet', 'erika', 'osman'] as const
const goteborg = ['mirjam', 'dragan', 'helena', 'gunvor', 'samuel', 'nadja'] as const
const names: readonly Name[] = [...boras, ...goteborg, 'joakim', 'ida', 'robin', 'tove', 'hassan']
const here = await given(names, 2, join(process.cwd(), 'dist/web'))
const worker = await here.sluss.startWorker()

const sentences: Sentences = {
  signsIn: (name) => here.signInto(here.person(name).jar, name),
  opens: (name, title) => here.opens(name, title),
  assigns: (receiver, id, worker) => here.assigns(receiver, id, worker),
  registers: (name, id, categories) => here.session(name).registerConsent(id, here.consent(categories)),
  shares: (registrar, id, categories, sharing) => here.shares(registrar, id, categories, sharing),
  aCaseSharedWithPolice: (categories) => here.aCaseSharedWithPolice(categories),
  writes: (name, id, category, text, thread) => here.writes(name, id, category, text, thread),
  holds,
  endsKey: async (custodian, name) => {
    await here.session(custodian).endKey(here.person(name).user, 'lost')
  },
  opensWithAllOldKeys,
  wrappedTo: (message) => wrappedTo(here, message),
  fingerprintOf: async (name) => (await here.session(name).asCustodian())?.encryption ?? 'none',
}

async function holds(name: Name, roles: readonly string[]): Promise<void> {
  const { user, persona } = here.person(name)
  const rows = (roles.length === 0 ? persona.roles : roles).map((role) => `('${user}', '${role}')`).join(', ')
  await once(
    here.sluss.database.adminUrl,
    `begin; delete from user_roles where user_id = '${user}'; insert into user_roles (user_id, role) values ${rows}; commit`,
  )
}

/** On a new device, with her private key, from a server that hands over every row of the thread past every gate. */
async function opensWithAllOldKeys(name: Name, id: CaseId, thread: ThreadId): Promise<readonly string[]> {
  const device = await here.device(name, 0, { fetch: handingOverAll(here, thread) })
  const { messages } = await device.messages(id, thread)
  return messages.map((one) => (one.kind === 'opened' ? one.text : `refused: ${one.reason}`))
}

process.on('message', ({ id, sentence, words }: Asked) => {
  const said = sentences[sentence] as (...words: readonly unknown[]) => Promise<unknown> // typed where it is asked: sluss.ts
  said(...words).then(
    (answer) => process.send?.({ id, answer }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  )
})
process.on('disconnect', () => {
  void (async () => {
    await worker.close()
    await here.stop()
    await Promise.all([postgres.stop(), redis.stop()])
    process.exit()
  })()
})
process.send?.({ url: here.sluss.publicUrl })
