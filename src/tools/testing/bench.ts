import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../clock.ts'
import { fit } from '../../core/fit.ts'
import { memoryBlobs } from '../../core/testing/rig.ts'
import { keptOutputs, keptVersions } from '../../core/versions.ts'
import { openMemory } from '../../store/memory.ts'
import type { Json } from '../../wire/event.ts'
import { LOCAL, newCallId, newMessageId, type AgentName } from '../../wire/id.ts'
import type { TodoItem } from '../../wire/shown.ts'
import type { Subject, Tool, ToolUse } from '../../core/ports.ts'

/** A workspace, and around it a folder that no tool may touch, with the true store behind them; gone with `close`. */
export async function openBench() {
  const around = realpathSync(mkdtempSync(join(tmpdir(), 'pkn-tools-')))
  const folder = join(around, 'work')
  mkdirSync(folder)
  const store = openMemory({ clock: systemClock, say: () => {} })
  const blobs = memoryBlobs()
  const { run } = await store.submit(LOCAL, {
    id: newMessageId(),
    session: null,
    text: 'go',
    agent: null,
    backend: 'local',
    model: null,
    priority: 'interactive',
  })
  const said: string[] = []
  const todos: (readonly TodoItem[])[] = []
  const use = (over: Partial<ToolUse> = {}): ToolUse => ({
    owner: LOCAL,
    run: run.id,
    session: run.session,
    agent: 'general' as AgentName,
    call: newCallId(),
    folder,
    signal: new AbortController().signal,
    say: (text) => void said.push(text),
    todo: (items) => void todos.push(items),
    versions: keptVersions({ store, blobs }),
    outputs: keptOutputs({ store, blobs }),
    crew: { members: [], handTo: async () => ({ ok: false, why: 'Nobody is there.' }) },
    recall: {
      project: null,
      find: async () => ({ memories: [], passages: [], text: '' }),
      remember: async ({ text, always }) =>
        store.mind.remember(LOCAL, { text, always, project: null, by: { kind: 'person' } }),
      memory: async () => [],
      forget: async (memory) => store.mind.forget(LOCAL, memory),
    },
    subject: { kind: 'none' },
    may: () => true,
    answered: null,
    ...over,
  })
  /** As core does it: mended, judged by what it touches, and run. */
  const call = async <I>(tool: Tool<I>, input: Json, over: Partial<ToolUse> = {}) => {
    const fitted = fit(tool.input, input)
    if (!fitted.ok) return { ok: false, output: fitted.what, subject: { kind: 'none' } as Subject }
    const subject: Subject = (await tool.subject?.(fitted.input, { folder })) ?? { kind: 'none' }
    const { output, ...result } = await tool.run(fitted.input, use({ subject, ...over }))
    return { subject, ...result, output: typeof output === 'string' ? output : JSON.stringify(output) }
  }
  return {
    around,
    folder,
    store,
    blobs,
    run: run.id,
    said,
    todos,
    use,
    call,
    close: async () => {
      await store.close()
      rmSync(around, { recursive: true, force: true })
    },
  }
}
