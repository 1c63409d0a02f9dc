// Texts of the frame around every page.
export const shell = {
  product: 'Sluss',
  skip: 'Hoppa till innehållet',
  navigation: 'Huvudmeny',
  cases: 'Mina ärenden',
  keys: 'Nycklar',
  settings: 'Inställningar',
  lock: 'Lås',
  emergency: 'Akut hjälp',
  emergencyNow: 'Fara för liv? Ring 112',
  emergencyPolice: 'Polisen i övriga fall: 114\u00a014',
  back: (to: string) => `Tillbaka till ${to}`,
  notFound: {
    heading: 'Sidan finns inte',
    text: 'Kontrollera adressen, eller börja om från dina ärenden.',
    to: 'Till mina ärenden',
  },
  crashed: {
    heading: 'Något gick fel',
    text: 'Ladda om sidan. Meddelanden och samtycken som du har börjat skriva finns kvar som utkast. Kontakta systemförvaltaren om felet kommer tillbaka.',
    reload: 'Ladda om',
  },
  disconnected: 'Ingen kontakt med servern. Sidan uppdateras när kontakten är tillbaka.',
  upkeepRefused:
    'Sluss kunde inte göra klart det som behövs för att andra ska få läsa. Du kan arbeta vidare. Öppna ärendet igen om en stund. Står det här kvar, berätta det för systemförvaltaren.',
  consentEnded: {
    withdrawn: (at: string) => `Ett samtycke är återkallat sedan ${at}.`,
    narrowed: (at: string) => `Ett samtycke är begränsat sedan ${at}.`,
  },
  seeShared: 'Se vad som delas nu',
  accessEnded:
    'Du har inte längre tillgång till allt i ärendet. Ett samtycke eller en tilldelning har begränsats eller upphört. Fråga den som fördelar ärenden på din enhet om du behöver läsa mer.',
  dismiss: 'Stäng meddelandet',
  idleSoon: (seconds: number) =>
    `Sluss låses om ${seconds} sekunder. Meddelanden och samtycken som du har börjat skriva sparas som utkast.`,
  idleStay: 'Fortsätt arbeta',
  printed: (name: string, at: string) =>
    `Utskrivet ur Sluss av ${name}, ${at}. Uppgifterna omfattas av sekretess. Förvara papperet inlåst och förstör det när du inte behöver det.`,
  retry: 'Försök igen',
  cancel: 'Avbryt',
  next: 'Nästa',
  previous: 'Föregående',
  more: 'Visa fler',
  dayHalf: 'Fyll i hela datumet',
  chosen: 'Välj …',
  errorsHeading: (n: number) => (n === 1 ? 'Rätta en uppgift' : `Rätta ${n} uppgifter`),
  step: (n: number, of: number) => `Steg ${n} av ${of}`,
  pseudonym: (id: string) => `Okänt namn (${id.slice(0, 8)})`,
  you: 'dig',
  working: 'Arbetar …',
}
