import type { Links } from 'marked'
import remend from 'remend'
import { Fragment, memo, use, useMemo, useRef, type ReactNode } from 'react'
import { CitesContext } from '../live/cites.ts'
import { blocks, MarkdownBlock } from './block.tsx'
import { feed, finish, NO_BLOCKS, type Block } from './blocks.ts'
import { CodeBlock } from './code-block.tsx'
import { linksIn } from './links-in.ts'
import { NoteList, notesIn, type Notes } from './notes.tsx'
import { PlainText } from './plain-text.tsx'
import { usePaced } from './use-paced.ts'
import '../prose.css'

/** A block that is longer while it is still being written is shown as plain text: formatting it again and again would freeze the page. */
const FORMATTED = 32_768
/** A citation that is still being written; its end comes with the next letters. */
const BEGUN = / ?\[[\d,; ]{0,12}$/
/** Finished blocks are kept in groups: what is compared, and painted, for a new word does not grow with the text. */
const GROUP = 16

/** Markdown that may still be growing: what is finished is parsed and drawn once, only the last block again and again. */
export const Markdown = memo(function Markdown({
  text: whole,
  live,
  joints = '',
}: {
  text: string
  live: boolean
  /** Where another hand took over, a line for each: how many characters were there, a tab, and what happened. */
  joints?: string
}) {
  const text = usePaced(whole, live)
  const has = use(CitesContext)?.has
  const fed = useRef(NO_BLOCKS)
  if (text.length < fed.current.fed) fed.current = NO_BLOCKS
  fed.current = feed(fed.current, text)
  const { done, open, fence } = fed.current
  const shown = live ? done : finish(fed.current)
  const links = useMemo(
    () =>
      live
        ? null
        : linksIn(
            shown.map((block) => block.raw),
            has,
          ),
    [live, shown, has],
  )
  const notes = useMemo(() => (live ? null : notesIn(shown.map((block) => block.raw))), [live, shown])
  const marks = placed(joints, shown)
  const starts = Array.from({ length: Math.ceil(shown.length / GROUP) }, (_, i) => i * GROUP)
  return (
    <div className="prose" data-live={live ? '' : undefined}>
      {starts.map((from) => (
        <Group
          key={from}
          blocks={shown}
          from={from}
          to={Math.min(from + GROUP, shown.length)}
          marks={[...marks.keys()].some((at) => at >= from && at < from + GROUP) ? marks : NO_MARKS}
          links={links}
          notes={notes}
        />
      ))}
      {live && marks.get(done.length)}
      {live && fence !== null && <CodeBlock key={done.length} code={open.slice(fence.body)} info={fence.info} open />}
      {live && fence === null && open.trim() !== '' && open.length <= FORMATTED && (
        <MarkdownBlock
          key={done.length}
          raw={remend(has ? open.replace(BEGUN, '') : open, { linkMode: 'text-only' })}
          links={null}
          notes={null}
          open
        />
      )}
      {live && fence === null && open.length > FORMATTED && <PlainText text={open} />}
      <NoteList notes={notes} body={({ token }) => blocks(token.tokens, { open: false, notes })} />
    </div>
  )
})

type Marks = ReadonlyMap<number, ReactNode>
const NO_MARKS: Marks = new Map()
type GroupProps = {
  blocks: readonly Block[]
  from: number
  to: number
  marks: Marks
  links: Links | null
  notes: Notes
}

const Group = memo(
  ({ blocks, from, to, marks, links, notes }: GroupProps) => (
    <div className="flow group-of-blocks">
      {blocks.slice(from, to).map((block) => (
        <Fragment key={block.id}>
          {marks.get(block.id)}
          <MarkdownBlock raw={block.raw} links={links} notes={notes} open={false} />
        </Fragment>
      ))}
    </div>
  ),
  // A finished block is never changed, and a text that begins anew has others.
  (a, b) =>
    a.to === b.to &&
    a.blocks[a.from] === b.blocks[b.from] &&
    a.blocks[a.to - 1] === b.blocks[b.to - 1] &&
    a.marks === b.marks &&
    a.links === b.links &&
    a.notes === b.notes,
)

/** A quiet line in the margin of each block in which the text was gone on with. */
function placed(joints: string, blocks: readonly Block[]): Marks {
  if (joints === '') return NO_MARKS
  const marks = new Map<number, ReactNode>()
  for (const line of joints.split('\n')) {
    const [place, how] = line.split('\t')
    let rest = Number(place)
    const at = blocks.findIndex(({ raw }) => (rest -= raw.length) < 0)
    marks.set(at === -1 ? blocks.length : at, <span className="joint" role="img" title={how} aria-label={how} />)
  }
  return marks
}
