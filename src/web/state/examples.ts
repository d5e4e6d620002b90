import { say } from '../words/say.ts'

/** Something to begin with, per agent; shown while nothing was said yet. */
export const examples = (): readonly { agent: string; title: string; prompts: readonly string[] }[] => [
  {
    agent: 'coder',
    title: say('Write and fix code'),
    prompts: [
      say('Write a Python function that removes duplicates from a list and keeps the order'),
      say('Explain this regular expression: ^(?=.*\\d)[a-z\\d]{8,}$'),
      say('Why does my JavaScript promise resolve to undefined?'),
    ],
  },
  {
    agent: 'reasoner',
    title: say('Think it through'),
    prompts: [
      say('A train leaves at 9:40 and needs 2 h 35 min. When does it arrive?'),
      say('Is it cheaper to repair an old fridge or to buy a new one? Show the sums'),
      say('Find the flaw: all birds fly, penguins are birds, so penguins fly'),
    ],
  },
  {
    agent: 'researcher',
    title: say('Find something out'),
    prompts: [
      say('Compare heat pumps and gas heating in a table'),
      say('Summarise how vaccines work in five bullet points'),
      say('What should I know before I buy a used e-bike?'),
    ],
  },
]

export function greeting(hour: number): string {
  if (hour >= 5 && hour < 12) return say('Good morning')
  return hour >= 12 && hour < 18 ? say('Good afternoon') : say('Good evening')
}
