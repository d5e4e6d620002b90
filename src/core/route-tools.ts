import type { Agent } from './ports.ts'
import { asksMemory } from './route-memory.ts'
import type { Token } from './route-words.ts'

const any = (words: string) => `(?:${words.trim().split(/\s+/).join('|')})`

/** Files, folders and what else lies or runs on this machine. */
const OBJECT = any(`
  files? folders? director(?:y|ies) workspace repos? repository project codebase source config\\w* logs? readme spreadsheets? documents? pdfs? csv
  markdown disks? drives? machine computer process(?:es)? port cpu ram memory server script tests? dependencies git branch downloads desktop
  photos? pictures? images? archive release operating.system uncommitted
  \\w*datei(?:en)? \\w*ordners? \\w*verzeichnis\\w* projekt\\w* quelltext quellcode platte festplatte rechner\\w* computers prozess\\w* programme
  speicher servers? skript\\w* tests abhangigkeiten tabellen? bilder\\w* fotos archiv konfiguration\\w*
  archivos? carpetas? directorio proyecto fichiers? dossiers? repertoire projet cartell[ae] file`)
const SHAPE = '(?:#file|#path)'
/** What is done to those. */
const VERB = any(`
  list show read open rename delete remove put save create make move copy look peek check count find search grep run execute install start
  stop restart kill undo revert convert back backup replace add append overwrite zip unzip unpack extract download upload tidy clean go compare
  build change fix edit update print scan tail try inspect sort merge split commit pull push deploy
  lies leg lege losch\\w* schreib\\w* such\\w* benenn\\w* fuhr\\w* ersetz\\w* offne\\w* installier\\w* mach\\w* durchsuch\\w* verschieb\\w*
  schau\\w* speicher\\w* zeig\\w* hang\\w* start\\w* stopp\\w* beende\\w* kopier\\w* entpack\\w* pack\\w* andere bearbeit\\w* list\\w* zahl\\w* pruf\\w* erstell\\w*
  lee muestra abre borra mueve copia crea busca ejecuta instala lis montre ouvre supprime deplace copie cree cherche lance installe`)
const ASKED =
  '^(?:(?:please|bitte|now|ok|okay|so|and|then|also|hey|can|could|would|will|kannst|konntest|wurdest) )*(?:(?:you|du) )?(?:(?:please|bitte|mal) )*'
const HEAD = new RegExp(`(?:${ASKED}| (?:and|then|to|und|dann|zu|mal) )${VERB} `)
/** Writing is done to a file only where it says so. */
const INTO = new RegExp(
  `\\b(?:in|into|to|als|auf|as) (?:(?:a|an|the|eine?n?|die|den|das) )?(?:\\w+ )?(?:${SHAPE}|files?|datei)`,
)
/** It lies here, or is happening now. */
const HERE = new RegExp(
  ` (?:this|these|my|our|your|current|here|now|hier|gerade|dies\\w*|mein\\w*|unser\\w*|este|esta|mi|ce|cette|mon|workspace) `,
)
const MANY = /^(?:how (?:big|many|much|large)|wie (?:viel|viele|gross)|which|welche\w*|where|wo|is|are|ist|lauft|gibt) /
const DEFINITE = / (?:the|this|der|die|das|dem|den|dies\w*|my|last|changed?|#number) /

/** On the network, or of today. */
const WEB = any('web internet online netz google website webseite homepage url page')
const ONLINE = new RegExp(
  ` (?:google|recherchier\\w*) |(?:search|look|find|such\\w*|schau\\w*|check|fetch|browse) (?:\\S+ ){0,4}${WEB}|${WEB} (?:\\S+ ){0,3}(?:for|nach|reachable|down|says?)`,
)
const FRESH =
  / (?:now|today|today's|tonight|tomorrow|yesterday|this (?:morning|week|month|year)|latest|newest|current|currently|recent|live|heute|morgen|gestern|gerade|aktuell\w*|neueste\w*|hoy|aujourd'hui) /
const NEWS = new RegExp(
  ` ${any(`
  news headlines? weather forecast exchange rate price prices score results? won announced? stock shares strike launch traffic opening
  nachrichten wetter\\w* kurs preis\\w* kostet neues ergebnis\\w* borse verkehr noticias tiempo meteo nouvelles`)} `,
)

/** Asks how something is done or what it is, for words alone. */
const THEORY = new RegExp(
  `^(?:(?:please|bitte|and|also|und|can you|could you|kannst du) )*(?:${[
    "how (?:do|does|can|could|would|should|to|did|long|come)|why|what(?:'s| is| are| was) (?:a|an|it like|the (?:difference|best|point|meaning|purpose|idea|plot|word|capital|history))|what does (?:a|an|it|the word|that)",
    "explain|describe|translate|rephrase|summari[sz]e the (?:plot|story|history)|tell me (?:a|about|more)|should|is it|is a|is an|who|can (?:i|one|we|a|an)|give me|suggest|name|i'm|i am|thanks?|what makes|what do you|compare (?!the|my|our|these|this)|show me (?:a|an|how)",
    'warum|wieso|weshalb|wie (?:kann|konnte|lasst|macht?|mache|funktioniert|lange|heisst|geht|sollte|schreib\\w*|losch\\w*|offne\\w*)|erklar\\w*|beschreib\\w*|ubersetz\\w*|was (?:ist (?:ein|der|die|das)|bedeutet|heisst|soll)|soll|sollte|kann (?:man|ich)|ist es|wer|nenn\\w*|erzahl\\w*|schlag\\w*|danke|formulier\\w*',
    'como (?:se|puedo|hago)|por que|que es|comment (?:faire|puis)|pourquoi|explique',
  ].join('|')})(?: |$)`,
)
/** Asks for a text or for code, which is an answer. */
const TEXT = new RegExp(
  `(?:write|create|generate|make|give|draft|compose|show|schreib\\w*|erstell\\w*|generier\\w*) (?:me |mir |us )?(?:a|an|the|some|eine?n?|das) (?:\\S+ ){0,3}${any(`
  functions? class script regex expressions? program query tests? component one-liner poem haiku limerick story email mail letter example
  sentence song list opening funktion klasse skript programm gedicht brief geschichte`)} `,
)

/** Whether a message asks for something that only tools can do. */
export const needsTools = (words: readonly Token[], agent: Pick<Agent, 'name'>): boolean =>
  asksMemory(words) || asksAct(words, agent)

/**
 * Whether it asks to look at or change what lies on this machine, to run something, or to find out what is so today. By words alone, of
 * English and German above all; a link or a path says it in any language.
 */
export function asksAct(words: readonly Token[], agent: Pick<Agent, 'name'>): boolean {
  const said = words.filter(({ weight }) => weight === 1).map(({ word }) => word)
  const text = ` ${said.filter((word) => word !== '#question').join(' ')} `
  const bare = text.trimStart()
  const theory = THEORY.test(bare)
  const shapes = said.filter((word) => word === '#file' || word === '#path').length
  if (said.includes('#link') || / https? #(?:path|file) /.test(text)) return true
  if (!theory && (ONLINE.test(text) || (FRESH.test(text) && NEWS.test(text)))) return true
  if (theory && FRESH.test(text) && NEWS.test(text) && bare.startsWith('what')) return true
  const object = new RegExp(` ${OBJECT} `).test(text)
  const wordy = theory || (TEXT.test(bare) && !INTO.test(text))
  let points = wordy ? -3 : 0
  if (object) points += 1
  if (shapes > 0) points += 1
  if (HEAD.test(bare) && !/^(?:write|schreib\w*) /.test(bare)) points += 1
  if (INTO.test(text) && /(?:write|wrote|put|save|schreib\w*|speicher\w*|hang\w*|append) /.test(bare)) points += 2
  if (object && HERE.test(text)) points += 1.5
  else if (object && MANY.test(bare) && DEFINITE.test(text)) points += 1
  if (/ (?:workspace|port #number) | installed here /.test(text)) points += 1
  // Who acts on the machine is asked to, as a rule.
  if (agent.name === 'executor') points += 2
  return points >= 2
}
