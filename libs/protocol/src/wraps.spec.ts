// Wraps: one key for one reader, held against the statement that names it (protocol.md §§ 5, 11).
import type { KeyId } from '#libs/domain'
import { id } from '#libs/domain'
import { concat } from './bytes.ts'
import type { CaseKey, ExpectedKey, NewStaffKey, WrapBytes } from './index.ts'
import {
  caseKey,
  checkEpochSeal,
  checkWrap,
  commitOf,
  openDraft,
  openFlowKeyUnderEpoch,
  openTitle,
  openWrap,
  sealDraft,
  sealFlowKeyUnderEpoch,
  sealTitle,
  wrapSecret,
} from './index.ts'
import { packet, readPackets, tags } from './packets.ts'
import { hashOfBytes } from './primitives.ts'
import {
  altered,
  aStaffKey,
  compartment,
  epochId,
  flowId,
  otherCompartment,
  random,
  read,
  theCase,
  uuid,
  written,
} from './spec/given.ts'

let anna: NewStaffKey
let erik: NewStaffKey
const secret = random(32)
let wrap: WrapBytes
let expected: ExpectedKey
beforeAll(async () => {
  anna = await aStaffKey('anna')
  erik = await aStaffKey('erik')
  wrap = await wrapSecret({ secret, key: epochId, to: anna.key.public, random })
  expected = { key: epochId, wrap: wrap.hash, of: compartment, commit: await commitOf(secret, compartment, epochId) }
})

const opens = async (bytes: string, changes: Partial<ExpectedKey> = {}, by: NewStaffKey = anna): Promise<string> => {
  const opened = await openWrap(bytes, by.key.opener, { ...expected, ...changes })
  return opened.ok ? 'opened' : opened.error
}
const hashed = async (bytes: string) => ({ wrap: await hashOfBytes(read(bytes)) })

test('a wrap in order opens for its reader', async () => {
  const opened = await openWrap(wrap.bytes, anna.key.opener, expected)
  expect(opened.ok && opened.value.secret).toEqual(secret)
  expect(await checkWrap(wrap.bytes, anna)).toEqual({ ok: true, value: wrap.hash })
})

describe('a wrap is refused', () => {
  test('for another reader', async () => {
    expect(await opens(wrap.bytes, {}, erik)).toBe('wrap-for-another')
    expect(await checkWrap(wrap.bytes, erik)).toEqual({ ok: false, error: 'wrap-for-another' })
  })

  test('when relabelled for another reader', async () => {
    const bodies = readPackets(read(wrap.bytes), [tags.pkesk, tags.seipd])
    const other = await wrapSecret({ secret, key: epochId, to: erik.key.public, random })
    const others = readPackets(read(other.bytes), [tags.pkesk, tags.seipd])
    if (!bodies.ok || !others.ok) throw new Error('two packets')
    const [pkesk, encrypted] = bodies.value
    if (!pkesk || !encrypted) throw new Error('two packets')
    const relabelled = pkesk.slice()
    relabelled.set((others.value[0] ?? pkesk).slice(3, 35), 3)
    const bytes = written(concat(packet(tags.pkesk, relabelled), packet(tags.seipd, encrypted)))
    expect(await opens(bytes, await hashed(bytes), erik)).toBe('wrap-does-not-open')
  })

  test('that is not the one which the statement names', async () => {
    const again = await wrapSecret({ secret, key: epochId, to: anna.key.public, random })
    expect(await opens(again.bytes)).toBe('wrap-differs')
  })

  test('when altered', async () => {
    for (const at of [0.2, 0.4, 0.9]) {
      const bytes = altered(wrap.bytes, at)
      expect(['wrap-does-not-open', 'wrap-for-another', 'packet-malformed']).toContain(
        await opens(bytes, await hashed(bytes)),
      )
    }
  })

  test('with an ephemeral point of small order, or that is not base64', async () => {
    const bytes = read(wrap.bytes)
    bytes.fill(0, 2 + 36, 2 + 68)
    expect(await opens(written(bytes), await hashed(written(bytes)))).toBe('wrap-does-not-open')
    expect(await opens('åäö')).toBe('packet-malformed')
  })

  test('with the right key under another id', async () => {
    const key = id<KeyId>(uuid(77))
    expect(await opens(wrap.bytes, { key, commit: await commitOf(secret, compartment, key) })).toBe(
      'wrap-of-another-key',
    )
  })

  test('with another key than was committed to', async () => {
    const other = await wrapSecret({ secret: random(32), key: epochId, to: anna.key.public, random })
    expect(await opens(other.bytes, { wrap: other.hash })).toBe('commit-differs')
  })

  test('with a key that was committed to in another compartment', async () => {
    expect(await opens(wrap.bytes, { of: otherCompartment })).toBe('commit-differs')
  })

  test('as PKESK version 3', async () => {
    const bytes = read(wrap.bytes)
    bytes[2] = 3
    expect(await checkWrap(written(bytes), anna)).toEqual({ ok: false, error: 'pkesk-version' })
  })

  test('that names nobody', async () => {
    const bytes = read(wrap.bytes)
    bytes[3] = 0
    expect(await checkWrap(written(bytes), anna)).toEqual({ ok: false, error: 'packet-malformed' })
  })

  test('with a second reader or anything else behind it', async () => {
    const bytes = written(concat(read(wrap.bytes), read(wrap.bytes)))
    expect(await checkWrap(bytes, anna)).toEqual({ ok: false, error: 'packet-trailing' })
    const two = written(concat(read(wrap.bytes).slice(0, 111), read(wrap.bytes)))
    expect(await checkWrap(two, anna)).toEqual({ ok: false, error: 'packet-unexpected' })
  })
})

describe('a flow key under an epoch', () => {
  let epoch: CaseKey
  let flow: CaseKey
  beforeAll(async () => {
    epoch = await caseKey(epochId, secret)
    flow = await caseKey(flowId, random(32))
  })
  const expectedFlow = async (box: WrapBytes) => ({
    key: flowId,
    wrap: box.hash,
    of: compartment,
    commit: await commitOf(flow.secret, compartment, flowId),
  })

  test('opens for own readers', async () => {
    const box = await sealFlowKeyUnderEpoch(flow, epoch, random)
    const opened = await openFlowKeyUnderEpoch(box.bytes, epoch, await expectedFlow(box))
    expect(opened.ok && opened.value.secret).toEqual(flow.secret)
    expect(await checkEpochSeal(box.bytes)).toEqual({ ok: true, value: box.hash })
  })

  test('is refused under another epoch, altered, under another id, or with another key', async () => {
    const box = await sealFlowKeyUnderEpoch(flow, epoch, random)
    const right = await expectedFlow(box)
    const error = async (bytes: string, by: CaseKey, changes: Partial<typeof right> = {}) => {
      const opened = await openFlowKeyUnderEpoch(bytes, by, { ...right, ...changes })
      return opened.ok ? 'opened' : opened.error
    }
    expect(await error(box.bytes, await caseKey(epochId, random(32)))).toBe('wrap-does-not-open')
    expect(await error(altered(box.bytes), epoch)).toBe('wrap-differs')
    expect(await error(altered(box.bytes), epoch, await hashed(altered(box.bytes)))).toBe('wrap-does-not-open')
    expect(await error(box.bytes, epoch, { key: epochId })).toBe('wrap-does-not-open')
    expect(await error(box.bytes, epoch, { commit: await commitOf(secret, compartment, flowId) })).toBe(
      'commit-differs',
    )
    expect((await checkEpochSeal(wrap.bytes)).ok).toBe(false)
    expect(await error('åäö', epoch)).toBe('packet-malformed')
  })
})

describe('on the device and beside the case', () => {
  test('a draft opens for its author alone', async () => {
    const draft = await sealDraft('Inte klart än: åäö', anna.key, random)
    expect(await openDraft(draft, anna.key)).toEqual({ ok: true, value: 'Inte klart än: åäö' })
    expect(await openDraft(draft, erik.key)).toEqual({ ok: false, error: 'draft-does-not-open' })
    expect(await openDraft(altered(draft), anna.key)).toEqual({ ok: false, error: 'draft-does-not-open' })
  })

  test('a working title opens under its epoch and case alone', async () => {
    const epoch = await caseKey(epochId, secret)
    const title = await sealTitle('Höstens ärende', theCase, epoch, random)
    expect(await openTitle(title, theCase, epoch)).toEqual({ ok: true, value: 'Höstens ärende' })
    const otherCase = id<typeof theCase>(uuid(5))
    expect(await openTitle(title, otherCase, epoch)).toEqual({ ok: false, error: 'title-does-not-open' })
    const otherEpoch = await caseKey(epochId, random(32))
    expect(await openTitle(title, theCase, otherEpoch)).toEqual({ ok: false, error: 'title-does-not-open' })
  })
})
