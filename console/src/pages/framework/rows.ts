// What stands in the matrix: chapters and their requirements in the framework's order, narrowed to what was asked for.
import type { Schemas } from '../../api/client'
import { type AnswerName, answerOf } from '../compliance/Answer'

export type Row =
  | { kind: 'group'; group: Schemas['RequirementGroup']; depth: number; totals: Schemas['Totals'] | undefined }
  | {
      kind: 'requirement'
      requirement: Schemas['Requirement']
      /** Where its letter stands in the answers of accounts. */
      index: number
      answer: AnswerName
    }

/** Ids of a group and of those around it, the outermost first. */
function chain(groups: Map<string, Schemas['RequirementGroup']>, id: string | null | undefined): string[] {
  const ids: string[] = []
  for (let at = id; at && groups.has(at) && !ids.includes(at); at = groups.get(at)?.In) ids.unshift(at)
  return ids
}

/** `accounts` are narrowed when the reader chose some: then an answer of any of them counts, else the organisation's. */
export function rowsOf(
  of: Schemas['FrameworkDetail'],
  accounts: Schemas['AccountAnswers'][],
  isNarrowed: boolean,
  wanted: AnswerName | undefined,
): Row[] {
  const groups = new Map(of.Framework.Groups.map((it) => [it.Id, it]))
  const totals = new Map(of.Groups.map((it) => [it.Group, it.Totals]))
  const answers = new Map(of.Answers.map((it) => [it.Requirement, it.Answer]))
  const rows: Row[] = []
  let open: string[] = []
  for (const [index, requirement] of of.Framework.Requirements.entries()) {
    const answer = answers.get(requirement.Id) ?? 'INSUFFICIENT_DATA'
    const isMeant =
      wanted === undefined ||
      (isNarrowed ? accounts.some((it) => answerOf(it.Answers[index]) === wanted) : answer === wanted)
    if (!isMeant) continue
    const path = chain(groups, requirement.In)
    for (const [depth, id] of path.entries()) {
      const group = groups.get(id)
      if (open[depth] === id || !group) continue
      rows.push({ kind: 'group', group, depth, totals: totals.get(id) })
      open = path.slice(0, depth + 1)
    }
    open = path
    rows.push({ kind: 'requirement', requirement, index, answer })
  }
  return rows
}
