/** The obvious thing that routing is measured against: the agent most of whose keywords occur in the text. */
const KEYWORDS: Record<string, readonly string[]> = {
  coder: ['code', 'function', 'python', 'javascript', 'script', 'bug', 'error', 'api', 'sql', 'class', 'test'],
  reasoner: ['why', 'prove', 'logic', 'calculate', 'solve', 'probability', 'step by step', 'puzzle', 'reason'],
  researcher: ['research', 'find', 'search', 'study', 'paper', 'source', 'compare', 'summar', 'history', 'news'],
  executor: ['run', 'execute', 'install', 'delete', 'file', 'folder', 'start', 'stop', 'deploy', 'open'],
  consultant: ['should', 'advice', 'strategy', 'recommend', 'best way', 'plan', 'business', 'pros and cons'],
}

export function keywordRouter(text: string): string {
  const lower = text.toLowerCase()
  let best = 'general'
  let most = 0
  for (const [agent, words] of Object.entries(KEYWORDS)) {
    const hits = words.filter((word) => lower.includes(word)).length
    if (hits > most) [best, most] = [agent, hits]
  }
  return best
}
