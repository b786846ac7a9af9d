/** What charts need of the library: a file of its own, so that the bundle takes no more of it, and a run without charts none. */
export { init, use } from 'echarts/core';
export { BarChart, LineChart } from 'echarts/charts';
export { GridComponent, LegendComponent } from 'echarts/components';
export { SVGRenderer } from 'echarts/renderers';
