export type RefusalCode =
  | 'session.missing'
  | 'run.missing'
  | 'run.open'
  | 'run.empty'
  | 'message.missing'
  | 'message.begun'
  | 'message.conflict'
  | 'key.conflict'
  | 'attachment.missing'
  | 'project.missing'
  | 'project.many'
  | 'memory.missing'
  | 'memory.many'
  | 'snippet.many'
  | 'ask.missing'
  | 'ask.answered'
  | 'ask.over'
  | 'child.late'
  | 'child.deep'
  | 'child.many'
  | 'log.lost'
  | 'log.offset'
  | 'run.cancelled'

/** Why a change was not made. Not a Fault, because it must be cheap to import in the thread that owns the database. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly what: string
  constructor(code: RefusalCode, what: string) {
    super(`${code}: ${what}`)
    this.name = 'Refusal'
    this.code = code
    this.what = what
  }
}
