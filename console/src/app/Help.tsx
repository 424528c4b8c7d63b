// The keys, told by `?`.
import { useMay } from '../api/session'
import { Dialog } from '../parts/Dialog'
import { useShellTexts } from '../texts/shell'
import styles from './Help.module.css'
import { destinations, paletteKeys } from './shortcuts'

export function Help({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const t = useShellTexts()
  const may = useMay()
  const everywhere: [string[], string][] = [
    [['/'], t.shortcuts.search],
    [paletteKeys, t.shortcuts.palette],
    [['?'], t.shortcuts.help],
  ]
  const pages = destinations
    .filter((it) => may(it.needs))
    .map(({ key, page }): [string[], string] => [['g', key], t.pages[page]])
  const lists: [string[], string][] = [
    [['j'], t.shortcuts.next],
    [['k'], t.shortcuts.previous],
    [['o'], t.shortcuts.open],
    [['x'], t.shortcuts.select],
  ]
  return (
    <Dialog title={t.help} isOpen={isOpen} onClose={onClose} isWide>
      <div className={styles.groups}>
        <Keys title={t.shortcuts.goTo} of={pages} />
        <div className={styles.column}>
          <Keys title={t.shortcuts.everywhere} of={everywhere} />
          <Keys title={t.shortcuts.lists} of={lists} />
        </div>
      </div>
    </Dialog>
  )
}

function Keys({ title, of }: { title: string; of: [string[], string][] }) {
  return (
    <div>
      <h3>{title}</h3>
      <ul>
        {of.map(([keys, what]) => (
          <li key={what}>
            {what}
            <span className={styles.keys}>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
