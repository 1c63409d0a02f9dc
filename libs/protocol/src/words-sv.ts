// Two lists of 64 Swedish words: first + second is one of 4,096 compounds, 12 bits. Own selection, CC0 (words-sv.json in the reference data).

export const firstWords: readonly string[] = (
  'al ask asp björk bok ek gran hassel ' +
  'lind lönn rönn sälg tall äppel päron hallon ' +
  'blåbärs lingon smultron klöver ljung moss säv vass ' +
  'halm korn råg havre hö sten sand ler ' +
  'grus kalk järn koppar silver guld glas sjö ' +
  'bäck strand havs is snö vinter vår sommar ' +
  'höst morgon kvälls sol mån stjärn moln regn ' +
  'norr söder öster väster skogs ängs bergs fjäll'
).split(' ')

export const secondWords: readonly string[] = (
  'backe bro brygga båt cykel dal damm dörr ' +
  'fält fågel glänta grind gård hage hamn hatt ' +
  'hus hylla klocka klippa kulle kvarn lada lampa ' +
  'lykta lund mur mössa näs park port ring ' +
  'sadel skepp sked skål spår stege stig stol ' +
  'stuga ström säck torg torn trappa trast udde ' +
  'vagn vante väg vik våg kanna korg krona ' +
  'låda matta penna pil sjal tråd tunna växt'
).split(' ')
