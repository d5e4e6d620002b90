import type { Source } from '../../wire/mind.ts'
import { useApp } from '../live/app.ts'
import { useDay } from '../live/clock.ts'
import { useAsking } from '../shelf/use-shelf.ts'
import { clock } from '../state/wording.ts'
import { Disclosure } from '../view/disclosure.tsx'
import { Icon } from '../view/icons.tsx'
import { say, sayCount } from '../words/say.ts'
import { faultText } from '../words/titles.ts'
import { indexAgain, removeSource } from './source-calls.ts'
import { sourceWords } from './source-words.ts'

/** A folder or a file that is searched: how far it is, what could not be read, again, and away. */
export function SourceRow({ source }: { source: Source }) {
  const app = useApp()
  const { asking, refused, ask } = useAsking()
  const { path, state, done, total, skipped, indexed } = source
  const now = new Date(useDay())
  return (
    <li className="px-4 py-3" data-testid="source" data-state={state}>
      <div className="flex items-start gap-1">
        <Icon
          name={state === 'failed' || state === 'missing' ? 'warn' : 'page'}
          className={`mt-2 size-[18px] ${state === 'failed' || state === 'missing' ? 'text-warn' : 'text-faint'}`}
        />
        <div className="min-w-0 flex-1 px-1.5 py-1">
          <p className="font-mono text-[13px] break-all">{path}</p>
          <p className="figures mt-0.5 text-[13px] text-soft">
            {sourceWords(source)}
            {state === 'ready' && indexed !== null && (
              <span className="text-faint">{` · ${say('as of {when}', { when: clock(indexed, now) })}`}</span>
            )}
          </p>
          {state === 'indexing' && total > 0 && (
            <div
              role="progressbar"
              aria-label={say('Reading {path}', { path })}
              aria-valuenow={done}
              aria-valuemin={0}
              aria-valuemax={total}
              className="bar mt-2 h-1.5 overflow-hidden rounded-full bg-hover"
            >
              <div className="h-full bg-accent" style={{ width: `${Math.min(100, (100 * done) / total)}%` }} />
            </div>
          )}
        </div>
        <button
          type="button"
          className="tap"
          disabled={asking || state === 'indexing'}
          aria-label={say('Read {path} again', { path })}
          title={say('Read again')}
          onClick={() => ask(() => indexAgain(app, source))}
        >
          <Icon name="again" className="size-[17px]" />
        </button>
        <button
          type="button"
          className="tap"
          disabled={asking}
          aria-label={say('Remove {path}', { path })}
          title={say('Remove')}
          onClick={() => ask(() => removeSource(app, source))}
        >
          <Icon name="bin" className="size-[17px]" />
        </button>
      </div>
      {skipped.length > 0 && (
        <div className="ml-7">
          <Disclosure
            testId="skipped"
            head={
              <span className="text-[13px]">
                {sayCount(skipped.length, '1 file was left out', '{n} files were left out')}
              </span>
            }
          >
            <ul className="my-1 space-y-1 border-l border-line pl-4 text-[13px] text-soft">
              {skipped.map((file) => (
                <li key={file.path} className="break-words">
                  <span className="font-mono text-[12.5px] break-all">{file.path}</span>
                  {`: ${file.why}`}
                </li>
              ))}
            </ul>
          </Disclosure>
        </div>
      )}
      {refused !== null && (
        <p role="alert" className="ml-8 text-[13.5px] text-bad">
          {faultText(refused)}
        </p>
      )}
    </li>
  )
}
