// What the client shows of itself: decrypted, verified, ready for a page or a script. Plain data only, so that it crosses a worker's border.
import type {
  AuthorityId,
  CaseId,
  Category,
  DisclosureGround,
  Fingerprint,
  Given,
  Giver,
  GroundId,
  Hash,
  IncludesEarlier,
  Instant,
  KeyId,
  MessageId,
  Phase,
  Purpose,
  RegistrationId,
  Role,
  SubjectId,
  TenantId,
  TenantKind,
  ThreadId,
  UnitId,
  UserId,
} from '#libs/domain'
import type { ConsentText, WrittenConsent } from '#libs/protocol'

export type { ConsentText, WrittenConsent } from '#libs/protocol'

export type Me = {
  readonly user: UserId
  readonly name: string
  readonly title: string
  readonly tenant: {
    readonly id: TenantId
    readonly name: string
    readonly kind: TenantKind
    readonly kommunCode: string | null
  }
  readonly authority: { readonly id: AuthorityId; readonly name: string }
  readonly units: readonly { readonly id: UnitId; readonly name: string }[]
  readonly roles: readonly Role[]
  readonly idleMinutes: number
  readonly endsAt: string
}

/** `none`: make a key; `pending`: wait for a custodian; `locked`: give the passphrase; `ready`: works; `ended`: make a new one. */
export type KeyState = 'none' | 'pending' | 'locked' | 'ready' | 'ended'

export type KeyStatus = {
  readonly state: KeyState
  /** Six words over one's own public key, to read to the custodian by telephone; null without a key. */
  readonly words: readonly string[] | null
  /** The end of its certification; null while there is none. */
  readonly validUntil: Instant | null
}

/** A key with the person whose it is said to be: shown to a custodian whole, since she signs all of it. */
export type ShownKey = {
  readonly user: UserId
  readonly name: string
  readonly title: string
  readonly salt: string
  readonly roles: readonly Role[]
  readonly authority: AuthorityId
  readonly units: readonly UnitId[]
  readonly publicKey: string
  readonly signing: Fingerprint
  readonly encryption: Fingerprint
  /** What her newest certification says; null where she has had none. */
  readonly before: CertifiedBefore | null
  /** Another custodian's word for the same, which waits for a second; null where there is none. */
  readonly proposal: Proposal | null
  /** True where one custodian has signed for this key and another is needed. */
  readonly waits: boolean
}
export type CertifiedBefore = {
  readonly roles: readonly Role[]
  readonly authority: AuthorityId
  readonly units: readonly UnitId[]
  /** False where name or title is another: the former stands in the chain as a hash alone. */
  readonly isNameSame: boolean
}
/** Approved by its hash, so for the end that it names. */
export type Proposal = { readonly of: Hash; readonly by: UserId; readonly validUntil: Instant }

export type PendingKey = ShownKey & {
  readonly words: readonly string[]
  readonly createdAt: string
}

/** A certified key whose certification ends soon, or has: to be renewed, or ended where its holder has left. */
export type EndingKey = ShownKey & {
  readonly validUntil: Instant
}

export type StaffMember = {
  readonly user: UserId
  /** Null where name and certification do not match: the page shows the pseudonym. */
  readonly name: string | null
  readonly title: string | null
  readonly authority: AuthorityId
  readonly units: readonly UnitId[]
  readonly roles: readonly Role[]
  readonly key: 'none' | 'pending' | 'certified' | 'ended'
}

export type CaseSummary = {
  readonly id: CaseId
  readonly number: string
  /** The authority's own working title, decrypted; null where there is none: the number stands. */
  readonly title: string | null
  readonly owner: { readonly tenant: TenantId; readonly authority: AuthorityId; readonly unit: UnitId }
  readonly phase: Phase
  readonly openedAt: string
  readonly changedAt: string
  readonly relation: 'assigned' | 'receiver' | 'former'
  /** What waits for this person here: decisions to uphold, consents to confirm, persons to assign, consents that end soon, colleagues who lack keys that she has. */
  readonly waiting: readonly ('uphold' | 'confirm' | 'assign' | 'renew' | 'give-keys')[]
}

/** One way between two authorities as it stands: for the matrix authorities × categories. */
export type FlowView = {
  readonly source: AuthorityId
  readonly recipient: AuthorityId
  readonly units: readonly UnitId[] | null
  readonly category: Category
  readonly purpose: Purpose
  readonly from: Instant
  readonly until: Instant
  /** `flows`: open, key in place; `waiting-for-key`: open, the recipient's client has not been on line; `uncovered`: open, but it rests on a decision whose signer's key has ended; `waiting-for-confirmation`: the source has not confirmed; `ended`: expired, narrowed or withdrawn. */
  readonly state: 'flows' | 'waiting-for-key' | 'uncovered' | 'waiting-for-confirmation' | 'ended'
  /** What of the past it opens. */
  readonly includesEarlier: IncludesEarlier
  /** The grants by which it is open, or was before it ended; none where nothing has ever been given by it. */
  readonly grants: readonly Hash[]
  /** How an ended way ended, as far as one's own authority is told; null while it has not. */
  readonly ended: Ending | null
}

/**
 * `withdrawn`: the consent was taken back; `narrowed`: this part of it; `expired`, `lapsed`, `rests`: by its own terms; `voided`: the
 * decision was; `left`: an authority left the case. `by`: the authority that said so, null for the clock and for the server's word.
 */
export type Ending = {
  readonly how: 'withdrawn' | 'narrowed' | 'expired' | 'lapsed' | 'rests' | 'voided' | 'left'
  readonly by: AuthorityId | null
  readonly at: Instant
}

export type ConsentView = {
  readonly registration: RegistrationId
  readonly subject: SubjectId
  readonly registeredBy: AuthorityId
  readonly givers: readonly Giver[] | null
  readonly given: Given
  readonly givenAt: Instant | null
  readonly validUntil: Instant
  readonly renews: RegistrationId | null
  /** The end by its own terms, a verbal consent's lapse and a release from custody included. */
  readonly endsAt: Instant
  /** Registered here, not withdrawn, and nobody has renewed it yet: the person can be asked again. */
  readonly mayRenew: boolean
  /** Another registration has taken over from it. */
  readonly isRenewed: boolean
  /** It stands, may be renewed, and ends within 30 days. */
  readonly endsSoon: boolean
  readonly state: 'standing' | 'withdrawn' | 'expired' | 'lapsed'
  /** How it ended as a whole; null while it stands. */
  readonly ended: Ending | null
  readonly flows: readonly FlowView[]
  /** True where one's own authority is a source that has not confirmed yet. */
  readonly awaitsMyConfirmation: boolean
}

/** A disclosure as both its ends see it, without content (domain.md § 5). */
export type DisclosureView = {
  readonly disclosure: Hash
  readonly source: AuthorityId
  readonly recipient: AuthorityId
  readonly units: readonly UnitId[] | null
  readonly category: Category
  readonly purpose: Purpose
  readonly items: readonly MessageId[] | 'all'
  readonly ground: DisclosureGround
  /** Who signed it. */
  readonly decidedBy: UserId
  readonly madeAt: Instant
  readonly until: Instant
  readonly state: 'open' | 'over'
}

export type AssignmentView = {
  readonly user: UserId
  readonly categories: readonly Category[]
  readonly until: Instant
  readonly state: 'standing' | 'ended' | 'barred' | 'expired' | 'unconfirmed'
}

/** A decision of one's own authority whose signer's key has ended. Until it is upheld nothing new rests on it. */
export type DecisionView = {
  readonly id: Hash
  readonly by: UserId
  readonly at: Instant
  /** `confirmation`: own flows of a consent, registered here or elsewhere, that were opened without registering it. */
  readonly kind: 'assignment' | 'consent' | 'confirmation' | 'disclosure'
  /** Who was assigned; null for a consent. */
  readonly user: UserId | null
  readonly categories: readonly Category[]
  readonly until: Instant
  readonly registration: RegistrationId | null
  readonly flows: readonly {
    readonly source: AuthorityId
    readonly recipient: AuthorityId
    readonly categories: readonly Category[]
  }[]
  /** True where this person may go through it: neither the signer nor one it benefits. */
  readonly mine: boolean
}

export type CaseView = {
  readonly summary: CaseSummary
  readonly individual: SubjectId | null
  readonly parties: readonly AuthorityId[]
  readonly assignments: readonly AssignmentView[]
  readonly consents: readonly ConsentView[]
  readonly flows: readonly FlowView[]
  readonly decisions: readonly DecisionView[]
  /** Colleagues whose client can give this person the keys that she lacks; null where she lacks none. */
  readonly keysFrom: readonly UserId[] | null
  /** Made by one's own authority or to it, newest last. */
  readonly disclosures: readonly DisclosureView[]
  readonly people: readonly StaffMember[]
  /** Categories that this person may write in, given role and assignment. */
  readonly mayWrite: readonly Category[]
  /** Standing warnings: no recovery key, fewer than two own readers, decisions to uphold, chains that are not as they were seen, custodians whom the root is replacing. */
  readonly warnings: readonly (
    'no-recovery-key' | 'one-reader' | 'uphold-needed' | 'history-differs' | 'custodians-replaced'
  )[]
  /** Six words over the newest statement of one's ledger, to compare with a colleague by telephone. */
  readonly words: readonly string[]
}

export type Readers = {
  /** Own colleagues, by name; includes oneself. */
  readonly own: readonly StaffMember[]
  readonly authorities: readonly {
    readonly authority: AuthorityId
    readonly units: readonly UnitId[] | null
    /** The end of the disclosure by which it reads while it is open (break-glass); null where it reads by consent. */
    readonly disclosedUntil: Instant | null
    readonly contacts: readonly UserId[]
    /** Of the contacts those whom no receiver of their authority has named: they have named themselves. */
    readonly unconfirmed: readonly UserId[]
  }[]
  /** `not-speaker`: a key is there, and a colleague whom one's receiver has named towards them has to seal it. */
  readonly waiting: readonly {
    readonly authority: AuthorityId
    readonly cause: 'no-key' | 'key-ended' | 'uncovered' | 'not-speaker'
  }[]
  /** Own colleagues assigned to the case who will not read this: their assignment leaves the category out, or they have no key that counts. */
  readonly ownNotReading: readonly {
    readonly user: UserId
    readonly name: string | null
    readonly cause: 'category' | 'no-key' | 'unconfirmed'
  }[]
  /** Parties of the case who will not read this, and why. */
  readonly notReading: readonly {
    readonly authority: AuthorityId
    /** `word`: withdrawn by the server's word, the signed reason has not come yet. */
    readonly cause: 'category' | 'purpose' | 'ended' | 'withdrawn' | 'not-confirmed' | 'none' | 'word'
  }[]
  /** Changes when anything above does: `send` refuses to widen silently from what was shown. */
  readonly version: string
}

export type Opened = {
  readonly kind: 'opened'
  readonly id: MessageId
  readonly author: UserId
  readonly authority: AuthorityId
  /** True where no receiver of another authority has named its author among those who write for it: she has named herself. */
  readonly isUnconfirmed: boolean
  readonly category: Category
  readonly purpose: Purpose
  readonly at: Instant
  readonly acceptedAt: string
  readonly text: string
  readonly title: string | null
  /** Who has read, from signed cursors: by authority for others, by person for one's own. */
  readonly readBy: readonly { readonly user: UserId; readonly at: Instant }[]
  /**
   * Of one's own authority's messages: the others that it was sealed to when it was written, and those that had no key then and were
   * given it afterwards (`sealed-late`), are to be (`waiting`), or cannot be any more, since nothing opens it to them now (`never`).
   * Null of what others wrote: whom they write to is theirs to know.
   */
  readonly sentTo:
    | readonly { readonly authority: AuthorityId; readonly state: 'sealed' | 'sealed-late' | 'waiting' | 'never' }[]
    | null
  readonly late: boolean
  /** True where the author had read another order than the one served: the author or the server is wrong. */
  readonly isOrderDoubted: boolean
  /**
   * True where it is dated after a key that it is sealed under had ended, or after it was accepted, by more than clocks may differ:
   * somebody who has left may read it, or its author or the server is wrong about when it was written.
   */
  readonly isDateDoubted: boolean
}
/** A message that did not verify; or, with `stream-gap`, that something is missing before the message of this id, which follows. */
export type Refused = {
  readonly kind: 'refused'
  readonly id: MessageId
  readonly acceptedAt: string
  readonly reason: string
}

/** Views of one thread that contradict each other; `by`: whose receipt says so, null: what this client was served before. */
export type ThreadAlarm = { readonly kind: 'forked' | 'rolled-back'; readonly by: UserId | null }

export type MessagePage = {
  readonly messages: readonly (Opened | Refused)[]
  readonly next: string | null
  readonly alarms: readonly ThreadAlarm[]
}

export type ThreadSummary = {
  readonly id: ThreadId
  readonly title: string | null
  /** True where its first message says why something was disclosed: such a thread has no title. */
  readonly isReasonOfDisclosure: boolean
  readonly purpose: Purpose
  readonly newest: Opened | Refused
  readonly unread: boolean
}

export type ConsentDraft = {
  readonly givers: readonly Giver[]
  readonly given: Given
  readonly givenAt: Instant
  readonly validUntil: Instant
  /** What the person agreed to and how it was given, in words; becomes encrypted content in `plan`. */
  readonly words: ConsentText
  /** Where the paper is kept and who has seen it; encrypted with the words. */
  readonly evidence: string
  /** Whether those who are asked to confirm read words and evidence here, or are shown them outside Sluss. */
  readonly shown: 'here' | 'outside'
  /** The registration that this one takes over from, where the person was asked again. */
  readonly renews: RegistrationId | null
  readonly flows: readonly {
    readonly counterpart: AuthorityId
    readonly units: readonly UnitId[] | null
    readonly direction: 'mutual' | 'from-us' | 'to-us'
    readonly categories: readonly Category[]
    readonly purposes: readonly Purpose[]
    readonly includesEarlier: IncludesEarlier
  }[]
}

/**
 * The words of a consent as this reader has them. `differs`: they are not what was signed; `waiting`: keys are on their way;
 * `outside`: the person did not allow them to be shown here; `ended`: they were shown until the consent ended; `not-assigned`: only
 * those who work in the case are shown them.
 */
export type ConsentWords =
  | { readonly state: 'agrees' | 'differs'; readonly text: WrittenConsent; readonly evidence: string | null }
  | { readonly state: 'waiting' | 'outside' | 'ended' | 'not-assigned' }

/** Who gains and who loses what, before it is done. */
export type ScopeChange = {
  readonly gains: readonly Pick<FlowView, 'source' | 'recipient' | 'category' | 'purpose'>[]
  readonly loses: readonly Pick<FlowView, 'source' | 'recipient' | 'category' | 'purpose'>[]
}

/**
 * How a withdrawal was taken. `told`: in its chains. `heard`: in force on the server's word, and the chains are still to be completed;
 * `heard-with-wrong-clock`: so because this device's clock is more than two minutes off.
 */
export type Withdrawn = 'told' | 'heard' | 'heard-with-wrong-clock'

export type Narrowing = {
  readonly recipient?: AuthorityId
  readonly source?: AuthorityId
  readonly categories?: readonly Category[]
  readonly purposes?: readonly Purpose[]
}

export type DisclosureDraft = {
  readonly recipient: AuthorityId
  readonly units: readonly UnitId[] | null
  readonly category: Category
  readonly purpose: Purpose
  /** Named messages, shown until a date; or the category as a whole for some hours (break-glass). */
  readonly what: { readonly messages: readonly MessageId[]; readonly until: Instant } | { readonly hours: number }
  readonly ground: GroundId
  /** The person's age in whole years, for a ground about the young; null: not known. It is neither signed nor sent. */
  readonly age: number | null
  /** Why, in words: encrypted content of one's own authority. */
  readonly reason: string
}

export type LogEntry = {
  readonly id: string
  readonly at: string
  readonly user: UserId | null
  readonly authority: AuthorityId | null
  readonly act: string
  readonly outcome: 'allowed' | 'refused' | 'absent'
  readonly reason: string | null
}

/** `only: 'events'`: without what was only read or kept up; what was refused is always there. */
export type LogRequest = { readonly after?: string; readonly only?: 'events' }

export type Directory = readonly {
  readonly id: TenantId
  readonly name: string
  readonly kind: TenantKind
  readonly authorities: readonly {
    readonly id: AuthorityId
    readonly name: string
    readonly units: readonly { readonly id: UnitId; readonly name: string }[]
  }[]
}[]

export type LiveEvent =
  | { readonly type: 'message.accepted'; readonly case: CaseId; readonly thread: ThreadId }
  | { readonly type: 'scope.changed'; readonly case: CaseId; readonly left: readonly KeyId[] }
  | { readonly type: 'case.changed'; readonly case: CaseId }
  | { readonly type: 'cursor.moved'; readonly case: CaseId; readonly thread: ThreadId }
  /** The last that a session hears: `idle`, it was not used for too long; `over`, it has reached its end or was ended elsewhere. */
  | { readonly type: 'session.ended'; readonly reason: 'idle' | 'over' }
  /** What the client did by itself, or asked without waiting, was refused: the keys or seals of somebody else may be missing. */
  | { readonly type: 'refused'; readonly problem: string; readonly reason: string | null }
  | { readonly type: 'connection'; readonly state: 'connected' | 'disconnected' }

/**
 * The whole client as one flat set of calls: every argument and answer is plain data, so that the web client can run it in a
 * Web Worker behind postMessage and a script can call it directly. Calls that fail throw `SlussProblem`.
 */
export type SlussSession = {
  me(): Promise<Me>
  directory(): Promise<Directory>
  staff(): Promise<readonly StaffMember[]>
  signOut(where: 'here' | 'everywhere'): Promise<void>

  keyStatus(): Promise<KeyStatus>
  /** Six Swedish words, 72 bits; shown once, to be written down. */
  proposePassphrase(): Promise<string>
  createKey(passphrase: string): Promise<KeyStatus>
  unlock(passphrase: string): Promise<KeyStatus>
  /** Forgets keys and plaintext. */
  lock(): Promise<void>
  pendingKeys(): Promise<readonly PendingKey[]>
  /** Signs what was shown, to the letter, after its words were compared. */
  certifyKey(shown: PendingKey): Promise<void>
  /** For custodians: certifications that end within thirty days, or have. */
  endingKeys(): Promise<readonly EndingKey[]>
  /** The same for the present key, until a later end. */
  renewKey(shown: EndingKey): Promise<void>
  endKey(user: UserId, reason: 'left' | 'lost' | 'compromised'): Promise<void>

  cases(filter: {
    readonly phase?: Phase
    readonly after?: string
  }): Promise<{ readonly cases: readonly CaseSummary[]; readonly next: string | null }>
  openCase(input: { readonly unit: UnitId; readonly title: string }): Promise<CaseId>
  case(id: CaseId): Promise<CaseView>
  retitle(id: CaseId, title: string): Promise<void>
  assign(
    id: CaseId,
    input: {
      readonly user: UserId
      readonly categories: readonly Category[] | 'default'
      readonly until: Instant
      readonly reason?: 'alone' | 'night'
    },
  ): Promise<void>
  /** What nobody of one's own authority could open any more if this assignment ended. */
  previewEnding(id: CaseId, user: UserId): Promise<{ readonly unreadable: readonly Category[] }>
  endAssignment(id: CaseId, user: UserId, how: 'ended' | 'barred'): Promise<void>
  /** Upholds or voids decisions whose signer's key has ended, several at once. */
  settle(id: CaseId, decisions: readonly Hash[], how: 'uphold' | 'void'): Promise<void>

  previewConsent(id: CaseId, draft: ConsentDraft): Promise<ScopeChange>
  registerConsent(id: CaseId, draft: ConsentDraft): Promise<RegistrationId>
  /** Opened and held against the signed hashes. */
  consentWords(id: CaseId, registration: RegistrationId): Promise<ConsentWords>
  confirmConsent(id: CaseId, registration: RegistrationId): Promise<void>
  previewNarrowing(id: CaseId, registration: RegistrationId, narrowing: Narrowing): Promise<ScopeChange>
  narrowConsent(id: CaseId, registration: RegistrationId, narrowing: Narrowing): Promise<void>
  withdrawConsent(id: CaseId, registration: RegistrationId): Promise<Withdrawn>

  /** Discloses on a ground in law: what the recipient has a key for goes at once, the rest when it has one. */
  disclose(id: CaseId, draft: DisclosureDraft): Promise<Hash>
  closeDisclosure(id: CaseId, disclosure: Hash): Promise<void>

  threads(id: CaseId): Promise<readonly ThreadSummary[]>
  messages(id: CaseId, thread: ThreadId, after?: string): Promise<MessagePage>
  readers(id: CaseId, category: Category, purpose: Purpose): Promise<Readers>
  /** `readers`: the version shown to the author; refused with `readers-grew` where somebody has come to since. */
  send(
    id: CaseId,
    message: {
      readonly thread: ThreadId | null
      readonly title: string | null
      readonly category: Category
      readonly purpose: Purpose
      readonly text: string
      readonly readers: string
    },
  ): Promise<{ readonly thread: ThreadId; readonly message: MessageId }>
  markRead(id: CaseId, thread: ThreadId): Promise<void>
  log(
    id: CaseId,
    request?: LogRequest,
  ): Promise<{ readonly entries: readonly LogEntry[]; readonly next: string | null }>

  /** Encrypted under the user's own key, for storage on the device. */
  sealDraft(text: string): Promise<string>
  openDraft(sealed: string): Promise<string | null>

  /** Hears from now on that one of her cases has moved, or has come to her: `case.changed`, without following any. */
  hearOfCases(): Promise<void>
  /** Hears of a case from now on; tells `case.changed` once it does, for what moved before. */
  follow(id: CaseId): Promise<void>
  leave(id: CaseId): Promise<void>
  listen(listener: (event: LiveEvent) => void): () => void
}
