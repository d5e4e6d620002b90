/** What is known; a question names what it needs by the first word. */
export const FACTS = `
dog | The user's dog is named Rex.
katze | Die Katze der Nachbarin heißt Minka.
wife | The user is married to Anna; the wedding was on 12 June 2015.
son | The user has two sons, Paul (8) and Jonas (5).
vater | Der Vater des Nutzers war Tischler in Bremen.
job | The user works as a nurse at the Charité in Berlin.
boss | The user's manager is called Frau Lindqvist.
flat | The user lives in a third-floor apartment in Leipzig, Karl-Heine-Straße 40.
geburtstag | Der Nutzer hat am 3. März Geburtstag und ist 1984 geboren.
nuts | The user is allergic to hazelnuts.
vegan | Der Nutzer ernährt sich vegetarisch und mag keine Pilze.
coffee | The user drinks coffee black, without sugar.
car | The user drives a grey Skoda Octavia, built in 2017.
fahrrad | Das Fahrrad des Nutzers steht im Keller; das Schloss hat den Code 4711.
piano | The user has been learning the piano since 2021.
klub | Der Nutzer spielt dienstags Volleyball im Verein.
shoes | The user's shoe size is 43.
arzt | Der Hausarzt ist Dr. Yilmaz, Telefon 0341 555 23.
pills | The user takes 50 mg of Metoprolol every morning.
blue | The user's favourite colour is dark green.
thriller | The user reads Scandinavian crime novels before going to bed.
urlaub | Im August fährt die Familie für zwei Wochen nach Dänemark.
laptop | The user's laptop is a ThinkPad X1 that runs Debian 13.
tabs | The user prefers tabs over spaces for indentation.
python | For scripts the user prefers Python to Bash.
db | The shop's data lies in PostgreSQL 17 on the server "heron".
deploy | Releases are deployed on Thursdays, never on Fridays.
tests | Tests are run with pytest -q in the folder backend.
client | The customer Möbius GmbH pays within 30 days.
rechnung | Rechnungen gehen an buchhaltung@moebius.example.
standup | The team meets every day at 9:15 in room Aquarium.
frist | Die Steuererklärung muss bis zum 31. Juli abgegeben werden.
english | Answers should be given in English, also to German questions.
units | The user wants lengths in metres and temperatures in Celsius.
garten | Im Garten wachsen Tomaten, Zucchini und ein alter Apfelbaum.
marathon | The user is training for the Berlin marathon.
mother | The user's mother lives in a nursing home in Halle.
glasses | The user wears glasses with -3.5 dioptres.
bank | Das Haushaltsgeld liegt auf dem Konto bei der GLS Bank.
film | The user has seen "Arrival" five times.`

export type Asked = readonly [question: string, ...needs: string[]]
export const ASKED: readonly Asked[] = [
  ['What is my dog called?', 'dog'],
  ['Wie heißt mein Hund?', 'dog'],
  ['Wie heisst die Katze von nebenan?', 'katze'],
  ['When is our wedding anniversary?', 'wife'],
  ['How old are my kids?', 'son'],
  ['Welchen Beruf hatte mein Vater?', 'vater'],
  ['Wo arbeite ich?', 'job'],
  ['Write a mail to my boss that I am ill tomorrow.', 'boss'],
  ['What is my address?', 'flat'],
  ['When is my birthday?', 'geburtstag'],
  ['Can I eat a cake with nuts?', 'nuts'],
  ['Suggest a recipe for dinner.', 'vegan'],
  ['Wie trinke ich meinen Kaffee?', 'coffee'],
  ['Which tyres fit my car?', 'car'],
  ['What is the code of my bicycle lock?', 'fahrrad'],
  ['Since when have I played the piano?', 'piano'],
  ['An welchem Tag ist Volleyball?', 'klub'],
  ['Welche Schuhgröße habe ich?', 'shoes'],
  ["What is my doctor's phone number?", 'arzt'],
  ['Welche Medikamente nehme ich?', 'pills'],
  ['Was ist meine Lieblingsfarbe?', 'blue'],
  ['Recommend me a book.', 'thriller'],
  ['Where do we go on holiday this summer?', 'urlaub'],
  ['Which operating system does my laptop have?', 'laptop'],
  ['Format this file with the indentation that I like.', 'tabs'],
  ['Write a script that renames all photos.', 'python'],
  ['Auf welchem Server liegt die Datenbank?', 'db'],
  ['Can we deploy tomorrow, on Friday?', 'deploy'],
  ['How do I run the tests?', 'tests'],
  ['Wann bezahlt der Kunde Möbius?', 'client'],
  ['Where do I send the invoice?', 'rechnung'],
  ['When is the standup?', 'standup'],
  ['Bis wann muss die Steuererklärung fertig sein?', 'frist'],
  ['What grows in my garden?', 'garten'],
  ['Plan my running for the next weeks.', 'marathon'],
  ['Where does my mum live?', 'mother'],
  ['Wie stark ist meine Brille?', 'glasses'],
]
/** Written before the words that are known as kin were looked at with them, and never used to choose any. */
export const HELD_OUT: readonly Asked[] = [
  ['Remind me of the name of my puppy', 'dog'],
  ['Was schenke ich Anna zum Hochzeitstag?', 'wife'],
  ['Which school year is Paul in?', 'son'],
  ['In welcher Straße wohne ich?', 'flat'],
  ['Bin ich gegen etwas allergisch?', 'nuts'],
  ['Is there meat in this? Can I eat it?', 'vegan'],
  ['Order me a coffee the way I take it', 'coffee'],
  ['Wie alt ist mein Auto?', 'car'],
  ['Mein Fahrradschloss geht nicht auf', 'fahrrad'],
  ['Which shoes would fit me, 42 or 43?', 'shoes'],
  ['Ruf den Arzt an', 'arzt'],
  ['Is it safe to take ibuprofen with Metoprolol?', 'pills'],
  ['What colour should I paint the wall?', 'blue'],
  ['Was soll ich als Nächstes lesen?', 'thriller'],
  ['Brauche ich in Dänemark eine Vignette?', 'urlaub'],
  ['apt cannot find the package, which Debian do I run?', 'laptop'],
  ['Spaces or tabs?', 'tabs'],
  ['How large is our PostgreSQL database?', 'db'],
  ['An welchem Wochentag veröffentlichen wir?', 'deploy'],
  ['pytest finds no tests', 'tests'],
  ['In which room does the team meet?', 'standup'],
  ['Steuererklärung verlängern', 'frist'],
  ['Sind die Tomaten schon reif?', 'garten'],
  ['Wie weit ist ein Marathon?', 'marathon'],
  ['Wo liegt unser Haushaltsgeld?', 'bank'],
  ['How many dioptres do my glasses have?', 'glasses'],
  ['Wie heißt meine Chefin?', 'boss'],
  ['What does a nurse earn in Berlin?', 'job', 'marathon'],
  ['Which film did I see so often?', 'film'],
  ['Wohin gehen die Rechnungen?', 'rechnung'],
]
/** What needs none of it. */
export const NOTHING = [
  'What is the capital of Mongolia?',
  'Explain how photosynthesis works.',
  'Hello, how are you?',
  'Was ist der Unterschied zwischen TCP und UDP?',
  'Translate "good morning" into Japanese.',
  'Wer bist du und was kannst du?',
  'Tell me a joke about penguins.',
  'Why is the sky blue?',
  'Fasse den folgenden Absatz zusammen.',
  'What is 17 times 23?',
  'Please make this sentence shorter.',
  'Was ist der Sinn des Lebens?',
  'Give me a list of prime numbers below 50.',
  'Which is the best way to do that, and what would you use?',
  'Wie wird man eigentlich Pilot, und wie lange dauert das?',
  'Correct the spelling of this text.',
]

/** What shares no word with what it needs, in either language; a threshold was chosen by these. */
export const MEANT: readonly Asked[] = [
  ['Which treats does my four-legged friend get?', 'dog'],
  ['How long have we been hitched?', 'wife'],
  ['What would my boys enjoy at the weekend?', 'son'],
  ['Am I on the night shift at the hospital?', 'job'],
  ['Who do I report to?', 'boss'],
  ['Where should the courier drop off my parcel?', 'flat'],
  ['Is Nutella safe for me?', 'nuts'],
  ['Would a steak be okay for me?', 'vegan'],
  ['Espresso or latte for me?', 'coffee'],
  ['Do I need winter tyres?', 'car'],
  ['Which keyboard sonata could I practise?', 'piano'],
  ['Which sneakers should I order?', 'shoes'],
  ['I have a fever, whom do I call?', 'arzt'],
  ['May I have grapefruit with what I swallow for my blood pressure?', 'pills'],
  ['Which tie would I like best?', 'blue'],
  ['Find me something by Stieg Larsson', 'thriller'],
  ['Should I pack a raincoat for the trip to the sea?', 'urlaub'],
  ['How do I upgrade the operating system of my computer?', 'laptop'],
  ['How should this source file be formatted?', 'tabs'],
  ['Automate this little chore for me', 'python'],
  ['Which machine stores our orders?', 'db'],
  ['May I ship the new version at the end of the week?', 'deploy'],
  ['How do I check that my change broke nothing?', 'tests'],
  ['How long must we wait for money from our buyer?', 'client'],
  ['Can I book a dentist at nine in the morning?', 'standup'],
  ['How hot is 350 Fahrenheit?', 'units'],
  ['What can I harvest in September?', 'garten'],
  ['How many kilometres should I jog this week?', 'marathon'],
  ['Darf ich Nougat essen?', 'nuts'],
  ['Wen frage ich, wenn ich freihaben will?', 'boss'],
]
/** The same, never used to choose anything. */
export const MEANT_HELD_OUT: readonly Asked[] = [
  ['Whom do I walk every morning?', 'dog'],
  ['Which present suits a couple after a decade together?', 'wife'],
  ['Which board game suits primary pupils and kindergartners?', 'son'],
  ['Does my shift in the ward begin at six?', 'job'],
  ['Who signs my request for leave?', 'boss'],
  ['Which tram stops near me?', 'flat'],
  ['Is marzipan or praline dangerous for me?', 'nuts'],
  ['Which burger can I order?', 'vegan'],
  ['Milk in my cappuccino?', 'coffee'],
  ['Which engine oil do I buy?', 'car'],
  ['Can I already manage a Chopin nocturne?', 'piano'],
  ['Are boots in 41 too small?', 'shoes'],
  ['I need a prescription, who writes me one?', 'arzt'],
  ['Remind me of my beta blocker', 'pills'],
  ['Pick a theme for my desktop that pleases me', 'blue'],
  ['Is the new Jo Nesbø something for me?', 'thriller'],
  ['Do we cross the Øresund when school is out?', 'urlaub'],
  ['Will Ubuntu run on my notebook?', 'laptop'],
  ['Set up my editor the way I like whitespace', 'tabs'],
  ['Shall we write this tool in shell?', 'python'],
  ['Connect with psql to the webshop', 'db'],
  ['Is today a good moment to roll out the hotfix?', 'deploy'],
  ['Which command verifies the API code?', 'tests'],
  ['When will the money of our purchaser arrive?', 'client'],
  ['Am I busy right after breakfast on Monday?', 'standup'],
  ['How tall is someone of six feet?', 'units'],
  ['Can I make sauce from what I grow?', 'garten'],
  ['How do I build up endurance over 42 km?', 'marathon'],
  ['Vertrage ich Studentenfutter?', 'nuts'],
  ['Welcher Roman passt zu mir?', 'thriller'],
]
/** What needs none of it, never used to choose anything. */
export const NOTHING_HELD_OUT = [
  'Who wrote Don Quixote?',
  'Convert this JSON to YAML.',
  'What does the error ECONNREFUSED mean?',
  'Erkläre mir die Relativitätstheorie.',
  'How many moons does Jupiter have?',
  'Write a limerick about a pirate.',
  'Thanks, that helped.',
  'Was bedeutet das Wort "obsolet"?',
  'Compare React and Svelte.',
  'Summarise the French Revolution in three sentences.',
  'Continue.',
  'Why does ice float?',
  'Wie funktioniert eine Wärmepumpe?',
  'What is the plural of octopus?',
  'Explain recursion to a beginner.',
  'Draw me a diagram of the water cycle in ASCII.',
]
