// The filters that are set, each to be taken away with one press.
import { X } from 'lucide-react'
import { useAccountNames, useRuleTitles } from '../../api/names'
import { useCommon } from '../../texts/common'
import { useFindingsTexts } from '../../texts/findings'
import { useFormats } from '../../texts/format'
import styles from './Findings.module.css'
import { type Dimension, type Filter, without } from './search'

type Props = { filter: Partial<Filter>; onReplace: (filter: Partial<Filter>) => void }

export function Chips({ filter, onReplace }: Props) {
  const t = useFindingsTexts()
  const describe = useDescribe()
  const chips = (Object.keys(filter) as Dimension[]).flatMap((dimension) => {
    const value = filter[dimension]
    if (!Array.isArray(value)) return [{ dimension, value: String(value), rest: without(filter, dimension) }]
    return value.map((one: string) => {
      const left = (value as string[]).filter((it) => it !== one)
      const rest = left.length > 0 ? { ...filter, [dimension]: left } : without(filter, dimension)
      return { dimension, value: one, rest }
    })
  })
  if (chips.length === 0) return null
  return (
    <div className={styles.chips}>
      {chips.map(({ dimension, value, rest }) => (
        <button
          key={`${dimension} ${value}`}
          type="button"
          className={styles.chip}
          aria-label={t.removeFilter(describe(dimension, value))}
          onClick={() => onReplace(rest)}
        >
          {describe(dimension, value)}
          <X size={12} aria-hidden="true" />
        </button>
      ))}
      <button type="button" className={styles.clear} onClick={() => onReplace({})}>
        {t.clearAll}
      </button>
    </div>
  )
}

function useDescribe(): (dimension: Dimension, value: string) => string {
  const t = useFindingsTexts()
  const common = useCommon()
  const format = useFormats()
  const accountName = useAccountNames()
  const ruleTitle = useRuleTitles()
  return (dimension, value) => {
    switch (dimension) {
      case 'severity':
        return t.atLeast(common.severity[value as keyof typeof common.severity])
      case 'workflow':
        return `${common.state}: ${common.workflow[value as keyof typeof common.workflow]}`
      case 'kind':
        return `${t.kind}: ${common.kind[value as keyof typeof common.kind]}`
      case 'detector':
        return `${t.detector}: ${common.detector[value as keyof typeof common.detector]}`
      case 'status':
        return `${t.status}: ${t.statuses[value as keyof typeof t.statuses]}`
      case 'account':
        return `${common.account}: ${accountName(value)}`
      case 'rule':
        return `${common.rule}: ${ruleTitle(value) ?? value}`
      case 'assignee':
        return `${common.assignee}: ${value}`
      case 'since':
      case 'ended':
        return `${t[dimension]}: ${Number.isNaN(Date.parse(value)) ? value : format.moment(value)}`
      case 'overdue':
        return t.overdue
      case 'unassigned':
        return t.unassigned
      case 'project':
        return `${common.project}: ${value}`
      default:
        return `${t[dimension]}: ${value}`
    }
  }
}
