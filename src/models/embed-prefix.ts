import type { Embedder } from '../core/ports.ts'

type What = Parameters<Embedder['embed']>[1]
type Family = { names: RegExp; question: string; passage: string }

/**
 * What a family of models was trained to be told before a text, by its model card: without it they find a good deal less. nomic-ai/nomic-embed-text-v1.5,
 * intfloat/multilingual-e5-base and e5-mistral-7b-instruct, BAAI/bge-base-en-v1.5 (bge-m3 needs none), mixedbread-ai/mxbai-embed-large-v1,
 * Snowflake/snowflake-arctic-embed-m, Qwen/Qwen3-Embedding-0.6B, google/embeddinggemma-300m.
 */
const TASK = 'Given a web search query, retrieve relevant passages that answer the query'
const SENTENCE = 'Represent this sentence for searching relevant passages: '
const FAMILIES: readonly Family[] = [
  { names: /nomic-embed/, question: 'search_query: ', passage: 'search_document: ' },
  { names: /e5-.*instruct/, question: `Instruct: ${TASK}\nQuery: `, passage: '' },
  { names: /(?:^|[^a-z])e5-/, question: 'query: ', passage: 'passage: ' },
  { names: /bge-(?:small|base|large)-en/, question: SENTENCE, passage: '' },
  { names: /mxbai-embed/, question: SENTENCE, passage: '' },
  { names: /arctic-embed2|arctic-embed-.*v2/, question: 'query: ', passage: '' },
  { names: /arctic-embed/, question: SENTENCE, passage: '' },
  { names: /qwen3-embed/, question: `Instruct: ${TASK}\nQuery:`, passage: '' },
  { names: /embedding-?gemma/, question: 'task: search result | query: ', passage: 'title: none | text: ' },
]

/** The text as this model expects it. */
export function prefixed(model: string, what: What, text: string): string {
  const name = model.toLowerCase().replaceAll('_', '-')
  return `${FAMILIES.find(({ names }) => names.test(name))?.[what] ?? ''}${text}`
}

/** Whether a model is one that measures texts, by its name, which is all that most servers tell of it. */
export const isEmbedding = (model: string): boolean =>
  /embed|(?:^|[^a-z])(?:bge|gte|e5)[-_]|minilm|jina-(?:clip|colbert)|(?:^|[^a-z])(?:sentence-t5|instructor-)/i.test(
    model,
  ) && !/rerank/i.test(model)
