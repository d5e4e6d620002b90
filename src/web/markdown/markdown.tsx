import remend from 'remend'
import { memo, useMemo, useRef } from 'react'
import { MarkdownBlock, linksIn } from './block.tsx'
import { feed, finish, NO_BLOCKS } from './blocks.ts'
import { CodeBlock } from './code-block.tsx'
import { PlainText } from './plain-text.tsx'

/** A block that is longer while it is still being written is shown as plain text: formatting it again and again would freeze the page. */
const FORMATTED = 32_768

/** Markdown that may still be growing: what is finished is parsed and drawn once, only the last block again and again. */
export const Markdown = memo(function Markdown({ text, live }: { text: string; live: boolean }) {
  const fed = useRef(NO_BLOCKS)
  if (text.length < fed.current.fed) fed.current = NO_BLOCKS
  fed.current = feed(fed.current, text)
  const { done, open, fence } = fed.current
  const shown = live ? done : finish(fed.current)
  const links = useMemo(() => (live ? null : linksIn(shown.map((block) => block.raw))), [live, shown])
  return (
    <div className="prose" data-live={live ? '' : undefined}>
      {shown.map((block) => (
        <MarkdownBlock key={block.id} raw={block.raw} links={links} open={false} />
      ))}
      {live && fence !== null && (
        <CodeBlock key={done.length} code={open.slice(fence.body)} language={fence.language} open />
      )}
      {live && fence === null && open.trim() !== '' && open.length <= FORMATTED && (
        <MarkdownBlock key={done.length} raw={remend(open, { linkMode: 'text-only' })} links={null} open />
      )}
      {live && fence === null && open.length > FORMATTED && <PlainText text={open} />}
    </div>
  )
})
