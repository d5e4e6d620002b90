import { readArgs, type Command, type ExitCode } from './command.ts'
import { logs } from './logs.ts'
import { restart, start, stop, whichOf, type Which } from './services.ts'
import { status } from './status.ts'

const WHICH = '[WHICH]'
const WHICH_IS = 'WHICH is divinenode, llama (the model engine), ollama, or all, which is meant when none is named.'

/** Every verb there is, in the order of the help. What takes long to load is loaded by the verb that needs it. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  ask: {
    usage: '[--agent NAME] [--model NAME] [--plan] [--session ID|last] [--attach FILE]... [--json] QUESTION',
    about: 'asks, and writes the answer to standard output; for scripts and pipes',
    more: [
      'QUESTION         words; without one, standard input is the question. With one, standard input goes with it: git diff | pkn ask "review this"',
      '--agent NAME     who answers, such as coder; --model NAME which model',
      '--plan           the answer begins with a plan that waits for you to approve it; --plan=complex only where much is asked',
      '--session ID     goes on in that session, or in the newest (last); without it a new one begins, as with --new',
      '--attach FILE    brings a file, text or a picture; may be given more than once',
      '--json           writes the log of the run, one entry a line; --json=answer one object at the end',
      '--timeout SEC    stops the run after so many seconds; without it, it takes what it takes',
      '--start          starts the server if it does not run',
      'Ctrl-C stops the run and waits until it has stopped; once more leaves it.',
      'Ends with 0 when it is answered, 1 when it failed, 2 when it was not understood, 3 when the server does not answer, 130 when it was stopped.',
    ],
    group: 'agents',
    run: async (args) => await (await import('./ask.ts')).ask(args),
  },
  chat: {
    usage: '[--resume|--open ID] [--agent NAME] [--model NAME] [--plan] [--start]',
    about: 'talks with agents on this terminal',
    more: [
      '--resume     goes on with the newest session, and follows what is under way there',
      '--open ID    goes on with that session',
      'Ctrl-C stops the answer, twice leaves. A run goes on when the chat is left. /help names the commands.',
    ],
    group: 'agents',
    run: async (args) => await (await import('./chat.ts')).chat(args),
  },
  runs: {
    usage: '[list|stop ID] [--json]',
    about: 'runs that have not ended; stops one',
    group: 'agents',
    run: async (args) => await (await import('./sessions.ts')).runs(args),
  },
  sessions: {
    usage: '[--json]',
    about: 'the newest sessions, for --session and --open',
    group: 'agents',
    run: async (args) => await (await import('./sessions.ts')).sessions(args),
  },
  memory: {
    usage: '[list [WORDS]|add TEXT|remove ID] [--project NAME] [--always] [--json]',
    about: 'what agents are told beside what you say: lists it, adds to it, forgets',
    more: [
      'list [WORDS] all of it, or what fits those words',
      'add TEXT     remembers it; --always has it told in every chat, and not only where it fits; --project NAME in that project alone',
      'remove ID    forgets it; the beginning of its id will do',
    ],
    group: 'agents',
    run: async (args) => await (await import('./memory.ts')).memory(args),
  },
  agents: {
    usage: '[lessons|forget ID] [--json]',
    about: 'what was learnt about who answers, from the agents that you asked instead: lists it, forgets',
    more: [
      'lessons      each message, who is to answer it, and who was chosen',
      'forget ID    the beginning of its id will do',
    ],
    group: 'agents',
    run: async (args) => await (await import('./lessons.ts')).agents(args),
  },
  documents: {
    usage: '[list|add PATH|remove ID|look ID|search WORDS] [--project NAME] [--json]',
    about: 'folders and files that answers can rest on: lists, adds and searches them',
    more: [
      'list         what is indexed, how far, and what could not be read',
      'add PATH     indexes a folder or a file; --project NAME for the chats of that project alone',
      'remove ID    forgets its index; the documents stay. The beginning of the id will do',
      'look ID      looks what has changed since; PKN does so by itself',
      'search WORDS the passages that fit best, by file and line',
    ],
    group: 'agents',
    run: async (args) => await (await import('./documents.ts')).documents(args),
  },
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
  mcp: {
    usage: '',
    about: 'PKN as an MCP server on standard input and output, for other programs; asks the server that runs',
    more: ['Its tools are ask_agent, list_sessions and read_run.'],
    group: 'agents',
    run: async (args) => await (await import('./mcp.ts')).mcp(args),
  },
  models: {
    usage: '[list|catalogue|pull WHAT|use NAME|remove NAME|cancel ID] [--json]',
    about: 'models: those that are here, on their way and elsewhere; get, choose and delete them',
    more: [
      'list        what is installed, on its way, and at model servers, with sizes and speeds',
      'catalogue   models that PKN knows, and how they fit this machine',
      'pull WHAT   gets a name of the catalogue, hf:owner/repo/file.gguf, ollama:name, a URL or a path',
      'use NAME    lets a model answer unless something else is asked for',
      'remove NAME deletes a model file of PKN_HOME/models',
      'cancel ID   stops a pull, and the same pull goes on from there; one that has ended is shown no more',
    ],
    group: 'models',
    run: async (args) => await (await import('./models.ts')).models(args),
  },
  config: {
    usage: '[list|get NAME|set NAME VALUE|unset NAME|path|key PROVIDER [--remove]] [--json]',
    about: 'settings: what they are, where they come from, another value',
    more: [
      'They stand in PKN_HOME/pkn.config.json. A value is judged before it is written; the environment wins over the file.',
      'One of a list is named by its name or place: pkn config set endpoints.workstation.slots 4',
      'key takes the key of a provider of the cloud from the terminal or a pipe, and keeps it sealed; without one, it tells whose there are.',
    ],
    group: 'this machine',
    run: async (args) => await (await import('./config.ts')).config(args),
  },
  doctor: {
    usage: '[recover] [--fix [--yes]] [--json] [--url URL]',
    about: 'looks for what is wrong, and names the command that mends it',
    more: [
      'recover      makes a new database of what can be read of a damaged one, and keeps that beside it',
      '--fix        runs those commands that take nothing away, each after asking; --yes does not ask',
      '--url URL    an address that the browser uses: tells whether something on the way holds streams back',
      'Ends with 1 if something is bad; what is only to know of is no failure.',
    ],
    group: 'this machine',
    run: async (args) => await (await import('./doctor.ts')).doctor(args),
  },
  service: {
    usage: 'install [--print] [--systemd|--launchd] [--system]',
    about: 'lets the system start PKN with your session, and again when it fails',
    more: [
      '--print      only shows the unit; without it, it is written for this user, and the commands that enable it are told',
      '--system     a unit of the whole machine, with more hardening (systemd; only with --print)',
    ],
    group: 'this machine',
    run: async (args) => await (await import('./service-unit.ts')).service(args),
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

function origin(about: string, verb: (which: Which) => Promise<ExitCode>, which: Which): Command {
  return {
    usage: '',
    about,
    run: async (args) => {
      readArgs(args, {}, 0)
      return await verb(which)
    },
  }
}
