// Where it is worst: accounts, projects and rules, as bars of severities on one scale for each list.
import { Link, type LinkProps } from '@tanstack/react-router'
import type { Schemas } from '../../api/client'
import { useRuleTitles } from '../../api/names'
import { SeverityBar, severities } from '../../parts/Severity'
import { useCommon } from '../../texts/common'
import { useFormats } from '../../texts/format'
import styles from './Home.module.css'
import { Lines, Nothing, Panel } from './Panel'
import { useHomeTexts } from './words'

type Count = Schemas['Count']

export function Worst({ of: home }: { of: Schemas['Home'] }) {
  const t = useHomeTexts()
  const ruleTitle = useRuleTitles()
  return (
    <div className={styles.three}>
      <Panel title={t.worstAccounts} more={t.allAccounts} to="/accounts">
        <Bars of={home.Accounts} search={(it) => ({ account: [it.Id] })} name={(it) => it.Name || it.Id} />
      </Panel>
      <Panel title={t.worstProjects} more={t.allProjects} to="/accounts" search={{ tab: 'projects' }}>
        {home.Projects.length === 0 ? (
          <Nothing>{t.noProjects}</Nothing>
        ) : (
          <Bars of={home.Projects} search={(it) => ({ project: [it.Id] })} name={(it) => it.Name || it.Id} />
        )}
      </Panel>
      <Panel title={t.worstRules} more={t.allRules} to="/rules">
        <Bars of={home.Rules} search={(it) => ({ rule: [it.Id] })} name={(it) => ruleTitle(it.Id) ?? it.Id} />
      </Panel>
    </div>
  )
}

type BarsProps = { of: Count[]; search: (it: Count) => LinkProps['search']; name: (it: Count) => string }

function Bars({ of: counts, search, name }: BarsProps) {
  const t = useHomeTexts()
  const common = useCommon()
  const format = useFormats()
  if (counts.length === 0) return <Nothing>{t.nothingOpen}</Nothing>
  const shown = counts.slice(0, 6)
  const most = Math.max(...shown.map((it) => it.Total))
  const told = (it: Count) =>
    severities
      .filter((severity) => (it.Severities[severity] ?? 0) > 0)
      .map((severity) => `${common.severity[severity]} ${format.number(it.Severities[severity] ?? 0)}`)
  return (
    <Lines>
      {shown.map((it) => (
        <li key={it.Id}>
          <Link
            to="/findings"
            search={search(it) as never}
            className={`${styles.line} ${styles.bars}`}
            title={told(it).join(', ')}
          >
            <span className={styles.name}>{name(it)}</span>
            <span className={styles.when}>{format.number(it.Total)}</span>
            <span className={styles.bar}>
              <span style={{ width: `${Math.max(4, (it.Total / most) * 100)}%` }}>
                <SeverityBar of={it.Severities} />
              </span>
              <span className="hidden-visually">{told(it).join(', ')}</span>
            </span>
          </Link>
        </li>
      ))}
    </Lines>
  )
}
