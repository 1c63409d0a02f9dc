// Log reviewers are in no case: they come to a case's log by its address, and to nothing else of it.
import { axeFindings, expect, test } from './support/page.ts'

test('a reviewer opens a log by the case’s address; whoever works in cases has no need of the form', async ({
  enters,
  sluss,
}) => {
  const id = await sluss.says.opens('linnea')
  const linnea = await enters('linnea')
  await expect(linnea.heading('Mina ärenden')).toBeVisible()
  await expect(linnea.page.getByLabel('Ärendets adress')).toHaveCount(0)

  await sluss.says.holds('osman', ['security_officer'])
  const osman = await enters('osman')
  await osman.page.getByLabel('Ärendets adress').fill('1490-2026-00012')
  await osman.button('Visa loggen').click()
  await expect(osman.page.getByText('Klistra in adressen till ärendet')).toBeVisible()
  await expect(osman.page.getByLabel('Ärendets adress')).toBeFocused()
  expect(await axeFindings(osman.page)).toEqual([])
  await osman.isPhotographed('loggranskning')
  await osman.page.getByLabel('Ärendets adress').fill(`${sluss.url}/arenden/${id}`)
  await osman.button('Visa loggen').click()
  await expect(osman.heading('Logg')).toBeVisible()
  await expect(osman.page.getByText('Skapade ärendet')).toBeVisible()
  await osman.page.getByRole('link', { name: /Tillbaka till ärendet/ }).click()
  await expect(osman.state('notPermitted')).toBeVisible()
  await sluss.says.holds('osman', [])
})
