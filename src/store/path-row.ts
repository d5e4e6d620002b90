import type { SQLOutputValue } from 'node:sqlite'
import type { PathRow } from './changes.ts'

/** Its lists are JSON in SQL. */
export const toPathRow = (row: Record<string, SQLOutputValue>): PathRow =>
  ({
    ...row,
    runs: JSON.parse(String(row['runs'])),
    siblings: JSON.parse(String(row['siblings'])),
    attachments: JSON.parse(String(row['attachments'])),
  }) as PathRow // the columns of the statement
