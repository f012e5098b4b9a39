// The data_visualization block: a small line, bar, area or pie chart, with the numbers as a table for screen readers.

import { el } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const COLOURS = ["#1f6f5c", "#d9822b", "#4a6fa5", "#a8456b", "#7a8b2f", "#6b5ca5"];
const [WIDTH, HEIGHT, PAD] = [480, 200, 24];

function svg(tag, attributes, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

/** The block as nodes. */
export function chart(block) {
  const { type } = block.chart;
  const series = type === "pie" ? [{ name: block.title, data: block.chart.segments ?? [] }] : (block.chart.series ?? []);
  const frame = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart", role: "img", "aria-label": block.title });
  if (type === "pie") pie(frame, series[0].data);
  else series.forEach((one, at) => plot(frame, type, one.data, at, series));
  const legend = series.length > 1 ? el("p", { class: "legend" }, series.map((one, at) => key(one.name, at))) : null;
  return [el("h4", { class: "chart-title", text: block.title }), frame, legend, numbers(block.title, series)];
}

function key(name, at) {
  const mark = svg("svg", { viewBox: "0 0 10 10", class: "legend-mark" });
  mark.append(svg("circle", { cx: 5, cy: 5, r: 5, fill: COLOURS[at % COLOURS.length] }));
  return el("span", {}, mark, ` ${name}`);
}

function plot(frame, type, data, at, series) {
  const values = data.map((point) => Number(point.value ?? 0));
  const top = Math.max(1, ...series.flatMap((one) => one.data.map((point) => Number(point.value ?? 0))));
  const step = (WIDTH - 2 * PAD) / Math.max(1, type === "bar" ? values.length : values.length - 1);
  const y = (value) => HEIGHT - PAD - (value / top) * (HEIGHT - 2 * PAD);
  const colour = COLOURS[at % COLOURS.length];
  if (type === "bar") {
    const wide = (step * 0.7) / series.length;
    values.forEach((value, i) => frame.append(svg("rect", { x: PAD + i * step + step * 0.15 + at * wide, y: y(value), width: wide, height: HEIGHT - PAD - y(value), rx: 3, fill: colour })));
  } else {
    const points = values.map((value, i) => `${PAD + i * step},${y(value)}`);
    if (type === "area") frame.append(svg("polygon", { points: [`${PAD},${HEIGHT - PAD}`, ...points, `${PAD + (values.length - 1) * step},${HEIGHT - PAD}`].join(" "), fill: colour, opacity: 0.2 }));
    frame.append(svg("polyline", { points: points.join(" "), fill: "none", stroke: colour, "stroke-width": 3, "stroke-linejoin": "round" }));
  }
  if (at === 0) data.forEach((point, i) => frame.append(svg("text", { x: PAD + i * step + (type === "bar" ? step / 2 : 0), y: HEIGHT - 6, "text-anchor": "middle", class: "tick" }, point.label ?? "")));
}

function pie(frame, data) {
  const total = data.reduce((sum, point) => sum + Number(point.value ?? 0), 0) || 1;
  const round = 2 * Math.PI * 40;
  let start = 0;
  data.forEach((point, at) => {
    const share = Number(point.value ?? 0) / total;
    frame.append(svg("circle", { cx: WIDTH / 2, cy: HEIGHT / 2, r: 40, fill: "none", stroke: COLOURS[at % COLOURS.length], "stroke-width": 80, "stroke-dasharray": `${share * round} ${round}`, "stroke-dashoffset": -start * round }));
    start += share;
  });
}

function numbers(title, series) {
  const rows = series.flatMap((one) => one.data.map((point) => el("tr", {}, el("td", { text: one.name }), el("td", { text: point.label ?? "" }), el("td", { text: String(point.value ?? "") }))));
  return el("table", { class: "sr-only" }, el("caption", { text: title }), el("tbody", {}, rows));
}
