import { Lexer, type Links, type MarkedToken, type Token, type Tokens } from 'marked'
import { memo, useMemo, type ReactNode } from 'react'
import { Icon } from '../view/icons.tsx'
import { CodeBlock } from './code-block.tsx'
import { inline } from './inline.tsx'
import { MOST, PlainText } from './plain-text.tsx'

type Known = MarkedToken

/** One block of Markdown. `links` are the reference definitions of the whole text, known once it has ended. */
export const MarkdownBlock = memo(function MarkdownBlock({
  raw,
  links,
  open,
}: {
  raw: string
  links: Links | null
  open: boolean
}) {
  const tokens = useMemo(() => (raw.length > MOST ? null : lex(raw, links)), [raw, links])
  return tokens === null ? <PlainText text={raw} /> : blocks(tokens, open)
})

function lex(raw: string, links: Links | null): readonly Token[] {
  const lexer = new Lexer()
  if (links !== null) Object.assign(lexer.tokens.links, links)
  return lexer.lex(raw)
}

/** The reference definitions in these texts, or null if there are none. */
export function linksIn(raws: readonly string[]): Links | null {
  const with_ = raws.filter((raw) => /^ {0,3}\[[^\]\n]+\]:/m.test(raw))
  if (with_.length === 0) return null
  const { links } = new Lexer().lex(with_.join('\n\n'))
  return Object.keys(links).length === 0 ? null : links
}

function blocks(tokens: readonly Token[], open: boolean): ReactNode {
  return tokens.map((token, i) => <BlockOf key={i} token={token as Known} open={open && i === tokens.length - 1} />)
}

function BlockOf({ token, open }: { token: Known; open: boolean }): ReactNode {
  switch (token.type) {
    case 'paragraph':
      return <p>{inline(token.tokens)}</p>
    case 'heading': {
      // The page's own headings come first: an answer's begin at the third level.
      const Tag = (['h3', 'h4', 'h5', 'h6', 'h6', 'h6'] as const)[token.depth - 1] ?? 'h6'
      return <Tag data-depth={token.depth}>{inline(token.tokens)}</Tag>
    }
    case 'code':
      return <CodeBlock code={token.text} language={(token.lang ?? '').trim().split(/\s/)[0] ?? ''} open={open} />
    case 'blockquote':
      return <blockquote className="flow">{blocks(token.tokens, open)}</blockquote>
    case 'list':
      return <List token={token} open={open} />
    case 'table':
      return <Table token={token} />
    case 'hr':
      return <hr />
    case 'space':
    case 'def':
    case 'checkbox':
      return null
    case 'text':
      return inline(token.tokens ?? [token])
    case 'html':
    case 'br':
    case 'codespan':
    case 'del':
    case 'em':
    case 'escape':
    case 'image':
    case 'link':
    case 'list_item':
    case 'strong':
      return <p>{token.raw.trim() === '' ? null : token.raw}</p>
  }
}

function List({ token, open }: { token: Tokens.List; open: boolean }): ReactNode {
  const items = token.items.map((item, i) => <Item key={i} item={item} open={open && i === token.items.length - 1} />)
  if (!token.ordered) return <ul>{items}</ul>
  return <ol start={token.start === '' ? 1 : token.start}>{items}</ol>
}

const Item = memo(
  function Item({ item, open }: { item: Tokens.ListItem; open: boolean }) {
    const inside = blocks(item.tokens, open)
    if (!item.task) return <li className={item.loose ? 'flow' : undefined}>{inside}</li>
    return (
      <li className="task">
        <span role="img" aria-label={item.checked === true ? 'done' : 'to do'} className="mt-[0.32em] flex-none">
          <Icon name={item.checked === true ? 'boxChecked' : 'box'} className="size-4 text-faint" />
        </span>
        <div className="min-w-0">{inside}</div>
      </li>
    )
  },
  // The tokens are made anew each time; the same source in the same kind of list looks the same.
  (a, b) => a.item.raw === b.item.raw && a.item.loose === b.item.loose && a.open === b.open,
)

function Table({ token }: { token: Tokens.Table }): ReactNode {
  const sides = token.align.map((align) => (align === 'right' ? 'numbers' : align === 'center' ? 'centred' : undefined))
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Table">
      <table>
        <thead>
          <tr>
            {token.header.map((cell, i) => (
              <th key={i} scope="col" className={sides[i]}>
                {inline(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, i) => (
            <Row key={i} row={row} sides={sides} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

const Row = memo(
  function Row({ row, sides }: { row: Tokens.TableCell[]; sides: (string | undefined)[] }) {
    return (
      <tr>
        {row.map((cell, i) => (
          <td key={i} className={sides[i]}>
            {inline(cell.tokens)}
          </td>
        ))}
      </tr>
    )
  },
  (a, b) => sourceOf(a.row) === sourceOf(b.row) && a.sides.join() === b.sides.join(),
)
const sourceOf = (row: Tokens.TableCell[]): string => row.map((cell) => cell.text).join('\u0000')
