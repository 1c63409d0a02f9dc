// The main job, as people do it: a consent opens exactly one door, and withdrawing it closes it.
import type { Page } from '@playwright/test'
import type { MessageId } from '#libs/domain'
import { expect, test } from './support/page.ts'
import type { Name } from '../support/given.ts'

type Story = {
  readonly what: string
  readonly own: Name
  /** Who receives, and who works, at the other authority. */
  readonly receiver: Name
  readonly other: Name
  readonly authority: string
  readonly picture: string
}
const stories: readonly Story[] = [
  {
    what: 'social services in Borås and the Police',
    own: 'linnea',
    receiver: 'joakim',
    other: 'ida',
    authority: 'Polisregion Väst',
    picture: 'polis',
  },
  {
    what: 'two boards of one kommun',
    own: 'mirjam',
    receiver: 'nadja',
    other: 'samuel',
    authority: 'Socialnämnd Hisingen',
    picture: 'namnd',
  },
]

const readersOf = (page: Page) => page.locator('.readers')

for (const { what, own, receiver, other, authority, picture } of stories) {
  test(`${what}: registered, confirmed, written live, narrowed, withdrawn`, async ({ enters, sluss }, { project }) => {
    const shot = (name: string) => `${picture}-${project.name}-${name}`
    const anna = await enters(own)
    const caseId = await anna.opensCase('Koltrast')
    await anna.beginsThread('Bara vi', 'Hälsa, missbruk, psykiatri', 'Det här är bara vårt.')
    await expect(readersOf(anna.page)).toContainText('Ingen annan myndighet läser.')
    await anna.opens(caseId)

    await anna.registersConsent({
      authority,
      categories: ['Hot och risk', 'Planering och överenskommelse'],
      evidence: 'Pärm 3, sett av två.',
    })
    await expect(anna.page.getByText('Väntar på bekräftelse').first()).toBeVisible()
    await anna.isPhotographed(shot('1-vantar'))

    // A receiver is shown that somebody is needed; whom she assigns confirms for her own authority's information.
    const leader = await enters(receiver)
    await expect(leader.page.getByRole('heading', { name: 'Väntar på dig' })).toBeVisible()
    await leader.page.locator(`a[href="/arenden/${caseId}"]`).click()
    await expect(leader.page.getByText('Din myndighet är nämnd i ärendet')).toBeVisible()
    await expect(leader.page.getByText('Koltrast')).toHaveCount(0)

    const erik = await enters(other)
    await expect(erik.heading('Mina ärenden')).toBeVisible()
    await expect(erik.page.locator(`a[href="/arenden/${caseId}"]`)).toHaveCount(0)
    await leader.assigns(erik.name)

    // It comes to the list that stands open, without anything being pressed.
    await expect(erik.page.locator(`a[href="/arenden/${caseId}"]`)).toBeVisible()
    await erik.page.locator(`a[href="/arenden/${caseId}"]`).click()
    await expect(erik.page.getByText('Koltrast')).toHaveCount(0)
    await erik.link('Visa samtycket').click()
    await erik.isPhotographed(shot('2-bekrafta'))
    await erik.button('Bekräfta och signera').click()
    await expect(erik.page.getByText('Samtycket är bekräftat.')).toBeVisible()

    await anna.opens(caseId)
    await expect(anna.page.getByText('Åt båda hållen').first()).toBeVisible()
    const thread = await anna.beginsThread('Läget', 'Hot och risk', 'Två personer har sökt honom hemma.')
    await expect(readersOf(anna.page)).toContainText(authority)

    await erik.opens(caseId)
    await expect(erik.link('Bara vi')).toHaveCount(0)
    await erik.opensThread('Läget')
    await expect(erik.message('Två personer har sökt honom hemma.')).toBeVisible()
    await expect(anna.page.getByText(`Läst av ${authority}`)).toBeVisible()

    // Live, both ways, without a reload.
    await erik.writes('Vi gör en hotbedömning i dag.')
    await expect(anna.message('Vi gör en hotbedömning i dag.')).toBeVisible()
    await anna.choosesCategory('Planering och överenskommelse')
    await anna.writes('Möte på torsdag klockan nio.')
    await expect(erik.message('Möte på torsdag klockan nio.')).toBeVisible()
    await anna.isPhotographed(shot('3-skriver'))
    await erik.isPhotographed(shot('4-laser'))

    // Narrowed: exactly that part goes, from the open page, at once.
    await anna.opens(caseId)
    await anna.opensConsent(authority)
    await anna.link('Begränsa en del').click()
    await anna.ticks(new RegExp(`^Hot och risk, från .* till ${authority}`), 'off')
    await expect(
      anna.page.getByText(new RegExp(`${authority}.* läser inte längre det .* skriver om: Hot och risk`)),
    ).toBeVisible()
    await anna.isPhotographed(shot('5-begransar'))
    await anna.button('Begränsa nu').click()
    await expect(erik.message('Två personer har sökt honom hemma.')).toHaveCount(0)
    await expect(erik.message('Möte på torsdag klockan nio.')).toBeVisible()
    await expect(erik.message('Vi gör en hotbedömning i dag.')).toBeVisible()
    await expect(erik.page.getByText('Du har inte längre tillgång till allt i ärendet.')).toBeVisible()
    await erik.isPhotographed(shot('6-begransat'))

    // Withdrawn: two clicks, and all of it goes.
    await expect(anna.page.getByRole('heading', { name: 'Vad som delas' })).toBeVisible()
    await anna.opensConsent(authority)
    await anna.button('Återkalla samtycket').click()
    await anna.isPhotographed(shot('7-aterkallar'))
    await anna.button('Återkalla nu').click()
    await expect(anna.page.getByText('Samtycket är återkallat.')).toBeVisible()
    await expect(erik.message('Möte på torsdag klockan nio.')).toHaveCount(0)
    await erik.isPhotographed(shot('8-aterkallat'))

    await anna.opens(caseId)
    await anna.opensThread('Läget')
    await expect(readersOf(anna.page)).toContainText('samtycket är återkallat')
    await anna.choosesCategory('Hot och risk')
    await anna.writes('Efter återkallelsen.')
    const opened = await sluss.says.opensWithAllOldKeys(other, caseId, thread)
    expect(opened).toContain('Två personer har sökt honom hemma.')
    expect(opened.at(-1)).toBe('refused: key-unknown')
    const sent = await anna.page.locator('[data-kind="opened"]').last().getAttribute('data-message')
    expect(await sluss.says.wrappedTo(sent as MessageId)).toEqual([await sluss.says.fingerprintOf(own)])
    await erik.page.reload()
    await erik.unlocks()
    await expect(erik.message('Efter återkallelsen.')).toHaveCount(0)
    await erik.isPhotographed(shot('9-efter'))
  })
}
