import { z } from 'zod'

type Kind = {
  /** HTTP status when the fault answers a request. */
  status: number
  /** A plain sentence; `{name}` is filled from the fault's details. */
  text: string
  /** What a person can do about it. */
  fix: string
  /** Whether the same thing, tried again, may succeed. */
  retry: boolean
}

/** Every fault that PKN can report. `docs/faults.md` says the same, and a test keeps the two equal. */
export const FAULTS = {
  'request.invalid': {
    status: 400,
    text: 'The request is not valid: {what}',
    fix: 'Correct the named field and send it again.',
    retry: false,
  },
  'request.json': {
    status: 400,
    text: 'The body is not valid JSON: {what}',
    fix: 'Send one JSON object.',
    retry: false,
  },
  'request.type': {
    status: 415,
    text: 'The body must be sent as application/json.',
    fix: 'Add the header Content-Type: application/json.',
    retry: false,
  },
  'request.large': { status: 413, text: 'The request is larger than {limit}.', fix: 'Send less text.', retry: false },
  'route.missing': {
    status: 404,
    text: 'There is nothing at {path}.',
    fix: 'See /openapi.json for what there is.',
    retry: false,
  },
  'host.refused': {
    status: 403,
    text: 'The host name {host} is not one of this server.',
    fix: 'Open the page under 127.0.0.1 or localhost, or list the name under "hosts" in pkn.config.json.',
    retry: false,
  },
  'origin.refused': {
    status: 403,
    text: 'A page from {origin} may not use this server.',
    fix: 'Use the page that this server serves.',
    retry: false,
  },
  'auth.needed': {
    status: 401,
    text: 'This server asks for a token.',
    fix: 'Send Authorization: Bearer and the token.',
    retry: false,
  },
  'session.missing': {
    status: 404,
    text: 'There is no session {session}.',
    fix: 'List the sessions, or start a new one.',
    retry: false,
  },
  'run.missing': {
    status: 404,
    text: 'There is no run {run}.',
    fix: 'List the messages of the session to see its runs.',
    retry: false,
  },
  'message.missing': {
    status: 404,
    text: 'There is no message {message}.',
    fix: 'List the messages of the session.',
    retry: false,
  },
  'message.begun': {
    status: 409,
    text: 'The message {message} is being answered already, so it can not be withdrawn.',
    fix: 'Stop its answer, or edit the message: that begins a branch of its own.',
    retry: false,
  },
  'message.conflict': {
    status: 422,
    text: 'The message id {message} was already used for another message.',
    fix: 'Use a new id for a new message.',
    retry: false,
  },
  'key.conflict': {
    status: 422,
    text: 'The key {key} was already used for another request.',
    fix: 'Use a new key for a new request.',
    retry: false,
  },
  'run.open': {
    status: 409,
    text: 'The run {run} has not ended yet, so it can not be continued.',
    fix: 'Wait for its end, or stop it first.',
    retry: true,
  },
  'run.empty': {
    status: 409,
    text: 'The run {run} has said nothing that could be continued.',
    fix: 'Ask for another version of the answer without continuing this one.',
    retry: false,
  },
  'attachment.missing': {
    status: 404,
    text: 'There is no attachment {attachment}.',
    fix: 'Attach the file again: one that no message brings is deleted after a day.',
    retry: false,
  },
  'attachment.kind': {
    status: 415,
    text: '{name} is neither text (UTF-8) nor a picture that models read (PNG, JPEG, WebP, GIF).',
    fix: 'Save it as text or as one of these pictures, and attach that.',
    retry: false,
  },
  'attachment.large': {
    status: 413,
    text: '{name} is larger than {limit}.',
    fix: 'Attach a part of it, or a smaller picture.',
    retry: false,
  },
  'model.blind': {
    status: 422,
    text: 'No model that is available can look at a picture; {model} can not.',
    fix: 'Get a model that sees (the page tells which do), name one yourself, or ask without the picture.',
    retry: false,
  },
  'agent.missing': {
    status: 404,
    text: 'There is no agent {agent}. There are: {agents}.',
    fix: 'Name one of these agents, or leave the agent out to let PKN choose.',
    retry: false,
  },
  'agent.invalid': {
    status: 422,
    text: 'The agent {agent} can not be saved: {what}',
    fix: 'Correct the named fields and save it again.',
    retry: false,
  },
  'agent.changed': {
    status: 409,
    text: 'The agent {agent} was changed meanwhile: in another window, or its file by hand.',
    fix: 'Read it again, and change what it is now.',
    retry: false,
  },
  'agent.builtin': {
    status: 409,
    text: '{agent} comes with PKN and can not be removed.',
    fix: 'Make a version of your own instead; removing that brings this one back.',
    retry: false,
  },
  'agent.blocked': {
    status: 409,
    text: 'The file {file} is in the way: {why}',
    fix: 'Mend that file, rename it or remove it, and try again.',
    retry: false,
  },
  'agent.gone': {
    status: 404,
    text: 'No agent called {agent} was removed that could be brought back.',
    fix: 'Make it anew.',
    retry: false,
  },
  'model.none': {
    status: 503,
    text: 'No model is available: {what}',
    fix: 'Run ./pkn_control.sh start-all, or start llama.cpp or Ollama; PKN finds it within seconds.',
    retry: true,
  },
  'model.broken': {
    status: 502,
    text: '{endpoint} can not load the model {model}: {why}',
    fix: 'Use another model (pkn models use NAME; pkn models list shows them), or get this one again (pkn models pull).',
    retry: false,
  },
  'model.missing': {
    status: 404,
    text: '{endpoint} has no model {model}.',
    fix: 'Load or pull the model there, or choose one that the page lists.',
    retry: false,
  },
  'shelf.missing': {
    status: 404,
    text: 'There is no model file called {name}.',
    fix: 'Run pkn models: it lists those that there are.',
    retry: false,
  },
  'shelf.kept': {
    status: 409,
    text: '{name} lies outside of the folder of PKN, so PKN does not delete it: {path}',
    fix: 'Delete the file yourself, or name another model in pkn.config.json.',
    retry: false,
  },
  'shelf.fixed': {
    status: 409,
    text: 'The configuration says that {model} answers, so {name} can not be chosen instead.',
    fix: 'Take PKN_MODEL out of the environment, or engine.model out of pkn.config.json, and restart PKN.',
    retry: false,
  },
  'shelf.unwritable': {
    status: 507,
    text: 'Nothing can be written to {path} ({why}).',
    fix: 'Check the rights of that folder, and that its disk can be written to.',
    retry: true,
  },
  'pull.invalid': {
    status: 400,
    text: '{what} can not be pulled: {why}',
    fix: 'Use a name of the catalogue (pkn models catalogue), hf:owner/repo/file.gguf, ollama:name, a URL or a path.',
    retry: false,
  },
  'pull.missing': {
    status: 404,
    text: 'There is no such pull.',
    fix: 'Run pkn models: it lists those that are on their way.',
    retry: false,
  },
  'pull.failed': {
    status: 502,
    text: '{name} could not be got: {why}',
    fix: 'Try the same again: it goes on from what has arrived.',
    retry: true,
  },
  'cloud.off': {
    status: 400,
    text: 'No cloud model is set up, and nothing leaves this machine unless you ask for it.',
    fix: 'Use the local backend, or list a cloud endpoint in pkn.config.json.',
    retry: false,
  },
  'cloud.keyless': {
    status: 400,
    text: '{provider} was not asked: {why}',
    fix: 'Run pkn config key {provider}, or use the local backend.',
    retry: false,
  },
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

export type FaultCode = keyof typeof FAULTS

/** A fault as it travels: in `run.end`, in `step.end`, and in the body of a refused request. */
export const FaultData = z.object({
  code: z.string() as unknown as z.ZodType<FaultCode>, // an older reader may meet a newer code; it is shown, never switched on
  message: z.string(),
  fix: z.string(),
  retry: z.boolean(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
})
export type FaultData = z.infer<typeof FaultData>
export type Details = Record<string, string | number | boolean>

/** A known refusal. `message` is safe to show to a person; the `cause` is only for the log. */
export class Fault extends Error {
  readonly code: FaultCode
  readonly details: Details
  constructor(code: FaultCode, details: Details = {}, options?: { cause?: unknown }) {
    super(fill(FAULTS[code].text, details), options)
    this.name = 'Fault'
    this.code = code
    this.details = details
  }
  get fix(): string {
    return fill(FAULTS[this.code].fix, this.details)
  }
  get status(): number {
    return FAULTS[this.code].status
  }
  toData(): FaultData {
    const kind = FAULTS[this.code]
    const data = { code: this.code, message: this.message, fix: this.fix, retry: kind.retry }
    return Object.keys(this.details).length > 0 ? { ...data, details: this.details } : data
  }
}

function fill(text: string, details: Details): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string, at: number) => {
    const value = details[name]
    // The endpoints that a user named are called by their names; PKN's own is no name.
    if (name === 'endpoint' && value === 'engine') return at === 0 ? 'The engine' : 'the engine'
    return typeof value === 'number' ? value.toLocaleString('en-US') : String(value ?? '?')
  })
}

export const fault = (code: FaultCode, details: Details = {}): FaultData => new Fault(code, details).toData()
