// Asks before what cannot be taken back.
import { useMutation } from '@tanstack/react-query'
import { useCommon } from '../texts/common'
import { Button } from './Button'
import { Dialog } from './Dialog'
import { FormButtons } from './Field'
import { Note } from './States'

type Props = { title: string; text: string; action: string; run: () => Promise<unknown>; onClose: () => void }

export function Confirm({ title, text, action, run, onClose }: Props) {
  const t = useCommon()
  const act = useMutation({ mutationFn: run, onSuccess: onClose })
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <p>{text}</p>
      <Note error={act.error} />
      <div style={{ height: '0.75rem' }} />
      <FormButtons>
        <Button onPress={onClose}>{t.cancel}</Button>
        <Button look="danger" onPress={() => act.mutate()} isBusy={act.isPending}>
          {action}
        </Button>
      </FormButtons>
    </Dialog>
  )
}
