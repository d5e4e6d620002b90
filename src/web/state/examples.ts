/** Something to begin with, per agent; shown while nothing was said yet. */
export const EXAMPLES: readonly { agent: string; title: string; prompts: readonly string[] }[] = [
  {
    agent: 'coder',
    title: 'Write and fix code',
    prompts: [
      'Write a Python function that removes duplicates from a list and keeps the order',
      'Explain this regular expression: ^(?=.*\\d)[a-z\\d]{8,}$',
      'Why does my JavaScript promise resolve to undefined?',
    ],
  },
  {
    agent: 'reasoner',
    title: 'Think it through',
    prompts: [
      'A train leaves at 9:40 and needs 2 h 35 min. When does it arrive?',
      'Is it cheaper to repair an old fridge or to buy a new one? Show the sums',
      'Find the flaw: all birds fly, penguins are birds, so penguins fly',
    ],
  },
  {
    agent: 'researcher',
    title: 'Find something out',
    prompts: [
      'Compare heat pumps and gas heating in a table',
      'Summarise how vaccines work in five bullet points',
      'What should I know before I buy a used e-bike?',
    ],
  },
]

export function greeting(hour: number): string {
  if (hour >= 5 && hour < 12) return 'Good morning'
  return hour >= 12 && hour < 18 ? 'Good afternoon' : 'Good evening'
}
