import type { MemoryId } from '../wire/id.ts'
import type { Memory, Project } from '../wire/mind.ts'
import type { Call } from './call-context.ts'
import type { Deps } from './deps.ts'
import type { Journal } from './journal.ts'
import type { Agent, Claim } from './ports.ts'
import { findRecalled, isEmpty, unseen } from './recall-find.ts'
import { recalledWhole } from './recall-text.ts'
import type { Recall } from './tool-ports.ts'

const PAGE = 200

/** What the calls of a run may know and remember: its owner's, where the session's project reaches. */
export function recallOf(
  {
    claim,
    journal,
    agent,
    call,
    project,
  }: { claim: Claim; journal: Journal; agent: Agent; call: Call; project: Project | null },
  { store: { mind }, documents, meaning, say }: Deps,
): Recall {
  const { owner, run, session } = claim
  const reaches = ({ project: to }: Memory) => to === null || to === project?.id
  return {
    project: project?.name ?? null,
    async find(query, signal) {
      const found = await findRecalled(
        { owner, project: project?.id ?? null, query, before: journal.draft.recalls },
        { memories: mind, documents, meaning },
        signal,
        (what, cause) =>
          say({ level: 'warn', text: `The ${what} could not be looked up for a tool`, run, session, cause }),
      )
      if (signal.aborted) return { memories: [], passages: [], text: '' }
      const news = unseen(found, journal.draft.recalls)
      if (!isEmpty(news)) journal.write({ type: 'recall', call: call.call, ...news })
      if (news.memories.length > 0)
        await mind.memoriesTold(
          owner,
          run,
          news.memories.map(({ memory }) => memory),
        )
      return { ...found, text: recalledWhole(found) }
    },
    remember: ({ text, scope, always }) =>
      mind.remember(owner, {
        text,
        project: scope === 'project' ? (project?.id ?? null) : null,
        always,
        by: { kind: 'agent', agent: agent.name, run },
      }),
    async memory(which) {
      const wanted = which.trim().replace(/^\((.*)\)$/, '$1')
      const isId = /^mem_[0-9a-z]{4,}$/.test(wanted)
      const found: Memory[] = []
      let before: string | undefined
      do {
        const page = await mind.memories(owner, { limit: PAGE, before, project: 'all' })
        for (const memory of page.rows)
          if (reaches(memory) && (isId ? memory.id.startsWith(wanted) : same(memory.text, wanted))) found.push(memory)
        before = page.next ?? undefined
      } while (before !== undefined)
      return found
    },
    forget: (memory: MemoryId) => mind.forget(owner, memory),
  }
}

const same = (a: string, b: string): boolean => plain(a) === plain(b)
const plain = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^["'„“]+|["'“”.]+$/g, '')
    .trim()
