const list = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ''))

/** Words that say nothing of what a text is about, as they are written, accents folded. */
const STOP = list(`
  a about after again all also always am an and any anybody anyone anything are as ask at away back be because been before
  being below between both but by can could did do does doing done down each else even ever every everything few for from
  further get gets getting give gives given go goes going gone good got great had has have having he hello help her here hers
  hey hi him his how however i if in into is it its itself just keep know known knows last least less let like list little ll
  look lot made make makes making many may maybe me mean might mine more most much must my myself name need needs never new
  next no nor not nothing now of off often ok okay old on once one only onto or other our ours out over own please put quite
  re really right s said same say says see shall she should show since so some somebody someone something soon still such t
  take tell than thank thanks that the their them then there these they thing things think this those though through time times
  to today too two under until up upon us use used user users uses using ve very want wants was way we well were what when
  where whether which while who whom whose why will with within without word words would write yes yet you your yours yourself
  explain describe summarize example examples question answer answers text short long please first day days
  aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim beispiel benutzer bin bis bist bitte
  da dabei dadurch daher damit danach danke dann daran darauf darf darum das dass davon dazu dein deine deinem deinen deiner
  dem den denn der des deshalb dich die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen
  einer eines einfach einige einmal er erklare erklar es etwas euch euer eure fur frage gab ganz gar geben gegen geht gehen gemacht
  genau gerade gern gerne gib gibt gross gut gute guten habe haben hallo hast hat hatte hatten heute hier hin hinter ich ihm
  ihn ihnen ihr ihre ihrem ihren ihrer im immer in indem ins ist ja jede jedem jeden jeder jedes jetzt kann kannst kein keine
  keinem keinen keiner konnen konnte kurz lang lange lass liste mach mache machen macht mal man manche mehr mein meine
  meinem meinen meiner meines mich mir mit moglich muss musst mussen nach neu neue neuen nein nicht nichts nie noch nochmal
  nun nur nutzer ob oben oder ohne sage sagen schon schreib schreibe schreiben sehr sei seid sein seine seinem seinen seiner seit sich sie
  sind so sogar solche soll sollen sollte sondern sonst sowie text tun um und uns unser unsere unter usw viel viele vielen
  vom von vor wann war waren warum was weder weg weil weiss weisst weiter welche welchem welchen welcher welches wem wen
  wenig wenn wer werde werden wessen wie wieder will willst wir wird wirklich wirst wo wobei woher wohin wurde wurden zeig zeige
  zu zum zur zwei zwischen tag tage antwort`)

/** Words that help to find something together with another, and not alone; as they are written. */
const WEAK = list(`
  run runs ran liegt liegen steht stehen lies stands
  call called calls named names name title heisst heissen heisse namen genannt
  favorite favourite favorites preferring prefer prefers preferred best better love loves liked likes enjoy enjoys usual usually
  liebling lieblings lieb lieber liebsten liebste mag magst mochte bevorzuge bevorzugt meist meistens normalerweise
  work works working live lives find come comes coming came start starts started began begin set sets kommen kommt komme finde finden
  year years week weeks month months hour hours minute minutes jahr jahre woche wochen monat monate stunde stunden uhr
  morning evening night morgen abend nacht number nummer big small large kind type art part change
  remember recall forget erinnere erinnern merke merken vergiss tomorrow yesterday gestern people person leute
  project projekt file files datei dateien code word page create build erstelle baue plan plans planen
  recommend suggest idea ideas empfehl empfiehl empfehle vorschlag idee ideen choose buy kaufen`)

export const isStop = (word: string): boolean => STOP.has(word)
export const isWeak = (word: string): boolean => WEAK.has(word) || /^\d{1,3}$/.test(word)
