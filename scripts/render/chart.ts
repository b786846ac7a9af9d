import type { EChartsType } from 'echarts/core';
import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts';

/** Numbers over time: bars beside or upon each other, or lines, which have gaps where there is no number. */
export type Chart = {
  form: 'bars' | 'stack' | 'lines';
  /** What stands below, a label for each value. */
  labels: string[];
  /** One or two series. */
  series: { name: string; values: (number | null)[] }[];
  /** What the numbers count; stands above the axis. */
  unit: string;
  /** Where the axis ends, where that is fixed. */
  highest?: number;
};

/** The colours of a chart, as CSS has them; `series` has one for each. */
export type Palette = { text: string; line: string; series: [string, string] };

/** Pixels; the page shows charts at about this size, so that their words can be read on a phone. */
export const CHART_SIZE = { width: 360, height: 220 } as const;

const FONT = { fontFamily: 'system-ui, sans-serif', fontSize: 12 };
/** What is for pointers and scripts, with names that count the drawings of a process; text of a chart is escaped and never matches. */
const FOR_SCRIPTS = / class="zr\d{1,9}-cls-\d{1,9}"| ecmeta_\w{1,40}="\w{0,80}"|<g><\/g>\n/g;
const [STYLE, END_OF_STYLE] = ['<style >', '</style>\n'] as const;
/** The names of clips count the drawings too. */
const COUNTED = /( id="| clip-path="url\(#)zr\d{1,9}-/g;

/**
 * Draws a chart as an SVG that stands alone: no script, no style sheet, no address, the same bytes for the same numbers. The
 * library is loaded here and with the first chart, since it takes longer than most jobs do.
 */
export async function drawChart(chart: Chart, palette: Palette): Promise<string> {
  const { init, use, BarChart, LineChart, GridComponent, LegendComponent, SVGRenderer } =
    await import('./chart-library.ts');
  use([BarChart, LineChart, GridComponent, LegendComponent, SVGRenderer]);
  const drawing: EChartsType = init(null, null, { renderer: 'svg', ssr: true, ...CHART_SIZE });
  try {
    drawing.setOption({
      animation: false,
      textStyle: FONT,
      ...axesOf(chart, palette),
      series: seriesOf(chart, palette),
    });
    const svg = drawing.renderToSVGString({ useViewBox: true });
    return `${withoutStyles(svg).replace(FOR_SCRIPTS, '').replace(COUNTED, '$1')}\n`;
  } finally {
    drawing.dispose();
  }
}

function axesOf(chart: Chart, palette: Palette): object {
  const { form, labels, series } = chart;
  const label = { color: palette.text, ...FONT };
  const isNamed = series.length > 1;
  return {
    grid: {
      left: 6,
      right: 12,
      top: isNamed ? 52 : 28,
      bottom: 4,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    legend: { show: isNamed, left: 2, top: 0, itemWidth: 22, itemGap: 20, textStyle: label, selectedMode: false },
    xAxis: {
      ...{ type: 'category', data: labels, boundaryGap: form !== 'lines', axisTick: { show: false } },
      axisLabel: { ...label, hideOverlap: true },
      axisLine: { lineStyle: { color: palette.text } },
    },
    yAxis: heightOf(chart, palette, label),
  };
}

function heightOf({ unit, highest }: Chart, { line }: Palette, label: object): object {
  return {
    ...{ type: 'value', min: 0, minInterval: 1, splitNumber: 4 },
    ...(highest === undefined ? {} : { max: highest, interval: highest / 4 }),
    ...{ name: unit, nameGap: 10, nameTextStyle: { ...label, align: 'left', padding: [0, 0, 0, -22] } },
    axisLabel: label,
    splitLine: { lineStyle: { color: line } },
  };
}

/** The second series differs from the first by more than its colour: a dashed line, or a hollow bar. */
function seriesOf({ form, series }: Chart, { series: colors }: Palette): (BarSeriesOption | LineSeriesOption)[] {
  const common = { silent: true, emphasis: { disabled: true } } as const;
  return series.map(({ name, values: data }, index) => {
    const color = colors[index] ?? colors[0];
    if (form === 'lines') {
      const type = index === 0 ? 'solid' : 'dashed';
      const symbol = index === 0 ? 'circle' : 'rect';
      const style = { lineStyle: { color, width: 2, type }, itemStyle: { color } } as const;
      return { ...common, ...style, type: 'line', name, data, symbol, symbolSize: 6, showAllSymbol: true };
    }
    const itemStyle = index === 0 ? { color } : { color: 'transparent', borderColor: color, borderWidth: 1.5 };
    return {
      ...common,
      itemStyle,
      type: 'bar',
      name,
      data,
      barMaxWidth: 14,
      ...(form === 'stack' ? { stack: 'all' } : {}),
    };
  });
}

/** A drawing without its style sheets, which the policy of the page would not let in. */
function withoutStyles(svg: string): string {
  const start = svg.indexOf(STYLE);
  const end = start < 0 ? -1 : svg.indexOf(END_OF_STYLE, start);
  return end < 0 ? svg : withoutStyles(svg.slice(0, start) + svg.slice(end + END_OF_STYLE.length));
}
