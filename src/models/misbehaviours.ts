import type { Pen } from './misbehave-pen.ts'

/** What the server does for a model of that name. `nth` counts the requests for it, from 1; `args` follow its name, as in `burst:2000`. */
type Play = (pen: Pen, nth: number, args: readonly number[], world: World) => void | Promise<void>
/** What a play may know of the server: how many slots work for others, and whether the model is in memory. */
export type World = { others: () => number; loaded: AbortSignal; authorization: string | undefined }

const HELLO = ['Hello', ' from', ' a', ' small', ' server', '.']
export const HELLO_TEXT = HELLO.join('')
export const HALF_TEXT = 'Half an ans'

function hello(pen: Pen): void {
  pen.head()
  for (const word of HELLO) pen.text(word)
  pen.finish('stop', { input: 5, output: HELLO.length })
  pen.close()
}

/** Says a part of an answer and no more. */
function half(pen: Pen): void {
  pen.head()
  pen.text(HALF_TEXT)
}

/** Ends an answer that is well apart from what was said before. */
function end(pen: Pen): void {
  pen.finish('stop', { input: 1, output: 1 })
  pen.close()
}

/** Writes at full speed, as fast as the reader takes it. */
async function burst(pen: Pen, _nth: number, [count = 1000]: readonly number[]): Promise<void> {
  pen.head()
  for (let i = 0; i < count && !pen.gone.aborted; i++) {
    pen.text(` w${i}`)
    if (pen.response.writableNeedDrain) await drained(pen)
  }
  pen.finish('stop', { input: 5, output: count })
  pen.close()
}

const drained = (pen: Pen) =>
  new Promise<void>((resolve) => {
    pen.response.once('drain', resolve)
    pen.gone.addEventListener('abort', () => resolve(), { once: true })
  })

export const PLAYS: { readonly [name: string]: Play } = {
  hello,
  burst,
  /** slow:ms:N */
  slow: async (pen, _nth, [ms = 20, count = 50]) => {
    pen.head()
    for (let i = 0; i < count && !pen.gone.aborted; i++) {
      pen.text(` w${i}`)
      await pen.pause(ms)
    }
    end(pen)
  },
  thinking: (pen) => {
    pen.head()
    for (const word of ['Let', ' me', ' see']) pen.thought(word)
    for (const word of HELLO) pen.text(word)
    end(pen)
  },
  'think-tags': (pen) => {
    pen.head()
    for (const piece of ['<th', 'ink>\nLet me', ' see</thi', 'nk>\n\n', ...HELLO]) pen.text(piece)
    end(pen)
  },
  'tool-fragments': (pen) => {
    pen.head()
    pen.call(0, 'call_a', 'clock', ['{"zo', 'ne":', '"UTC"}'])
    pen.call(1, 'call_b', 'clock', ['', '{"zone":"CET"}'])
    pen.finish('tools')
    pen.close()
  },
  'tool-twice': (pen) => {
    pen.head()
    pen.call(0, 'call_a', 'clock', ['{"zone":"UTC"}'])
    pen.call(1, 'call_a', 'clock', ['{"zone":"CET"}'])
    pen.finish('tools')
    pen.close()
  },
  'tool-broken': (pen) => {
    pen.head()
    pen.call(0, 'call_a', 'clock', ['{"zone": "U'])
    pen.finish('tools')
    pen.close()
  },

  reset: (pen) => void pen.response.destroy(),
  'status-500': (pen) =>
    pen.refuse(500, { error: { code: 500, message: 'the weights have melted', type: 'server_error' } }),
  'status-404': (pen) => pen.refuse(404, { error: { code: 404, message: 'model not found', type: 'not_found_error' } }),
  'status-401': (pen) => pen.refuse(401, { error: { message: 'Invalid API Key', type: 'authentication_error' } }),
  'status-429': (pen) => pen.refuse(429, { error: { message: 'rate limit', type: 'rate_limit' } }),
  'status-503': (pen) => pen.refuse(503, { error: { message: 'server busy, please try again', type: 'busy' } }),
  'status-endless': async (pen) => {
    pen.head(500)
    pen.raw('{"error":')
    await pen.silence()
  },
  redirect: (pen) => void pen.response.writeHead(307, { location: '/v1/elsewhere' }).end(),
  /** loading:N: not ready for the first N requests. */
  loading: (pen, nth, [times = 2]) =>
    nth <= times
      ? pen.refuse(503, { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } })
      : hello(pen),
  /** Says nothing while all slots work for others. */
  'waits-for-others': async (pen, _nth, _args, { others }) => {
    while (others() >= 4 && !pen.gone.aborted) await pen.pause(5)
    hello(pen)
  },
  /** As a router does that must load the model first: not a word before. */
  'router-loads': async (pen, _nth, _args, { loaded }) => {
    while (!loaded.aborted && !pen.gone.aborted) await pen.pause(5)
    hello(pen)
  },
  /** Begins to read, and is never done with it. */
  'reads-long': async (pen) => {
    pen.head()
    pen.progress(100, 4000)
    await pen.silence()
  },
  'echoes-key': (pen, _nth, _args, { authorization }) =>
    pen.refuse(400, { error: { message: `the key ${authorization?.replace('Bearer ', '')} is not known` } }),
  /** The process is gone: in the middle of a frame, without the end of the body. */
  'dies-mid': async (pen) => {
    half(pen)
    pen.raw(pen.encode('lost').slice(0, 20))
    await pen.pause(20)
    pen.response.destroy()
  },
  'context-full': (pen) =>
    pen.refuse(400, {
      error: {
        code: 400,
        message: 'request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it',
        type: 'exceed_context_size_error',
        n_prompt_tokens: 9000,
        n_ctx: 4096,
      },
    }),

  'headers-never': (pen) => pen.silence(),
  'silent-start': (pen) => {
    pen.head()
    return pen.silence()
  },
  'silent-mid': (pen) => {
    half(pen)
    return pen.silence()
  },
  'cut-mid': async (pen) => {
    half(pen)
    await pen.pause(20)
    pen.response.destroy()
  },
  /** The body ends as it should, the answer does not. */
  'cut-clean': (pen) => {
    half(pen)
    pen.response.end()
  },
  'done-only': (pen) => {
    half(pen)
    pen.close()
  },
  'error-mid': (pen) => {
    half(pen)
    pen.error('the runner has stopped')
    pen.response.end()
  },
  'error-bare': (pen) => {
    half(pen)
    pen.raw('{"error":{"message":"the runner has stopped"}}\n')
    pen.response.end()
  },
  garbage: (pen) => {
    pen.head()
    for (let i = 0; i < 64; i++) pen.raw(Uint8Array.from({ length: 97 }, (_, n) => (n * 89 + i * 53) % 256))
    pen.response.end()
  },
  'garbage-http': (pen) => void pen.response.socket?.end('\u0000\u0001 this is no HTTP\r\n\r\n'),
  html: (pen) => {
    pen.head(200, 'text/html; charset=utf-8')
    pen.response.end('<!doctype html><title>Router</title><h1>Log in to your router</h1>')
  },
  'bad-utf8': (pen) => {
    pen.head()
    const [before, after] = pen.encode('<>').split('<>')
    pen.raw(Buffer.concat([Buffer.from(`${before}Hel`), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from(`lo${after}`)]))
    end(pen)
  },
  'split-char': async (pen) => {
    pen.head()
    const bytes = Buffer.from(pen.encode('Grüße 🦙!'))
    const llama = bytes.indexOf('🦙')
    for (const [from, to] of [
      [0, llama + 1],
      [llama + 1, llama + 3],
      [llama + 3, bytes.length],
    ] as const) {
      pen.raw(bytes.subarray(from, to))
      await pen.pause(10)
    }
    end(pen)
  },
  'line-5mb': (pen) => {
    pen.head()
    pen.text('x'.repeat(5_000_000))
    end(pen)
  },
  'line-20mb': (pen) => {
    pen.head()
    pen.text('x'.repeat(20_000_000))
    end(pen)
  },
  'no-blank-end': (pen) => {
    pen.head()
    for (const word of HELLO) pen.text(word)
    pen.raw(
      pen
        .encode('')
        .replace('"finish_reason":null', '"finish_reason":"stop"')
        .replace('"done":false', '"done":true')
        .trimEnd(),
    )
    pen.response.end()
  },
  'no-done': (pen) => {
    pen.head()
    for (const word of HELLO) pen.text(word)
    pen.finish('stop')
    pen.response.end()
  },
  /** Says how it ended, and then neither [DONE] nor the end of the body. */
  linger: (pen) => {
    pen.head()
    for (const word of HELLO) pen.text(word)
    pen.finish('stop')
    return pen.silence()
  },
  'bad-usage': (pen) => {
    pen.head()
    for (const word of HELLO) pen.text(word)
    pen.finish('stop', { input: -1, output: 'NaN' })
    pen.close()
  },
  /** A byte at a time. */
  trickle: async (pen) => {
    pen.head()
    for (const byte of Buffer.from(pen.encode('Hello'))) {
      pen.raw(Uint8Array.of(byte))
      await pen.pause(1)
    }
    end(pen)
  },
  /** Answers in one piece although a stream was asked for. */
  whole: (pen) => {
    const message = { role: 'assistant', content: HELLO_TEXT }
    pen.refuse(200, {
      choices: [{ index: 0, message, finish_reason: 'stop' }],
      message,
      done: true,
      done_reason: 'stop',
    })
  },
}
