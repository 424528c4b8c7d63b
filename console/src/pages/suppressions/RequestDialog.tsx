// Asks for a suppression, and says beforehand what it would hide.
import { useQuery } from '@tanstack/react-query'
import { AlertTriangle } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useRuleTitles } from '../../api/names'
import { present } from '../../app/clock'
import { Dialog } from '../../parts/Dialog'
import { CancelOrSend, Check, Form, TextArea, TextField } from '../../parts/Field'
import { Note } from '../../parts/States'
import { useTell } from '../../parts/Toasts'
import { useCommon } from '../../texts/common'
import { useFindingsTexts } from '../../texts/findings'
import { useFormats } from '../../texts/format'
import { useSuppressionTexts } from '../../texts/suppressions'
import { dryRunQuery, useAsk } from './queries'
import { ScopeEditor } from './ScopeEditor'
import styles from './Suppressions.module.css'
import { type Scope, type Start, said } from './scope'

const unsaid = 20
const few = 6

type Props = { start: Start | null; onClose: () => void; onDone?: () => void }

export function RequestDialog({ start, onClose, onDone }: Props) {
  const t = useSuppressionTexts()
  if (start === null) return null
  return (
    <Dialog title={t.requestTitle} isOpen onClose={onClose} isWide>
      <Request
        start={start}
        onClose={onClose}
        onDone={() => {
          onClose()
          onDone?.()
        }}
      />
    </Dialog>
  )
}

function inDays(days: number): string {
  return new Date(present() + days * 86_400_000).toISOString().slice(0, 10)
}

/** The same value, once it has rested for a moment. */
function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value)
  const text = JSON.stringify(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(JSON.parse(text) as T), 350)
    return () => clearTimeout(timer)
  }, [text])
  return rested
}

function Request({ start, onClose, onDone }: { start: Start; onClose: () => void; onDone: () => void }) {
  const t = useSuppressionTexts()
  const tell = useTell()
  const [scope, setScope] = useState<Scope>(start.scope)
  const [name, setName] = useState(start.name ?? '')
  const [reason, setReason] = useState(start.reason ?? '')
  const [control, setControl] = useState(start.control ?? '')
  const [until, setUntil] = useState(() => inDays(90))
  const [meant, setMeant] = useState<number | null>(null)
  const [missing, setMissing] = useState<string | null>(null)
  const ask = useAsk()
  const rested = useRested({ scope: said(scope), until })
  const dryRun = useQuery(dryRunQuery(rested.scope, rested.until))
  const isEmpty = Object.keys(said(scope)).length === 0
  const would = isEmpty ? undefined : dryRun.data?.WouldHide
  const needsWord = would !== undefined && would > unsaid
  const send = () => {
    const lacks =
      (isEmpty && t.scopeEmpty) ||
      ([name, reason, until].some((it) => it.trim() === '') && t.mustSay) ||
      (needsWord && meant !== would && t.sayAllMeant) ||
      null
    setMissing(lacks)
    if (lacks !== null) return
    const draft = { Name: name.trim(), Scope: said(scope), Reason: reason.trim(), Until: until }
    ask.mutate(
      {
        ...draft,
        ...(control.trim() === '' ? {} : { CompensatingControl: control.trim() }),
        ...(needsWord ? { Expected: would } : {}),
      },
      {
        onSuccess: () => {
          tell.done(t.requested(draft.Name), t.requestedDetail)
          onDone()
        },
      },
    )
  }
  return (
    <Form onSubmit={send}>
      <LeftOut start={start} />
      <ScopeEditor scope={scope} onChange={setScope} />
      <div className={styles.effect} aria-live="polite">
        {isEmpty ? (
          <p className={styles.quiet}>{t.scopeEmpty}</p>
        ) : (
          <Effect asked={dryRun} selected={start.selected} meant={meant} onMean={setMeant} />
        )}
      </div>
      <TextField label={t.name} hint={t.nameHint} value={name} onChange={setName} maxLength={200} autoComplete="off" />
      <TextArea label={t.reason} hint={t.reasonHint} value={reason} onChange={setReason} />
      <TextArea label={t.control} hint={t.controlHint} value={control} onChange={setControl} rows={2} />
      <TextField type="date" label={t.until} hint={t.untilHint} value={until} min={inDays(0)} onChange={setUntil} />
      {missing ? <Note title={missing} /> : <Note error={ask.error} />}
      <CancelOrSend onCancel={onClose} send={t.send} isBusy={ask.isPending} />
    </Form>
  )
}

function LeftOut({ start: { leftOut = [] } }: { start: Start }) {
  const t = useSuppressionTexts()
  const findings = useFindingsTexts()
  const common = useCommon()
  const format = useFormats()
  if (leftOut.length === 0) return null
  const words: Partial<Record<string, string>> = {
    severity: common.severityLabel,
    framework: findings.framework,
    service: findings.service,
    text: findings.text,
    assignee: common.assignee,
    unassigned: findings.unassigned,
    suppression: findings.suppression,
    overdue: findings.overdue,
    since: findings.since,
  }
  return (
    <p className={styles.caution}>
      <AlertTriangle size={14} aria-hidden="true" />
      {t.leftOut(format.list(leftOut.map((it) => words[it] ?? it)))}
    </p>
  )
}

type EffectProps = {
  asked: { data: { WouldHide: number; Rules: string[] } | undefined; error: unknown; isPlaceholderData: boolean }
  selected: number | undefined
  meant: number | null
  onMean: (meant: number | null) => void
}

function Effect({ asked, selected, meant, onMean }: EffectProps) {
  const t = useSuppressionTexts()
  const format = useFormats()
  const title = useRuleTitles()
  if (asked.error) return <Note error={asked.error} />
  if (asked.data === undefined || asked.isPlaceholderData) return <p className={styles.quiet}>{t.counting}</p>
  const { WouldHide: would, Rules: rules } = asked.data
  if (would === 0) return <p>{t.wouldHideNothing}</p>
  return (
    <>
      <p>
        <strong className="numbers">{t.wouldHideCount(would, format.number(would))}</strong>{' '}
        {rules.length > 0 && t.ofRules(rules.length, format.number(rules.length))}
      </p>
      {rules.length > 0 && (
        <ul className={styles.rules}>
          {rules.slice(0, few).map((it) => (
            <li key={it}>{title(it) ?? it}</li>
          ))}
          {rules.length > few && <li>{t.moreRules(format.number(rules.length - few))}</li>}
        </ul>
      )}
      {selected !== undefined && would > selected && (
        <p className={styles.caution}>
          <AlertTriangle size={14} aria-hidden="true" />
          {t.morethanSelected(format.number(would), format.number(selected))}
        </p>
      )}
      {would > unsaid && (
        <Check
          label={t.allMeant(format.number(would))}
          value={meant === would}
          onChange={(it) => onMean(it ? would : null)}
        />
      )}
    </>
  )
}
