// Saves what a list is narrowed to, under a name.
import { useState } from 'react'
import { useMay } from '../../api/session'
import { Dialog } from '../../parts/Dialog'
import { CancelOrSend, Check, Form, TextField } from '../../parts/Field'
import { Note } from '../../parts/States'
import { useTell } from '../../parts/Toasts'
import { useTexts } from '../../texts'
import { useCommon } from '../../texts/common'
import { views as en } from '../../texts/en/views'
import { views as ja } from '../../texts/ja/views'
import { useSaveView } from './queries'
import type { ViewedPage } from './Views'

export function SaveView({ page, query, onClose }: { page: ViewedPage; query: string; onClose: () => void }) {
  const t = useTexts({ en, ja })
  const common = useCommon()
  const tell = useTell()
  const may = useMay()
  const [name, setName] = useState('')
  const [isShared, setShared] = useState(false)
  const save = useSaveView(() => {
    tell.done(t.saved(name.trim()))
    onClose()
  })
  return (
    <Dialog title={t.saveTitle} isOpen onClose={onClose}>
      <Form onSubmit={() => save.mutate({ view: { Name: name, Page: page, Query: query, Shared: isShared } })}>
        <TextField
          label={t.name}
          hint={query === '' ? t.nothingSet : t.nameHint}
          value={name}
          onChange={setName}
          maxLength={100}
          required
          autoFocus
          autoComplete="off"
        />
        {!may('whole') ? (
          <p>{t.memberHint}</p>
        ) : may('triage') ? (
          <Check label={t.share} value={isShared} onChange={setShared} />
        ) : (
          <p>{t.viewerHint}</p>
        )}
        <Note error={save.error} />
        <CancelOrSend onCancel={onClose} send={common.save} isBusy={save.isPending} />
      </Form>
    </Dialog>
  )
}
