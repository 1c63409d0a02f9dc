// Making a key, waiting for its certification, unlocking, and the custodian's page.
import { pageTexts } from '../page-states.ts'
import type { Messages } from '../sv.ts'

export const keys: Messages['keys'] = {
  setUp: {
    heading: 'Make your key',
    why: 'What you write is encrypted with a key of your own. It is protected by a passphrase that only you know. Nobody else can find it for you.',
    ended:
      'Your former key has ended. Make a new one. A colleague has to open Sluss before you can read what was written earlier.',
    show: 'Show my passphrase',
    phraseHeading: 'Write down your six words',
    phraseOnce: 'The words are shown only now. Write them on paper, in order, and keep the paper locked away.',
    written: 'I have written down the words',
    confirmHeading: 'Check the words',
    confirmWhy: 'Type two of the words, so that we know you have them.',
    word: (n) => `Word ${n}`,
    wordWrong: (n) => `Word ${n} is not right. Look at the paper.`,
    seeAgain: 'Show the words again',
    create: 'Make the key',
    creating: 'Making the key. It takes a few seconds …',
  },
  waiting: {
    heading: 'The key waits for its certification',
    why: 'A key custodian of your authority certifies that the key is yours. Call them and read out the words.',
    words: 'Read out these words',
    then: 'The page goes on by itself when the key is certified.',
    check: 'Check now',
    still: 'The key is not certified yet.',
  },
  unlock: {
    heading: 'Unlock',
    why: (name) => `Hello ${name}. Type your passphrase to open your cases.`,
    phrase: 'Passphrase',
    hint: 'Six words with spaces between',
    missing: 'Type your passphrase',
    submit: 'Unlock',
    unlocking: 'Unlocking …',
    lost: 'Have you lost the passphrase?',
    lostText:
      'It cannot be found again. Ask a key custodian to end your key, then make a new one. A colleague’s Sluss then gives you access to what is written already.',
    signOut: 'Sign out',
  },
  wordsLabel: 'Six words',
  custodian: {
    heading: 'Keys',
    lead: 'You certify that a key belongs to the right person. Call the person on a number you already have. Let the person read out the six words.',
    pending: 'Waiting for certification',
    nonePending: 'No key is waiting at the moment.',
    created: (at) => `Made ${at}`,
    sees: 'The person should read out:',
    agreed: 'I have called the person and the words agreed, in order',
    agreedMissing: 'Confirm that the words agreed before you certify.',
    certify: 'Certify the key',
    certified: (name) => `The key of ${name} is certified.`,
    notYourself: 'You cannot certify your own key.',
    differ: 'Do the words differ? Do not certify. Contact the security officer.',
    standing: 'Certified keys',
    noneStanding: 'No key is certified yet.',
    end: 'End the key',
    endFor: (name) => `End the key of ${name}`,
    endWhy:
      'The person can no longer read or write. What has been read cannot be taken back. Colleagues change keys in the cases before they next write.',
    reason: 'Why?',
    reasons: {
      left: 'The person has left or changed post',
      lost: 'The passphrase is lost',
      compromised: 'Somebody else may have got the key',
    },
    ended: (name) => `The key of ${name} has ended.`,
    states: pageTexts({
      loading: 'Fetching keys …',
      empty: {
        heading: 'Nothing to do',
        next: 'New keys are shown here when somebody in your authority has made one.',
      },
      failed: 'The keys could not be fetched.',
      notPermitted: 'Only key custodians see this page. Ask your system administrator who that is.',
      locked: 'Sluss is locked. Unlock to certify keys.',
    }),
  },
}
