// The page on which one says who one is: plain HTML in Swedish, without scripts, with nothing from elsewhere.
import type { Organisation } from './settings.ts'

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

export function choicePage(organisation: Organisation, action: string): string {
  const choices = organisation.logins.map(
    ({ subject, name, title }) =>
      `<li><button type="submit" name="login" value="${escaped(subject)}"><strong>${escaped(name)}</strong><span>${escaped(title)}</span></button></li>`,
  )
  return `<!doctype html>
<html lang="sv">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Logga in, ${escaped(organisation.name)}</title>
<link rel="stylesheet" href="/page.css">
</head>
<body>
<main>
<p class="where">Påhittad inloggning för demo och utveckling</p>
<h1>Logga in hos ${escaped(organisation.name)}</h1>
<p>Välj vem du är. Alla personer är påhittade och inget lösenord behövs.</p>
<form method="post" action="${escaped(action)}">
<ul>
${choices.join('\n')}
</ul>
</form>
</main>
</body>
</html>
`
}

export const stylesheet = `
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 36rem; margin: 0 auto; padding: 2rem 1rem; }
.where { border-inline-start: .25rem solid; padding-inline-start: .75rem; }
h1 { line-height: 1.2; }
ul { list-style: none; padding: 0; display: grid; gap: .5rem; }
button { font: inherit; text-align: start; width: 100%; min-height: 3rem; padding: .75rem 1rem; cursor: pointer;
  display: grid; border: 1px solid; background: Canvas; color: CanvasText; }
button:hover { text-decoration: underline; }
button:focus-visible { outline: .25rem solid Highlight; outline-offset: .125rem; }
`
