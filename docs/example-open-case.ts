// Opens a case and sends a message from Node with the client library, against a development server:
//   node --conditions sluss-source --experimental-strip-types docs/example-open-case.ts <tenant id> <login> <passphrase>
// with SLUSS_URL and ROOT_FINGERPRINT set. Everything is encrypted here; the server sees parties, categories and times.
import { connect, signIn } from '#libs/client'
import { id } from '#libs/domain'
import type { TenantId } from '#libs/domain'

const [tenant = '', login = '', passphrase = ''] = process.argv.slice(2)
const baseUrl = process.env['SLUSS_URL'] ?? 'http://localhost:3000'
const rootFingerprint = process.env['ROOT_FINGERPRINT'] ?? ''

const jar = await signIn({ baseUrl, tenant: id<TenantId>(tenant), login })
const session = connect({ baseUrl, rootFingerprint, jar })
await session.unlock(passphrase)

const me = await session.me()
const [unit] = me.units
if (unit === undefined) throw new Error('You belong to no unit.')

const theCase = await session.openCase({ unit: unit.id, title: 'Exempel' })
const { version, own } = await session.readers(theCase, 'plan', 'casework')
console.log(`Läses av: ${own.map((colleague) => colleague.name).join(', ')}`)

const { thread } = await session.send(theCase, {
  thread: null,
  title: 'Första kontakten',
  category: 'plan',
  purpose: 'casework',
  text: 'Personen ringde i dag och vill träffas på torsdag.',
  readers: version,
})
for (const message of (await session.messages(theCase, thread)).messages)
  console.log(message.kind === 'opened' ? `${message.at} ${message.text}` : `refused: ${message.reason}`)
session.close()
