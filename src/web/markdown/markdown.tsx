import remend from 'remend'
import { Fragment, memo, useMemo, useRef, type ReactNode } from 'react'
import { blocks, MarkdownBlock, linksIn } from './block.tsx'
import { feed, finish, NO_BLOCKS, type Block } from './blocks.ts'
import { CodeBlock } from './code-block.tsx'
import { NoteList, notesIn } from './notes.tsx'
import { PlainText } from './plain-text.tsx'

/** A block that is longer while it is still being written is shown as plain text: formatting it again and again would freeze the page. */
const FORMATTED = 32_768

/** Markdown that may still be growing: what is finished is parsed and drawn once, only the last block again and again. */
export const Markdown = memo(function Markdown({
  text,
  live,
  joints = '',
}: {
  text: string
  live: boolean
  /** Where another hand took over, a line for each: how many characters were there, a tab, and what happened. */
  joints?: string
}) {
  const fed = useRef(NO_BLOCKS)
  if (text.length < fed.current.fed) fed.current = NO_BLOCKS
  fed.current = feed(fed.current, text)
  const { done, open, fence } = fed.current
  const shown = live ? done : finish(fed.current)
  const links = useMemo(() => (live ? null : linksIn(shown.map((block) => block.raw))), [live, shown])
  const notes = useMemo(() => (live ? null : notesIn(shown.map((block) => block.raw))), [live, shown])
  const marks = placed(joints, shown)
  return (
    <div className="prose" data-live={live ? '' : undefined}>
      {shown.map((block) => (
        <Fragment key={block.id}>
          {marks.get(block.id)}
          <MarkdownBlock raw={block.raw} links={links} notes={notes} open={false} />
        </Fragment>
      ))}
      {live && marks.get(done.length)}
      {live && fence !== null && <CodeBlock key={done.length} code={open.slice(fence.body)} info={fence.info} open />}
      {live && fence === null && open.trim() !== '' && open.length <= FORMATTED && (
        <MarkdownBlock key={done.length} raw={remend(open, { linkMode: 'text-only' })} links={null} notes={null} open />
      )}
      {live && fence === null && open.length > FORMATTED && <PlainText text={open} />}
      <NoteList notes={notes} body={({ token }) => blocks(token.tokens, { open: false, notes })} />
    </div>
  )
})

/** A quiet line in the margin of each block in which the text was gone on with. */
function placed(joints: string, blocks: readonly Block[]): ReadonlyMap<number, ReactNode> {
  const marks = new Map<number, ReactNode>()
  for (const line of joints === '' ? [] : joints.split('\n')) {
    const [place, how] = line.split('\t')
    let rest = Number(place)
    const at = blocks.findIndex(({ raw }) => (rest -= raw.length) < 0)
    marks.set(at === -1 ? blocks.length : at, <span className="joint" role="img" title={how} aria-label={how} />)
  }
  return marks
}
