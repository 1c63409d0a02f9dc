// Threads, messages and the composer.
import { pageTexts } from '../page-states.ts'
import type { Messages } from '../sv.ts'

export const threads: Messages['threads'] = {
  list: {
    heading: 'Threads',
    start: 'Begin a thread',
    reasonOfDisclosure: 'Reason for a disclosure',
    empty: { heading: 'No threads yet', next: 'Begin a thread.' },
    untitled: 'Thread (you cannot read the heading)',
    unread: 'Unread',
    refused: 'The newest message could not be verified',
    newest: (author, at) => `${author}, ${at}`,
  },
  page: {
    heading: 'Thread',
    headingNew: 'New thread',
    messages: 'Messages',
    from: (name, authority) => `${name}, ${authority}`,
    writtenAt: (at) => `written ${at}`,
    unconfirmed: 'nobody else at the authority has yet vouched for the assignment in the case',
    late: 'You were allowed to read this afterwards',
    orderDoubted: 'Warning: the author had read the messages in another order than the one shown here',
    dateDoubted:
      'Warning: the time cannot be right. The message is dated after its key had ended, or after the server received it. Somebody who had lost access by then may have read it. Ask its author',
    readBy: (who) => `Read by ${who}`,
    readAt: (who, at) => `${who} (last ${at})`,
    unreadBy: (who) => `Not read yet by ${who}`,
    getsLater: (who) => `${who} had no key when it was written and is given it afterwards`,
    givenLater: (who) => `Sent to ${who} afterwards, no receipt yet`,
    neverGiven: (who) =>
      `${who} had no key when it was written and will not get it, since no consent covers it any more`,
    hereOnly: 'With your authority only',
    newMessages: (n) => (n === 1 ? 'A new message' : `${n} new messages`),
    states: pageTexts({
      loading: 'Fetching and verifying messages …',
      empty: { heading: 'No messages', next: 'Write the first.' },
      failed: 'The messages could not be fetched.',
      notPermitted:
        'You have no access to the thread. The consent or the assignment may have ended. Ask the person who assigns cases in your unit.',
      locked: 'Sluss is locked. Unlock to read the thread.',
    }),
  },
  refused: {
    heading: 'This message is not shown',
    why: 'It could not be verified that the message is genuine and unchanged. The rest of the thread is verified.',
    tell: 'Tell the security officer.',
    notGiven: 'Waiting for a key',
    notGivenWhy:
      'The message was written before you had your key. You can read it once a colleague who has the key has opened the case in Sluss.',
  },
  gap: {
    heading: 'Something is missing here',
    why: 'At least one message that belongs here has not arrived. The server has not handed it over, or its author is wrong. What comes after it has been checked by itself.',
  },
  elsewhere: {
    heading: 'This message does not belong here',
    why: 'The server has put in a message that was written in another thread. It is shown there alone. The rest of this thread has been checked.',
  },
  alarm: {
    heading: 'Not everybody sees the same history',
    own: 'The thread is not what it was when you last read it: something has been changed or removed.',
    other: (who) => `${who} has read the thread otherwise than it is shown here.`,
    causes: 'An author or the server may be wrong. Compare by telephone and tell the security officer.',
  },
  composer: {
    heading: 'Write',
    title: 'Heading',
    titleMissing: 'Write a heading',
    category: 'Category',
    categoryWhy: 'The category and the purpose decide who may read.',
    purpose: 'Purpose',
    purposeWhy: 'The purpose holds for the whole thread.',
    text: 'Message',
    categoryMissing: 'Choose a category of information. It and the purpose decide who may read.',
    textMissing: 'Write a message',
    send: 'Send',
    sending: 'Encrypting and sending …',
    sent: 'Sent.',
    draftSaved: 'The draft is saved on this computer or telephone, encrypted.',
    draftBack: 'Your draft is back.',
    draftLost:
      'Your draft cannot be opened. It was encrypted with a key that you no longer have. Write the text again.',
    mayNotWrite: 'You read but do not write in this case. Ask the person who assigns cases if you need to write.',
    resend: 'I have seen who reads. Send again',
  },
  readers: {
    heading: 'Read by',
    heard: (who) => `Read by ${who}.`,
    loading: 'Working out who reads …',
    own: (authority) => `${authority}:`,
    onlyYou: 'only you right now',
    whole: 'all whom the authority assigns, now and later',
    contacts: (names) => `contact: ${names}`,
    unconfirmed: (name) => `${name} (nobody else at the authority has yet vouched for the assignment in the case)`,
    units: (names) => `only ${names}`,
    disclosed: (until) => `disclosed in acute danger until ${until}`,
    waiting: 'Waiting',
    waitingText: {
      'no-key': 'reads only once somebody there has opened Sluss, and after that somebody of ours',
      'key-ended': 'reads once somebody there has renewed the key by opening Sluss',
      uncovered: 'reads once a decision by somebody whose key has ended has been gone through',
      'not-speaker':
        'reads once a colleague who already writes to them has opened Sluss; your manager can give you the same right',
    },
    not: 'Does not read',
    ownNotText: {
      category: 'the assignment does not cover the category',
      'no-key': 'has no key that counts',
      unconfirmed: 'the assignment has to be gone through',
    },
    notText: {
      category: 'the consent does not cover the category',
      purpose: 'the consent does not cover the purpose',
      ended: 'the consent has expired',
      withdrawn: 'the consent is withdrawn or narrowed',
      'not-confirmed': 'the consent is not confirmed',
      none: 'there is no consent',
      word: 'the server says that the consent is withdrawn at another authority',
    },
    alone: 'No other authority reads.',
  },
}
