// The words of a consent: what the person agreed to, how it was given, where the paper is. Content, since it is free text and names
// people; the statements hold to it by two salted hashes (domain.md § 4 rule 2).
import type { Giver, Hash, Instant, RegistrationId } from '#libs/domain'
import { isUuid } from '#libs/domain'
import { concat, unhex, utf8 } from './bytes.ts'
import { hashOfBytes, jcs } from './primitives.ts'
import type { Shape } from './shape.ts'
import { matching, nullable, object, oneOf, set, text } from './shape.ts'
import { at } from './statement-shapes.ts'

export type ConsentText = {
  /** What the person agreed to, as it was put to her. */
  readonly agreed: string
  readonly language: string
  readonly interpreter: string | null
  /** Which version of the information she was given. */
  readonly information: string
  /** Who heard it, where it was given verbally. */
  readonly witness: string | null
}

/**
 * With who gave it, by role, and when: a source that is asked to confirm is told neither by `consent.shared`, and has to see both.
 */
export type WrittenConsent = ConsentText & { readonly givers: readonly Giver[]; readonly givenAt: Instant }

/** Each salt is 16 random octets in hex, kept here beside what it salts: who reads the words can check the hashes, nobody else can. */
export type ConsentBody = {
  readonly kind: 'consent'
  readonly registration: RegistrationId
  readonly text: WrittenConsent
  readonly textSalt: string
  /** Where the paper is kept and who has seen it. */
  readonly evidence: string | null
  readonly evidenceSalt: string
}

const salt = matching((given) => /^[0-9a-f]{32}$/.test(given))
const line = text(300)
const longestWords = 10_000

export const consentBody: Shape<ConsentBody> = object<ConsentBody>({
  kind: oneOf('consent'),
  registration: matching<RegistrationId>(isUuid),
  text: object<WrittenConsent>({
    agreed: text(longestWords),
    language: line,
    interpreter: nullable(line),
    information: line,
    witness: nullable(line),
    givers: set(oneOf('individual', 'guardian', 'social-services-lvu')),
    givenAt: at,
  }),
  textSalt: salt,
  evidence: nullable(text(longestWords)),
  evidenceSalt: salt,
})

/** What `consent.registered` and `consent.shared` name: SHA-256(salt ‖ JCS of the words), and null where there is no evidence. */
export async function hashesOfWords(
  words: Pick<ConsentBody, 'text' | 'textSalt' | 'evidence' | 'evidenceSalt'>,
): Promise<{ readonly text: Hash; readonly evidence: Hash | null }> {
  const { evidence, evidenceSalt, textSalt } = words
  return {
    text: await salted(textSalt, words.text),
    evidence: evidence === null ? null : await salted(evidenceSalt, { evidence }),
  }
}

const salted = (of: string, words: object): Promise<Hash> => hashOfBytes(concat(unhex(of), utf8(jcs(words))))
