// What a refusal means and what to do next, by the problem's name. Server texts are never shown.
import type { ProblemName } from '#libs/contracts'

type Text = { readonly what: string; readonly next: string }

const server: Record<ProblemName, Text> = {
  'malformed-request': {
    what: 'Servern förstod inte begäran.',
    next: 'Ladda om sidan. Kontakta systemförvaltaren om felet kommer tillbaka.',
  },
  'not-signed-in': {
    what: 'Du är utloggad.',
    next: 'Logga in igen. Meddelanden och samtycken som du har börjat skriva finns kvar som utkast.',
  },
  'cross-site-request': { what: 'Begäran kom inte från Sluss.', next: 'Stäng fliken och öppna Sluss på nytt.' },
  'scope-ended': {
    what: 'Din myndighet har inte längre tillgång hit.',
    next: 'Fråga din enhetschef om du behöver det för din uppgift.',
  },
  'assignment-ended': {
    what: 'Din tilldelning i ärendet har upphört.',
    next: 'Fråga den som fördelar ärenden på din enhet.',
  },
  'role-missing': { what: 'Din roll tillåter inte det här.', next: 'Fråga din enhetschef eller systemförvaltaren.' },
  'key-not-certified': {
    what: 'Din nyckel har inget gällande nyckelintyg.',
    next: 'Kontakta en nyckelansvarig på din myndighet.',
  },
  'not-found': {
    what: 'Det du söker finns inte, eller finns inte för dig.',
    next: 'Kontrollera adressen. Fråga den som fördelar ärenden om du väntat dig att se det.',
  },
  'method-not-allowed': { what: 'Det går inte att göra här.', next: 'Ladda om sidan.' },
  'ledger-moved-on': {
    what: 'Ärendet ändrades medan du arbetade.',
    next: 'Kontrollera hur det ser ut nu och försök igen.',
  },
  'already-exists': { what: 'Det är redan registrerat.', next: 'Ladda om sidan och kontrollera.' },
  'key-stale': { what: 'Nyckeln har bytts ut.', next: 'Försök igen. Då används den nya nyckeln.' },
  'seals-differ': { what: 'Läsarna ändrades medan du skrev.', next: 'Kontrollera vilka som läser nu och skicka igen.' },
  'too-large': { what: 'Texten är för lång.', next: 'Dela upp den i flera meddelanden.' },
  'statement-refused': {
    what: 'Beslutet godtogs inte.',
    next: 'Kontrollera uppgifterna. Kontakta systemförvaltaren om felet kommer tillbaka.',
  },
  'message-refused': { what: 'Meddelandet godtogs inte.', next: 'Texten finns kvar som utkast. Försök igen.' },
  'clock-apart': {
    what: 'Klockan på din dator eller telefon går fel.',
    next: 'Ställ klockan rätt och försök igen. Sluss godtar högst två minuters skillnad.',
  },
  'too-many-requests': { what: 'För många försök på kort tid.', next: 'Vänta en minut och försök igen.' },
  'internal-error': {
    what: 'Något gick fel.',
    next: 'Försök igen. Kontakta systemförvaltaren om felet kommer tillbaka.',
  },
  unavailable: {
    what: 'Sluss är inte tillgängligt just nu.',
    next: 'Försök igen om en stund. Meddelanden och samtycken som du har börjat skriva finns kvar som utkast.',
  },
}

/** Refusals that arise in the client itself. */
const client = {
  offline: {
    what: 'Ingen kontakt med servern.',
    next: 'Kontrollera nätverket och försök igen. Meddelanden och samtycken som du har börjat skriva finns kvar som utkast.',
  },
  locked: { what: 'Sluss är låst.', next: 'Lås upp med din lösenfras.' },
  'passphrase-wrong': {
    what: 'Lösenfrasen stämmer inte.',
    next: 'Kontrollera stavningen och ordningen på orden.',
  },
  'passphrase-weak': { what: 'Lösenfrasen är för svag.', next: 'Använd de sex ord som Sluss föreslår.' },
  'key-missing': {
    what: 'Din dator eller telefon saknar en nyckel som behövs här.',
    next: 'Be en kollega öppna ärendet i Sluss. Då får du nyckeln.',
  },
  'no-writing-role': { what: 'Din roll skriver inte i ärenden.', next: 'Fråga din enhetschef om du behöver skriva.' },
  'not-found-here': { what: 'Det du söker finns inte i ärendet.', next: 'Ladda om ärendet och kontrollera.' },
  'root-differs': {
    what: 'Servern visar en annan rotnyckel än den som är installerad.',
    next: 'Skriv ingenting här. Kontakta säkerhetsansvarig.',
  },
  'not-an-answer': {
    what: 'Servern gav ett svar som Sluss inte känner igen.',
    next: 'Ladda om sidan. Kontakta systemförvaltaren om felet kommer tillbaka.',
  },
  'readers-grew': {
    what: 'Fler läser nu än när du skrev.',
    next: 'Kontrollera vilka som läser och skicka igen om det är rätt.',
  },
  'worker-failed': { what: 'Den del av Sluss som krypterar har stannat.', next: 'Ladda om sidan och lås upp igen.' },
  'root-missing': {
    what: 'Sluss är inte färdiginstallerat här.',
    next: 'Kontakta systemförvaltaren: rotnyckelns fingeravtryck saknas.',
  },
  'chain-refused': {
    what: 'Signaturerna i ärendet går inte att lita på.',
    next: 'Skriv ingenting här. Kontakta säkerhetsansvarig.',
  },
}
export type ClientProblem = keyof typeof client

export const problems = { server, client, refusedWord: (reason: string) => `Felkod: ${reason}` }
