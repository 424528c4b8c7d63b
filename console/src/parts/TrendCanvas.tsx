// What draws the line of TrendChart: ECharts on a canvas, in the colours of the moment.
import { LineChart } from 'echarts/charts'
import { GridComponent, TooltipComponent } from 'echarts/components'
import { type EChartsType, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { useTheme } from '../app/theme'
import { useFormats } from '../texts/format'
import type { Point } from './TrendChart'

use([LineChart, GridComponent, TooltipComponent, CanvasRenderer])

const darkness = window.matchMedia('(prefers-color-scheme: dark)')

function useIsDark(): boolean {
  const theme = useTheme()
  const isSystemDark = useSyncExternalStore(
    (tell) => {
      darkness.addEventListener('change', tell)
      return () => darkness.removeEventListener('change', tell)
    },
    () => darkness.matches,
  )
  return theme === 'system' ? isSystemDark : theme === 'dark'
}

/** What a colour of tokens.css is here and now: a canvas knows no custom properties. */
function colours(place: HTMLElement, names: string[]): string[] {
  const probe = document.createElement('i')
  place.append(probe)
  const found = names.map((name) => {
    probe.style.color = `var(--${name})`
    return getComputedStyle(probe).color
  })
  probe.remove()
  return found
}

/** Of scores, room above and below the line, in whole steps of five, so that small changes are seen and the scale is calm; of counts, from nothing up. */
function scale(
  values: number[],
  areCounts: boolean,
): { min: number; max?: number; interval?: number; minInterval?: number } {
  if (areCounts) return { min: 0, minInterval: 1 }
  const low = Math.min(...values)
  const high = Math.max(...values)
  const min = Math.max(0, Math.floor((low - 2) / 5) * 5)
  const max = Math.min(100, Math.ceil((high + 2) / 5) * 5)
  const top = Math.max(max, min + 10)
  return { min, max: top, interval: top - min > 40 ? 25 : top - min > 15 ? 10 : 5 }
}

type Props = { points: readonly Point[]; describe: (point: Point) => string; areCounts?: boolean }

export default function TrendCanvas({ points, describe, areCounts = false }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType | null>(null)
  const format = useFormats()
  const isDark = useIsDark()
  useEffect(() => {
    if (!place.current) return
    chart.current = init(place.current, null, { renderer: 'canvas' })
    const watcher = new ResizeObserver(() => chart.current?.resize())
    watcher.observe(place.current)
    return () => {
      watcher.disconnect()
      chart.current?.dispose()
    }
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: dark or light decides what the colours are
  useEffect(() => {
    if (!place.current || !chart.current) return
    const [accent = '', line = '', text = '', raised = '', strong = ''] = colours(place.current, [
      'accent',
      'line',
      'text-3',
      'raised',
      'text',
    ])
    const font = getComputedStyle(place.current).fontFamily
    const values = points.map((it) => it.value).filter((it) => it !== null)
    chart.current.setOption({
      animation: false,
      textStyle: { fontFamily: font },
      grid: { left: areCounts ? 48 : 34, right: 16, top: 10, bottom: 24 },
      xAxis: {
        type: 'time',
        axisLine: { lineStyle: { color: line } },
        axisTick: { show: false },
        splitLine: { show: false },
        axisLabel: {
          color: text,
          fontSize: 11,
          hideOverlap: true,
          formatter: (at: number) => format.short(new Date(at).toISOString()),
        },
      },
      yAxis: {
        type: 'value',
        ...scale(values, areCounts),
        splitLine: { lineStyle: { color: line } },
        axisLabel: { color: text, fontSize: 11 },
      },
      tooltip: {
        trigger: 'axis',
        renderMode: 'richText',
        confine: true,
        backgroundColor: raised,
        borderColor: line,
        padding: [6, 10],
        textStyle: { color: strong, fontSize: 12, fontFamily: font },
        axisPointer: { lineStyle: { color: text, type: 'solid', opacity: 0.4 } },
        formatter: (shown: { dataIndex: number }[]) => {
          const point = points[shown[0]?.dataIndex ?? -1]
          return point ? describe(point) : ''
        },
      },
      series: [
        {
          type: 'line',
          data: points.map((it) => [it.at, it.value]),
          showSymbol: points.length < 40,
          symbol: 'circle',
          symbolSize: 5,
          lineStyle: { color: accent, width: 2 },
          itemStyle: { color: accent },
        },
      ],
    })
  }, [points, describe, format, isDark, areCounts])
  return <div ref={place} style={{ width: '100%', height: '100%' }} />
}
