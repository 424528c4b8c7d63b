// Scans now: everything, or only some accounts, regions or rules.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, client } from '../../api/client'
import { Dialog } from '../../parts/Dialog'
import { CancelOrSend, Form, TextField } from '../../parts/Field'
import { Note } from '../../parts/States'
import { useTell } from '../../parts/Toasts'
import { useTexts } from '../../texts'
import { jobs as en } from '../../texts/en/jobs'
import { jobs as ja } from '../../texts/ja/jobs'

function listed(text: string): string[] {
  return text
    .split(',')
    .map((it) => it.trim())
    .filter((it) => it !== '')
}

export function ScanDialog({ onClose }: { onClose: () => void }) {
  const t = useTexts({ en, ja })
  const tell = useTell()
  const cache = useQueryClient()
  const [accounts, setAccounts] = useState('')
  const [regions, setRegions] = useState('')
  const [rules, setRules] = useState('')
  const scan = useMutation({
    mutationFn: () =>
      answer(
        client.POST('/api/scans', {
          body: { Accounts: listed(accounts), Regions: listed(regions), Rules: listed(rules) },
        }),
      ),
    onSuccess: () => {
      tell.done(t.began(t.names.scan))
      onClose()
    },
    onSettled: () => cache.invalidateQueries({ queryKey: ['jobs'] }),
  })
  const plain = { autoComplete: 'off', spellCheck: false } as const
  return (
    <Dialog title={t.scanTitle} isOpen onClose={onClose}>
      <Form onSubmit={() => scan.mutate()}>
        <p>{t.scanLead}</p>
        <TextField {...plain} label={t.accountsField} hint={t.accountsHint} value={accounts} onChange={setAccounts} />
        <TextField {...plain} label={t.regionsField} hint={t.regionsHint} value={regions} onChange={setRegions} />
        <TextField {...plain} label={t.rulesField} hint={t.rulesHint} value={rules} onChange={setRules} />
        <Note error={scan.error} />
        <CancelOrSend onCancel={onClose} send={t.scanStart} isBusy={scan.isPending} />
      </Form>
    </Dialog>
  )
}
