import type { MarkedToken, Token } from 'marked'
import type { ReactNode } from 'react'
import { Icon } from '../view/icons.tsx'
import { isInlinePicture, safeLink } from './links.ts'
import { decodeEntities } from './entities.ts'

/** Marked's declared union has an open member; the renderer knows the closed one, and shows the source of anything else. */
type Known = MarkedToken

export function inline(tokens: readonly Token[] | undefined): ReactNode {
  return tokens?.map((token, i) => <Inline key={i} token={token as Known} />)
}

function Inline({ token }: { token: Known }): ReactNode {
  switch (token.type) {
    case 'text':
      return token.tokens === undefined ? decodeEntities(token.text) : inline(token.tokens)
    case 'escape':
      return decodeEntities(token.text)
    case 'strong':
      return <strong>{inline(token.tokens)}</strong>
    case 'em':
      return <em>{inline(token.tokens)}</em>
    case 'del':
      return <del>{inline(token.tokens)}</del>
    case 'codespan':
      return <code>{token.text}</code>
    case 'br':
      return <br />
    case 'checkbox':
      return null
    case 'link':
      return <Link href={token.href}>{inline(token.tokens)}</Link>
    case 'image':
      return <Picture href={token.href} text={token.text} />
    case 'html':
    case 'blockquote':
    case 'code':
    case 'def':
    case 'heading':
    case 'hr':
    case 'list':
    case 'list_item':
    case 'paragraph':
    case 'space':
    case 'table':
      return token.raw
  }
}

function Link({ href, children }: { href: string; children: ReactNode }): ReactNode {
  const safe = safeLink(decodeEntities(href))
  if (safe === null) return <span title={`Not a link to the web: ${href.slice(0, 200)}`}>{children}</span>
  return (
    <a href={safe} title={safe} target="_blank" rel="noreferrer noopener nofollow" referrerPolicy="no-referrer">
      {children}
    </a>
  )
}

/** A picture from elsewhere is never fetched: its address could carry away what was said. It can be opened by hand. */
function Picture({ href, text }: { href: string; text: string }): ReactNode {
  if (isInlinePicture(href)) return <img src={href} alt={text} className="max-w-full rounded-lg" />
  const safe = safeLink(href)
  if (safe === null) return text
  return (
    <a href={safe} target="_blank" rel="noreferrer noopener nofollow" referrerPolicy="no-referrer">
      <Icon name="image" className="mr-1 inline size-4 align-[-3px]" />
      {text === '' ? 'Picture' : text} (on {new URL(safe).host}, not loaded)
    </a>
  )
}
