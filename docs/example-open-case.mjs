// Opens a case and sends a message from Node with the client library. With `npm start` running, in another terminal:
//   node docs/example-open-case.mjs "Borås Stad" p-linnea "vävstol björnbär fem kvarnhjul"
// Everything is encrypted here; the server sees parties, categories and times. SLUSS_URL and ROOT_FINGERPRINT name another Sluss.
import { connect, signIn } from 'sluss/client'

const [organisation, login, passphrase] = process.argv.slice(2)
const baseUrl = process.env.SLUSS_URL ?? 'http://localhost:3000'
// Whose word on people's keys counts: pinned here, never asked of the server. This one is the demo's (apps/seed/demo/root.json).
const rootFingerprint =
  process.env.ROOT_FINGERPRINT ?? '35c442a32a1c554d5dd66c001e2320d35da1b65299f4dbc9efcc8718edb84a54'

const { tenants } = await (await fetch(`${baseUrl}/sign-in/tenants`)).json()
const tenant = tenants.find(({ name }) => name === organisation)
if (tenant === undefined) throw new Error(`Choose one of: ${tenants.map(({ name }) => name).join(', ')}`)
const jar = await signIn({ baseUrl, tenant: tenant.id, login })
const session = connect({ baseUrl, rootFingerprint, jar })
await session.unlock(passphrase)

const { units } = await session.me()
const theCase = await session.openCase({ unit: units[0].id, title: 'Exempel' })
const { version, own } = await session.readers(theCase, 'plan', 'casework')
console.log(`Läses av: ${own.map(({ name }) => name).join(', ')}`)

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
