// Messages: accepted when all is in order, refused for each single thing that is not (protocol.md §§ 6, 11).
import { instant } from '#libs/domain'
import type { CaseKey, MessageExpectations, ReceivedMessage } from './index.ts'
import { caseKey, checkCiphertext, checkSeal, createStaffKey, openMessage, sealLate } from './index.ts'
import { concat } from './bytes.ts'
import { literal, onePass } from './literal.ts'
import { fitsMessage, longestBodyBytes, messageCommit, paddedBytes, sealKeyOf, writeSeal } from './message-form.ts'
import { packet, readPackets, tags } from './packets.ts'
import { gcmBox } from './primitives.ts'
import { encryptPacket } from './seipd.ts'
import { sign, signatureTypes } from './signatures.ts'
import type { Given } from './spec/given.ts'
import {
  aMessage,
  altered,
  asServed,
  epochId,
  expecting,
  flowId,
  made,
  messageId,
  noon,
  otherCompartment,
  otherThread,
  random,
  read,
  thread,
  user,
  written,
} from './spec/given.ts'

let given: Given
beforeAll(async () => {
  given = await aMessage()
})

const opens = (message: ReceivedMessage, key: CaseKey, changes: Partial<MessageExpectations> = {}) =>
  openMessage(message, key, expecting(given, changes))

const served = () => asServed(given.sealed, epochId)

describe('in order', () => {
  test('a colleague opens it by the epoch and sees who could read', async () => {
    const opened = await opens(served(), given.epoch)
    expect(opened).toMatchObject({
      ok: true,
      value: {
        body: given.input.body,
        author: user(1),
        seen: given.input.epoch.seen,
        recipients: given.input.recipients,
      },
    })
  })

  test('a recipient opens it by the flow key and does not see the list', async () => {
    const opened = await opens(asServed(given.sealed, flowId), given.flow, { speakers: [user(1)] })
    expect(opened).toMatchObject({ ok: true, value: { body: given.input.body, recipients: null } })
  })

  test('a seal added later opens it when its seals.added lists it', async () => {
    const { message, flow, list } = await aLateSeal()
    const opened = await opens(message, flow, { late: { n: 7, list } })
    expect(opened).toMatchObject({ ok: true, value: { body: given.input.body, seen: null } })
  })

  test('two short texts have ciphertexts of one length', async () => {
    const short = await aMessage({ body: { kind: 'text', title: null, text: 'ja' } })
    expect(short.sealed.ciphertext).toHaveLength(given.sealed.ciphertext.length)
  })

  test('the number of parts shown does not tell how many can read', async () => {
    const alone = await aMessage({ flows: [], recipients: [] })
    expect(alone.sealed.ciphertext).toHaveLength(given.sealed.ciphertext.length)
  })

  test('the longest text fits the wire, and a longer one is not sealed', async () => {
    const room = longestBodyBytes - JSON.stringify({ kind: 'text', text: '', title: null }).length
    const body = { kind: 'text' as const, title: null, text: '"'.repeat(room / 2) }
    expect(fitsMessage(body)).toBe(true)
    expect(fitsMessage({ ...body, text: `${body.text}"` })).toBe(false)
    expect(fitsMessage({ ...body, text: 'å'.repeat(room / 2 + 1) })).toBe(false)
    const long = await aMessage({ body })
    expect(read(long.sealed.ciphertext).length).toBeLessThanOrEqual(262_144)
    expect((await openMessage(asServed(long.sealed, epochId), long.epoch, expecting(long))).ok).toBe(true)
  })

  test('the server finds the form of ciphertext and seals right', async () => {
    expect(checkCiphertext(given.sealed.ciphertext).ok).toBe(true)
    for (const seal of given.sealed.seals) expect(checkSeal(seal.bytes)).toEqual({ ok: true, value: 'seal' })
    expect(checkSeal((await aLateSeal()).message.seal.bytes)).toEqual({ ok: true, value: 'late' })
    expect(checkSeal(written(random(100)))).toEqual({ ok: false, error: 'packet-malformed' })
  })

  test('a seal costs about a hundred bytes for each authority', () => {
    expect(read(given.sealed.seals[1]?.bytes ?? '')).toHaveLength(113)
  })
})

async function aLateSeal() {
  const flow = await caseKey(flowId, random(32))
  const opened = await opens(served(), given.epoch)
  if (!opened.ok) throw new Error(opened.error)
  const { messageKey, ciphertextHash, id } = opened.value
  const seal = await sealLate({ id, messageKey, n: 7, flow, random })
  const message: ReceivedMessage = { ...served(), seal: { ...seal, seq: 1, late: true } }
  return { message, flow, list: [{ id, ciphertext: ciphertextHash }] }
}

describe('refused', () => {
  const refusal = async (
    message: ReceivedMessage,
    changes: Partial<MessageExpectations> = {},
    key: CaseKey = given.epoch,
  ): Promise<string> => {
    const opened = await opens(message, key, changes)
    return opened.ok ? 'opened' : opened.error
  }

  test('altered ciphertext', async () => {
    for (const at of [0.2, 0.5, 0.999])
      expect(await refusal({ ...served(), ciphertext: altered(served().ciphertext, at) })).toBe('ciphertext-altered')
  })

  test('cut ciphertext', async () => {
    const bytes = read(served().ciphertext)
    expect(await refusal({ ...served(), ciphertext: written(bytes.slice(0, -1)) })).toBe('packet-malformed')
  })

  test('a packet after the ciphertext', async () => {
    const trailing = concat(read(served().ciphertext), packet(tags.literal, new Uint8Array(8)))
    expect(await refusal({ ...served(), ciphertext: written(trailing) })).toBe('packet-trailing')
  })

  const encryptedBody = () => {
    const bodies = readPackets(read(served().ciphertext), [tags.seipd])
    if (!bodies.ok) throw new Error(bodies.error)
    return (bodies.value[0] ?? random(0)).slice()
  }

  test('SEIPD version 1', async () => {
    const body = encryptedBody()
    body[0] = 1
    expect(await refusal({ ...served(), ciphertext: written(packet(tags.seipd, body)) })).toBe('seipd-version')
  })

  test('another cipher or mode', async () => {
    for (const [place, value] of [
      [1, 7],
      [2, 2],
    ] as const) {
      const body = encryptedBody()
      body[place] = value
      expect(await refusal({ ...served(), ciphertext: written(packet(tags.seipd, body)) })).toBe('cipher-not-allowed')
    }
  })

  test('chunks of another size', async () => {
    const body = encryptedBody()
    body[3] = 10
    expect(await refusal({ ...served(), ciphertext: written(packet(tags.seipd, body)) })).toBe('packet-malformed')
    expect(await refusal({ ...served(), ciphertext: written(packet(tags.seipd, body.slice(0, 60))) })).toBe(
      'packet-malformed',
    )
  })

  test('a one-pass packet that announces another signature', async () => {
    const message = await forgedInside((parts) => [onePass(random(32), parts.issuer), parts.literal, parts.signature])
    expect(await refusal(message)).toBe('packet-malformed')
  })

  test('an altered seal', async () => {
    const message = served()
    const seal = { ...message.seal, bytes: altered(message.seal.bytes) }
    expect(await refusal({ ...message, seal })).toBe('seal-does-not-open')
    expect(await refusal({ ...message, seal: { ...seal, bytes: 'åäö' } })).toBe('seal-does-not-open')
  })

  test('a seal opened by another key', async () => {
    expect(await refusal({ ...served(), seal: { ...served().seal, key: flowId } }, {}, given.flow)).toBe(
      'seal-does-not-open',
    )
  })

  test('a seal that was made for another message', async () => {
    expect(await refusal({ ...served(), id: messageId(2) })).toBe('seal-does-not-open')
  })

  test('moved to another thread', async () => {
    expect(await refusal(served(), { thread: otherThread })).toBe('message-elsewhere')
    expect(await refusal({ ...served(), thread: otherThread }, { thread: otherThread })).toBe('header-differs')
  })

  test('moved to another compartment', async () => {
    expect(await refusal(served(), { compartment: otherCompartment })).toBe('message-elsewhere')
    const moved = { ...served(), compartment: otherCompartment }
    expect(await refusal(moved, { compartment: otherCompartment })).toBe('header-differs')
  })

  test('an outer time that is not the signed one', async () => {
    expect(await refusal({ ...served(), at: instant('2026-02-01T12:01Z') })).toBe('header-differs')
  })

  test('an outer author who did not sign', async () => {
    const claimed = { ...served(), author: user(2) }
    expect(await refusal(claimed, { writers: [user(2)], author: given.erik.public })).toBe('signature-issuer')
    expect(await refusal(claimed, { writers: [user(2)] })).toBe('header-differs')
  })

  test('another commitment outside', async () => {
    const commit = await messageCommit(random(32), messageId(1))
    expect(await refusal({ ...served(), commit })).toBe('commit-differs')
  })

  test('another plaintext for another reader: her seal holds another message key', async () => {
    const other = await aMessage({ body: { kind: 'text', title: null, text: 'något annat' } }, 'other')
    const seal = asServed(other.sealed, flowId).seal
    expect(await refusal({ ...asServed(given.sealed, flowId), seal }, {}, given.flow)).toBe('commit-differs')
  })

  test('a repeated id', async () => {
    expect(await refusal(served(), { known: (id) => id === messageId(1) })).toBe('message-repeated')
  })

  test('an author without a certified key', async () => {
    expect(await refusal(served(), { author: null })).toBe('author-not-certified')
  })

  test('an author with a key that she made herself', async () => {
    const own = await createStaffKey({ random, at: made })
    expect(await refusal(served(), { author: own.key.public })).toBe('signature-issuer')
  })

  test('an author who may not write under the key', async () => {
    expect(await refusal(served(), { writers: [user(2)] })).toBe('author-not-writer')
  })

  test('an author who does not speak on the strand', async () => {
    expect(await refusal(asServed(given.sealed, flowId), { speakers: [user(2)] }, given.flow)).toBe(
      'author-not-speaker',
    )
  })

  test('content at or after the end of the key', async () => {
    expect(await refusal(served(), { until: noon })).toBe('content-after-until')
  })

  test('content beyond the final list of a closed key', async () => {
    const closed = { context: otherThread, count: 0, hash: given.input.epoch.seen.h }
    expect(await refusal(served(), { closed })).toBe('content-after-closes')
    expect(await refusal(served(), { closed: { ...closed, count: 1 } })).toBe('opened')
  })

  test('a seal whose order the author did not sign', async () => {
    const claimed = { n: 5, h: given.input.epoch.seen.h }
    expect(await refusal(await withSeen(given.input.epoch.seen))).toBe('part-missing') // another salt
    expect(await refusal(await withSeen(claimed))).toBe('part-missing')
  })

  test('two signatures', async () => {
    const message = await forgedInside((parts) => [
      onePass(parts.salt, parts.issuer),
      parts.literal,
      parts.signature,
      parts.signature,
    ])
    expect(await refusal(message)).toBe('signature-count')
  })

  test('no signature', async () => {
    expect(await refusal(await forgedInside((parts) => [parts.literal]))).toBe('signature-count')
  })

  test('a packet between data and signature', async () => {
    const message = await forgedInside((parts) => [
      onePass(parts.salt, parts.issuer),
      parts.literal,
      parts.literal,
      parts.signature,
    ])
    expect(await refusal(message)).toBe('packet-unexpected')
  })

  test('a text signature', async () => {
    const message = await forgedInside((parts) => {
      const body = parts.signature.slice(2 + (parts.signature.length > 193 ? 1 : 0))
      body[1] = 1
      return [onePass(parts.salt, parts.issuer), parts.literal, packet(tags.signature, body)]
    })
    expect(await refusal(message)).toBe('signature-not-binary')
  })

  test('a version 4 signature', async () => {
    const message = await forgedInside((parts) => {
      const body = parts.signature.slice(2)
      body[0] = 4
      return [onePass(parts.salt, parts.issuer), parts.literal, packet(tags.signature, body)]
    })
    expect(await refusal(message)).toBe('signature-version')
  })

  test('text whose signature is over something else', async () => {
    const message = await forgedInside((parts) => {
      const other = parts.literal.slice()
      other[other.length - 3] = 0x31
      return [onePass(parts.salt, parts.issuer), other, parts.signature]
    })
    expect(await refusal(message)).toBe('signature-wrong')
  })

  test('a statement passed off as a message', async () => {
    const message = await forgedInside(
      (parts) => [onePass(parts.salt, parts.issuer), parts.literal, parts.signature],
      'kind',
    )
    expect(await refusal(message)).toBe('kind-differs')
  })

  test('a signature made in another minute than the header names', async () => {
    const message = await forgedInside(
      (parts) => [onePass(parts.salt, parts.issuer), parts.literal, parts.signature],
      'time',
    )
    expect(await refusal(message)).toBe('header-differs')
  })

  test('a header that names another minute than its signature and the server do', async () => {
    const message = await forgedInside(
      (parts) => [onePass(parts.salt, parts.issuer), parts.literal, parts.signature],
      'header',
    )
    expect(await refusal(message)).toBe('header-differs')
  })

  test('a header that names another key than the one that signed', async () => {
    const message = await forgedInside(
      (parts) => [onePass(parts.salt, parts.issuer), parts.literal, parts.signature],
      'key',
    )
    expect(await refusal(message)).toBe('signer-differs')
  })

  test('what is not base64', async () => {
    expect(await refusal({ ...served(), ciphertext: 'åäö' })).toBe('packet-malformed')
  })

  test('a body of a kind that is not known', async () => {
    const message = await forgedInside(
      (parts) => [onePass(parts.salt, parts.issuer), parts.literal, parts.signature],
      'body',
    )
    expect(await refusal(message)).toBe('shape-wrong')
  })

  test('a late seal that no seals.added announces', async () => {
    const { message, flow, list } = await aLateSeal()
    expect(await refusal(message, {}, flow)).toBe('late-not-announced')
    expect(await refusal(message, { late: { n: 8, list } }, flow)).toBe('late-not-announced')
    expect(await refusal({ ...message, seal: { ...message.seal, late: false } }, {}, flow)).toBe('late-not-announced')
  })

  test('an ordinary seal that the server calls late, to get round a closed list', async () => {
    const closed = { context: thread, count: 0, hash: given.input.epoch.seen.h }
    const message = { ...served(), seal: { ...served().seal, late: true } }
    expect(await refusal(message, { closed })).toBe('late-not-announced')
  })

  test('a late seal that its seals.added does not list', async () => {
    const { message, flow } = await aLateSeal()
    expect(await refusal(message, { late: { n: 7, list: [] } }, flow)).toBe('late-not-listed')
  })
})

type Parts = {
  readonly salt: ReturnType<typeof random>
  readonly issuer: Given['anna']['public']['signing']
  readonly literal: ReturnType<typeof random>
  readonly signature: ReturnType<typeof random>
}

/** A message by Anna whose inside is put together otherwise: what a client of hers that lies could send. */
async function forgedInside(
  arrange: (parts: Parts) => readonly Parts['literal'][],
  lie: 'none' | 'kind' | 'body' | 'time' | 'header' | 'key' = 'none',
) {
  const opened = await openMessage(served(), given.epoch, expecting(given))
  if (!opened.ok) throw new Error(opened.error)
  const { anna, erik } = given
  const header = {
    v: 1 as const,
    id: messageId(1),
    compartment: given.input.compartment,
    context: given.input.thread,
    author: user(1),
    key: lie === 'key' ? erik.public.signing : anna.public.signing,
    at: lie === 'header' ? made : noon,
    commit: given.sealed.commit,
    parts: [],
  }
  const honest = paddedBytes(header, given.input.body)
  const text = new TextDecoder().decode(honest)
  const lies = {
    none: text,
    time: text,
    header: text,
    key: text,
    kind: text.replace('/message', '/minutes'),
    body: text.replace('"kind":"text"', '"kind":"tegt"'),
  }
  const data = new TextEncoder().encode(lies[lie])
  const issuer = anna.public.signing
  const signature = await sign({
    type: signatureTypes.binary,
    data,
    at: lie === 'time' ? made : noon,
    issuer,
    signer: anna.signer,
    random,
  })
  const parts = { salt: signature.salt, issuer, literal: literal(data), signature: signature.packet }
  const ciphertext = written(await encryptPacket(opened.value.messageKey, concat(...arrange(parts)), random))
  return { ...served(), ciphertext }
}

/** The given message with an epoch seal that says something else of what its author had seen. */
async function withSeen(seen: Given['input']['epoch']['seen']): Promise<ReceivedMessage> {
  const opened = await openMessage(served(), given.epoch, expecting(given))
  if (!opened.ok) throw new Error(opened.error)
  const { messageKey } = opened.value
  const key = await sealKeyOf(given.epoch.hkdf, epochId, messageId(1))
  const content = { kind: 'epoch' as const, messageKey, salt: random(16), seen, recipients: [] }
  const bytes = written(await gcmBox(key, random(12), writeSeal(content)))
  return { ...served(), seal: { ...served().seal, bytes } }
}
