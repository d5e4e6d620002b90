import { memo, useState, type ReactNode } from 'react'
import { CopyButton } from '../view/copy-button.tsx'
import { Icon } from '../view/icons.tsx'
import { fileName, languageOf, languageTitle } from './code-file.ts'
import { revealed, withShortLines } from './hidden.ts'
import { Long } from './plain-text.tsx'
import type { Tint } from './highlight.ts'
import { useTinted } from './use-tinted.ts'
import { say } from '../words/say.ts'

type Props = {
  code: string
  /** What stands after the fence: the language first. */
  info: string
  open: boolean
  /** Stands in the head, before the buttons. */
  more?: ReactNode
}

/** Code in a frame with its language, and what can be done with it. While it is being written it is coloured line by line. */
export const CodeBlock = memo(function CodeBlock({ code, info, open, more }: Props) {
  const language = languageOf(info)
  const title = languageTitle(language)
  const [wrap, setWrap] = useState(false)
  const bare = revealed(code)
  const shown = withShortLines(bare)
  const tinted = useTinted(shown, language, open)
  const plain = tinted === null ? shown : shown.slice(tinted.code.length)
  return (
    <div className="code">
      <div className="code-head">
        <span className="truncate">{title}</span>
        {bare !== code && (
          <span className="truncate text-warn" title={say('Characters that cannot be seen are spelt out')}>
            {say('hidden characters')}
          </span>
        )}
        <span className="ml-auto flex flex-none items-center">
          {more}
          <button
            type="button"
            className="quiet"
            aria-pressed={wrap}
            aria-label={say('Wrap long lines')}
            title={say('Wrap long lines')}
            onClick={() => setWrap(!wrap)}
          >
            <WrapIcon />
          </button>
          <button
            type="button"
            className="quiet"
            aria-label={say('Save as {name}', { name: fileName(info, code) })}
            title={say('Save as {name}', { name: fileName(info, code) })}
            onClick={() => save(code, fileName(info, code))}
          >
            <Icon name="get" className="size-[15px]" />
          </button>
          <CopyButton text={code} label={say('Copy code')} />
        </span>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <pre
        tabIndex={0}
        role="region"
        aria-label={language === '' ? say('Code') : say('Code in {language}', { language: title })}
        data-wrap={wrap}
      >
        <code>
          {tinted !== null && tints(tinted.tints)}
          <Long text={plain} />
        </code>
      </pre>
    </div>
  )
})

const tints = (nodes: readonly Tint[]): ReactNode =>
  nodes.map((node, i) =>
    typeof node === 'string' ? (
      node
    ) : (
      <span key={i} className={`tint-${node.scope.split('.')[0]}`}>
        {tints(node.inside)}
      </span>
    ),
  )

function save(text: string, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  link.download = name
  link.click()
  // The browser has taken hold of the file once the click has been handled.
  setTimeout(() => URL.revokeObjectURL(link.href))
}

const WrapIcon = () => (
  <svg
    viewBox="0 0 24 24"
    className="size-[15px] flex-none"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.75"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
  >
    <path d="M4 6.5h16M4 12h12.5a3 3 0 0 1 0 6H12M4 18h4M14.5 15.5 12 18l2.5 2.5" />
  </svg>
)
