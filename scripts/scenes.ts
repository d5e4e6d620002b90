import type { Reply } from '../test/e2e/upstream.ts'

/** What the scripted model of the pictures and of the recorded answer is asked, and what it says. */
export const SKY = {
  question: 'Why is the sky blue at noon and red at sunset? Think it through and check it with a few lines of Python.',
  reply: {
    reading: { tokens: 1240, everyMs: 130 },
    thought: `The user wants physics with numbers. Rayleigh scattering: the scattered intensity goes with the inverse fourth power of the wavelength. Compare with red at 700 nm: blue at 450 nm gives (700/450)^4, about 5.9; violet at 400 nm gives about 9.4; green at 550 nm about 2.6. At sunset the path through the air is some forty times longer, so the blue is scattered out of the line of sight before it arrives. Violet: the sun sends less of it and our eyes see less of it, which is why the sky is not violet. I will give the formula, a table of four colours and a loop that computes it.`,
    text: `Air scatters short waves far more than long ones. For particles much smaller than the wavelength, **Rayleigh's law** says how much:

$$I(\\lambda) \\propto \\frac{1}{\\lambda^{4}}$$

At noon you look at scattered light, and most of that is blue. At sunset the light comes through about forty times as much air: the blue has been scattered out on the way, and what still reaches you is red.

| Colour | Wavelength | Scattered, compared with red |
|---|--:|--:|
| Violet | 400 nm | 9.4 × |
| Blue | 450 nm | 5.9 × |
| Green | 550 nm | 2.6 × |
| Red | 700 nm | 1 × |

The last column in Python:

\`\`\`python
for name, nm in [("violet", 400), ("blue", 450), ("green", 550), ("red", 700)]:
    print(f"{name:7} {(700 / nm) ** 4:4.1f} x")
\`\`\`

The sky is not violet, although violet is scattered most: the sun sends less of it, and our eyes see it less well.`,
    everyMs: 45,
  },
} as const satisfies { question: string; reply: Reply }

const NAMES_GENERAL = `**Drizzle.** Short, friendly, and it says what it does. Other ideas, from plain to playful:

1. *balcony-water*: nobody has to ask what it is
2. *thirst*: it answers when the soil asks
3. *Dewpoint*: for those who like a little physics

I would take **Drizzle**: easy to say, free as a package name in most places, and it still fits if you add a second balcony.`

const NAMES_CONSULTANT = `| Name | For it | Against it |
|---|---|---|
| Drizzle | short, says what it does | often used |
| Thirst | memorable | sounds like a drink |
| Balcony-water | clear at once | long, and only for balconies |

**Recommendation: Drizzle.** You lose nothing if the project grows, and the name needs no explanation. Check the package index before you decide.`

/** What else stands in the list of chats. */
export const CHATS: readonly { text: string; agent?: string }[] = [
  { text: 'Plan a vegetable bed of 4 m² for beginners', agent: 'general' },
  { text: 'Review this SQL: it takes nine seconds', agent: 'coder' },
  { text: 'Which heat pump suits an old brick house?', agent: 'consultant' },
  { text: 'Summarise what changed in our lease', agent: 'researcher' },
]

/** Who is asked just now: the model itself is not told. */
export const asked = { agent: 'general' }

/** What the scripted model answers. */
export function replyTo(question: string): Reply {
  if (question === SKY.question) return SKY.reply
  if (!question.startsWith('Name this project')) return { text: 'Gladly. Tell me a little more first.', everyMs: 1 }
  return { text: asked.agent === 'general' ? NAMES_GENERAL : NAMES_CONSULTANT, everyMs: 12 }
}
