import type { Kind } from './fault-kind.ts'

/** What fails on the way: engines, tools, runs, the disk, the server itself. */
export const FAILURES = {
  'engine.unreachable': {
    status: 502,
    text: '{endpoint} does not answer: {what}',
    fix: 'Start it, or check its address.',
    retry: true,
  },
  'engine.refused': {
    status: 502,
    text: '{endpoint} refused the key it was given ({status}).',
    fix: 'Check its key: pkn config key PROVIDER takes another one for the cloud; that of an endpoint comes from the variable that keyEnv in pkn.config.json names.',
    retry: false,
  },
  'engine.busy': {
    status: 503,
    text: '{endpoint} is too busy to take another request ({status}).',
    fix: 'Wait a moment and send again.',
    retry: true,
  },
  'engine.error': {
    status: 502,
    text: '{endpoint} reported an error: {what}',
    fix: 'See its log; send the message again once it is well.',
    retry: true,
  },
  'engine.garbled': {
    status: 502,
    text: '{endpoint} sent something that can not be read: {what}',
    fix: 'Check that its address is that of a model server.',
    retry: true,
  },
  'engine.cut': {
    status: 502,
    text: '{endpoint} closed the connection before the answer was complete.',
    fix: 'Anything that was written is kept. Send "continue" to go on.',
    retry: true,
  },
  'engine.crashed': {
    status: 502,
    text: 'The model engine stopped unexpectedly ({what}).',
    fix: 'It is started again with the next message. If it happens again, choose a smaller model.',
    retry: true,
  },
  'engine.failed': {
    status: 503,
    text: 'The model engine could not be started: {what}',
    fix: 'See engine.log in the PKN home folder.',
    retry: true,
  },
  'watch.connect': {
    status: 504,
    text: '{endpoint} did not accept the connection within {seconds} s.',
    fix: 'Check that it runs and that nothing blocks its port.',
    retry: true,
  },
  'watch.silent': {
    status: 504,
    text: '{endpoint} took the question and then said nothing for {seconds} s while {phase}.',
    fix: 'It may be stuck: restart it, or raise limits.firstSeconds in pkn.config.json if this machine is slow.',
    retry: true,
  },
  'watch.stalled': {
    status: 504,
    text: '{endpoint} stopped in mid-answer and said nothing for {seconds} s.',
    fix: 'Anything that was written is kept. Send "continue" to go on, or raise limits.betweenSeconds in pkn.config.json.',
    retry: true,
  },
  'service.failed': {
    status: 503,
    text: '{service} could not be started: {why}',
    fix: 'Start it where it was installed, or let PKN answer with its own engine.',
    retry: true,
  },
  'context.full': {
    status: 413,
    text: 'The message is longer than the model can read ({tokens} of {context} tokens).',
    fix: 'Shorten the message, or choose a model with a larger context.',
    retry: false,
  },
  'tool.missing': {
    status: 404,
    text: 'The model called a tool that does not exist: {tool}.',
    fix: 'Nothing to do: the model is told.',
    retry: false,
  },
  'tool.failed': { status: 500, text: 'The tool {tool} failed: {what}', fix: 'See its output.', retry: true },
  'tool.interrupted': {
    status: 500,
    text: 'The server stopped while {tool} was running, so what it did is unknown.',
    fix: 'Check its effect before you let it run again.',
    retry: false,
  },
  'steps.many': {
    status: 500,
    text: 'The agent took {steps} steps without coming to an end.',
    fix: 'Ask for something smaller.',
    retry: false,
  },
  'run.interrupted': {
    status: 500,
    text: 'The server stopped during this run {times} times, so it is not tried again.',
    fix: 'Anything that was written is kept. Send the message again.',
    retry: true,
  },
  'vote.unbuilt': {
    status: 501,
    text: 'Voting is not available yet.',
    fix: 'Ask the consultant agent to weigh the options.',
    retry: false,
  },
  'disk.full': {
    status: 507,
    text: 'The disk that holds {path} is full.',
    fix: 'Free some space; nothing that was acknowledged is lost.',
    retry: true,
  },
  'store.failed': {
    status: 500,
    text: 'The database could not be written or read: {what}',
    fix: 'Check the disk and the rights of the PKN home folder; pkn doctor looks at the database.',
    retry: true,
  },
  'server.stopping': {
    status: 503,
    text: 'The server is stopping.',
    fix: 'Send it again when the server is back; runs that had begun go on then.',
    retry: true,
  },
  'server.bug': {
    status: 500,
    text: 'Something went wrong inside PKN.',
    fix: 'See divinenode.log; the entry carries the id of this request.',
    retry: true,
  },
} as const satisfies Record<string, Kind>
