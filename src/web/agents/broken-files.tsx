import type { AgentProblem } from '../../wire/agent.ts'
import { Icon } from '../view/icons.tsx'
import { say, sayCount, sayWrong } from '../words/say.ts'

/** Files of the user's that are left out: which, where in it, and why. */
export function BrokenFiles({ problems }: { problems: readonly AgentProblem[] }) {
  if (problems.length === 0) return null
  const files = [...new Set(problems.map(({ file }) => file))]
  return (
    <section
      aria-label={say('Files that cannot be used')}
      data-testid="broken-files"
      className="mt-6 rounded-2xl bg-warn-wash px-5 py-4 phone:px-4"
    >
      <h2 className="flex items-center gap-2 text-[15px] font-[560]">
        <Icon name="warn" className="size-[18px] text-warn" />
        {sayCount(files.length, 'A file of yours cannot be used', '{n} files of yours cannot be used')}
      </h2>
      <ul className="mt-2 space-y-3">
        {files.map((file) => (
          <li key={file} className="text-[13.5px]">
            <p className="font-mono text-[12.5px] break-all text-soft">{file}</p>
            <ul className="mt-1 space-y-0.5">
              {problems
                .filter((one) => one.file === file)
                .map(({ line, field, what }) => (
                  <li key={`${line} ${field} ${what}`} className="break-words">
                    {line !== null && <span className="text-soft">{say('Line {line}:', { line })} </span>}
                    {field !== null && (
                      <>
                        <span className="font-mono text-[12.5px]">{field}</span>{' '}
                      </>
                    )}
                    {sayWrong(what)}
                  </li>
                ))}
            </ul>
          </li>
        ))}
      </ul>
      <p className="mt-3 text-[13px] text-soft">
        {say('Mend it with any editor: it is read again as soon as it is saved. The other agents work on.')}
      </p>
    </section>
  )
}
