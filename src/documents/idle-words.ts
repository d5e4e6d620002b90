/** Words that say nothing of what is looked for: of English and of German, of questions and of courtesy. */
export const IDLE_WORDS: ReadonlySet<string> = new Set(
  `a about after again all also am an and any anybody anyone anything are aren around as ask asked at away back be because been before being below best better between bit
  both but by bye call called came can cannot cheers come could couldn day dear describe did didn do does doesn doing don done down each either else end enough etc
  even ever every everyone everything explain far few find fine first for from fun further gave get gets getting give given gives glad go goes going gone good got great
  had happen happened happens has hasn have haven having he hello help her here hers hey hi him his hope how however i if in instead into is isn it its itself just
  keep kind know known last less let ll like list long look looking lot made make makes making many may maybe me mean means might mind mine more morning most much must my myself
  need needed needs never new next nice night no nobody none nor not nothing now of off often oh ok okay old on once one only or other others our ours out over own
  part people perhaps please possible put quite rather re really right said same saw say says see seen shall she should shouldn show shows since so some somebody someone something
  sometimes soon sorry still such sure take tell telling than thank thanks that the their theirs them then there these they thing things think this those though through thus time
  to today together told tomorrow too try two under until up upon us use used uses using ve very want wanted wants was wasn way we well went were weren what whatever when
  where whether which while who whole whom whose why will with within without won word words work would wouldn write wrote yeah yes yet you your yours yourself
  aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bis bist bitte da dabei dafür damit danke dann daran darauf darf das dass dein deine
  dem den denn der des dich die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines er erkläre erklären es etwas euch euer für
  geht gern gibt gib gut guten habe haben hallo hat hatte hier hilf ich ihm ihn ihnen ihr ihre im immer in ist ja jede jeder jedes jetzt kann kannst kein keine keinen könnte können
  machen macht mal man mehr mein meine mich mir mit mich morgen muss müssen nach nein nicht nichts noch nun nur ob oder ohne sag sage sagen schon sehr sein seine seit sich sie sind so
  soll sollte tag über um und uns unser unter viel vom von vor wann war waren warum was weil welche welcher welches wenn wer werden wie wieder will wir wird wo wurde würde zeig zeige zu zum zur zwischen`.split(
    /\s+/,
  ),
)
