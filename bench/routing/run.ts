/**
 * Routes labelled prompts and prints how well: node bench/routing/run.ts [file.jsonl ...] [--misses]; or what is gained by corrections:
 * node bench/routing/run.ts --lessons [seeds [user]]; or what meaning would add: --meaning http://host/v1 [--keep file] [--seeds n] (meaning.ts)
 */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { trainRouter } from '../../src/core/route.ts'
import { tellGain } from './lessons.ts'
import { tellMeaning } from './meaning.ts'
import { builtInAgents, readPrompts, type Prompt } from './prompts.ts'
import { keywordRouter } from './keywords.ts'

if (process.argv.includes('--lessons')) {
  const [seeds = '10', ...users] = process.argv.slice(process.argv.indexOf('--lessons') + 1)
  await tellGain(Number(seeds), users.length > 0 ? users : undefined)
  process.exit()
}

if (process.argv.includes('--meaning')) {
  const after = (flag: string) =>
    process.argv.includes(flag) ? process.argv[process.argv.indexOf(flag) + 1] : undefined
  await tellMeaning(after('--meaning') ?? '', after('--keep') ?? null, Number(after('--seeds') ?? 8))
  process.exit()
}

const HERE = import.meta.dirname
const given = process.argv.slice(2).filter((a) => !a.startsWith('--'))
const files =
  given.length > 0 ? given.map((f) => resolve(f)) : ['prompts', 'held-out'].map((f) => join(HERE, `${f}.jsonl`))
const showMisses = process.argv.includes('--misses') || given.length > 0

const agents = await builtInAgents()
const times: number[] = []
let router = trainRouter(agents)
for (let i = 0; i < 4; i++) {
  const began = performance.now()
  router = trainRouter(agents)
  times.push(performance.now() - began)
}
console.log(`${agents.reduce((n, a) => n + a.examples, 0)} examples of ${agents.length} agents`)
console.log(`training: ${times.map((t) => t.toFixed(0)).join(', ')} ms (after one to warm up)`)

for (const file of files) report(file, readPrompts(readFileSync(file, 'utf8')))

function report(file: string, prompts: readonly Prompt[]) {
  const routed = prompts.map((prompt) => ({
    ...prompt,
    decision: router.route({ text: prompt.text, recent: prompt.recent, forced: null }),
  }))
  const right = (rows: typeof routed) => rows.filter((r) => r.decision.agent === r.agent).length
  const share = (rows: typeof routed) =>
    `${right(rows)}/${rows.length} ${((100 * right(rows)) / rows.length).toFixed(1)} %`
  console.log(`\n== ${file.slice(HERE.length + 1)}: ${share(routed)}`)
  const keywords = prompts.filter((p) => keywordRouter(p.text) === p.agent).length
  console.log(`a keyword router on the same prompts: ${((100 * keywords) / prompts.length).toFixed(1)} %`)
  for (const language of new Set(prompts.map((p) => p.language)))
    console.log(`  ${language}: ${share(routed.filter((r) => r.language === language))}`)
  const names = agents.map((a) => a.name)
  console.log(
    `${''.padEnd(12)}${names.map((n) => n.slice(0, 10).padStart(11)).join('')}   (rows: label, columns: routed to)`,
  )
  for (const name of names) {
    const rows = routed.filter((r) => r.agent === name)
    const cells = names.map((to) => String(rows.filter((r) => r.decision.agent === to).length).padStart(11))
    console.log(`${name.padEnd(12)}${cells.join('')}   ${share(rows)}`)
  }
  console.log(`calibration error (10 bins): ${calibrationError(routed).toFixed(3)}`)
  const began = performance.now()
  const rounds = 20
  for (let i = 0; i < rounds; i++)
    for (const p of prompts) router.route({ text: p.text, recent: p.recent, forced: null })
  console.log(`a decision: ${(((performance.now() - began) * 1000) / rounds / prompts.length).toFixed(0)} us`)
  if (showMisses)
    for (const { text, agent, decision } of routed)
      if (decision.agent !== agent) {
        const why = decision.because.map((b) => `${b.feature} ${b.weight}`).join(', ')
        console.log(
          `  ${agent} -> ${decision.agent} ${decision.confidence.toFixed(2)}: ${text.slice(0, 90)}   [${why}]`,
        )
      }
}

/** How far, on average, the confidence is from the share that is right. */
function calibrationError(rows: readonly { agent: string; decision: { agent: string; confidence: number } }[]): number {
  const bins = Array.from({ length: 10 }, () => ({ sure: 0, right: 0, count: 0 }))
  for (const { agent, decision } of rows) {
    const bin = bins[Math.min(9, Math.floor(decision.confidence * 10))]!
    bin.sure += decision.confidence
    bin.right += Number(decision.agent === agent)
    bin.count++
  }
  return bins.reduce((sum, { sure, right }) => sum + Math.abs(sure - right), 0) / rows.length
}
