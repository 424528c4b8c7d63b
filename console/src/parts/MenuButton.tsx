// A button that opens a short list of things to do.
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover, Separator } from 'react-aria-components'
import styles from './Overlay.module.css'

export type Action = {
  id: string
  name: string
  icon?: LucideIcon
  hint?: string
  /** Why it cannot be done now. */
  refusal?: string | undefined
  run: () => void
}

type Props = { children: ReactNode; label: string; heading?: ReactNode; groups: Action[][] }

/** `children` is a Button. */
export function MenuButton({ children, label, heading, groups }: Props) {
  const actions = groups.flat()
  return (
    <MenuTrigger>
      {children}
      <Popover className={styles.popover ?? ''} placement="bottom end">
        <Menu
          aria-label={label}
          onAction={(id) => actions.find((it) => it.id === id)?.run()}
          disabledKeys={actions.filter((it) => it.refusal).map((it) => it.id)}
        >
          {heading && (
            <MenuSection>
              <Header className={styles.heading ?? ''}>{heading}</Header>
            </MenuSection>
          )}
          {groups.flatMap((group, index) => [
            index > 0 || heading ? <Separator key={`line ${group[0]?.id}`} className={styles.separator ?? ''} /> : null,
            ...group.map(({ id, name, icon: Icon, hint, refusal }) => (
              <MenuItem key={id} id={id} textValue={name} className={styles.item ?? ''}>
                {Icon && <Icon size={14} aria-hidden="true" />}
                {name}
                {(refusal || hint) && <span className={styles.itemHint}>{refusal || hint}</span>}
              </MenuItem>
            )),
          ])}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
