// Whoever works by keyboard or hears the page is never left nowhere: after each act focus is on what comes next, or on what was said.
import { expect, test } from './support/page.ts'
import type { Person } from './support/person.ts'

const notice = ({ page }: Person, text: string) => page.locator('#notices').filter({ hasText: text })

test('after a message has been sent the next can be written; each that comes is spoken of anew', async ({
  enters,
  sluss,
}) => {
  const { id } = await sluss.says.aCaseSharedWithPolice(['threat'])
  const thread = await sluss.says.writes('linnea', id, 'threat', 'ett')
  const linnea = await enters('linnea')
  await linnea.walksTo(`/arenden/${id}/tradar/${thread}`)
  await linnea.writes('två')
  await expect(linnea.page.getByLabel('Meddelande', { exact: true })).toBeFocused()

  const said = linnea.page.getByText('Ett nytt meddelande', { exact: true })
  await sluss.says.writes('ida', id, 'threat', 'tre', thread)
  const first = await said.elementHandle()
  await sluss.says.writes('ida', id, 'threat', 'fyra', thread)
  await expect(linnea.message('fyra')).toBeVisible()
  await expect(said).toBeAttached()
  await expect.poll(() => first?.evaluate((element) => element.isConnected)).toBe(false)
})

test('after a confirmation focus is on what was done; after a withdrawal too; a question left gives it back', async ({
  enters,
  sluss,
}) => {
  const id = await sluss.says.opens('linnea')
  await sluss.says.registers('linnea', id, ['threat'])
  await sluss.says.assigns('joakim', id, 'ida')
  const ida = await enters('ida')
  await ida.opens(id)
  // Now Borås' client can give the Police the words that are to be confirmed.
  await (await enters('linnea')).opens(id)
  await ida.link('Visa samtycket').click()
  await ida.button('Bekräfta och signera').click()
  await expect(notice(ida, 'Samtycket är bekräftat.')).toBeFocused()

  await ida.button('Återkalla samtycket').click()
  await ida.page.keyboard.press('Escape')
  await expect(ida.button('Återkalla samtycket')).toBeFocused()
  await ida.button('Återkalla samtycket').click()
  await ida.button('Återkalla nu').click()
  await expect(notice(ida, 'Samtycket är återkallat.')).toBeFocused()
})

test('after assigning focus is where it was, or on what was done', async ({ enters, sluss }) => {
  const id = await sluss.says.opens('linnea')
  await sluss.says.registers('linnea', id, ['threat'])
  const joakim = await enters('joakim')
  await joakim.opens(id)
  await joakim.assigns('Ida Kronvall')
  await expect(
    joakim.button('Tilldela').or(notice(joakim, 'Ida Kronvall är tilldelad.')).and(joakim.page.locator(':focus')),
  ).toHaveCount(1)
})
