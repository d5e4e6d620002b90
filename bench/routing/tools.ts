/** Measures how well it is told which messages need tools: node bench/routing/tools.ts [--misses] */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Router } from '../../src/core/ports.ts'
import { trainRouter } from '../../src/core/route.ts'
import { builtInAgents } from './prompts.ts'

/** A message, and whether a person would say that words alone can't answer it. */
const Need = z.strictObject({ text: z.string().min(1), tools: z.boolean(), language: z.string() })
export type Need = z.infer<typeof Need>
export const TOOL_FILES = ['tools.jsonl', 'tools-held-out.jsonl'] as const

export const readNeeds = (file: (typeof TOOL_FILES)[number]): Need[] =>
  readFileSync(join(import.meta.dirname, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Need.parse(JSON.parse(line)))

export function measureNeeds(router: Router, needs: readonly Need[]) {
  const told = needs.map((need) => ({
    ...need,
    said: router.route({ text: need.text, recent: [], forced: null }).requiresTools,
  }))
  const right = told.filter(({ tools, said }) => tools && said).length
  return {
    precision: right / Math.max(1, told.filter(({ said }) => said).length),
    recall: right / Math.max(1, told.filter(({ tools }) => tools).length),
    missed: told.filter(({ tools, said }) => tools && !said).map(({ text }) => text),
    wrongly: told.filter(({ tools, said }) => !tools && said).map(({ text }) => text),
  }
}

if (process.argv[1] === import.meta.filename) {
  const router = trainRouter(await builtInAgents())
  for (const file of TOOL_FILES) {
    const needs = readNeeds(file)
    for (const language of [null, 'en', 'de']) {
      const { precision, recall, missed, wrongly } = measureNeeds(
        router,
        needs.filter((need) => language === null || need.language === language),
      )
      const percent = (share: number) => `${(100 * share).toFixed(1)} %`
      console.log(`${file} ${language ?? 'all'}: precision ${percent(precision)}, recall ${percent(recall)}`)
      if (language !== null || !process.argv.includes('--misses')) continue
      for (const text of missed) console.log(`  missed: ${text}`)
      for (const text of wrongly) console.log(`  wrongly: ${text}`)
    }
  }
}
