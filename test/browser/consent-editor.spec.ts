// The guided registration with all that is written of a consent, asking again, confirming, and going through a colleague's decisions.
import type { Person } from './support/person.ts'
import { axeFindings, expect, test } from './support/page.ts'

async function isReadable({ page }: Person): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
  expect(await axeFindings(page)).toEqual([])
}

/** The definition that stands beside a term. */
const fact = ({ page }: Person, term: string) =>
  page.locator('dt', { hasText: new RegExp(`^${term}$`) }).locator('xpath=following-sibling::dd[1]')

/** Takes the day out of a date, as one who is about to write another. */
async function erasesTheDay({ page }: Person, field: string): Promise<void> {
  const day = page.locator(`#${field}`).getByRole('spinbutton').last()
  await day.focus()
  await day.press('Backspace')
  await day.press('Backspace')
  await expect(day).toHaveAttribute('data-placeholder')
}

test('a spoken consent with an interpreter, for one unit: the review shows all that is signed, and renewing begins with it', async ({
  enters,
  sluss,
}) => {
  const id = await sluss.says.opens('linnea')
  const linnea = await enters('linnea')
  await linnea.opens(id)
  await linnea.link('Registrera ett samtycke').click()
  await linnea.ticks('Den enskilde')
  await linnea.box('Socialtjänsten enligt LVU').focus()
  await linnea.page.keyboard.press('Tab')
  await expect(linnea.page.getByRole('radio', { name: 'Skriftligt, på plats' })).toBeFocused()
  await linnea.chooses('Under frihetsberövande')
  await expect(linnea.page.getByText('Är dagen okänd: begränsa eller återkalla samtycket')).toBeVisible()
  await linnea.chooses('Muntligt, med vittne')
  await linnea.button('Nästa').click()
  await expect(linnea.page.getByRole('alert')).toContainText('Skriv vem som hörde samtycket')
  await expect(linnea.page.getByRole('alert')).toContainText('Skriv var underlaget finns')
  await isReadable(linnea)
  await linnea.page.getByRole('textbox', { name: 'Vittne' }).fill('Socialsekreterare Erika Blom')
  await linnea.page.getByLabel('Vad personen har sagt ja till').fill('Att polisen får veta var hoten kommer ifrån.')
  await linnea.page.getByLabel('Språk').fill('Arabiska')
  await linnea.page.getByLabel('Tolk').fill('Tolkförmedlingen, på telefon')
  await linnea.page.getByLabel('Information som personen fick').fill('Informationsblad 3')
  await linnea.page.getByLabel('Underlag').fill('Anteckning i akten.')
  await linnea.ticks(/Personen vill inte att det skrivna visas i Sluss/)
  await expect(linnea.page.getByText('Visa då samtycket för dem på annat sätt.')).toBeVisible()
  await isReadable(linnea)
  await erasesTheDay(linnea, 'on')
  await linnea.button('Nästa').click()
  await expect(linnea.page.getByRole('alert')).toContainText('Fyll i hela datumet')
  await linnea.page.locator('#on').getByRole('spinbutton').last().press('1')
  await expect(linnea.page.getByRole('alert')).toHaveCount(0)
  await linnea.button('Nästa').click()
  await linnea.page.getByLabel('Sök myndighet eller nämnd').fill('Polisregion Väst')
  await linnea.ticks(/Polisregion Väst/)
  await linnea.button('Nästa').click()
  await linnea.button('Nästa').click()
  for (const missing of ['Välj riktning', 'Välj minst en uppgiftskategori', 'Välj minst ett ändamål'])
    await expect(linnea.page.getByRole('alert')).toContainText(`${missing} för Polisregion Väst`)
  await linnea.chooses(/^Båda lämnar till varandra/)
  await linnea.ticks('Hot och risk')
  await linnea.ticks('Bedöma, skydda och planera')
  await linnea.chooses('Bara vissa enheter')
  await linnea.ticks('Regional avhopparsamordning')
  await isReadable(linnea)
  await linnea.button('Nästa').click()
  await expect(linnea.page.getByText(/^Samtycket är muntligt och gäller ändå bara till och med/)).toBeVisible()
  await linnea.button('Nästa').click()
  await expect(linnea.page.getByRole('alert')).toContainText('Välj hur länge samtycket ska gälla')
  await linnea.chooses('Till en annan dag')
  await isReadable(linnea)
  await linnea.chooses(/^6 månader, till och med/)
  await linnea.button('Nästa').click()
  await expect(linnea.page.getByText('Det här börjar delas')).toBeVisible()
  await expect(fact(linnea, 'Polisregion Väst')).toContainText('Bara Regional avhopparsamordning')
  await expect(fact(linnea, 'Språk')).toHaveText('Arabiska')
  await expect(fact(linnea, 'Tolk')).toHaveText('Tolkförmedlingen, på telefon')
  await expect(fact(linnea, 'Vittne')).toHaveText('Socialsekreterare Erika Blom')
  await expect(fact(linnea, 'Underlag')).toHaveText('Anteckning i akten.')
  await isReadable(linnea)
  await expect(fact(linnea, 'Gäller till och med')).toContainText('(muntligt)')
  await linnea.isPhotographed('granska')
  await linnea.button('Signera och registrera').click()
  await expect(linnea.page.getByRole('alert')).toContainText('Kryssa i att du har berättat för personen')
  await expect(linnea.page.getByRole('alert')).toBeFocused()
  await linnea.ticks(/Jag har berättat för personen/)
  await linnea.button('Signera och registrera').click()
  await expect(linnea.page.getByText('Samtycket är registrerat.')).toBeVisible()
  await expect(fact(linnea, 'Information')).toHaveText('Informationsblad 3')

  await expect(fact(linnea, 'Gäller till och med')).toContainText('(muntligt)')
  await expect(fact(linnea, 'Gäller till och med')).toContainText('välj Förnya')
  await linnea.link('Förnya').first().click()
  await expect(linnea.heading('Förnya ett samtycke')).toBeVisible()
  await expect(linnea.page.getByLabel('Språk')).toHaveValue('Arabiska')
  await expect(linnea.page.getByLabel('Vad personen har sagt ja till')).toHaveValue(
    'Att polisen får veta var hoten kommer ifrån.',
  )
  // How it is given now, and where the paper of this time is, is not filled in from the former.
  await expect(linnea.page.getByRole('radio', { name: 'Muntligt, med vittne' })).not.toBeChecked()
  await expect(linnea.page.getByLabel('Underlag')).toHaveValue('')
  await isReadable(linnea)
})

test('who is asked to confirm sees what for, how far back and how long, and who gave it when', async ({
  enters,
  sluss,
}) => {
  const id = await sluss.says.opens('linnea')
  await sluss.says.registers('linnea', id, ['threat', 'plan'])
  await sluss.says.assigns('joakim', id, 'ida')
  const ida = await enters('ida')
  await ida.opens(id)
  // What is written comes to her when somebody at the registering authority has opened the case after her.
  await (await enters('linnea')).opens(id)
  await ida.link('Visa samtycket').click()
  // What is written has not come yet: there is nothing that she can have seen.
  await expect(ida.page.getByText('Du kan bekräfta när det som är skrivet om samtycket visas här.')).toBeVisible()
  await expect(ida.button('Bekräfta och signera')).toHaveCount(0)
  const linnea = await enters('linnea')
  await linnea.opens(id)
  await expect(fact(ida, 'Information')).toHaveText('Informationsblad 3')
  const asked = ida.page.getByRole('region', { name: 'Bekräfta för din myndighets uppgifter' })
  await expect(asked).toContainText('Hot och risk; Planering och överenskommelse')
  await expect(asked).toContainText('Bedöma, skydda och planera')
  await expect(asked).toContainText('Bara det som skrivs från och med nu')
  await expect(fact(ida, 'Lämnat av').first()).toContainText('Står under ”Det som är skrivet om samtycket”')
  const words = ida.page.getByRole('region', { name: 'Det som är skrivet om samtycket' })
  await expect(words).toContainText('den enskilde')
  await expect(words.locator('dt', { hasText: /^När$/ })).toBeVisible()
  await isReadable(ida)
  await ida.isPhotographed('bekrafta')
  await ida.button('Bekräfta och signera').click()
  await expect(ida.page.getByText('Samtycket är bekräftat.')).toBeVisible()
})

test(
  'decisions of a colleague whose key has ended are gone through one by one: kept, or declared void after a question',
  {
    // A key that has ended stays so.
    tag: '@once',
  },
  async ({ enters, sluss }) => {
    const id = await sluss.says.opens('dragan')
    const registration = await sluss.says.registers('dragan', id, ['threat'])
    await sluss.says.endsKey('gunvor', 'dragan')
    const helena = await enters('helena')
    await helena.opens(id)
    const section = helena.page.getByRole('region', { name: /^Beslut av Dragan.*: behåll eller ogiltigförklara/ })
    await expect(section).toContainText('Samtycke att dela med Polisregion Väst')
    await isReadable(helena)
    await helena.isPhotographed('beslut')
    const given = section.getByRole('listitem').filter({ hasText: 'Samtycke att dela med' })
    await given.getByRole('button', { name: 'Ogiltigförklara' }).click()
    const question = helena.page.getByRole('alertdialog')
    await expect(question).toContainText('Delningen upphör genast.')
    await expect(question.getByRole('button', { name: 'Avbryt' })).toBeFocused()
    await isReadable(helena)
    await question.getByRole('button', { name: 'Ogiltigförklara' }).click()
    await expect(helena.page.getByText('Beslutet är ogiltigförklarat.')).toBeVisible()
    await helena.page.locator(`a[href$="${registration}"]`).click()
    await expect(helena.page.getByText(/Ogiltigförklarat av Socialnämnd Centrum/).first()).toBeVisible()
  },
)
