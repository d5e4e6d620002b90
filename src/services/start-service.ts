import { Fault } from '../wire/fault.ts'
import type { ServiceToStart } from '../wire/shelf-routes.ts'
import { serviceList, type ServiceSettings } from './service-list.ts'
import { startService } from './service.ts'

const NAMES = { llama: 'llama.cpp', ollama: 'Ollama' } as const satisfies Record<ServiceToStart, string>

/** Starts what `pkn start` starts, and tells in one sentence how that went. Fault: `service.failed`. */
export function startable(settings: ServiceSettings): { start: (service: ServiceToStart) => Promise<string> } {
  const services = serviceList(settings)
  return {
    async start(service) {
      const { ok, text } = await startService(services[service], () => undefined)
      if (!ok) throw new Fault('service.failed', { service: NAMES[service], why: text.replaceAll(/\s*\n\s*/g, ' ') })
      return text
    },
  }
}
