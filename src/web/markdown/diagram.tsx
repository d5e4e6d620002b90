import { memo, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import { CodeBlock } from './code-block.tsx'
import { drawDiagram } from './diagram-frame.ts'
import { say } from '../words/say.ts'

type Drawn = { source: string; dark: boolean } & ({ picture: string } | { why: string })

/** A Mermaid diagram as a picture, once its source is whole. A picture runs nothing, links nowhere and asks for nothing. */
export const Diagram = memo(function Diagram({ source }: { source: string }): ReactNode {
  const dark = useDark()
  const [drawn, setDrawn] = useState<Drawn | null>(null)
  const [asText, setAsText] = useState(false)
  useEffect(() => {
    const left = new AbortController()
    drawDiagram(source, dark, left.signal).then(
      (picture) => {
        if (!left.signal.aborted) setDrawn({ source, dark, picture })
      },
      (error: unknown) => {
        if (!left.signal.aborted)
          setDrawn({ source, dark, why: error instanceof Error ? error.message : String(error) })
      },
    )
    return () => left.abort()
  }, [source, dark])
  const picture = drawn !== null && drawn.source === source && 'picture' in drawn ? drawn.picture : null
  const toggle = (
    <button type="button" className="quiet" aria-pressed={asText} onClick={() => setAsText(!asText)}>
      {asText ? say('Diagram') : say('Source')}
    </button>
  )
  if (picture === null || asText)
    return (
      <div data-testid="diagram">
        <CodeBlock code={source} info="mermaid" open={false} more={picture === null ? null : toggle} />
        {drawn !== null && 'why' in drawn && (
          <p className="target">{say('This diagram could not be drawn: {why}', { why: drawn.why })}</p>
        )}
      </div>
    )
  return (
    <figure className="code" data-testid="diagram">
      <div className="code-head">
        <span>{say('Diagram')}</span>
        <span className="ml-auto">{toggle}</span>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <div className="diagram" tabIndex={0} role="region" aria-label={say('Diagram')}>
        <img src={picture} alt={say('Diagram, drawn from: {source}', { source: source.slice(0, 300) })} />
      </div>
    </figure>
  )
})

const scheme = typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: dark)') : null

function useDark(): boolean {
  return useSyncExternalStore(
    (call) => {
      const changed = new MutationObserver(call)
      changed.observe(document.documentElement, { attributeFilter: ['data-theme'] })
      scheme?.addEventListener('change', call)
      return () => {
        changed.disconnect()
        scheme?.removeEventListener('change', call)
      }
    },
    () => {
      const chosen = document.documentElement.dataset['theme']
      return chosen === undefined ? scheme?.matches === true : chosen === 'dark'
    },
  )
}
