// The words of a consent beside what was signed of them.
import type { RegistrationId, Verified } from '#libs/domain'
import { id, instant } from '#libs/domain'
import type { ConsentBody } from '#libs/protocol'
import { hashesOfWords } from '#libs/protocol'
import { heldAgainst, threadsOfWords } from './consent-words.ts'

const words: ConsentBody = {
  kind: 'consent',
  registration: id<RegistrationId>('00000000-0000-0000-0000-000000000001'),
  text: {
    agreed: 'Hot och planering, med polisen.',
    language: 'Svenska',
    interpreter: null,
    information: 'Blad 3',
    witness: null,
    givers: ['individual'],
    givenAt: instant('2026-05-25T22:00Z'),
  },
  textSalt: '0123456789abcdef0123456789abcdef',
  evidence: 'Pärm 3',
  evidenceSalt: 'fedcba9876543210fedcba9876543210',
}

test('what was signed agrees, with and without a paper', async () => {
  expect(await heldAgainst(words, await hashesOfWords(words))).toEqual({
    state: 'agrees',
    text: words.text,
    evidence: 'Pärm 3',
  })
  const bare = { ...words, evidence: null }
  expect((await heldAgainst(bare, await hashesOfWords(bare))).state).toBe('agrees')
})

test.each([
  ['another sentence', { text: { ...words.text, agreed: 'Allt, med alla.' } }],
  ['another version of the information', { text: { ...words.text, information: 'Blad 4' } }],
  ['another giver', { text: { ...words.text, givers: ['guardian'] } }],
  ['another day', { text: { ...words.text, givenAt: instant('2026-05-26T22:00Z') } }],
  ['another paper', { evidence: 'Pärm 4' }],
  ['a paper taken away', { evidence: null }],
  ['another salt', { textSalt: words.evidenceSalt }],
] as const)('%s differs, and is shown as differing', async (_, change) => {
  const altered = { ...words, ...change }
  const shown = await heldAgainst(altered, await hashesOfWords(words))
  expect(shown).toEqual({ state: 'differs', text: altered.text, evidence: altered.evidence })
})

test('words that agree with their hash and not with the giver and the day of the registration differ too', async () => {
  const signed = await hashesOfWords(words)
  const { givers, givenAt } = words.text
  expect((await heldAgainst(words, { ...signed, givers, givenAt })).state).toBe('agrees')
  expect((await heldAgainst(words, { ...signed, givers: ['guardian'], givenAt })).state).toBe('differs')
  const day = instant('2026-05-26T22:00Z')
  expect((await heldAgainst(words, { ...signed, givers, givenAt: day })).state).toBe('differs')
})

test('the hashes tell the same words apart from one registration to the next', async () => {
  const other = await hashesOfWords({ ...words, textSalt: words.evidenceSalt, evidenceSalt: words.textSalt })
  const { text, evidence } = await hashesOfWords(words)
  expect([other.text, other.evidence]).not.toEqual([text, evidence])
  expect(other.text).not.toBe(text)
})

test('what is hidden among threads is what signed statements name, registered here or shared, and nothing else', () => {
  const other = '00000000-0000-0000-0000-000000000002'
  const saying = (type: string, body: object): Verified => ({ statement: { type, body } }) as unknown as Verified // type and body are all that is read
  const statements = [
    saying('consent.registered', { registration: words.registration }),
    saying('consent.shared', { registration: other }),
    saying('grant.opened', { restsOn: ['00000000-0000-0000-0000-000000000003'] }),
  ]
  expect([...threadsOfWords(statements)]).toEqual([words.registration, other])
  expect([...threadsOfWords([])]).toEqual([])
})
