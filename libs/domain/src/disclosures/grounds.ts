// Grounds other than consent on which a source may disclose: dated data, looked up by date (domain.md § 5). The paragraphs are the
// seed list there; a lawyer confirms each row before a disclosure form offers it.
import type { Category } from '../consents/categories.ts'
import { categories } from '../consents/categories.ts'
import type { Instant } from '../instant.ts'
import { instant } from '../instant.ts'
import type { TenantKind } from '../tenants/roles.ts'
import { tenantKinds } from '../tenants/roles.ts'

export const groundIds = [
  'osl-10-2',
  'osl-10-18a',
  'osl-10-20-24',
  'osl-10-27',
  'osl-10-28',
  'sol-2001-14-1',
  'sol-2025-report',
  'lag-2025-170',
  'brb-24-4',
] as const
export type GroundId = (typeof groundIds)[number]

export type LegalGround = {
  readonly ground: GroundId
  readonly paragraph: string
  readonly from: Instant | null
  /** Exclusive; null while it is in force. */
  readonly until: Instant | null
  readonly sources: readonly TenantKind[]
  readonly recipients: readonly TenantKind[]
  /** Only about a person younger than this; null: whatever the age. */
  readonly aboutUnder: number | null
  readonly categories: readonly Category[]
  /** Whether the person is told: at once, or when that no longer defeats the purpose. */
  readonly informed: 'at-once' | 'when-safe'
  /** What it means, for staff, in plain Swedish. */
  readonly text: string
}

const police: readonly TenantKind[] = ['police_national', 'police_region']
const withoutSocialServices: readonly TenantKind[] = tenantKinds.filter(
  (kind) => kind !== 'kommun' && kind !== 'sis' && kind !== 'external_performer',
)
const authorities: readonly TenantKind[] = tenantKinds.filter((kind) => kind !== 'external_performer')
const dangerous: readonly Category[] = ['identity', 'contact', 'place_of_stay', 'threat', 'crime_milieu']

/** The minute in UTC at which a Swedish day begins, in winter and in summer time. */
const summer2025 = instant('2025-06-30T22:00Z')
const april2025 = instant('2025-03-31T22:00Z')
const always = { from: null, until: null, aboutUnder: null }

export const grounds: readonly LegalGround[] = [
  {
    ...always,
    ground: 'osl-10-2',
    paragraph: 'OSL 10 kap. 2 §',
    sources: authorities,
    recipients: authorities,
    categories,
    informed: 'at-once',
    text: 'Uppgiften måste lämnas ut för att den egna myndigheten ska kunna sköta sitt uppdrag.',
  },
  {
    ...always,
    ground: 'osl-10-18a',
    paragraph: 'OSL 10 kap. 18 a §',
    sources: ['kommun', 'sis'],
    recipients: police,
    aboutUnder: 21,
    categories: dangerous,
    informed: 'when-safe',
    text: 'Socialtjänsten får berätta för Polisen om någon under 21 år för att förebygga brott.',
  },
  {
    ...always,
    ground: 'osl-10-20-24',
    paragraph: 'OSL 10 kap. 20–24 §§',
    sources: authorities,
    recipients: police,
    categories: dangerous,
    informed: 'when-safe',
    text: 'Uppgiften gäller misstanke om vissa allvarliga brott.',
  },
  {
    ...always,
    ground: 'osl-10-27',
    paragraph: 'OSL 10 kap. 27 §',
    sources: withoutSocialServices,
    recipients: authorities,
    categories,
    informed: 'at-once',
    text: 'Generalklausulen: intresset av att uppgiften lämnas väger uppenbart tyngre. Gäller inte socialtjänstens sekretess.',
  },
  {
    ...always,
    ground: 'osl-10-28',
    paragraph: 'OSL 10 kap. 28 §',
    sources: authorities,
    recipients: authorities,
    categories,
    informed: 'at-once',
    text: 'En lag eller förordning säger att uppgiften ska lämnas.',
  },
  {
    ...always,
    ground: 'sol-2001-14-1',
    paragraph: 'SoL (2001:453) 14 kap. 1 §',
    until: summer2025,
    sources: tenantKinds,
    recipients: ['kommun'],
    aboutUnder: 18,
    categories,
    informed: 'when-safe',
    text: 'Anmälan till socialnämnden om ett barn som far illa eller riskerar det.',
  },
  {
    ...always,
    ground: 'sol-2025-report',
    paragraph: 'SoL (2025:400), anmälan om barn som far illa',
    from: summer2025,
    sources: tenantKinds,
    recipients: ['kommun'],
    aboutUnder: 18,
    categories,
    informed: 'when-safe',
    text: 'Anmälan till socialnämnden om ett barn som far illa eller riskerar det.',
  },
  {
    ...always,
    ground: 'lag-2025-170',
    paragraph: 'Lag (2025:170)',
    from: april2025,
    sources: authorities,
    recipients: [...police, 'kriminalvarden'],
    categories,
    informed: 'when-safe',
    text: 'Skyldighet att lämna uppgifter som de brottsbekämpande myndigheterna behöver.',
  },
  {
    ...always,
    ground: 'brb-24-4',
    paragraph: 'Brottsbalken 24 kap. 4 §',
    sources: tenantKinds,
    recipients: tenantKinds,
    categories: dangerous,
    informed: 'when-safe',
    text: 'Nöd: fara för liv eller hälsa som inte kan avvärjas på annat sätt.',
  },
]

/** The grounds in force at an instant. */
export const groundsAt = (at: Instant): readonly LegalGround[] =>
  grounds.filter(({ from, until }) => (from === null || from <= at) && (until === null || at < until))

/** The grounds on which this kind of source may tell this kind of recipient about somebody of this age, at an instant. An age that is not known counts as none of the young. */
export const groundsFor = (
  asked: {
    readonly source: TenantKind
    readonly recipient: TenantKind
    readonly category: Category
    readonly age: number | null
  },
  at: Instant,
): readonly LegalGround[] =>
  groundsAt(at).filter(
    (one) =>
      one.sources.includes(asked.source) &&
      one.recipients.includes(asked.recipient) &&
      one.categories.includes(asked.category) &&
      (one.aboutUnder === null || (asked.age !== null && asked.age < one.aboutUnder)),
  )
