const PROSE =
  'The reader keeps the number of the last event that it has seen, and asks for *everything* after it; what it has seen already changes nothing, so a replay that overlaps is **harmless**. '
const CODE = `\`\`\`typescript
export async function* follow(run: RunId, cursor: number): AsyncGenerator<Entry> {
  for await (const entry of read(\`/v1/runs/\${run}/events\`, { after: cursor })) {
    if (entry.at <= cursor) continue // seen already
    cursor = entry.at
    yield entry
  }
}

const total = entries.reduce((sum, { tokens }) => sum + tokens, 0)
console.log(\`\${total} tokens in \${(performance.now() - began).toFixed(1)} ms\`)
\`\`\`
`
const TABLE = `| Cursor | Events | Seconds | What is seen |
| :-- | --: | :-: | :-- |
${Array.from({ length: 12 }, (_, i) => `| \`${i * 100}\` | ${1204 - i * 100} | 0.${30 + i} | what is missing after **${i * 100}** |\n`).join('')}`
const LIST = Array.from(
  { length: 8 },
  (_, i) => `${i + 1}. Step ${i + 1} writes to the log *before* it sends, see \`append\`.\n`,
).join('')

/** An answer of about so many tokens, a quarter of it code, and tables and lists in it; its pieces are its tokens. */
export function longAnswer(tokens: number, plain = false): string[] {
  const pieces: string[] = []
  for (let part = 1; pieces.length < tokens; part++) {
    const text = plain
      ? `${PROSE.replaceAll('*', '').repeat(12)}\n\n`
      : `## Part ${part}\n\n${PROSE.repeat(3)}\n\n${CODE}\n${PROSE}\n\n${TABLE}\n${LIST}\n> ${PROSE}\n\n`
    pieces.push(...(text.match(/\s*[\p{L}\p{N}]{1,7}|\s*[^\p{L}\p{N}\s]{1,3}|\s+/gu) ?? []))
  }
  return pieces.slice(0, tokens)
}
