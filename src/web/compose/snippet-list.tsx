import type { RefObject } from 'react'
import { useSnippets } from '../mind/use-snippets.ts'
import { say } from '../words/say.ts'
import { snippetAt } from './fit.ts'
import { NameList } from './name-list.tsx'

type Props = {
  area: RefObject<HTMLTextAreaElement | null>
  text: string
  caret: number
  /** The message with the snippet in the place of its name. */
  put: (text: string, caret: number) => void
  close: () => void
}

/** After a / that begins a word: the snippets whose names go on so. Nothing where there is none. */
export function SnippetList({ area, text, caret, put, close }: Props) {
  const snippets = useSnippets() ?? []
  const begun = snippetAt(text, caret)?.toLowerCase() ?? ''
  const fits = snippets.filter(({ name }) => name.toLowerCase().startsWith(begun))
  return (
    <NameList
      area={area}
      label={say('Snippets')}
      id="snippets-to-put"
      fits={fits.map(({ name, text: whole }) => ({ name, title: `/${name}`, about: whole.slice(0, 120) }))}
      take={(taken) => {
        const snippet = fits.find(({ name }) => name === taken)
        if (snippet === undefined) return
        const from = caret - begun.length - 1
        put(text.slice(0, from) + snippet.text + text.slice(caret), from + snippet.text.length)
      }}
      close={close}
    />
  )
}
