import { stemOf } from './stems.ts'

/** Words for nearly the same, in English and German: what people tell of themselves, and what they ask for it with. One a line. */
const GROUPS = `
wife husband spouse partner married frau mann ehefrau ehemann verheiratet
wedding anniversary married hochzeit hochzeitstag heiraten verheiratet
child children kid kids kind kinder
son sons child kid sohn kind
daughter child kid tochter kind
mother mom mum mutter mama
father dad vater papa
parents eltern
sister sibling schwester geschwister
brother sibling bruder geschwister
pet haustier tier dog hund puppy
pet haustier tier cat katze kater kitten
bird vogel pet haustier
horse pferd
friend freund freundin
neighbor neighbour nachbar nachbarin
colleague coworker teammate kollege kollegin team
boss manager chef chefin vorgesetzter supervisor
job profession occupation work works beruf arbeit arbeite arbeitet
employer company employed work works arbeitgeber firma unternehmen arbeit arbeite angestellt
office buro arbeitsplatz
live lives living home address resides wohne wohnt wohnen wohnung adresse zuhause
city town stadt wohnort live
house apartment flat haus wohnung
born birthday birth age geburtstag geboren
old age alt alter born
food eat eats eating diet meal dish essen esse isst gericht mahlzeit ernahrung
cook cooking recipe dinner kochen koche rezept abendessen eat essen
breakfast fruhstuck fruhstucken
vegetarian vegan meat diet eat cook cooking recipe dinner kochen rezept vegetarisch vegetarier vegetarierin veganer fleisch essen
drink drinks coffee trinken trinke kaffee
drink drinks tea trinken trinke tee
allergy allergic intolerance intolerant allergie allergisch unvertraglich vertrage
nut nuts peanut nuss nusse erdnuss erdnusse
car vehicle drive drives auto wagen fahrzeug
bike bicycle cycle fahrrad rad radfahren
train bahn zug
language speak speaks fluent sprache sprachen sprechen spreche spricht
english englisch
german germany deutsch deutschland
french france franzosisch frankreich
spanish spain spanisch spanien
italian italy italienisch italien
school university college student study studies degree schule universitat uni studium studieren studiert
doctor physician arzt arztin hausarzt
dentist zahnarzt zahnarztin
medicine medication pills tablets mg dose medikament medikamente tabletten
illness disease diabetes krankheit health gesundheit
color colour farbe
music song band musik lied
instrument play plays piano guitar instrument spielen spiele spielt klavier gitarre
piano klavier
guitar gitarre
sport sports exercise workout training trainieren
run runs running jogging marathon laufen laufe joggen
swim swimming schwimmen schwimmbad
hobby hobbies leisure freizeit
book books read reading novel buch bucher lesen roman
movie film series serie kino
travel trip vacation holiday reise reisen verreise urlaub
computer laptop machine notebook rechner
operating os linux windows macos ubuntu betriebssystem
phone telephone mobile handy telefon smartphone
email mail
salary money income gehalt geld einkommen
shoe shoes size schuh schuhe schuhgrosse grosse
clothes shirt kleidung
timezone zone zeitzone
meeting standup appointment termin besprechung
deadline due frist abgabe abgabetermin
editor ide
indent indentation tab tabs spaces einruckung einrucken leerzeichen
programming program programmer coding developer programmieren programmiert programmiersprache entwickler
database postgres postgresql mysql sqlite datenbank
server servers host
deploy deployed deployment release released releases veroffentlichen veroffentlicht auslieferung
test tests testing getestet testen
password passwort kennwort
key keys schlussel
garden plants garten pflanzen
weather wetter
tea tee
coffee kaffee
water wasser
blue blau
green grun
red rot
white weiss
black schwarz
summer sommer
winter winter
mountain mountains hiking hike berg berge wandern
sea beach meer strand
glasses brille
sleep bed schlafen schlafe schlaf bett
tooth teeth zahn zahne
church religion kirche
answer reply respond antworte antworten
units metric metrisch einheiten
invoice bill rechnung
customer client kunde kundin kunden`

const KIN = new Map<string, Set<string>>()
for (const line of GROUPS.trim().split('\n')) {
  const stems = new Set(line.split(' ').map(stemOf))
  for (const stem of stems) {
    const known = KIN.get(stem) ?? new Set<string>()
    for (const other of stems) if (other !== stem) known.add(other)
    KIN.set(stem, known)
  }
}
const NONE: ReadonlySet<string> = new Set()
export const kinOf = (stem: string): ReadonlySet<string> => KIN.get(stem) ?? NONE
