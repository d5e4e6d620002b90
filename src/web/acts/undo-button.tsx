import { useState } from 'react'
import { Refusal } from '../../client/refusal.ts'
import type { Reply } from '../../wire/api.ts'
import type { CallId, RunId } from '../../wire/id.ts'
import { useApp } from '../live/app.ts'
import { own } from '../live/own.ts'
import { Icon } from '../view/icons.tsx'
import { faultText, fixText } from '../words/titles.ts'
import { say } from '../words/say.ts'
import { Signs } from './verbatim.tsx'

type Undone = Reply<'runsUndo'>
/** A card may leave the screen and come back. */
const undone = new Map<CallId, Undone>()

/** Makes a file what it was before a call wrote it, and says what was left as it is, and why. */
export function UndoButton({ run, call, path }: { run: RunId; call: CallId; path: string }) {
  const { client, reach, aloud } = useApp()
  const [came, setCame] = useState(undone.get(call) ?? null)
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState('')
  const undo = async (): Promise<void> => {
    setBusy(true)
    setWrong('')
    try {
      const result = await reach.surely(() => client.call('runsUndo', { params: { run }, body: { call } }))
      if (result.kept.length === 0) undone.set(call, result)
      setCame(result)
      aloud.set(undoneWords(result).join(' '))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      setWrong(`${faultText(error.fault)} ${fixText(error.fault)}`)
    } finally {
      setBusy(false)
    }
  }
  const settled = came !== null && came.kept.length === 0
  return (
    <div className="act-undo" data-testid="undo">
      {!settled && (
        <button
          type="button"
          className="quiet"
          disabled={busy}
          aria-label={say('Undo what was written to {path}', { path })}
          onClick={() => own(undo())}
        >
          <Icon name="back" className="size-4" />
          {say('Undo')}
        </button>
      )}
      {came !== null &&
        undoneWords(came).map((text) => (
          <span key={text}>
            <Signs text={text} />
          </span>
        ))}
      {wrong !== '' && (
        <span role="alert" className="act-wrong">
          {wrong}
        </span>
      )}
    </div>
  )
}

function undoneWords({ restored, kept }: Undone): string[] {
  if (restored.length === 0 && kept.length === 0) return [say('This was undone already.')]
  return [
    ...restored.map((path) => say('{path} is as it was before.', { path })),
    ...kept.map(({ path, why }) => say('{path} was left as it is: {why}', { path, why: whyKept(why) })),
  ]
}

function whyKept(why: string): string {
  if (why === 'It was changed since then.') return say('it was changed since then.')
  if (why === 'What it was before is not kept any more.') return say('what it was before is not kept any more.')
  return why
}
