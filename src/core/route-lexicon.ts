import { TOPICS } from './route-topics.ts'
import { fold } from './route-words.ts'

/**
 * Words that mean alike, across languages, so that what the examples teach in one language and with one word holds for its neighbours.
 * What a concept counts for which agent is not said here: training decides. A trailing * stands for any ending.
 */
const CONCEPTS: Record<string, string> = {
  write:
    'write draft compose formulate schreib* verfass* formulier* entwirf escrib* redact* ecris ecrire redige* scrivi escreva schrijf word phrase',
  rewrite:
    'rewrite rephrase reword paraphrase shorten proofread polish umformulieren formulier* kurze korrigier* corrig* grammar spelling grammatik rechtschreibung ortografia orthographe grammaire',
  translate:
    'translat* ubersetz* traduc* traduis traduire traduci traduza traduzca vertaal translation ubersetzung traduccion traduction переведи',
  explain: 'explain explains describe clarify erklar* explic* expliqu* beschreib* describ* decri* spiega leg',
  create:
    'create make build generate set produce erstell* baue mach mache crea crear haz cree creer fais faire genera genere',
  implement:
    'implement* program* code coding refactor* debug* compile port optimi* programmier* entwickle umschreib* refactoriz* depur* parse mock simplify',
  repair: 'fix repair correct solve resolve behebe beheb* reparier* arregla* repare* fehlersuche troubleshoot',
  erase:
    'delete remove erase clear empty wipe purge clean uninstall losch* entfern* leere deinstallier* borra* elimin* vacia* supprim* efface* vide cancella* elimina apag* verwijder удали',
  relocate:
    'move copy rename backup archive zip unzip compress unpack extract convert resize mount unmount eject sync verschieb* kopier* benenn* umbenenn* entpack* sicher* mueve* copia* renombra* comprim* descomprim* convierte deplac* copie* renomm* compress* decompress* convertis sposta* rinomina* merge split append',
  run: 'run execute launch start stop restart reboot kill terminate shutdown deploy trigger boot halt quit close lock enable disable reload schedule monitor ping starte* stopp* beende* fuhr* neustart* ejecuta* inicia* deten* reinicia* arranca* cierra* apaga* lance* execut* demarr* arret* redemarr* ferme* tue eteins avvia* riavvia* esegui* reinicie execute',
  install:
    'install installs upgrade update download upload fetch clone pull push commit installier* aktualisier* herunter lade instala* actualiza* descarga* sube subir telecharg* installe* mets installa* baixe checkout publish release',
  open: 'open offne* abre abrir ouvre* ouvrir apri abra launch read save speicher* guarda* enregistr* print drucke',
  show: 'show list display print view zeig* liste* muestra* lista* affich* montr* mostra check prufe* comprueba* verifi* controla status count',
  find: 'find search look locate finde* such* busca* encuentra* halla cherch* trouv* cerca zoek найди hunt dig',
  investigate:
    'research investigate explore gather collect compile survey trace examine recherch* erforsch* untersuch* investig* recopil* rassembl* analys* analyz* analiz* assess',
  summarise:
    'summari* summary tldr digest outline synopsis fasse zusammenfass* resume resumen resumir resumer synthese sintesis riassum* samenvat* kernaussagen takeaways extract',
  compare:
    'compare compares comparison contrast versus vs vergleich* compar* difference differences unterschied* diferencia* differ*',
  verify:
    'fact-check factcheck verify check debunk true false myth claim confirm uberpruf* stimmt behauptung verific* afirmacion verifi* affirmation vrai verdad cierto verdadero',
  calculate:
    'calculate compute evaluate integrate differentiate factor expand simplify convert berechn* rechne* calcul* ausrechn* calcola* bereken estimate estim* schatz* work average sum total combien cuanto quanto hoeveel wieviel',
  prove:
    'prove proof disprove proves derive show deduce infer induction contradiction beweis* zeige leite herleit* demuestr* demostr* demontr* preuve dimostra* prova theorem lemma qed',
  solve:
    'solve solution lose losung resuelv* resolv* resous resoudre risolvi resolva opgelost puzzle riddle ratsel* acertijo* enigm* devinette* teaser paradox* logic* logik* logiqu*',
  reason:
    'step steps reason reasoning therefore think premise premises conclusion argument syllogism valid follows implies imply deduce denk* schritt paso pasos etape etapes razon* raisonn* schluss schlussfolgerung valido valide liar liars lies truth',
  decide:
    'should ought advise advice recommend recommendation recommended worth worthwhile decide decision choose choice pick prefer better wise smart sensible soll* lohn* empfiehl* empfehl* rat entscheid* wahlen sinnvoll deber* convien* recomiend* recomend* aconsej* consej* decid* elegir merece devr* dois faut vaut conseil* recommand* choisir choix dovrei dovremmo devo vale pena moet стоит',
  weigh:
    'pros cons advantage* disadvantage* drawback* trade-off* tradeoff* trade-offs risk risks upside downside swot vorteil* nachteil* vor- risik* ventaja* desventaja* inconvenient* riesgo* avantage* inconvenient* risque* dafo pro contra versus weigh option options alternative alternatives',
  improve:
    'improve increase reduce grow boost scale motivate handle manage deal convince negotiate negotiation prioriti* organi* restructur* verbesser* steiger* senk* gewinn* motivier* verhandel* mejorar aumentar reducir negoci* motivar crecer ameliorer augmenter reduire negocier motiver gagner attract retain',
  critique:
    'review feedback critique critici* evaluate assess opinion bewert* meinung beurteil* evalua* opinion critica evaluer avis critiqu*',
  plan: 'plan plans planning roadmap strategy strategies strategic strategie* estrategi* plane* planen planea* planifi* goal goals next approach',
  greet:
    'hello hi hey hallo hola salut bonjour bonsoir ciao moin servus ola good morning evening night guten buenos buenas thanks thank danke gracias merci obrigad* grazie bye tschuss adios welcome cheers thx',
  howto: 'how wie como comment come hoe как',
  what: 'what whats was que quoi cosa wat welche* which cual* quel* quale qual',
  why: 'why warum wieso weshalb porque por-que pourquoi perche waarom почему',
  who: 'who whom whose wer wen wem quien* qui chi quem wie-is кто',
  when: 'when wann cuando quand quando wanneer',
  where: 'where wo wohin donde ou dove onde waar',
  whether:
    'is are does do did can could would will was were has have ist sind hat kann konnte es son puede est-ce sont peut y-a-t-il gibt hay',
  condition: 'if suppose assume given let when wenn falls angenommen gegeben si supon* suppos* sea soit se',
  every:
    'all every each some none nobody no everyone exactly either neither only both alle jeder jede jedes einige keine kein genau todos todas cada algunos ningun* tous toutes chaque aucun* certains nur seul',
  self: 'my mine i me mein meine meinen meinem meiner mi mis mon ma mes mio mia meu minha ich je yo',
  us: 'we our us ours team wir unser unsere unserem unseren unserer uns nosotros nuestr* nous notre nos noi nostr* nosso nossa',
  you: 'you your yourself pkn du dir dich dein deine tu tus te ti toi tes votre vous usted assistant bot',
  proglang:
    'python javascript js typescript ts java kotlin swift rust c++ cpp c# csharp php ruby perl scala haskell lua golang go bash powershell sql html css scss xml json yaml toml awk sed jq vba matlab julia elixir erlang clojure dart fortran cobol assembly graphql regex regexp latex markdown',
  framework:
    'react vue angular svelte django flask fastapi express nextjs next.js nestjs spring laravel rails node nodejs node.js jquery matplotlib seaborn scikit-learn sklearn d3 tailwind bootstrap pandas numpy pytorch tensorflow pytest jest junit webpack vite eslint prettier npm hibernate prisma sqlalchemy flutter swiftui electron redux dotnet .net asp.net unity selenium playwright cypress docker-compose dockerfile makefile kubernetes terraform ansible sqlite postgres postgresql mysql mongodb redis git github gitlab',
  codething:
    'function functions method methods class classes script scripts snippet code codebase program algorithm algorithms regex query queries api endpoint endpoints component hook loop loops array arrays list dict dictionary variable variables compiler parser string strings integer pointer pointers recursion recursive iterator generator decorator closure generics interface struct enum module library import package.json schema migration middleware callback callbacks promise async await thread mutex stack queue tree heap hash linter unittest unit test tests commit branch rebase merge repo repository pull-request funktion* klasse* skript* abfrage* schleife* schnittstelle* quellcode programm* zeiger variable* funcion* clase* consulta* bucle* programa* codigo* metodo* algoritmo* fonction* classe* requete* boucle* programme* tableau* methode* algorithme* funzione* codice script* pseudocode css selector div dom backend frontend',
  codefault:
    'bug bugs error errors exception exceptions traceback stacktrace trace segfault crash crashes crashing undefined null nan syntax compile compiles compilation leak deadlock fehler* fehlermeldung ausnahme absturz sturzt syntaxfehler error* excepcion* fallo* sintaxis erreur* exception* syntaxe plante errore* erro* overflow broken fails failing throws',
  fileobject:
    'file files folder folders directory directories desktop downloads disk drive drives usb trash bin zip tar archive path documents photos screenshots log logs ordner* datei* verzeichnis* festplatte* papierkorb laufwerk usb-stick speicherplatz carpeta* archivo* fichero* directorio* disco papelera escritorio descargas documentos dossier* fichier* repertoire* disque corbeille bureau cle cartell* file pasta ficheiro* arquivo* mappen bestand* файл* папк*',
  machine:
    'server servers service services process processes port container containers docker cpu memory ram computer laptop pc system package packages daemon nginx apache systemctl sudo terminal shell command commands wifi bluetooth network ip vpn ssh cron backup kernel firewall browser dienst* prozess* rechner* befehl* server* paket* speicher servidor* servicio* proceso* ordenador* computadora* comando* paquete* contenedor* serveur* processus ordinateur* commande* paquet* conteneur* terminal* localhost production staging screen volume timer alarm printer',
  mathobject:
    'number numbers equation equations probability integral derivative prime primes percent percentage fraction ratio angle area perimeter volume triangle circle square cube rectangle sequence digit digits matrix vector polynomial logarithm sine cosine limit series dice die coin coins flip flips cards deck speed velocity acceleration distance mass force energy average mean median odds combinations permutations arrangements divisible remainder factorial integer even odd sum product root squared interest zahl* gleichung* wahrscheinlichkeit* ableitung* primzahl* prozent* dreieck* kreis* flache* winkel wurzel* wurfel* geschwindigkeit* summe* zinsen zinseszins numero* ecuacion* probabilidad* derivada* primo* porcentaje* triangulo* circulo* raiz dado* velocidad* suma* nombre* equation* probabilite* derivee* premier* pourcentage* triangle* cercle* racine* vitesse* somme* aire equazione* probabilita* numeri',
  smallnumber:
    'one two three four five six seven eight nine ten twelve twenty hundred twice double half zwei drei vier funf sechs sieben acht neun zehn hundert doppelt halb dos tres cuatro cinco seis siete ocho nueve diez cien doble mitad deux trois quatre cinq sept huit neuf dix cent moitie due tre quattro cinque',
  unit: 'km m cm mm kg g litre litres liter liters l kmh mph hour hours minute minutes second seconds day days year years metre metres meter meters mile miles euro euros dollar dollars cent cents stunden minuten sekunden meter euro* horas minutos metros litros heures minutes metres litres watt volt newton degrees degree celsius fahrenheit',
  evidence:
    'study studies paper papers source sources evidence literature article articles journal citation citations cite reference references report reports scholars scholar scholarly researchers research experts historians scientists scientific science data statistics figures findings meta-analysis review published publication publications peer-reviewed academic bibliography consensus studie* quelle* beleg* artikel* bericht* forschung* forscher* wissenschaft* literatur* statistik* historiker* ergebnisse zahlen erkenntnisse estudio* fuente* evidencia* articulo* informe* investigacion* ciencia* cientific* estadistic* historiadores datos pruebas etude* source* preuve* article* rapport* scientifique* science* statistique* historiens donnees chiffres studi fonti ricerca onderzoek document pdf text',
  history:
    'history historical origin origins background empire war wars century ancient medieval revolution dynasty civilisation civilization biography evolution timeline decline rise causes cause geschichte* ursprung* krieg* jahrhundert* reich hintergrund* ursachen historia* origen* guerra* siglo* imperio* causas histoire* origine* guerre* siecle* empire* causes storia',
  recent:
    'latest recent recently newest new current currently news today trends developments advances state-of-the-art update updates neuest* aktuell* nachrichten neuigkeiten reciente* ultimo* ultima* noticias actual* avances dernier* derniere* recent* recente* nouvelles actualite* actuel* ultime notizie',
  business:
    'business company companies startup startups firm market marketing customer customers client clients price prices pricing product products sales sell selling revenue profit investor investors invest investment investing funding budget contract contracts supplier suppliers vendor vendors employee employees hire hiring founder founders co-founder competitor competitors brand shop store agency freelancer freelance consultancy ceo cto stakeholder launch onboarding equity shares costs unternehmen* firma firmen kunde* preis* produkt* vertrieb umsatz gewinn investor* geschaft* vertrag* lieferant* mitarbeiter* grunder* grundung* marke* laden mittelstand empresa* negocio* cliente* precio* producto* ventas inversor* invertir inversion* contrato* proveedor* empleado* tienda* entreprise* client* prix produit* ventes investisseur* investir investissement* contrat* fournisseur* employe* salarie* boutique* societe* azienda negozio gmbh saas crm erp kpi kpis roi b2b b2c',
  career:
    'career careers job jobs salary raise promotion boss manager interview cv resignation resign quit employer profession retirement pension mba degree study kundig* gehalt* karriere* beruf* chef* bewerbung* stelle angestellt selbststandig* rente carrera* trabajo* empleo* sueldo* salario* jefe* entrevista* autonomo* jubilacion* carriere* travail* emploi* salaire* patron* entretien* promotion* independant* retraite* lavoro stipendio emprego mortgage rent lease landlord insurance tax taxes savings loan house flat apartment haus wohnung mieten kaufen hypothek steuer* casa piso alquilar comprar hipoteca impuestos maison appartement louer acheter impots buy',
  choiceoftech:
    'architecture microservices microservice monolith serverless cloud stack framework database migrate migration rewrite kafka rabbitmq aws azure vendor lock-in scalability architektur datenbank* arquitectura microservicios monolito nube microservices architecture* monolithe base',
  household:
    'recipe recipes cook cooking bake boil dinner lunch breakfast meal soup cake bread cheese chicken rice eggs egg pasta vegetarian wine coffee tea garden plant plants cat cats dog dogs kitten puppy pet baby toddler child kids children mother father mum dad grandma grandmother grandfather brother sister aunt uncle wife husband friend friends neighbour neighbor birthday wedding party holiday holidays vacation trip travel weekend gift clean stain kitchen bathroom rezept* koch* backe* essen suppe kuchen brot nudeln kartoffel* katze* hund* kinder mutter vater oma opa freund* nachbar* geburtstag* hochzeit* urlaub reise* geschenk* wochenende receta* cocinar cocina sopa pastel pan pollo arroz huevo* gato* perro* madre padre abuela amigo* vecino* cumpleanos boda viaje* regalo* recette* cuisin* soupe gateau pain poulet riz oeuf* chat* chien* mere pere ami* voisin* anniversaire* mariage* voyage* cadeau* vacances ricetta',
  writing:
    'email e-mail mail letter message card note poem poems haiku limerick story stories tale joke jokes song lyrics rap speech toast invitation sentence paragraph slogan tweet post caption essay quote synonym synonyms word words pun puns gedicht* brief* nachricht* karte einladung* witz* geschichte satz wort worter rede poema* carta* mensaje* correo* invitacion* chiste* cuento* frase* palabra* poeme* lettre* message* invitation* blague* conte phrase* mot mots courriel poesia barzelletta diary dialogue fairy',
  tongue:
    'english german french spanish italian portuguese dutch russian japanese chinese korean turkish polish swedish arabic latin deutsch* englisch* franzosisch* spanisch* italienisch* ingles* aleman* frances* espanol* italiano* japones* anglais* allemand* francais* espagnol* italien* japonais* inglese portugues',
  fun: 'funny bored boring fun love feel feeling sad happy lonely tired sleep dream favourite favorite game games film movie series book novel music langweilig traurig lustig lieblings* buch musik aburrid* triste gracios* favorit* libro* pelicula* musica ennui* triste* drole* prefere* livre* film* musique*',
  everydayfact:
    'capital population country city planet moon sun ocean river mountain animal animals stands mean means meaning bedeut* hauptstadt einwohner land stadt significa* significado capital* pais ciudad signifi* veut pays ville',
}

const whole = new Map<string, number[]>()
const prefix = new Map<string, number[]>()
export const conceptNames: readonly string[] = Object.keys({ ...CONCEPTS, ...TOPICS })
for (const [concept, words] of Object.values({ ...CONCEPTS, ...TOPICS }).entries())
  for (const word of words.split(' ')) {
    const open = word.endsWith('*')
    const map = open ? prefix : whole
    const key = fold(open ? word.slice(0, -1) : word)
    const found = map.get(key)
    if (!found) map.set(key, [concept])
    else if (!found.includes(concept)) found.push(concept)
  }

const none: readonly number[] = []
/** The concepts of a folded word, as indexes into `conceptNames`. The longest known beginning counts. */
export function conceptsOf(word: string): readonly number[] {
  const exact = whole.get(word)
  if (exact) return exact
  for (let length = Math.min(word.length, 14); length >= 3; length--) {
    const found = prefix.get(word.slice(0, length))
    if (found) return found
  }
  // A German compound means what its last part means: "Shellskript", "Zielordner".
  for (let from = 3; from <= word.length - 5; from++) {
    const end = word.slice(from)
    const found = whole.get(end) ?? prefix.get(end)
    if (found) return found
  }
  return none
}
