// One's cases, and one case with the chains that one's authority sees.
import type { cases as contract } from '#libs/contracts'
import type { AuthorityId } from '#libs/domain'
import { cases, tenants } from '#libs/persistence'
import { caseAnswer, personAnswer, signedAnswer } from '../platform/answers.ts'
import type { Handler } from '../platform/capability.ts'

const partiesOfPlace = (place: string): readonly AuthorityId[] => place.split('/').slice(2) as AuthorityId[] // parsed with its statements

type Table = (typeof contract)['table']

export const list: Handler<Table['list']> = async ({ tx, scope }, { query }) => {
  const { after = null, limit, phase = null, relation = null } = query
  const page = await cases.page(tx, scope('case.list'), { after, limit, phase, relation })
  return { cases: page.rows.map(caseAnswer), next: page.next }
}

export const read: Handler<Table['read']> = async ({ tx, permit, platform }, { params }) => {
  const allowed = permit('case.read', await cases.facts(tx, params.caseId))
  const row = await cases.findCase(tx, allowed)
  const chains = await cases.chainsOf(tx, allowed)
  const withdrawn = await cases.withdrawnGrants(tx, allowed)
  const people = await tenants.peopleOf(tx, allowed)
  const parties = [...new Set(chains.flatMap(({ place }) => partiesOfPlace(place)))]
  return {
    case: caseAnswer(row),
    chains: chains.map(({ place, statements }) => ({ place, statements: statements.map(signedAnswer) })),
    withdrawnGrants: withdrawn.map(({ grant, since }) => ({ grant, since })),
    people: people.map(personAnswer),
    tenantHeads: await tenants.headsOf(tx, parties),
    at: new Date(platform.clock.milliseconds()).toISOString(),
  }
}
