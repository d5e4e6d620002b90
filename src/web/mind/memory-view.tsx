import { useEffect, useRef } from 'react'
import { useHash } from '../agents/where.ts'
import { useApp } from '../live/app.ts'
import { say } from '../words/say.ts'
import { ViewHead } from '../view/view-head.tsx'
import { Documents } from './documents.tsx'
import { MemoryList } from './memory-list.tsx'
import { SnippetsPart } from './snippets-part.tsx'

type Part = 'memories' | 'snippets' | 'documents'

/** What agents know beside what is said: facts, texts that are written often, and documents. */
export function MemoryView() {
  const { toChat } = useApp()
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  const [, named = ''] = /^#\/memory\/(\w+)/.exec(useHash()) ?? []
  const part: Part = named === 'snippets' || named === 'documents' ? named : 'memories'
  return (
    <main
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain"
      aria-label={say('Memory')}
      data-testid="memories"
    >
      <div className="mx-auto w-full max-w-[48rem] px-6 pt-4 pb-24 phone:px-4">
        <ViewHead title={say('Memory')} at={title} toChat={toChat} />
        <nav
          aria-label={say('Parts of the memory')}
          className="mt-4 flex flex-wrap gap-x-1 border-b phone:gap-x-0 border-line"
        >
          <Tab href="#/memory" name={say('Memories')} here={part === 'memories'} />
          <Tab href="#/memory/snippets" name={say('Snippets')} here={part === 'snippets'} />
          <Tab href="#/memory/documents" name={say('Documents')} here={part === 'documents'} />
        </nav>
        <p className="mt-4 mb-4 text-[15px] text-soft">{about(part)}</p>
        {part === 'memories' && <MemoryList />}
        {part === 'snippets' && <SnippetsPart />}
        {part === 'documents' && <Documents project={null} />}
      </div>
    </main>
  )
}

function about(part: Part): string {
  switch (part) {
    case 'memories':
      return say(
        'What agents are told beside what you say in a chat. It lies on this machine, and agents ask you before they remember.',
      )
    case 'snippets':
      return say('Texts that you write often. In a message, type / and the beginning of a name.')
    case 'documents':
      return say(
        'Folders and files that answers in all chats can rest on. They are searched for each message; answers name the file and the lines.',
      )
  }
}

function Tab({ href, name, here }: { href: string; name: string; here: boolean }) {
  return (
    <a
      href={href}
      aria-current={here ? 'page' : undefined}
      className={`-mb-px inline-flex min-h-10 items-center rounded-t-lg border-b-2 px-3 text-[14.5px] phone:px-2 phone:text-[14px] transition-colors hover:bg-hover ${here ? 'border-accent font-[560] text-ink' : 'border-transparent text-soft'}`}
    >
      {name}
    </a>
  )
}
