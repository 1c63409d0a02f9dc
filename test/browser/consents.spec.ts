// What is said of a consent is true: while it waits, when it has ended and by whom, and when nobody knows whether it was done.
import type { Route } from '@playwright/test'
import { expect, test } from './support/page.ts'

const isWithdrawal = /\/cases\/[^/]+\/consents\/[^/]+\/withdrawals$/

test('until somebody has confirmed and opened Sluss it waits, and says for whom; then it stands', async ({
  enters,
  sluss,
}) => {
  const id = await sluss.says.opens('linnea')
  await sluss.says.registers('linnea', id, ['threat'])
  const linnea = await enters('linnea')
  await linnea.opens(id)
  const row = linnea.page.getByRole('listitem').filter({ has: linnea.link(/visa, begränsa eller återkalla$/) })
  await expect(row).toContainText('Väntar på bekräftelse och nyckel')
  await linnea.opensConsent()
  await expect(linnea.page.getByText('Väntar på att Polisregion Väst bekräftar för sina uppgifter.')).toBeVisible()
  await expect(linnea.page.getByText(/Polisregion Väst läser först när någon som är tilldelad där/)).toBeVisible()
  await expect(linnea.page.getByText('Gäller', { exact: true })).toHaveCount(0)
  await linnea.isPhotographed('samtycke-vantar')

  const { id: other } = await sluss.says.aCaseSharedWithPolice(['threat'])
  await linnea.opens(other)
  await linnea.opensConsent()
  await expect(linnea.page.getByText('Gäller', { exact: true })).toBeVisible()

  const custody = await sluss.says.opens('linnea')
  await sluss.says.shares('linnea', custody, ['threat'], { given: { how: 'in-custody', restsFrom: null } })
  await linnea.opens(custody)
  await linnea.opensConsent()
  await expect(linnea.page.getByText('Dagen för frigivning är inte angiven.')).toBeVisible()
})

test('who withdraws is told what she did and what it ended, not that access was lost; the row says by whom', async ({
  enters,
  sluss,
}) => {
  const { id } = await sluss.says.aCaseSharedWithPolice(['threat'])
  await sluss.says.writes('ida', id, 'threat', 'Vi har gjort en bedömning.')
  const [linnea, ida] = [await enters('linnea'), await enters('ida')]
  await ida.opens(id)
  await linnea.opens(id)
  await linnea.opensConsent()
  await linnea.button('Återkalla samtycket').click()
  await linnea.button('Återkalla nu').click()
  const told = linnea.page.getByText('Samtycket är återkallat.')
  await expect(told).toBeVisible()
  await expect(told).toContainText(/Polisregion Väst läser inte längre det .*Borås.* skriver om: Hot och risk/)
  await expect(linnea.page.getByText(/Återkallat\. Registrerat .*\d av .*Borås/).first()).toBeVisible()

  const ended = ida.page.getByText('Du har inte längre tillgång till allt i ärendet.')
  await expect(ended).toBeVisible()
  await expect(ida.link('Se vad som delas nu')).toBeVisible()
  await expect(linnea.page.getByText('Du har inte längre tillgång till allt i ärendet.')).toHaveCount(0)
  await ida.button('Stäng meddelandet').click()
  await expect(ended).toHaveCount(0)
})

test('whoever is writing when another withdraws is told so, with the way to what is shared now', async ({
  enters,
  sluss,
}) => {
  const { id } = await sluss.says.aCaseSharedWithPolice(['threat'])
  const thread = await sluss.says.writes('linnea', id, 'threat', 'ett')
  const [linnea, ida] = [await enters('linnea'), await enters('ida')]
  await linnea.walksTo(`/arenden/${id}/tradar/${thread}`)
  await linnea.page.getByLabel('Meddelande', { exact: true }).fill('På väg till er')
  await ida.opens(id)
  await ida.page.locator('a[href*="/samtycken/"]').first().click()
  await ida.button('Återkalla samtycket').click()
  await ida.button('Återkalla nu').click()
  await expect(ida.page.getByText('Samtycket är återkallat.')).toBeVisible()
  const told = linnea.page.getByText(/^Ett samtycke är återkallat sedan \d/)
  await expect(told).toBeInViewport()
  await expect(ida.page.getByText(/^Ett samtycke är återkallat sedan/)).toHaveCount(0)
  await expect(linnea.page.getByLabel('Meddelande', { exact: true })).toHaveValue('På väg till er')
  await linnea.link('Se vad som delas nu').click()
  await expect(linnea.page.getByRole('heading', { name: 'Vad som delas' })).toBeInViewport()
  await expect(told).toHaveCount(0)
})

test('a withdrawal without an answer is not called done: it is tried again, and goes through when the server is back', async ({
  enters,
  sluss,
}) => {
  const { id } = await sluss.says.aCaseSharedWithPolice(['threat'])
  const linnea = await enters('linnea')
  await linnea.opens(id)
  await linnea.opensConsent()
  let isDown = true
  await linnea.page.route(isWithdrawal, (route) => (isDown ? route.abort() : route.continue()))
  await linnea.button('Återkalla samtycket').click()
  await expect(linnea.button('Avbryt')).toBeVisible()
  await linnea.button('Återkalla nu').click()
  const alert = linnea.page.getByRole('alert')
  await expect(alert).toContainText('Det är inte säkert att det är gjort.')
  await expect(alert).toContainText('Sluss försöker igen')
  await expect(alert).toContainText('Ring under tiden')
  await expect(linnea.page.getByText('Samtycket är återkallat.')).toHaveCount(0)
  // It is no longer said to hold at once, and nothing offers to call it off.
  const question = linnea.page.getByRole('alertdialog')
  await expect(question).not.toContainText('Det gäller genast')
  await expect(question.getByRole('button', { name: 'Avbryt' })).toHaveCount(0)
  await expect(question.getByRole('button', { name: 'Stäng (Sluss fortsätter försöka)' })).toBeVisible()
  await linnea.isPhotographed('samtycke-osakert')
  isDown = false
  await expect(linnea.page.getByText('Samtycket är återkallat.')).toBeVisible()
})

test('a narrowing of both directions that fails half-way says which part is done and which is left, and goes on with that', async ({
  enters,
  sluss,
}) => {
  const { id } = await sluss.says.aCaseSharedWithPolice(['threat', 'plan'])
  const linnea = await enters('linnea')
  await linnea.opens(id)
  await linnea.opensConsent()
  await linnea.link('Begränsa en del').click()
  const fail = (route: Route) =>
    route.fulfill({
      status: 500,
      contentType: 'application/problem+json',
      body: JSON.stringify({ type: '/problems/internal-error', title: 'Something went wrong', status: 500 }),
    })
  // What the Police gives is narrowed by a withdrawal that its own client acts on; what Borås gives by Borås itself.
  await linnea.page.route(isWithdrawal, fail)
  await linnea.ticks(/^Hot och risk, från .*Borås.* till Polisregion Väst/, 'off')
  await linnea.ticks(/^Hot och risk, från Polisregion Väst till/, 'off')
  await linnea.button('Begränsa nu').click()
  await expect(linnea.page.getByRole('region', { name: 'Det här är gjort' })).toContainText(
    'Polisregion Väst läser inte längre',
  )
  await expect(linnea.page.getByRole('region', { name: 'Det här är kvar att göra' })).toContainText('Borås')
  await linnea.isPhotographed('samtycke-halvvags')
  await linnea.page.unroute(isWithdrawal)
  await linnea.button('Försök igen med resten').click()
  await expect(linnea.page.getByText('Samtycket är begränsat.')).toBeVisible()
  await linnea.opensConsent()
  await expect(linnea.page.getByText(/Begränsat\. Registrerat .*\d av .*Borås/).first()).toBeVisible()
})
