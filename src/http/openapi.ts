import { z } from 'zod'
import { API, Problem, type Route } from '../wire/api.ts'

const schema = (type: z.ZodType, io: 'input' | 'output') => z.toJSONSchema(type, { io, unrepresentable: 'any' })

/** The table of routes as OpenAPI 3.1. https://spec.openapis.org/oas/v3.1.0 */
export function openapi(version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [name, route] of Object.entries<Route>(API)) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'PKN',
      version,
      description: 'A run is a durable log; every stream is a view of it.',
      license: { name: 'MIT' },
    },
    paths,
  }
}

function operation(name: string, route: Route) {
  const json = route.reply ? { 'application/json': { schema: schema(route.reply, 'output') } } : {}
  const files = Object.fromEntries((route.types ?? []).map((type) => [type, { schema: { type: 'string' } }]))
  const events = route.stream ? { 'text/event-stream': { schema: { type: 'string' } } } : {}
  return {
    operationId: name,
    summary: route.about,
    tags: [route.seed ? 'first PKN' : 'native'],
    parameters: [...parameters('path', route.params), ...parameters('query', route.query)],
    ...(route.body
      ? { requestBody: { required: true, content: { 'application/json': { schema: schema(route.body, 'input') } } } }
      : {}),
    responses: {
      [route.status]: { description: 'Success.', content: { ...json, ...files, ...events } },
      default: route.seed
        ? {
            description: 'Refused.',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  properties: { status: { const: 'error' }, error: { type: 'string' }, details: { type: 'string' } },
                },
              },
            },
          }
        : { description: 'Refused.', content: { 'application/problem+json': { schema: schema(Problem, 'output') } } },
    },
  }
}

function parameters(where: 'path' | 'query', object: z.ZodObject | undefined) {
  if (!object) return []
  return Object.entries(object.shape).map(([name, type]) => ({
    name,
    in: where,
    required: where === 'path' || !(type as z.ZodType).safeParse(undefined).success, // the shape of a ZodObject holds schemas
    schema: schema(type as z.ZodType, 'input'),
  }))
}
