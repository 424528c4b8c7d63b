// A framework: how far it is met, and the matrix of its requirements and the accounts.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Download, SearchX } from 'lucide-react'
import { useCallback, useMemo } from 'react'
import type { Schemas } from '../../api/client'
import { projectsQuery } from '../../api/queries'
import { Button } from '../../parts/Button'
import { saveCsv } from '../../parts/csv'
import { External } from '../../parts/External'
import { SearchField, Select } from '../../parts/Field'
import { PageHeader } from '../../parts/Page'
import { Empty, Loaded } from '../../parts/States'
import { Toolbar } from '../../parts/Toolbar'
import { useLang } from '../../texts'
import { useComplianceTexts } from '../../texts/compliance'
import { useFormats } from '../../texts/format'
import { answerOf, answerOrder, countsOf, Mark } from '../compliance/Answer'
import { frameworkQuery } from '../compliance/queries'
import styles from './Framework.module.css'
import { Matrix } from './Matrix'
import { type Row, rowsOf } from './rows'
import type { search } from './search'

const route = getRouteApi('/signed-in/compliance/$id')

type Detail = Schemas['FrameworkDetail']

export default function Framework() {
  const { id } = route.useParams()
  return <Loaded from={useQuery(frameworkQuery(id))}>{(detail) => <Shown of={detail} />}</Loaded>
}

function Shown({ of: detail }: { of: Detail }) {
  const t = useComplianceTexts()
  const lang = useLang()
  const format = useFormats()
  const chosen = route.useSearch()
  const navigate = route.useNavigate()
  const change = useCallback(
    (part: Partial<ReturnType<typeof search>>) =>
      void navigate({ to: '.', search: (before) => ({ ...before, ...part }), replace: true }),
    [navigate],
  )
  const setText = useCallback((text: string) => change({ text: text || undefined }), [change])
  const projects = useQuery(projectsQuery).data
  const accounts = useMemo(() => {
    const members = projects?.find((it) => it.Name === chosen.project)?.Accounts.map((it) => it.Id)
    const text = (chosen.text ?? '').toLowerCase()
    return detail.Accounts.filter(
      (it) =>
        (chosen.project === undefined || members?.includes(it.Account)) &&
        `${it.Name} ${it.Account}`.toLowerCase().includes(text),
    )
  }, [detail, projects, chosen.project, chosen.text])
  const isNarrowed = accounts.length < detail.Accounts.length
  const rows = useMemo(
    () => rowsOf(detail, accounts, isNarrowed, chosen.answer),
    [detail, accounts, isNarrowed, chosen.answer],
  )
  const count = rows.filter((it) => it.kind === 'requirement').length
  const { Framework: framework } = detail
  const met = chosen.project ? detail.Projects.find((it) => it.Project === chosen.project) : detail
  return (
    <>
      <PageHeader
        title={framework.Name[lang]}
        over={<Link to="/compliance">{t.all}</Link>}
        under={
          <>
            {t.version(framework.Publisher[lang], framework.Version)} ·{' '}
            <External to={framework.Url}>{t.official}</External>
          </>
        }
        actions={
          <Button onPress={() => saveCsv(`${framework.Id}.csv`, table(rows, accounts, t, lang))}>
            <Download size={14} aria-hidden="true" />
            {t.csv}
          </Button>
        }
      />
      <Summary met={met?.Met} score={met?.Score} detail={detail} />
      <Answers of={met?.Met ?? undefined} current={chosen.answer} onChange={(answer) => change({ answer })} />
      <Toolbar>
        <SearchField label={t.filterAccounts} value={chosen.text ?? ''} onChange={setText} />
        {detail.Projects.length > 0 && (
          <Select
            isBare
            label={t.allAccounts}
            value={chosen.project ?? ''}
            options={[['', t.allAccounts] as const, ...detail.Projects.map((it) => [it.Project, it.Project] as const)]}
            onChange={(it) => change({ project: it || undefined })}
          />
        )}
        <span className={styles.shown}>
          {t.shown(format.number(count), format.number(framework.Requirements.length), format.number(accounts.length))}
        </span>
      </Toolbar>
      {accounts.length === 0 && <Empty icon={SearchX} title={t.noAccount} />}
      {accounts.length > 0 && count === 0 && <Empty icon={SearchX} title={t.noRow} />}
      {accounts.length > 0 && count > 0 && <Matrix framework={framework.Id} rows={rows} accounts={accounts} />}
    </>
  )
}

type SummaryProps = {
  met: Schemas['Met'] | null | undefined
  score: Schemas['FrameworkDetail']['Score']
  detail: Detail
}

function Summary({ met, score, detail }: SummaryProps) {
  const t = useComplianceTexts()
  const format = useFormats()
  const lang = useLang()
  const percent = (it: number | null | undefined) => (typeof it === 'number' ? t.percent(format.percent(it)) : '–')
  const numbers: [string, string, string][] = [
    [t.met, percent(met?.PassedPercent), t.metHint],
    [t.evaluated, percent(met?.EvaluatedPercent), t.evaluatedHint],
    [t.score, typeof score === 'number' ? format.percent(score) : '–', t.scoreHint],
  ]
  return (
    <div className={styles.summary}>
      <dl className={styles.numbers}>
        {numbers.map(([name, value, hint]) => (
          <div key={name} title={hint}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className={styles.about}>
        <p className={styles.facts}>
          {t.rulesUsed(format.number(detail.RulesUsed), format.number(detail.Rules))}
          {detail.ToCheckByHand > 0 && ` · ${t.byHand(detail.ToCheckByHand, format.number(detail.ToCheckByHand))}`}
        </p>
        <details>
          <summary>{t.about}</summary>
          <p>{detail.Framework.About[lang]}</p>
        </details>
      </div>
    </div>
  )
}

type AnswersProps = {
  of: Schemas['Met'] | undefined
  current: Schemas['Answer'] | undefined
  onChange: (answer: Schemas['Answer'] | undefined) => void
}

/** What the signs mean and how many there are; pressing one shows these requirements only. */
function Answers({ of, current, onChange }: AnswersProps) {
  const t = useComplianceTexts()
  const format = useFormats()
  const counts = of && countsOf(of.Totals)
  return (
    <div className={styles.answers} role="group" aria-label={t.filterAnswers}>
      {answerOrder.map((it) => (
        <button
          key={it}
          type="button"
          className={styles.answer}
          aria-pressed={it === current}
          onClick={() => onChange(it === current ? undefined : it)}
        >
          <Mark of={it} />
          {t.answer[it]}
          {counts && <span className="numbers">{format.number(counts[it])}</span>}
        </button>
      ))}
    </div>
  )
}

/** The matrix as it is shown, as a table: a line for each requirement, a column for each account. */
function table(
  rows: Row[],
  accounts: Schemas['AccountAnswers'][],
  t: ReturnType<typeof useComplianceTexts>,
  lang: 'en' | 'ja',
) {
  const head = [t.chapter, t.requirement, t.requirement, t.organisation]
  const lines = [[...head, ...accounts.map((it) => (it.Name ? `${it.Name} (${it.Account})` : it.Account))]]
  let chapter = ''
  for (const row of rows) {
    if (row.kind === 'group') chapter = `${row.group.Id} ${row.group.Title[lang]}`
    else {
      const { Id: id, Title: title } = row.requirement
      const answers = accounts.map((it) => t.answer[answerOf(it.Answers[row.index])])
      lines.push([chapter, id, title[lang], t.answer[row.answer], ...answers])
    }
  }
  return lines
}
