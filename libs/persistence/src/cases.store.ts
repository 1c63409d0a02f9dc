// Cases: the lock, the facts, the append to their chains, the lists.
import type {
  AuthorityId,
  CaseId,
  Head,
  KeyId,
  Phase,
  PlaceName,
  Projection,
  RegistrationId,
  TenantId,
  UnitId,
} from '#libs/domain'
import type { CaseFacts, ConsentFacts, Permit, Scope } from '#libs/policy'
import type { Page, StatementToStore, StoredStatement, WithdrawnGrant, WrapRow } from './signed.ts'
import type { Tx } from './transaction.ts'

export type CaseRow = {
  readonly id: CaseId
  readonly number: string
  readonly tenant: TenantId
  readonly authority: AuthorityId
  readonly unit: UnitId
  readonly phase: Phase
  readonly openedAt: Date
  /** When a chain that the actor's authority sees last moved. */
  readonly changedAt: Date
  readonly relation: 'assigned' | 'receiver' | 'former'
  readonly title: { readonly key: KeyId; readonly bytes: string } | null
}
/** Acts whose permits carry a case and whose operation appends to its chains. */
export type AppendAct =
  | 'case.open'
  | 'key.maintain'
  | 'assignment.add'
  | 'assignment.end'
  | 'consent.register'
  | 'consent.confirm'
  | 'consent.narrow'
  | 'consent.withdraw'
  | 'message.send'
  | 'seal.add'
type PermitOf<A> = A extends AppendAct ? Permit<A> : never
export type CaseAppend = {
  readonly statements: readonly StatementToStore[]
  /** Withdrawals whose place is taken: they narrow at once and their client completes the chain afterwards. */
  readonly held: readonly StatementToStore[]
  readonly wraps: readonly WrapRow[]
  /** Called once with all statements of the case, in the order accepted, these included; a throw rolls everything back. */
  readonly project: (history: readonly StoredStatement[], at: Date) => Projection | Promise<Projection>
}

/** Appends wait for each other and for messages being sent in this case; taken before facts are read. A stranger's finds nothing. */
export declare function lockCase(tx: Tx, caseId: CaseId): Promise<void>
/** Null: nothing that this person may know of. */
export declare function facts(tx: Tx, caseId: CaseId): Promise<CaseFacts | null>
export declare function consentFacts(tx: Tx, caseId: CaseId, registration: RegistrationId): Promise<ConsentFacts | null>
/** The chains the actor's authority sees: its own ledger and the strands from and to it, whole. */
export declare function chainsOf(
  tx: Tx,
  permit: PermitOf<AppendAct> | Permit<'case.read'>,
): Promise<readonly { readonly place: PlaceName; readonly statements: readonly StoredStatement[] }[]>
/** The same before a permit is had, for folding what is to be decided; never answered. */
export declare function visibleStatements(tx: Tx, caseId: CaseId): Promise<readonly StoredStatement[]>
export declare function storeAppend<A extends AppendAct>(
  tx: Tx,
  permit: Permit<A>,
  append: CaseAppend,
): Promise<{ readonly heads: Readonly<Record<PlaceName, Head>>; readonly acceptedAt: Date }>
export declare function page(
  tx: Tx,
  scope: Scope<'case.list'>,
  request: {
    readonly after: string | null
    readonly limit: number
    readonly phase: Phase | null
    readonly relation: 'assigned' | 'receiver' | null
  },
): Promise<Page<CaseRow>>
export declare function findCase(tx: Tx, permit: PermitOf<AppendAct> | Permit<'case.read'>): Promise<CaseRow>
export declare function withdrawnGrants(tx: Tx, permit: Permit<'case.read'>): Promise<readonly WithdrawnGrant[]>
export declare function storeTitle(
  tx: Tx,
  permit: Permit<'case.title'>,
  title: { readonly key: KeyId; readonly bytes: string },
): Promise<void>
