// Words for people: passphrases to write down, fingerprints to compare by telephone, and the label that ties a name to a key.
import type { Fingerprint, Hash } from '#libs/domain'
import type { Bytes, Random } from './bytes.ts'
import { concat, unbase64, unhex, utf8 } from './bytes.ts'
import { hashOfBytes, jcs } from './primitives.ts'
import { firstWords, secondWords } from './words-sv.ts'

/** Six compounds for 9 bytes: 72 bits, six at a time, the first list for the higher half of each twelve. */
function wordsOf(bytes: Bytes): readonly string[] {
  const sixes: number[] = []
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 6) {
      bits -= 6
      sixes.push((held >> bits) & 63)
    }
    held &= 63
  }
  return Array.from({ length: 6 }, (_, i) => `${firstWords[sixes[2 * i] ?? 0]}${secondWords[sixes[2 * i + 1] ?? 0]}`)
}

/** Six words over the first 72 bits of a fingerprint or a statement's hash (protocol.md §§ 3, 7). */
export const sixWords = (hex: Fingerprint | Hash): readonly string[] => wordsOf(unhex(hex.slice(0, 18)))

/** A passphrase of six words, 72 bits; shown once, to be written down. */
export const proposePassphrase = (random: Random): string => wordsOf(random(9)).join(' ')

/** SHA-256(salt ‖ JCS({name, title})): what `key.certified` says of a person without naming her. The salt is base64. */
export function labelOf(salt: string, person: { readonly name: string; readonly title: string }): Promise<Hash> {
  const bytes = unbase64(salt)
  if (bytes === null) throw new Error('the salt is base64')
  return hashOfBytes(concat(bytes, utf8(jcs({ name: person.name, title: person.title }))))
}

/** The least that an own passphrase has to be worth (protocol.md § 3). */
export const leastPassphraseBits = 70

const wordBits = 12
const generated: ReadonlySet<string> = new Set(
  firstWords.flatMap((first) => secondWords.map((second) => first + second)),
)

/**
 * What somebody who knows how people choose would have to try at least, in bits. A word is worth what one of our 4,096 is, a short
 * one two bits a letter, as ordinary language is; digits in a row no more than a year, and what is repeated nothing
 * (but a generated word may come twice by chance). So a sentence
 * has to be long, six generated words are enough, and so are some twenty random characters.
 */
export function passphraseBits(passphrase: string): number {
  const runs =
    passphrase
      .normalize('NFC')
      .toLowerCase()
      .match(/\p{L}+|\p{N}+|[^\p{L}\p{N}\s]+/gu) ?? []
  return [...new Set(runs)].reduce((bits, run) => {
    const times = generated.has(run) ? Math.min(runs.filter((one) => one === run).length, 2) : 1
    return bits + times * bitsOf(run)
  }, 0)
}

function bitsOf(run: string): number {
  const { length } = run
  if (generated.has(run)) return wordBits
  if (/\p{N}/u.test(run)) return Math.min(3.3 * length, 10)
  if (!/\p{L}/u.test(run)) return Math.min(4 * length, 8)
  return length < 3 ? 5 * length : Math.min(2 * length, wordBits)
}
