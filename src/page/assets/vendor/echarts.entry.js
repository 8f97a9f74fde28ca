// What the page needs of ECharts, and nothing else. `make.sh` bundles it.
export { use, init, graphic, format, getInstanceByDom } from "echarts/core";
import { use } from "echarts/core";
import { LineChart, BarChart, ScatterChart, SankeyChart, CustomChart } from "echarts/charts";
import {
  GridComponent,
  TooltipComponent,
  LegendComponent,
  DataZoomInsideComponent,
  MarkPointComponent,
  MarkLineComponent,
  MarkAreaComponent,
} from "echarts/components";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";
use([
  LineChart, BarChart, ScatterChart, SankeyChart, CustomChart,
  GridComponent, TooltipComponent, LegendComponent, DataZoomInsideComponent,
  MarkPointComponent, MarkLineComponent, MarkAreaComponent,
  LabelLayout, SVGRenderer,
]);
