// Texts of the frame around every page.
import type { Messages } from '../sv.ts'

export const shell: Messages['shell'] = {
  product: 'Sluss',
  skip: 'Skip to content',
  navigation: 'Main menu',
  cases: 'My cases',
  keys: 'Keys',
  settings: 'Settings',
  lock: 'Lock',
  emergency: 'Emergency',
  emergencyNow: 'Danger to life? Call 112',
  emergencyPolice: 'Police, otherwise: 114\u00a014',
  back: (to) => `Back to ${to}`,
  notFound: {
    heading: 'There is no such page',
    text: 'Check the address, or start again from your cases.',
    to: 'To my cases',
  },
  crashed: {
    heading: 'Something went wrong',
    text: 'Reload the page. Messages and consents that you have begun are kept as drafts. Contact your system administrator if it happens again.',
    reload: 'Reload',
  },
  disconnected: 'No contact with the server. The page updates when the contact is back.',
  upkeepRefused:
    'Sluss could not finish what others need in order to read. You can go on working. Open the case again in a while. If this comes back, tell your system administrator.',
  consentEnded: {
    withdrawn: (at: string) => `A consent was withdrawn (${at}).`,
    narrowed: (at: string) => `A consent was narrowed (${at}).`,
  },
  seeShared: 'See what is shared now',
  accessEnded:
    'You no longer have access to everything in the case. A consent or an assignment has been narrowed or has ended. Ask whoever assigns cases at your unit if you need to read more.',
  dismiss: 'Close the message',
  idleSoon: (seconds) =>
    `Sluss locks in ${seconds} seconds. Messages and consents that you have begun are saved as drafts.`,
  idleStay: 'Keep working',
  printed: (name, at) =>
    `Printed from Sluss by ${name}, ${at}. The contents are covered by secrecy. Keep the paper locked away and destroy it when you no longer need it.`,
  retry: 'Try again',
  cancel: 'Cancel',
  next: 'Next',
  previous: 'Previous',
  more: 'Show more',
  dayHalf: 'Fill in the whole date',
  chosen: 'Choose …',
  errorsHeading: (n) => (n === 1 ? 'Correct one thing' : `Correct ${n} things`),
  step: (n, of) => `Step ${n} of ${of}`,
  pseudonym: (id) => `Unknown name (${id.slice(0, 8)})`,
  you: 'you',
  working: 'Working …',
}
