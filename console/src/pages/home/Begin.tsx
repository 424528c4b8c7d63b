// The first page over an empty store: what to run.
import { Code } from '../../parts/Code'
import { PageHeader } from '../../parts/Page'
import styles from './Home.module.css'
import { useHomeTexts } from './words'

export function Begin() {
  const t = useHomeTexts()
  const steps: [string, string, string][] = [
    [t.steps.role, t.steps.roleLead, 'yagura onboard policy'],
    [t.steps.scan, t.steps.scanLead, 'yagura scan --store yagura.db'],
    [t.steps.watch, t.steps.watchLead, 'yagura detect --store yagura.db s3://YOUR-TRAIL-BUCKET/AWSLogs'],
    [t.steps.look, t.steps.lookLead, 'yagura demo --store yagura.db'],
  ]
  return (
    <>
      <PageHeader title={t.emptyTitle} under={t.empty} />
      <ol className={styles.steps}>
        {steps.map(([title, lead, command]) => (
          <li key={title} className={styles.step}>
            <h2>{title}</h2>
            <p>{lead}</p>
            <Code text={command} />
          </li>
        ))}
      </ol>
    </>
  )
}
