// Packets: one spelling of each (RFC 9580 § 4.2; protocol.md §§ 2, 11).
import { concat, uint32 } from './bytes.ts'
import { packet, readPackets, tags } from './packets.ts'
import { random } from './spec/given.ts'

const refusal = (bytes: ReturnType<typeof random>, expected = [tags.literal] as const): string => {
  const read = readPackets(bytes, expected)
  return read.ok ? 'read' : read.error
}
const head = (...octets: readonly number[]) => new Uint8Array(octets)
const literalHead = 0xc0 | tags.literal

test('bodies of every length class are read as they were written', () => {
  for (const length of [0, 1, 191, 192, 8383, 8384, 70_000]) {
    const body = random(Math.min(length, 60_000))
    const read = readPackets(packet(tags.literal, body), [tags.literal])
    expect(read).toEqual({ ok: true, value: [body] })
  }
})

test('the old format is refused', () => {
  expect(refusal(concat(head(0x80 | (tags.literal << 2), 3), random(3)))).toBe('packet-malformed')
})

test('a longer spelling of a length is refused', () => {
  expect(refusal(concat(head(literalHead, 255), uint32(3), random(3)))).toBe('packet-malformed')
})

test('partial lengths are refused', () => {
  expect(refusal(concat(head(literalHead, 0xe1), random(2), head(0)))).toBe('packet-malformed')
})

test('cut packets are refused', () => {
  for (const bytes of [
    head(),
    head(literalHead),
    head(literalHead, 192),
    head(literalHead, 255, 0, 0),
    head(literalHead, 4, 1),
  ])
    expect(refusal(bytes)).toBe('packet-malformed')
})

test('another packet, and one too many, are refused', () => {
  expect(refusal(packet(tags.signature, random(4)))).toBe('packet-unexpected')
  expect(refusal(concat(packet(tags.literal, random(4)), head(0)))).toBe('packet-trailing')
})
