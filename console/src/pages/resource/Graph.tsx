// The relationships of a resource as a graph: what points to it at the left, what it points to at the right. What is
// further away is asked for when the reader wants it. A chunk of its own; loaded where a graph is shown.
import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Controls, Handle, type Node, type NodeProps, Position, ReactFlow } from '@xyflow/react'
import '@xyflow/react/dist/style.css'
import { Minus, Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Schemas } from '../../api/client'
import { shortType } from '../../api/names'
import { type KeySearch, relatedQuery } from '../../api/resources'
import { useTheme } from '../../app/theme'
import { Severity } from '../../parts/Severity'
import { useResourceTexts } from '../../texts/resources'
import styles from './Graph.module.css'
import { type Item, idOf, laidOut } from './graphLayout'

type Data = { item: Item; isOpen: boolean; canOpen: boolean; onToggle: () => void }
type Box = Node<Data, 'resource'>

type Props = { by: KeySearch; name: string; worst: Schemas['Severity'] | undefined }

const kinds = { resource: ResourceBox }

export default function Graph({ by, name, worst }: Props) {
  const t = useResourceTexts()
  const theme = useTheme()
  const [opened, setOpened] = useState<KeySearch[]>([by])
  const around = useQueries({ queries: opened.map(relatedQuery) })
  const known = around.map((it) => it.data)
  // biome-ignore lint/correctness/useExhaustiveDependencies: answers change when what is loaded changes
  const { nodes, edges } = useMemo(() => {
    const laid = laidOut({ key: by, name, worst }, opened, known)
    const isOpened = (key: KeySearch) => opened.some((it) => idOf(it) === idOf(key))
    return {
      edges: laid.edges,
      nodes: laid.nodes.map(({ item, x, y }): Box => {
        const { key } = item
        return {
          id: item.id,
          type: 'resource',
          position: { x, y },
          draggable: false,
          data: {
            item,
            isOpen: key !== undefined && isOpened(key),
            canOpen: key !== undefined && item.distance !== 0,
            onToggle: () => {
              if (!key) return
              setOpened((before) => (isOpened(key) ? before.filter((it) => idOf(it) !== idOf(key)) : [...before, key]))
            },
          },
        }
      }),
    }
  }, [by, name, worst, opened, known.map((it) => (it ? 'y' : 'n')).join('')])
  return (
    <div className={styles.graph}>
      <ReactFlow
        key={opened.length + nodes.length}
        nodes={nodes}
        edges={edges}
        nodeTypes={kinds}
        colorMode={theme}
        fitView
        fitViewOptions={{ maxZoom: 1, padding: 0.08 }}
        minZoom={0.2}
        maxZoom={1.5}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        zoomOnScroll={false}
        preventScrolling={false}
        zoomActivationKeyCode="Control"
        proOptions={{ hideAttribution: true }}
        ariaLabelConfig={{
          'controls.ariaLabel': t.graph,
          'controls.zoomIn.ariaLabel': t.zoomIn,
          'controls.zoomOut.ariaLabel': t.zoomOut,
          'controls.fitView.ariaLabel': t.fit,
        }}
      >
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  )
}

function ResourceBox({ data: { item, isOpen, canOpen, onToggle } }: NodeProps<Box>) {
  const t = useResourceTexts()
  const words = (
    <>
      <span className={styles.name}>
        {item.worst && <Severity of={item.worst} look="mark" />}
        <span>{item.name}</span>
      </span>
      <span className={styles.type} translate="no">
        {item.key ? shortType(item.type) : `${shortType(item.type)} · ${t.notCollected}`}
      </span>
    </>
  )
  return (
    <div className={`${styles.box} ${item.distance === 0 ? styles.isCenter : ''} nopan`} title={item.name}>
      <Handle type="target" position={Position.Left} className={styles.handle ?? ''} isConnectable={false} />
      {item.key && item.distance !== 0 ? (
        <Link to="/inventory/resource" search={{ ...item.key, tab: 'relations' }} className={styles.words ?? ''}>
          {words}
        </Link>
      ) : (
        <span className={styles.words}>{words}</span>
      )}
      {canOpen && (
        <button
          type="button"
          className={styles.toggle}
          aria-label={isOpen ? t.collapseNode(item.name) : t.expandNode(item.name)}
          onClick={onToggle}
        >
          {isOpen ? <Minus size={12} /> : <Plus size={12} />}
        </button>
      )}
      <Handle type="source" position={Position.Right} className={styles.handle ?? ''} isConnectable={false} />
    </div>
  )
}
