import { z } from 'zod'
import { API, Problem, type Route } from '../wire/api.ts'

type SchemaOf = (type: z.ZodType, io: 'input' | 'output') => unknown

/** What schemas define for themselves goes into `shared`, once each: a reference leads from the root of the document, and would find nothing where they stand. */
function sharing(shared: Record<string, unknown>): SchemaOf {
  const names = new Map<string, string>()
  return (type, io) => {
    const { $schema: _, $defs = {}, ...own } = z.toJSONSchema(type, { io, unrepresentable: 'any' })
    const local = new Map<string, string>()
    for (const [name, def] of Object.entries($defs)) {
      const text = JSON.stringify(def)
      if (!names.has(text)) names.set(text, `Shared${names.size + 1}`)
      local.set(`#/$defs/${name}`, names.get(text) ?? '')
    }
    const led = (part: unknown): unknown =>
      JSON.parse(JSON.stringify(part), (key, value: unknown) =>
        key === '$ref' && typeof value === 'string' && local.has(value)
          ? `#/components/schemas/${local.get(value)}`
          : value,
      )
    for (const [name, def] of Object.entries($defs)) shared[local.get(`#/$defs/${name}`) ?? ''] = led(def)
    return led(own)
  }
}

/** The table of routes as OpenAPI 3.1. https://spec.openapis.org/oas/v3.1.0 */
export function openapi(version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  const schemas: Record<string, unknown> = {}
  const schema = sharing(schemas)
  for (const [name, route] of Object.entries<Route>(API)) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route, schema) }
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
    components: { schemas },
  }
}

function operation(name: string, route: Route, schema: SchemaOf) {
  const json = route.reply ? { 'application/json': { schema: schema(route.reply, 'output') } } : {}
  const files = Object.fromEntries((route.types ?? []).map((type) => [type, { schema: { type: 'string' } }]))
  const events = route.stream ? { 'text/event-stream': { schema: { type: 'string' } } } : {}
  return {
    operationId: name,
    summary: route.about,
    tags: [route.seed ? 'first PKN' : 'native'],
    parameters: [...parameters('path', route.params, schema), ...parameters('query', route.query, schema)],
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

function parameters(where: 'path' | 'query', object: z.ZodObject | undefined, schema: SchemaOf) {
  if (!object) return []
  return Object.entries(object.shape).map(([name, type]) => ({
    name,
    in: where,
    required: where === 'path' || !(type as z.ZodType).safeParse(undefined).success, // the shape of a ZodObject holds schemas
    schema: schema(type as z.ZodType, 'input'),
  }))
}
