// A dialog over the page. Its content is made when it opens, so that forms begin empty.
import type { ReactNode } from 'react'
import { Dialog as Aria, Heading, Modal, ModalOverlay } from 'react-aria-components'
import styles from './Overlay.module.css'

type Props = {
  title: string
  isOpen: boolean
  onClose: () => void
  isWide?: boolean
  isTitleSilent?: boolean
  children: ReactNode
}

export function Dialog({ title, isOpen, onClose, isWide, isTitleSilent, children }: Props) {
  return (
    <ModalOverlay
      className={styles.shade ?? ''}
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      isDismissable
    >
      <Modal className={`${styles.modal} ${isWide ? styles.wide : ''}`}>
        <Aria className={styles.dialog ?? ''}>
          <Heading slot="title" level={2} className={isTitleSilent ? 'hidden-visually' : ''}>
            {title}
          </Heading>
          {children}
        </Aria>
      </Modal>
    </ModalOverlay>
  )
}
