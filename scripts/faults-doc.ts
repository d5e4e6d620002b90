/** Writes docs/faults.md from the table of faults; with `--print`, only prints it. */
import { writeFileSync } from 'node:fs'
import { FAULTS } from '../src/wire/fault.ts'

export function faultsDoc(): string {
  const rows = Object.entries(FAULTS).map(
    ([code, kind]) =>
      `## ${code}\n\n${kind.text}\n\n- **What to do:** ${kind.fix}\n- **HTTP status:** ${kind.status}\n- **May the same thing succeed later?** ${kind.retry ? 'yes' : 'no'}\n`,
  )
  return `# Faults\n\nEverything that PKN can report, in \`run.end\`, in \`step.end\` and in the body of a refused request. Words in braces are filled in.\nThis page is made by \`npm run docs:faults\` from \`src/wire/fault.ts\`; a test keeps the two equal.\n\n${rows.join('\n')}`
}

if (import.meta.main) {
  if (process.argv.includes('--print')) console.log(faultsDoc())
  else writeFileSync(new URL('../docs/faults.md', import.meta.url), faultsDoc())
}
