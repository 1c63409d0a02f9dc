// The vectors in ../vectors: made again from their seeds and equal, byte by byte. `UPDATE_VECTORS=1` writes them anew.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  commitOf,
  createReception,
  listHash,
  lockPrivateKey,
  openMessage,
  sealFlowKeyUnderEpoch,
  sealLate,
  sealTitle,
  signCursor,
  signStatement,
  sixWords,
  StreamVerifier,
  unlockPrivateKey,
  wrapSecret,
} from './index.ts'
import { base64, hex } from './bytes.ts'
import {
  aMessage,
  asServed,
  aStaffKey,
  authority,
  compartment,
  epochId,
  expecting,
  flowId,
  made,
  messageId,
  noon,
  seeded,
  theCase,
  thread,
  user,
  uuid,
} from './spec/given.ts'

const folder = join(process.cwd(), 'libs/protocol/vectors')
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

function compare(name: string, value: unknown): void {
  const file = join(folder, `${name}.json`)
  if (process.env['UPDATE_VECTORS'] === '1') writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)
  expect(plain(value)).toEqual(JSON.parse(readFileSync(file, 'utf8')))
}

test('staff-key', async () => {
  const anna = await aStaffKey('anna')
  compare('staff-key', {
    what: 'A staff key of 2026-01-01T08:00Z: Ed25519 seed and X25519 scalar, certificate, both fingerprints, six words.',
    seed: hex(anna.halves.seed),
    scalar: hex(anna.halves.scalar),
    publicKey: anna.publicKey,
    signing: anna.signing,
    encryption: anna.encryption,
    words: sixWords(anna.signing),
  })
})

test('locked-key', async () => {
  const anna = await aStaffKey('anna')
  const file = join(folder, 'locked-key.json')
  const passphrase = 'björkstig sjöbrygga havrelada ängsgrind vintersol'
  if (process.env['UPDATE_VECTORS'] === '1') {
    const locked = await lockPrivateKey(anna.halves, passphrase)
    const what =
      'The key of staff-key.json under this passphrase (NFC, UTF-8), Argon2id t=3 p=4 64 MiB, usage 253, AES-256-GCM.'
    writeFileSync(file, `${JSON.stringify({ what, passphrase, locked }, null, 2)}\n`)
  }
  const vector = JSON.parse(readFileSync(file, 'utf8')) as { passphrase: string; locked: string }
  expect((await unlockPrivateKey(vector.locked, vector.passphrase, anna)).ok).toBe(true)
}, 30_000)

test('statement', async () => {
  const anna = await aStaffKey('anna')
  const { signed, hash } = await signStatement(
    {
      type: 'compartment.opened',
      place: `ledger/${theCase}/${authority(2)}`,
      n: 0,
      prev: null,
      at: noon,
      by: user(1),
      tenantHeads: {},
      body: { compartment, subject: uuid(0x50) as never, category: 'threat', purpose: 'casework' },
    },
    anna.key,
    seeded('statement'),
  )
  compare('statement', {
    what: 'A statement by the key of staff-key.json: its canonical text, a detached signature packet, SHA-256 of its signed bytes.',
    prefix: 'sluss/v1/statement\n',
    ...signed,
    hash,
  })
})

test('cursor', async () => {
  const anna = await aStaffKey('anna')
  const h = (
    await StreamVerifier.start(await commitOf(seeded('epoch')(32), compartment, epochId), {
      key: epochId,
      context: thread,
    })
  ).head.h
  const cursor = { by: user(1), at: noon, stream: { key: epochId, context: thread }, seq: 0, h }
  compare('cursor', {
    what: 'A cursor by the key of staff-key.json at the start of the stream of message.json.',
    prefix: 'sluss/v1/cursor\n',
    ...(await signCursor(cursor, anna.key, seeded('cursor'))),
  })
})

test('wrap', async () => {
  const anna = await aStaffKey('anna')
  const secret = seeded('epoch')(32)
  const wrap = await wrapSecret({ secret, key: epochId, to: anna.key.public, random: seeded('wrap') })
  compare('wrap', {
    what: 'The content key of message.json for the encryption subkey of staff-key.json: PKESK v6 and a SEIPDv2 packet with the key id.',
    key: epochId,
    of: compartment,
    secret: hex(secret),
    commit: await commitOf(secret, compartment, epochId),
    ...wrap,
  })
})

test('reception', async () => {
  const { publicKey, secret } = await createReception({ random: seeded('reception'), at: made })
  const { epoch, flow } = await aMessage()
  compare('reception', {
    what: 'A reception key: certificate and the scalar of its subkey; and the flow key of message.json sealed under its epoch.',
    publicKey,
    secret: hex(secret),
    flowUnderEpoch: await sealFlowKeyUnderEpoch(flow, epoch, seeded('under')),
  })
})

test('message', async () => {
  const given = await aMessage()
  const opened = await openMessage(asServed(given.sealed, epochId), given.epoch, expecting(given))
  if (!opened.ok) throw new Error(opened.error)
  const { messageKey, ciphertextHash, body, seen } = opened.value
  const verifier = await StreamVerifier.start(await commitOf(given.epoch.secret, compartment, epochId), {
    key: epochId,
    context: thread,
  })
  await verifier.accept(1, ciphertextHash)
  const list = [{ id: messageId(1), ciphertext: ciphertextHash }]
  compare('message', {
    what: 'A message by the key of staff-key.json: sealed under one epoch and one flow key, and later under the same flow key once more.',
    epoch: { key: epochId, secret: hex(given.epoch.secret) },
    flow: { key: flowId, secret: hex(given.flow.secret) },
    sealed: given.sealed,
    messageKey: hex(messageKey),
    body,
    recipients: given.input.recipients,
    seen,
    ciphertextHash,
    after: verifier.head,
    late: {
      n: 7,
      list,
      listHash: await listHash(list),
      seal: await sealLate({ id: messageId(1), messageKey, n: 7, flow: given.flow, random: seeded('late') }),
    },
    title: {
      of: theCase,
      text: 'Höstens ärende',
      bytes: await sealTitle('Höstens ärende', theCase, given.epoch, seeded('title')),
    },
  })
  expect(base64(messageKey)).toHaveLength(44)
})
