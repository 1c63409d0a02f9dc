// Signatures: one form, also in the parts that the signature itself does not cover (RFC 9580 § 5.2.3; protocol.md §§ 2, 11).
import * as openpgp from 'openpgp'
import { concat, uint32 } from './bytes.ts'
import type { NewStaffKey } from './index.ts'
import { signStatement, verifyStatement } from './index.ts'
import { writeSecretKey } from './locked-form.ts'
import { packet, readPackets, tags } from './packets.ts'
import { signedBytesOf } from './signed-bytes.ts'
import { aStaffKey, authority, noon, random, read, theCase, user, written } from './spec/given.ts'

let anna: NewStaffKey
let text: string
let body: ReturnType<typeof random>
beforeAll(async () => {
  anna = await aStaffKey('anna')
  const { signed } = await signStatement(
    {
      type: 'party.left',
      place: `strand/${theCase}/${authority(2)}/${authority(3)}`,
      n: 0,
      prev: null,
      at: noon,
      by: user(1),
      tenantHeads: {},
      body: {},
    },
    anna.key,
    random,
  )
  text = signed.bytes
  const bodies = readPackets(read(signed.signature), [tags.signature])
  body = bodies.ok ? (bodies.value[0] ?? random(0)) : random(0)
})

async function refusal(...parts: readonly ReturnType<typeof random>[]): Promise<string> {
  const signature = written(packet(tags.signature, concat(...parts)))
  const verified = await verifyStatement({ bytes: text, signature }, anna.key.public)
  return verified.ok ? 'verified' : verified.error
}
const hashedLength = 8 + 41

test('a signature in order is verified', async () => {
  expect(await refusal(body)).toBe('verified')
})

test('anything in the part that is not signed is refused', async () => {
  const issuer = new Uint8Array([2, 0x10, 0])
  const parts = [body.slice(0, hashedLength), uint32(issuer.length), issuer, body.slice(hashedLength + 4)]
  expect(await refusal(...parts)).toBe('packet-malformed')
  const grown = body.slice()
  grown[hashedLength + 3] = 1
  expect(await refusal(grown)).toBe('packet-malformed')
})

test('another length of salt, a cut or a longer signature is refused', async () => {
  const salted = body.slice()
  salted[hashedLength + 6] = 16
  expect(await refusal(salted)).toBe('packet-malformed')
  expect(await refusal(body.slice(0, -1))).toBe('packet-malformed')
  expect(await refusal(body, new Uint8Array(1))).toBe('packet-malformed')
  expect(await refusal(body.slice(0, 6))).toBe('packet-malformed')
})

test('wrong first octets of the digest, which nothing else covers, are refused', async () => {
  const other = body.slice()
  other[hashedLength + 4] = (other[hashedLength + 4] ?? 0) ^ 1
  expect(await refusal(other)).toBe('signature-wrong')
})

test('a broken or doubled subpacket is refused', async () => {
  const broken = body.slice()
  broken[8] = 60
  expect(await refusal(broken)).toBe('packet-malformed')
  const area = body.slice(8, hashedLength)
  const doubled = concat(area, area.slice(0, 6))
  expect(await refusal(body.slice(0, 4), uint32(doubled.length), doubled, body.slice(hashedLength))).toBe(
    'packet-malformed',
  )
  const untimed = area.slice(6)
  expect(await refusal(body.slice(0, 4), uint32(untimed.length), untimed, body.slice(hashedLength))).toBe(
    'packet-malformed',
  )
})

test('a valid signature that says more, in a notation, is refused', async () => {
  const open = (half: ReturnType<typeof random>) => concat(new Uint8Array([0]), half)
  const { seed, scalar } = anna.halves
  const signature = await openpgp.sign({
    message: await openpgp.createMessage({ binary: signedBytesOf('statement', text) }),
    signingKeys: await openpgp.readPrivateKey({ binaryKey: writeSecretKey(anna.publicKey, open(seed), open(scalar)) }),
    signatureNotations: [{ name: 'x@example.org', value: new Uint8Array([1]), humanReadable: false, critical: false }],
    detached: true,
    date: new Date(Date.parse(noon)),
    format: 'binary',
  })
  const bodies = readPackets(new Uint8Array(signature), [tags.signature])
  if (!bodies.ok) throw new Error(bodies.error)
  expect(await refusal(bodies.value[0] ?? random(0))).toBe('packet-malformed')
})
