import { readArgs, type Command } from './command.ts'
import { logs } from './logs.ts'
import { restart, start, stop, whichOf, type Which } from './services.ts'
import { status } from './status.ts'

const WHICH = '[WHICH]'
const WHICH_IS = 'WHICH is divinenode, llama (the model engine), ollama, or all, which is meant when none is named.'

/** Every verb there is, in the order of the help. What takes long to load is loaded by the verb that needs it. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  start: {
    usage: WHICH,
    about: 'gets a model if there is none, starts everything or one, says where to open it',
    more: [
      WHICH_IS,
      'What runs already is left alone. Each is waited for until it answers; what it says meanwhile is in its log.',
    ],
    group: 'services',
    run: async (args) => await start(whichOf(args)),
  },
  stop: {
    usage: WHICH,
    about: 'stops what `start` started, and nothing else',
    more: [WHICH_IS, 'Gently, so that runs under way are put down in order; after ten seconds firmly.'],
    group: 'services',
    run: async (args) => await stop(whichOf(args)),
  },
  restart: {
    usage: WHICH,
    about: 'stop, then start',
    more: [WHICH_IS],
    group: 'services',
    run: async (args) => await restart(whichOf(args)),
  },
  status: { usage: '[--json]', about: 'what runs, where and since when', group: 'services', run: status },
  logs: {
    usage: '[WHICH] [-n LINES] [--no-follow]',
    about: 'the end of a log; on a terminal also what comes, until Ctrl-C',
    more: [
      'WHICH is divinenode (which is meant when none is named), llama or ollama.',
      '-f follows also where it is piped.',
    ],
    group: 'services',
    run: logs,
  },
  // The verbs of the first PKN, by their names.
  'start-all': origin('start everything', start, 'all'),
  'stop-all': origin('stop everything', stop, 'all'),
  'start-divinenode': origin('start the server', start, 'divinenode'),
  'stop-divinenode': origin('stop the server', stop, 'divinenode'),
  'restart-divinenode': origin('stop the server, then start it', restart, 'divinenode'),
  'start-llama': origin('start the model engine', start, 'llama'),
  'stop-llama': origin('stop the model engine', stop, 'llama'),
  'start-ollama': origin('start Ollama, where it is installed', start, 'ollama'),
  'stop-ollama': origin('stop Ollama, if it was started here', stop, 'ollama'),
}

function origin(about: string, verb: (which: Which) => Promise<0 | 1 | 2>, which: Which): Command {
  return {
    usage: '',
    about,
    run: async (args) => {
      readArgs(args, {}, 0)
      return await verb(which)
    },
  }
}
