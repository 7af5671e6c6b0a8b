// A chart over time, drawn by uPlot from the figures in its element, in the colours of the theme.
const COLOURS = ["--faint", "--accent", "--good", "--warn", "--bad"];
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Custom properties with light-dark() are not resolved by themselves: ask an element.
function resolved(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found || colour(name);
}

class Chart extends HTMLElement {
  static observedAttributes = ["data-chart"];

  connectedCallback() {
    this.watch = new ResizeObserver(() => this.plot?.setSize(this.size()));
    this.watch.observe(this);
    this.draw();
  }

  disconnectedCallback() {
    this.watch?.disconnect();
    this.plot?.destroy();
    this.plot = undefined;
  }

  attributeChangedCallback() {
    if (!this.isConnected) return;
    const { times, series } = JSON.parse(this.dataset.chart);
    if (this.plot && Object.keys(series).join() === this.names) this.plot.setData([times, ...Object.values(series)]);
    else this.draw();
  }

  size() {
    return { width: Math.max(260, this.clientWidth), height: 220 };
  }

  draw() {
    if (!window.uPlot) return;
    const { times, series, unit } = JSON.parse(this.dataset.chart);
    this.names = Object.keys(series).join();
    const axis = { stroke: resolved("--faint"), grid: { stroke: resolved("--line"), width: 1 }, ticks: { stroke: resolved("--line") } };
    const lines = Object.keys(series).map((label, at) => ({
      label, stroke: resolved(COLOURS[at % COLOURS.length]), width: 2, points: { show: false },
    }));
    // Where nothing was counted, an axis to a hundred would promise something.
    const scales = { y: { range: (_, least, most) => [Math.min(least ?? 0, 0), most > 0 ? most * 1.1 : 1] } };
    this.plot?.destroy();
    this.plot = new window.uPlot(
      { ...this.size(), series: [{}, ...lines], axes: [axis, { ...axis, label: unit, size: 56 }], scales, cursor: { drag: { x: true } } },
      [times, ...Object.values(series)],
      this,
    );
  }
}

// What is painted does not follow the theme by itself.
const repaint = () => document.querySelectorAll("x-chart").forEach((chart) => chart.draw());
new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);

// Modules and deferred scripts run in the order of the page: uPlot is there by now.
customElements.define("x-chart", Chart);
