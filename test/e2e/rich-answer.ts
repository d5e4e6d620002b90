/** An answer with everything in it that Markdown can hold. */
export const RICH_ANSWER = String.raw`## How a resumed stream stays whole

The short answer: **number every event**, and let the reader say which one it saw last.[^sse] It costs about $5 of storage a month, or $10 with a copy.

1. The server writes each event to its log *before* it sends it.
2. The page reconnects with the number of the last event:
   - numbers that it has seen already change nothing,
   - a gap makes it read again.
3. ~~Hope that nothing is lost.~~

| Cursor | Events sent | Seconds | What the reader sees |
| :-- | --: | :-: | :-- |
| \`0\` | 1,204 | 0.31 | everything, from the first word |
| \`900\` | 304 | 0.08 | what is missing |
| \`1204\` | 0 | 0.01 | nothing new; the run has ended |

### In code

\`\`\`typescript title="follow.ts"
/** Follows a run from the event after \`cursor\`. */
export async function* follow(run: RunId, cursor: number): AsyncGenerator<Entry> {
  for await (const entry of read(\`/v1/runs/\${run}/events\`, { headers: { 'Last-Event-ID': String(cursor) } })) {
    if (entry.at <= cursor) continue // seen already, so the fold would ignore it as well as this very long comment does
    cursor = entry.at
    yield entry
  }
}
\`\`\`

The chance that two of $n$ readers collide is $p \approx 1 - e^{-n^2/(2N)}$, which for $N = 2^{32}$ is small:

$$
p(n) = 1 - \prod_{k=1}^{n-1}\left(1 - \frac{k}{N}\right)
\approx \frac{n(n-1)}{2N}
$$

And \(\alpha + \beta = \gamma\) holds as well as

\[
\begin{pmatrix} a & b \\ c & d \end{pmatrix}^{-1} = \frac{1}{ad - bc} \begin{pmatrix} d & -b \\ -c & a \end{pmatrix}
\]

\`\`\`mermaid
flowchart LR
  A[Reader] -->|cursor 900| B(Server)
  B --> C{Log}
  C -->|901 to 1204| A
  B -.-> D[(Disk)]
\`\`\`

> A reader owns nothing.
>
> > It can leave at any time.

- [x] Append, commit, then emit
- [x] One terminal event
- [ ] Write the test with \`kill -9\`

See [the standard](https://html.spec.whatwg.org/multipage/server-sent-events.html), <https://example.org/notes> or ask ada@example.org.

![A chart of the load](https://pictures.example.net/load.png)

---

Done. Two notes follow.[^cost]

[^sse]: Server-sent events carry an \`id\` for this very purpose.
[^cost]: At 50 events a second, **without** compression.
`
  .replaceAll('\\`', '`')
  .replaceAll('\\${', '${')
