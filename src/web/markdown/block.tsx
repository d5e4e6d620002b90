import type { Links, Token, Tokens } from 'marked'
import { memo, use, useMemo, type ReactNode } from 'react'
import { CitesContext } from '../live/cites.ts'
import { Icon } from '../view/icons.tsx'
import { CodeBlock } from './code-block.tsx'
import { Diagram } from './diagram.tsx'
import { newLexer, type Has } from './grammar.ts'
import { hardPart, MOST } from './hard.ts'
import { startsTurned } from './hidden.ts'
import { inline, type Known } from './inline.tsx'
import { Maths } from './maths.tsx'
import type { Notes } from './notes.tsx'
import { PlainText } from './plain-text.tsx'
import { Table } from './table.tsx'
import { say } from '../words/say.ts'

/** One block of Markdown. `links` and `notes` are the definitions of the whole text, known once it has ended. */
export const MarkdownBlock = memo(function MarkdownBlock({
  raw,
  links,
  notes,
  open,
}: {
  raw: string
  links: Links | null
  notes: Notes
  open: boolean
}) {
  const has = use(CitesContext)?.has
  const tokens = useMemo(() => lex(raw, links, has), [raw, links, has])
  if (tokens === null) return <PlainText text={raw} />
  const drawn = blocks(tokens, { open, notes })
  return startsTurned(raw) ? (
    <div dir="rtl" className="flow">
      {drawn}
    </div>
  ) : (
    drawn
  )
})

/** Null for what is too long, or would take too long. */
function lex(raw: string, links: Links | null, has: Has | undefined): readonly Token[] | null {
  if (raw.length > MOST || hardPart(raw) !== null) return null
  const lexer = newLexer(has)
  if (links !== null) Object.assign(lexer.tokens.links, links)
  return lexer.lex(raw)
}

type Around = { open: boolean; notes: Notes }

export function blocks(tokens: readonly Token[], { open, notes }: Around): ReactNode {
  return tokens.map((token, i) => (
    <BlockOf key={i} token={token as Known} open={open && i === tokens.length - 1} notes={notes} />
  ))
}

function BlockOf({ token, open, notes }: { token: Known } & Around): ReactNode {
  switch (token.type) {
    case 'paragraph':
    case 'citeDef':
      return <p>{inline(token.tokens, notes)}</p>
    case 'heading': {
      // The page's own headings come first: an answer's begin at the third level.
      const Tag = (['h3', 'h4', 'h5', 'h6', 'h6', 'h6'] as const)[token.depth - 1] ?? 'h6'
      return <Tag data-depth={token.depth}>{inline(token.tokens, notes)}</Tag>
    }
    case 'code':
      return <Code token={token} open={open} />
    case 'blockquote':
      return <blockquote className="flow">{blocks(token.tokens, { open, notes })}</blockquote>
    case 'list':
      return <List token={token} open={open} notes={notes} />
    case 'table':
      return <Table token={token} notes={notes} />
    case 'mathBlock':
      return <Maths tex={token.tex} display />
    case 'hr':
      return <hr />
    case 'note':
      // While it is being written it stands where it is written; in the end, below the text.
      return notes === null && open ? <div className="notes flow">{blocks(token.tokens, { open, notes })}</div> : null
    case 'space':
    case 'def':
    case 'checkbox':
      return null
    case 'text':
      return inline(token.tokens ?? [token], notes)
    case 'html':
    case 'br':
    case 'cite':
    case 'codespan':
    case 'del':
    case 'em':
    case 'escape':
    case 'image':
    case 'link':
    case 'list_item':
    case 'math':
    case 'noteRef':
    case 'strong':
      return <p>{token.raw.trim() === '' ? null : token.raw}</p>
  }
}

/** A diagram is drawn once its fence has closed; one that was cut off stays a text. */
function Code({ token, open }: { token: Tokens.Code; open: boolean }): ReactNode {
  const info = token.lang ?? ''
  const drawn = /^(mermaid|mmd)$/i.test(info.trim()) && !open && /\n {0,3}(`{3,}|~{3,})\s*$/.test(token.raw)
  return drawn ? <Diagram source={token.text} /> : <CodeBlock code={token.text} info={info} open={open} />
}

function List({ token, open, notes }: { token: Tokens.List } & Around): ReactNode {
  const items = token.items.map((item, i) => (
    <Item key={i} item={item} open={open && i === token.items.length - 1} notes={notes} />
  ))
  if (!token.ordered) return <ul>{items}</ul>
  return <ol start={token.start === '' ? 1 : token.start}>{items}</ol>
}

const Item = memo(
  function Item({ item, open, notes }: { item: Tokens.ListItem } & Around) {
    const inside = blocks(item.tokens, { open, notes })
    if (!item.task) return <li className={item.loose ? 'flow' : undefined}>{inside}</li>
    return (
      <li className="task">
        <span
          role="img"
          aria-label={item.checked === true ? say('done') : say('to do')}
          className="mt-[0.32em] flex-none"
        >
          <Icon name={item.checked === true ? 'boxChecked' : 'box'} className="size-4 text-faint" />
        </span>
        <div className="min-w-0">{inside}</div>
      </li>
    )
  },
  // The tokens are made anew each time; the same source in the same kind of list looks the same.
  (a, b) => a.item.raw === b.item.raw && a.item.loose === b.item.loose && a.open === b.open && a.notes === b.notes,
)
