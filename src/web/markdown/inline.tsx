import type { MarkedToken, Token } from 'marked'
import type { ReactNode } from 'react'
import { Cite } from './cite.tsx'
import { decodeEntities } from './entities.ts'
import type { Added } from './grammar.ts'
import { isTurned, revealed } from './hidden.ts'
import { isInlinePicture, safeLink, targetOf } from './links.ts'
import { Maths } from './maths.tsx'
import { NoteRef, type Notes } from './notes.tsx'
import { Picture } from './picture.tsx'
import { say } from '../words/say.ts'

/** Marked's declared union has an open member; the renderer knows the closed one, and shows the source of anything else. */
export type Known = MarkedToken | Added

export function inline(tokens: readonly Token[] | undefined, notes: Notes): ReactNode {
  return tokens?.map((token, i) => <Inline key={i} token={token as Known} notes={notes} />)
}

function Inline({ token, notes }: { token: Known; notes: Notes }): ReactNode {
  switch (token.type) {
    case 'text':
      return token.tokens === undefined ? decodeEntities(token.text) : inline(token.tokens, notes)
    case 'escape':
      return decodeEntities(token.text)
    case 'strong':
      return <strong>{inline(token.tokens, notes)}</strong>
    case 'em':
      return <em>{inline(token.tokens, notes)}</em>
    case 'del':
      return <del>{inline(token.tokens, notes)}</del>
    case 'codespan':
      return <code>{revealed(token.text)}</code>
    case 'br':
      return <br />
    case 'checkbox':
      return null
    case 'link':
      return (
        <Link href={token.href} text={token.text}>
          {inline(token.tokens, notes)}
        </Link>
      )
    case 'image':
      return isInlinePicture(token.href) ? (
        <img src={token.href} alt={token.text} className="picture" />
      ) : (
        <Picture href={decodeEntities(token.href)} text={token.text} />
      )
    case 'math':
      return <Maths tex={token.tex} display={token.display} />
    case 'noteRef':
      return <NoteRef name={token.name} raw={token.raw} notes={notes} />
    case 'cite':
      return <Cite numbers={token.numbers} raw={token.raw} />
    case 'html':
    case 'blockquote':
    case 'citeDef':
    case 'code':
    case 'def':
    case 'heading':
    case 'hr':
    case 'list':
    case 'list_item':
    case 'mathBlock':
    case 'note':
    case 'paragraph':
    case 'space':
    case 'table':
      return token.raw
  }
}

/** Where it leads stands behind it, unless its own words say so already. */
function Link({ href, text, children }: { href: string; text: string; children: ReactNode }): ReactNode {
  const safe = safeLink(decodeEntities(href))
  if (safe === null)
    return <span title={say('Not a link to the web: {address}', { address: href.slice(0, 200) })}>{children}</span>
  const target = targetOf(safe)
  const apart = isTurned(text) ? 'apart' : undefined
  return (
    <>
      <a
        href={safe}
        title={safe}
        className={apart}
        target="_blank"
        rel="noreferrer noopener nofollow"
        referrerPolicy="no-referrer"
      >
        {children}
      </a>
      {!text.includes(target) && <span className="target"> {target}</span>}
    </>
  )
}
