// Labels of the domain's closed lists (domain.md §§ 1, 3, 4, 8). A value without a label does not compile.
import type { Category, IncludesEarlier, Phase, Purpose, Role, TenantKind } from '#libs/domain'

const categories: Record<Category, string> = {
  identity: 'Identitet',
  contact: 'Kontaktvägar',
  place_of_stay: 'Vistelseort och boende',
  threat: 'Hot och risk',
  crime_milieu: 'Kriminalitet och miljö',
  health: 'Hälsa, missbruk, psykiatri',
  economy: 'Ekonomi och försörjning',
  family: 'Barn, familj och anhöriga',
  enforcement: 'Verkställighet och placering',
  plan: 'Planering och överenskommelse',
  measures: 'Insatser och beslut',
  follow_up: 'Uppföljning',
}

const purposes: Record<Purpose, string> = {
  casework: 'Bedöma, skydda och planera',
  follow_up: 'Följa upp',
  funding: 'Ansöka om statliga medel',
  statistics: 'Nationell uppföljning',
}

const phases: Record<Phase, string> = {
  contact: 'Första kontakt',
  intake: 'Inledande bedömning',
  initial_consultation: 'Initialt samråd',
  assessment: 'Utredning',
  measures: 'Insatser',
  follow_up: 'Uppföljning',
  closed: 'Avslutat',
}

const roles: Record<Role, string> = {
  intake_worker: 'socialsekreterare (mottagning)',
  caseworker: 'socialsekreterare',
  contact_person: 'kontaktperson avhoppare',
  team_leader: 'enhetschef',
  local_coordinator: 'lokal avhopparsamordnare',
  regional_coordinator: 'regional avhopparsamordnare',
  national_coordinator: 'nationell samordnare',
  threat_assessor: 'hotbedömare',
  funding_officer: 'handläggare statliga medel',
  enforcement_officer: 'frivårdsinspektör',
  treatment_worker: 'behandlingsassistent',
  institution_head: 'institutionschef',
  performer: 'utförare',
  analyst: 'utredare',
  key_custodian: 'nyckelansvarig',
  security_officer: 'säkerhetsansvarig',
  data_protection_officer: 'dataskyddsombud',
  archivist: 'arkivarie, registrator',
  tenant_admin: 'systemförvaltare',
}

const tenantKinds: Record<TenantKind, string> = {
  kommun: 'Kommuner',
  police_national: 'Polisen nationellt',
  police_region: 'Polisregioner',
  kriminalvarden: 'Kriminalvården',
  sis: 'Statens institutionsstyrelse',
  socialstyrelsen: 'Socialstyrelsen',
  county_body: 'Länsövergripande organ',
  external_performer: 'Externa utförare',
}

const includesEarlier: Record<IncludesEarlier, string> = {
  none: 'Bara det som skrivs från och med nu',
  'shared-before': 'Också det som myndigheten har fått läsa tidigare',
  all: 'Också allt som är skrivet tidigare',
}

export const domain = { categories, purposes, phases, roles, tenantKinds, includesEarlier }
