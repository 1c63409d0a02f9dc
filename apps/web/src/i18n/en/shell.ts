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
  emergencyNow: 'Danger to life? Call',
  emergencyPolice: 'Police, otherwise:',
  back: (to) => `Back to ${to}`,
  notFound: {
    heading: 'There is no such page',
    text: 'Check the address, or start again from your cases.',
    to: 'To my cases',
  },
  crashed: {
    heading: 'Something went wrong',
    text: 'Reload the page. What you have written is kept as a draft. Contact your system administrator if it happens again.',
    reload: 'Reload',
  },
  disconnected: 'No contact with the server. The page updates when the contact is back.',
  upkeepRefused:
    'Sluss could not finish what others need in order to read. You can go on working. Open the case again in a while. If this comes back, tell your system administrator.',
  accessEnded:
    'You no longer have access to everything in the case. A consent or an assignment has been narrowed or has ended.',
  dismiss: 'Close the message',
  idleSoon: (seconds) => `Sluss locks in ${seconds} seconds. What you write is saved as a draft.`,
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
