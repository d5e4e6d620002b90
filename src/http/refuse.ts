import { STATUS_CODES } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Say } from '../core/ports.ts'
import type { Problem } from '../wire/api.ts'
import { Fault, type Details, type FaultCode } from '../wire/fault.ts'
import { SeedFailure } from './seed-handlers.ts'

/** What a schema makes of what came; a refusal names each field and what is wrong with it. */
export function parse(schema: z.ZodObject | undefined, value: unknown): unknown {
  if (!schema) return undefined
  const parsed = parsedOf(schema, value)
  if (parsed.success) return parsed.data
  const what = parsed.error.issues
    .slice(0, 5)
    .map((issue) => (issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message))
  throw new Fault('request.invalid', { what: what.join('; ') })
}

function parsedOf(schema: z.ZodObject, value: unknown) {
  try {
    return schema.safeParse(value)
  } catch (cause) {
    // What looks into values of any depth ends where the stack does.
    if (cause instanceof RangeError) throw new Fault('request.invalid', { what: 'it is nested too deeply' }, { cause })
    throw cause
  }
}

/** The one place where an error becomes an HTTP answer. What is a bug is logged with its trace, and its message goes to nobody. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply, say: Say): FastifyReply {
  const seed =
    (request.routeOptions.config as { seed?: boolean } | undefined)?.seed === true || request.url.startsWith('/api/') // set in app.ts
  if (error instanceof SeedFailure)
    return reply.code(error.status).send({ status: 'error', error: error.message, details: error.details })
  const fault = asFault(error, request.routeOptions.bodyLimit ?? 0)
  // A server that stops is no failure, and neither is a client that left.
  if (fault.status >= 500 && fault.code !== 'server.stopping')
    say({
      level: 'error',
      text: `${request.method} ${request.url.split('?')[0]}: ${fault.code} [${request.id}]`,
      cause: error,
    })
  if (seed)
    return reply
      .code(fault.status)
      .send({ status: 'error', error: fault.message, details: fault.fix, code: fault.code })
  const problem: Problem = {
    type: `/docs/faults.md#${fault.code.replaceAll('.', '')}`,
    title: STATUS_CODES[fault.status] ?? 'Error',
    status: fault.status,
    detail: fault.message,
    code: fault.code,
    fix: fault.fix,
    retry: fault.toData().retry,
    ...(fault.status < 500 && Object.keys(fault.details).length > 0 ? { details: fault.details } : {}),
    instance: request.id,
  }
  return reply.code(fault.status).type('application/problem+json').send(problem)
}

const PARSING: Record<string, [FaultCode, Details]> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['request.type', {}],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['request.json', { what: 'it is empty' }],
  FST_ERR_CTP_INVALID_JSON_BODY: ['request.json', { what: 'it cannot be parsed' }],
}

function asFault(error: unknown, bodyLimit: number): Fault {
  if (error instanceof Fault) return error
  const known = error as { code?: string; statusCode?: number; message?: string } // Fastify's errors carry these
  if (known.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new Fault('request.large', { limit: `${Math.round(bodyLimit / 1024 / 1024)} MB` }, { cause: error })
  const parsing = known.code === undefined ? undefined : PARSING[known.code]
  if (parsing) return new Fault(parsing[0], parsing[1], { cause: error })
  if (known.statusCode !== undefined && known.statusCode >= 400 && known.statusCode < 500)
    return new Fault('request.invalid', { what: 'the address or the body is malformed' }, { cause: error })
  return new Fault('server.bug', {}, { cause: error })
}
