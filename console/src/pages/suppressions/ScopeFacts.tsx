// Which findings a suppression means, to read.
import { Facts } from '../../parts/Page'
import { useSuppressionTexts } from '../../texts/suppressions'
import { useEntryNames } from './ScopeEditor'
import styles from './Suppressions.module.css'
import { dimensions, type Scope } from './scope'

export function ScopeFacts({ of }: { of: Scope }) {
  const t = useSuppressionTexts()
  const name = useEntryNames()
  return (
    <Facts
      of={dimensions
        .filter((it) => (of[it]?.length ?? 0) > 0)
        .map((dimension) => [
          t.dimensions[dimension],
          <ul key={dimension} className={styles.list}>
            {of[dimension]?.map((it) => (
              <li key={it}>
                <bdi>{name(dimension, it)}</bdi>
              </li>
            ))}
          </ul>,
        ])}
    />
  )
}
