/** What nobody looks for in documents. How near it comes to them says how near a question must be to fit. */
export const SMALL_TALK: readonly string[] = [
  'Hello, how are you?',
  'Thanks, that was great!',
  'Good morning',
  'Tell me a joke',
  'What is your name?',
  'ok, and now?',
  'Write a poem about the sea',
  'Hallo, wie geht es dir?',
]
