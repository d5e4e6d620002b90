export type Kind = 'arithmetic' | 'logic' | 'reading' | 'facts' | 'sorting'
/** `options[0]` is right. They are put into another order before anybody is asked. */
export type Item = { kind: Kind; question: string; options: readonly [string, string, ...string[]]; context?: string }

const item = (kind: Kind) => (question: string, ...options: [string, string, ...string[]]): Item => ({ kind, question, options }) // prettier-ignore
const sum = item('arithmetic')
const logic = item('logic')
const fact = item('facts')
const sort = item('sorting')
const read = (context: string, ...asked: [string, ...[string, string, ...string[]]][]): Item[] =>
  asked.map(([question, ...options]) => ({ kind: 'reading', question, options, context }))

/** Written for this; of each it can be said without doubt what is right. */
export const QUESTIONS: readonly Item[] = [
  sum('What is 7 + 8?', '15', '14', '16', '13'),
  sum('What is 9 × 6?', '54', '56', '45', '63'),
  sum('What is 100 − 37?', '63', '73', '67', '53'),
  sum('What is 144 divided by 12?', '12', '14', '11', '10', '13'),
  sum('A pen costs 2 coins. What do 6 pens cost?', '12 coins', '8 coins', '14 coins'),
  sum('Anna has 15 apples and gives 4 away. How many has she left?', '11', '19', '12', '10'),
  sum('What is half of 90?', '45', '40', '50', '35'),
  sum('What is 25 % of 80?', '20', '25', '40', '16'),
  sum('A train goes 60 km in an hour. How far does it go in 2.5 hours?', '150 km', '120 km', '180 km', '125 km'),
  sum('Which of these numbers is the largest?', '0.9', '0.45', '0.12', '0.089'),
  sum('What is 3 × 4 + 5?', '17', '27', '12', '23'),
  sum('Three boxes hold 8 eggs each, and 5 eggs break. How many are whole?', '19', '24', '13', '21'),
  sum('What is the next number: 2, 4, 8, 16, …?', '32', '24', '18', '20'),

  logic('All cats are animals. Tom is a cat. Is Tom an animal?', 'Yes', 'No', 'It can not be known'),
  logic('All birds have wings. A plane has wings. Is a plane a bird?', 'That does not follow', 'Yes'),
  logic('Ben is taller than Carl, and Carl is taller than Dan. Who is the shortest?', 'Dan', 'Ben', 'Carl'),
  logic('It rains whenever Mia forgets her umbrella. She forgot it today. Does it rain?', 'Yes', 'No'),
  logic('The red box is left of the blue box. The blue box is left of the green box. Which is in the middle?', 'The blue box', 'The red box', 'The green box'), // prettier-ignore
  logic('If today is Friday, which day will it be in three days?', 'Monday', 'Sunday', 'Tuesday', 'Saturday'),
  logic('Eva is the mother of Paul. Paul is the father of Lea. What is Eva to Lea?', 'Grandmother', 'Aunt', 'Mother', 'Sister'), // prettier-ignore
  logic('No fish can read. Nemo is a fish. Can Nemo read?', 'No', 'Yes', 'It can not be known'),
  logic('Some flowers are red. Is every flower red?', 'That does not follow', 'Yes'),
  logic('A race: Kim comes in before Lou, and Lou before Max. Who wins?', 'Kim', 'Lou', 'Max'),
  logic('Which one does not belong with the others?', 'Carrot', 'Dog', 'Horse', 'Cow'),
  logic('A shop is open on all days but Sunday. Can one buy there on Tuesday?', 'Yes', 'No'),
  logic('Hot is to cold as day is to …', 'night', 'sun', 'warm', 'noon'),

  ...read(
    'The ferry to the island leaves at nine in the morning and comes back at six in the evening. In winter it does not run at all. A ticket costs four euros, and children under six travel free.',
    ['When does the ferry come back?', 'At six in the evening', 'At nine in the morning', 'At noon'],
    ['What does a child of four pay?', 'Nothing', 'Four euros', 'Two euros', 'Six euros'],
    ['Can one take the ferry in winter?', 'No', 'Yes'],
    ['What do two grown-ups pay?', 'Eight euros', 'Four euros', 'Six euros', 'Nothing'],
  ),
  ...read(
    'Marta planted three trees behind the house: an oak, a pear and a cherry. The pear died in the first frost. Five years later the cherry was as high as the roof, and the oak no higher than her knee.',
    ['Which tree died?', 'The pear', 'The oak', 'The cherry'],
    ['Which tree grew the highest?', 'The cherry', 'The pear', 'The oak'],
    ['How many trees were left after the frost?', 'Two', 'Three', 'One', 'None'],
    ['Where did Marta plant them?', 'Behind the house', 'In front of the house', 'In a park', 'On the roof'],
  ),
  ...read(
    'The library lends books for four weeks and films for one. Who brings something back too late pays ten cents a day. Dictionaries can only be read there.',
    ['For how long can one borrow a film?', 'One week', 'Four weeks', 'Ten days', 'One day'],
    ['What does it cost to bring a book back three days late?', '30 cents', '10 cents', '3 cents', 'Nothing'],
    ['Can one take a dictionary home?', 'No', 'Yes'],
    ['What can be kept longer?', 'A book', 'A film'],
  ),

  fact('What is the capital of France?', 'Paris', 'Rome', 'Berlin', 'Madrid'),
  fact('How many legs does a spider have?', 'Eight', 'Six', 'Four', 'Ten'),
  fact('At how many degrees Celsius does water boil at sea level?', '100', '50', '90', '212'),
  fact('Which of these is a mammal?', 'Whale', 'Shark', 'Eagle', 'Frog'),
  fact('Which planet is nearest to the sun?', 'Mercury', 'Venus', 'Mars', 'Jupiter', 'Earth'),
  fact('What do bees make?', 'Honey', 'Milk', 'Silk'),
  fact('In which season do leaves fall from the trees?', 'Autumn', 'Spring', 'Summer'),
  fact('How many minutes has an hour?', '60', '100', '24', '30'),
  fact('Which is the largest ocean?', 'The Pacific', 'The Atlantic', 'The Indian', 'The Arctic'),
  fact('Which metal is liquid at room temperature?', 'Mercury', 'Iron', 'Gold', 'Copper'),
  fact('What is ice?', 'Frozen water', 'A kind of salt', 'A metal'),
  fact('Which animal lays eggs?', 'Hen', 'Cow', 'Cat', 'Horse'),
  fact('Where does the sun rise?', 'In the east', 'In the west', 'In the north', 'In the south'),

  sort('What kind of word is "run" in "They run home"?', 'A verb', 'A noun', 'An adjective'),
  sort('How does the writer feel: "What a wonderful day, I could sing!"', 'Glad', 'Sad', 'Angry'),
  sort('How does the writer feel: "The soup was cold and the waiter rude. Never again."', 'Displeased', 'Pleased'),
  sort('To which department does this go: "My invoice is wrong, I was charged twice."', 'Billing', 'Technical help', 'Sales'), // prettier-ignore
  sort('To which department does this go: "The program ends with an error when I start it."', 'Technical help', 'Billing', 'Sales'), // prettier-ignore
  sort('Which language is this: "Guten Morgen, wie geht es dir?"', 'German', 'French', 'Spanish', 'Italian'),
  sort('Which language is this: "Buenos días, ¿cómo estás?"', 'Spanish', 'German', 'English', 'French'),
  sort('Is this a question or a demand: "Close the door, please."', 'A demand', 'A question'),
  sort('Is this junk mail: "YOU WON!!! Send us your bank details now to get 1,000,000 $"', 'Yes', 'No'),
  sort('Is this junk mail: "Mum, I will be home at seven. Shall I bring bread?"', 'No', 'Yes'),
  sort('What is this text: "Mix flour and eggs, then bake it for 30 minutes."', 'A recipe', 'A poem', 'A news report', 'A contract'), // prettier-ignore
  sort('Which subject is this about: "The goalkeeper held the ball in the last minute."', 'Sport', 'Politics', 'Cooking', 'Weather'), // prettier-ignore
  sort('Which is a fruit?', 'Apple', 'Potato', 'Onion', 'Spinach'),
]
