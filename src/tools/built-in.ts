import type { Blobs, Clock, Store, Tool } from '../core/ports.ts'
import { askUser } from './ask-user.ts'
import { delegate } from './delegate.ts'
import { edit } from './edit.ts'
import { fetch } from './fetch.ts'
import { forget } from './forget.ts'
import { glob } from './glob.ts'
import { grep } from './grep.ts'
import { list } from './list.ts'
import { plan } from './plan.ts'
import { processes } from './processes.ts'
import { read } from './read.ts'
import { recall } from './recall.ts'
import { readOutput } from './read-output.ts'
import { remember } from './remember.ts'
import { search } from './search.ts'
import { shell } from './shell.ts'
import { shellKill } from './shell-kill.ts'
import { shellOutput } from './shell-output.ts'
import type { Shells } from './shells.ts'
import { system } from './system.ts'
import { todo } from './todo.ts'
import { undo } from './undo.ts'
import type { Web } from './web.ts'
import { write } from './write.ts'

type Parts = { store: Pick<Store, 'acts'>; blobs: Blobs; shells: Shells; clock: Clock; web: Web }

/** The tools that PKN brings. */
export const builtInTools = (parts: Parts): readonly Tool[] =>
  // A tool's input is parsed by its own schema before it is run, so that what they take may differ.
  [
    [read, write, edit, list, glob, grep, undo(parts), readOutput, todo, plan, askUser, delegate],
    [remember, recall, forget],
    [shell(parts), shellOutput(parts), shellKill(parts), processes(parts), system(parts)],
    [fetch({ ...parts, ...parts.web }), search({ egress: parts.web.service, setting: parts.web.setting })],
  ].flat() as readonly Tool[]
