import type {
  CallToolResult,
  Client,
  jsonSchemaValidator,
  JsonSchemaType,
  JsonSchemaValidator,
  Tool as Told,
} from '@modelcontextprotocol/client'
import type { Clock, Say } from '../core/ports.ts'
import { httpPipe } from './mcp-http.ts'
import { StdioPipe, type Program } from './mcp-stdio.ts'
import { oneLine, wrong } from './mcp-words.ts'

/** A server as its operator names it. Nothing else ever starts one. */
export type McpSetting = { name: string } & (
  ({ kind: 'stdio' } & Program) | { kind: 'http'; url: string; token: string | null }
)
export type McpLimits = { startMs: number; callMs: number; pauseMs: number }
export const USUAL_LIMITS: McpLimits = { startMs: 20_000, callMs: 120_000, pauseMs: 1000 }

const SHORT_PAUSE_MS = 5000
const LONGEST_PAUSE_MS = 5 * 60_000
const MOST_HANGS = 3
/** More tools than that no model can tell apart. */
export const MOST_TOOLS = 64

const UNCHECKED: jsonSchemaValidator = {
  getValidator<T>(_schema: JsonSchemaType): JsonSchemaValidator<T> {
    return (data) => ({ valid: true, data: data as T, errorMessage: undefined })
  },
}

type Sdk = typeof import('@modelcontextprotocol/client')
type Up = { client: Client; pipe: StdioPipe | null; stale: boolean; sdk: Sdk }
export type McpAnswer = { kind: 'result'; result: CallToolResult } | { kind: 'failed'; why: string }

/** One server: started when it is needed, and again after a pause that grows when it fails. */
export class McpServer {
  readonly setting: McpSetting
  /** What it told last; kept while it is away. */
  told: { tools: readonly Told[]; more: number } = { tools: [], more: 0 }
  /** Called when what it tells may be another. */
  onTold: () => void = () => {}
  #up: Up | null = null
  /** The one that is being started. */
  #pending: Up | null = null
  readonly #ending = new Set<Promise<void>>()
  #starting: Promise<void> | null = null
  #failure: { why: string; times: number; until: number } | null = null
  #hangs = 0
  #closed = false
  readonly #deps: { clock: Clock; say: Say; limits: McpLimits; version: string }

  constructor(setting: McpSetting, deps: { clock: Clock; say: Say; limits: McpLimits; version: string }) {
    this.setting = setting
    this.#deps = deps
  }

  /** Why it can't be used at this moment; null also for one that is started when it is needed. */
  why(): string | null {
    if (this.#up !== null || this.#failure === null) return null
    const left = Math.ceil((this.#failure.until - this.#deps.clock.now()) / 1000)
    const again = left > 0 ? ` It is started again in ${left} s at the soonest.` : ''
    return `The MCP server ${this.setting.name} does not run: ${this.#failure.why}.${again}`
  }

  get starting(): boolean {
    return this.#starting !== null
  }

  get callMs(): number {
    return this.#deps.limits.callMs
  }

  /** Resolves when it runs and has told its tools, or can't; `why` tells. `patient` waits out a short pause. */
  async ready({ patient = false } = {}): Promise<void> {
    if (this.#up?.stale === true) await this.#ask(this.#up)
    const left = (this.#failure?.until ?? 0) - this.#deps.clock.now()
    if (this.#up === null && left > 0) {
      if (!patient || left > SHORT_PAUSE_MS) return
      await new Promise<void>((resolve) => void this.#deps.clock.after(left + 1, resolve))
    }
    if (this.#up !== null || this.#closed) return
    this.#starting ??= this.#start().finally(() => (this.#starting = null))
    await this.#starting
  }

  async call(
    name: string,
    input: { [key: string]: unknown },
    options: { signal: AbortSignal; say: (text: string) => void },
  ): Promise<McpAnswer> {
    const up = this.#up
    if (up === null) return { kind: 'failed', why: this.why() ?? `The MCP server ${this.setting.name} does not run.` }
    try {
      const result = await up.client.callTool(
        { name, arguments: input },
        {
          signal: options.signal,
          timeout: this.#deps.limits.callMs,
          onprogress: ({ progress, total, message }) =>
            options.say(`${oneLine(message ?? `${progress}${total === undefined ? '' : ` of ${total}`}`, 200)}\n`),
        },
      )
      this.#hangs = 0
      this.#failure = null
      return { kind: 'result', result }
    } catch (cause) {
      if (options.signal.aborted) return { kind: 'failed', why: 'The call was stopped.' }
      const hung = cause instanceof up.sdk.SdkError && cause.code === up.sdk.SdkErrorCode.RequestTimeout
      if (hung && ++this.#hangs >= MOST_HANGS) this.#end(up, `it did not answer ${MOST_HANGS} calls`)
      const ended = up.pipe?.ended ?? null
      return {
        kind: 'failed',
        why: hung
          ? `The MCP server ${this.setting.name} did not answer within ${Math.round(this.#deps.limits.callMs / 1000)} s. What it had done by then is not known.`
          : `The MCP server ${this.setting.name} failed: ${ended ?? wrong(cause)}. What it had done by then is not known.`,
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#pending?.pipe?.end('PKN ends')
    await this.#pending?.client.close()
    await this.#starting
    const up = this.#up
    this.#up = null
    await up?.client.close()
    await Promise.all(this.#ending)
  }

  async #start(): Promise<void> {
    const { setting } = this
    const { clock, say, limits, version } = this.#deps
    // Who has no such server never needs it, and it is a large package.
    const sdk = await import('@modelcontextprotocol/client')
    if (this.#closed) return
    const hear = (line: string) => say({ level: 'info', text: `MCP server ${setting.name} says: ${line}` })
    const pipe = setting.kind === 'stdio' ? new StdioPipe(setting, clock, hear) : null
    const client = new sdk.Client(
      { name: 'pkn', version },
      {
        capabilities: {},
        // What a server promises of its results is its own matter, and a pattern of a stranger can take for ever to try.
        jsonSchemaValidator: UNCHECKED,
        listMaxPages: 16,
        // At once: what comes next may already be a call of what has changed.
        listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: () => void (up.stale = true) } },
      },
    )
    const up: Up = { client, pipe, stale: false, sdk }
    this.#pending = up
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- it is no event target
    client.onclose = () => {
      if (this.#up === up) this.#failed(up.pipe?.ended ?? 'the connection ended')
    }
    try {
      await client.connect(pipe ?? httpPipe(setting as Extract<McpSetting, { kind: 'http' }>, sdk), {
        timeout: limits.startMs,
      })
      await this.#list(up)
      if (pipe !== null && pipe.ended !== null) throw new Error(pipe.ended)
      this.#up = up
      say({ level: 'info', text: `MCP server ${setting.name} runs, with ${this.told.tools.length} tools` })
    } catch (cause) {
      this.#failed(pipe?.ended ?? wrong(cause))
      await client.close()
      await pipe?.close()
    } finally {
      this.#pending = null
    }
  }

  async #ask(up: Up): Promise<void> {
    try {
      await this.#list(up)
    } catch (cause) {
      this.#end(up, `it does not tell its tools: ${wrong(cause)}`)
    }
  }

  async #list(up: Up): Promise<void> {
    up.stale = false
    const { tools } = await up.client.listTools(undefined, { timeout: this.#deps.limits.startMs, cacheMode: 'refresh' })
    this.told = { tools: tools.slice(0, MOST_TOOLS), more: Math.max(0, tools.length - MOST_TOOLS) }
    this.onTold()
  }

  #end(up: Up, why: string): void {
    if (this.#up !== up) return
    this.#failed(why)
    up.pipe?.end(why)
    const gone = up.client.close().finally(() => this.#ending.delete(gone))
    this.#ending.add(gone)
  }

  #failed(why: string): void {
    this.#up = null
    this.#hangs = 0
    const times = (this.#failure?.times ?? 0) + 1
    const pause = Math.min(LONGEST_PAUSE_MS, this.#deps.limits.pauseMs * 2 ** (times - 1))
    this.#failure = { why, times, until: this.#deps.clock.now() + pause }
    if (!this.#closed) this.#deps.say({ level: 'warn', text: `MCP server ${this.setting.name}: ${why}` })
  }
}
