// What a refusal means and what to do next, by the problem's name.
import type { Messages } from '../sv.ts'

export const problems: Messages['problems'] = {
  server: {
    'malformed-request': {
      what: 'The server did not understand the request.',
      next: 'Reload the page. Contact your system administrator if it happens again.',
    },
    'not-signed-in': {
      what: 'You are signed out.',
      next: 'Sign in again. Messages and consents that you have begun are kept as drafts.',
    },
    'cross-site-request': { what: 'The request did not come from Sluss.', next: 'Close the tab and open Sluss anew.' },
    'scope-ended': {
      what: 'Your authority no longer has access here.',
      next: 'Ask your head of unit if you need it for your task.',
    },
    'assignment-ended': {
      what: 'Your assignment in the case has ended.',
      next: 'Ask the person who assigns cases in your unit.',
    },
    'role-missing': {
      what: 'Your role does not allow this.',
      next: 'Ask your head of unit or the system administrator.',
    },
    'key-not-certified': { what: 'Your key is not certified.', next: 'Contact a key custodian of your authority.' },
    'not-found': {
      what: 'This does not exist, or not for you.',
      next: 'Check the address. Ask the person who assigns cases if you expected to see it.',
    },
    'method-not-allowed': { what: 'That cannot be done here.', next: 'Reload the page.' },
    'ledger-moved-on': { what: 'The case changed while you worked.', next: 'See how it stands now and try again.' },
    'already-exists': { what: 'It is registered already.', next: 'Reload the page and check.' },
    'key-stale': { what: 'The key has been replaced.', next: 'Try again. The new key will be used.' },
    'seals-differ': { what: 'The readers changed while you wrote.', next: 'See who reads now and send again.' },
    'too-large': { what: 'The text is too long.', next: 'Divide it into several messages.' },
    'statement-refused': {
      what: 'The decision was not accepted.',
      next: 'Check the details. Contact your system administrator if it happens again.',
    },
    'message-refused': { what: 'The message was not accepted.', next: 'The text is kept as a draft. Try again.' },
    'clock-apart': {
      what: 'The clock of your computer or telephone is wrong.',
      next: 'Set the clock and try again. Sluss accepts two minutes at most.',
    },
    'too-many-requests': { what: 'Too many attempts in a short time.', next: 'Wait a minute and try again.' },
    'internal-error': {
      what: 'Something went wrong.',
      next: 'Try again. Contact your system administrator if it happens again.',
    },
    unavailable: {
      what: 'Sluss is not available at the moment.',
      next: 'Try again in a while. Messages and consents that you have begun are kept as drafts.',
    },
  },
  client: {
    offline: {
      what: 'No contact with the server.',
      next: 'Check the network and try again. Messages and consents that you have begun are kept as drafts.',
    },
    locked: { what: 'Sluss is locked.', next: 'Unlock with your passphrase.' },
    'passphrase-wrong': {
      what: 'The passphrase is not right.',
      next: 'Check the spelling and the order of the six words.',
    },
    'passphrase-weak': { what: 'The passphrase is too weak.', next: 'Use the six words that Sluss proposes.' },
    'key-missing': {
      what: 'Your computer or telephone lacks a key that is needed here.',
      next: 'Ask a colleague to open the case in Sluss. Then you get the key.',
    },
    'no-writing-role': {
      what: 'Your role does not write in cases.',
      next: 'Ask your head of unit if you need to write.',
    },
    'not-found-here': { what: 'This does not exist in the case.', next: 'Reload the case and check.' },
    'root-differs': {
      what: 'The server shows another root key than the one installed.',
      next: 'Write nothing here. Contact the security officer.',
    },
    'not-an-answer': {
      what: 'The server gave an answer that Sluss does not know.',
      next: 'Reload the page. Contact your system administrator if it happens again.',
    },
    'readers-grew': {
      what: 'More people read now than when you wrote.',
      next: 'See who reads and send again if that is right.',
    },
    'worker-failed': {
      what: 'The part of Sluss that encrypts has stopped.',
      next: 'Reload the page and unlock again.',
    },
    'root-missing': {
      what: 'Sluss is not fully installed here.',
      next: 'Contact your system administrator: the fingerprint of the root key is missing.',
    },
    'chain-refused': {
      what: 'The signatures in the case cannot be trusted.',
      next: 'Write nothing here. Contact the security officer.',
    },
  },
  refusedWord: (reason) => `Error code: ${reason}`,
}
