import type { Blobs, Store, Tool } from '../core/ports.ts'
import { askUser } from './ask-user.ts'
import { edit } from './edit.ts'
import { glob } from './glob.ts'
import { grep } from './grep.ts'
import { list } from './list.ts'
import { read } from './read.ts'
import { readOutput } from './read-output.ts'
import { todo } from './todo.ts'
import { undo } from './undo.ts'
import { write } from './write.ts'

/** The tools that PKN brings. */
export const builtInTools = (parts: { store: Pick<Store, 'acts'>; blobs: Blobs }): readonly Tool[] =>
  // A tool's input is parsed by its own schema before it is run, so that what they take may differ.
  [read, write, edit, list, glob, grep, undo(parts), readOutput, todo, askUser] as readonly Tool[]
