// What people do about findings: move on, assign, comment. For one, for many, or for all that a filter means.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, client, type Schemas } from '../../api/client'
import { useMay, useSession } from '../../api/session'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { CancelOrSend, Check, Form, Select, TextArea, TextField } from '../../parts/Field'
import { Note } from '../../parts/States'
import { useTell } from '../../parts/Toasts'
import { useCommon } from '../../texts/common'
import { useFindingsTexts } from '../../texts/findings'
import { useFormats } from '../../texts/format'
import { type Filter, workflows } from './search'

export type Meant = { ids: string[] } | { filter: Partial<Filter>; expected: number }

export function numberOf(meant: Meant): number {
  return 'ids' in meant ? meant.ids.length : meant.expected
}

/** Sends a change, tells how it ended, and lets every list be asked for again. */
export function useTriage(onDone: () => void) {
  const t = useFindingsTexts()
  const format = useFormats()
  const tell = useTell()
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ meant, change }: { meant: Meant; change: Partial<Schemas['TriageRequest']> }) =>
      answer(
        client.POST('/api/findings/triage', {
          body:
            'ids' in meant
              ? { ...change, Ids: meant.ids }
              : { ...change, Filter: meant.filter, Expected: meant.expected },
        }),
      ),
    onSuccess: async ({ Changed: changed }) => {
      tell.done(changed === 0 ? t.unchanged : t.changed(changed, format.number(changed)))
      onDone()
      await Promise.all([
        cache.invalidateQueries({ queryKey: ['findings'] }),
        cache.invalidateQueries({ queryKey: ['finding'] }),
      ])
    },
  })
}

/** Why who is here may not triage, if so. */
export function useTriageRefusal(): string | undefined {
  const common = useCommon()
  const may = useMay()
  const session = useSession()
  if (session?.User.Role === 'project-member' || may('triage')) return undefined
  return common.notAllowed(common.permission.triage)
}

export function TriageDialog({
  meant,
  onClose,
  onDone,
}: {
  meant: Meant | null
  onClose: () => void
  onDone?: () => void
}) {
  const t = useFindingsTexts()
  const format = useFormats()
  if (meant === null) return null
  const number = numberOf(meant)
  return (
    <Dialog title={t.triageTitle(number, format.number(number))} isOpen onClose={onClose}>
      <TriageForm
        meant={meant}
        onClose={onClose}
        onDone={() => {
          onClose()
          onDone?.()
        }}
      />
    </Dialog>
  )
}

function TriageForm({ meant, onClose, onDone }: { meant: Meant; onClose: () => void; onDone: () => void }) {
  const t = useFindingsTexts()
  const common = useCommon()
  const may = useMay()
  const me = useSession()?.User.Name ?? ''
  const triage = useTriage(onDone)
  const [workflow, setWorkflow] = useState<Schemas['Workflow'] | 'KEEP'>('KEEP')
  const [assignee, setAssignee] = useState('')
  const [isNobody, setNobody] = useState(false)
  const [comment, setComment] = useState('')
  const [isEmpty, setEmpty] = useState(false)
  const send = () => {
    const change: Partial<Schemas['TriageRequest']> = {}
    if (workflow !== 'KEEP') change.Workflow = workflow
    if (isNobody) change.Assignee = ''
    else if (assignee.trim() !== '') change.Assignee = assignee.trim()
    if (comment.trim() !== '') change.Comment = comment.trim()
    setEmpty(Object.keys(change).length === 0)
    if (Object.keys(change).length > 0) triage.mutate({ meant, change })
  }
  const states = workflows.filter((it) => it !== 'SUPPRESSED' || may('approve'))
  return (
    <Form onSubmit={send}>
      <Select
        label={t.newState}
        value={workflow}
        options={[['KEEP', t.keepState] as const, ...states.map((it) => [it, common.workflow[it]] as const)]}
        onChange={setWorkflow}
        hint={workflow === 'SUPPRESSED' ? t.suppressHint : undefined}
      />
      <TextField
        label={t.newAssignee}
        value={isNobody ? '' : assignee}
        onChange={setAssignee}
        disabled={isNobody}
        placeholder={me}
        hint={t.keepAssignee}
        autoComplete="off"
      />
      <div
        style={{ display: 'flex', flexWrap: 'wrap', gap: '0.5rem 1rem', alignItems: 'center', marginTop: '-0.5rem' }}
      >
        <Button isSmall onPress={() => setAssignee(me)}>
          {t.assignToMe}
        </Button>
        <Check label={t.nobodyAnymore} value={isNobody} onChange={setNobody} />
      </div>
      <TextArea label={t.comment} hint={t.commentHint} value={comment} onChange={setComment} />
      {isEmpty ? <Note title={t.nothingChosen} /> : <Note error={triage.error} />}
      <CancelOrSend onCancel={onClose} send={t.triage} isBusy={triage.isPending} />
    </Form>
  )
}
