// The frame of a figure: heading, controls, picture that follows the width of the page, note,
// downloads.
import { csv_text, png_blob, save, stand_alone, type CsvRow } from "./export";

export interface FigureSpec {
  id: string;
  title: string;
  /** One or two sentences that say how to read the picture; also its text alternative. */
  reading: string;
  note?: string;
  half?: boolean;
  controls?: HTMLElement[];
  draw(width: number): SVGSVGElement;
  rows(): CsvRow[];
  /** Given the function that draws the picture again, for controls that change it. */
  attach?(redraw: () => void): void;
}

export interface Figure {
  readonly id: string;
  readonly node: HTMLElement;
  redraw(): void;
  /** Shows another choice of the data in the same frame; heading and controls stay. */
  show(spec: FigureSpec): void;
  svg(): string;
  png(): Promise<Blob>;
  csv(): string;
}

export function html<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function button(label: string, hint: string, action: () => void): HTMLButtonElement {
  const made = html("button", { type: "button", title: hint, "aria-label": hint }, label);
  made.addEventListener("click", action);
  return made;
}

/** A labelled choice; `changed` is called with the index that was chosen. */
export function choice(
  label: string,
  options: string[],
  changed: (index: number) => void,
): HTMLElement {
  const select = html(
    "select",
    {},
    ...options.map((o, i) => html("option", { value: String(i) }, o)),
  );
  select.addEventListener("change", () => changed(select.selectedIndex));
  return html("label", { class: "choice" }, `${label} `, select);
}

/** `origin`: what a picture that leaves the page says about where it comes from. */
export function frame(spec: FigureSpec, file_prefix: string, origin: string): Figure {
  let shown = spec;
  const picture = html("div", { class: "picture" });
  const file = (ending: string) => `${file_prefix}-${spec.id}.${ending}`.replace(/[^\w.-]+/g, "_");
  let drawn: SVGSVGElement | undefined;
  let drawn_width = 0;

  const redraw = () => {
    const width = Math.max(300, Math.floor(picture.clientWidth || 820));
    drawn_width = width;
    try {
      drawn = shown.draw(width);
    } catch (problem) {
      // One picture that fails must not take the rest of the page with it.
      console.error(`figure ${spec.id}`, problem);
      picture.replaceChildren(html("p", {}, `This figure could not be drawn: ${problem}`));
      return;
    }
    drawn.setAttribute("role", "img");
    drawn.setAttribute("aria-label", `${spec.title}. ${spec.reading}`);
    picture.replaceChildren(drawn);
  };
  const current = () => {
    if (!drawn) redraw();
    if (!drawn) throw new Error(`figure ${spec.id} could not be drawn`);
    return drawn;
  };
  const alone = () => stand_alone(current(), spec.title, origin);
  const svg = () => alone().svg;
  const csv = () => csv_text(shown.rows());
  const png = () => png_blob(alone());
  const tools = html(
    "div",
    { class: "tools", role: "group", "aria-label": `Downloads of ${spec.title}` },
    button("SVG", "Download the picture as SVG", () =>
      save(new Blob([svg()], { type: "image/svg+xml" }), file("svg")),
    ),
    button(
      "PNG",
      "Download the picture as PNG",
      () => void png().then((blob) => save(blob, file("png"))),
    ),
    button("CSV", "Download the numbers as CSV", () =>
      save(new Blob([csv()], { type: "text/csv" }), file("csv")),
    ),
  );
  const node = html(
    "figure",
    { id: spec.id, class: spec.half ? "half" : "full" },
    html("div", { class: "figure-head" }, html("h3", {}, spec.title), tools),
    html("p", { class: "reading" }, spec.reading),
    ...(spec.controls?.length ? [html("div", { class: "controls" }, ...spec.controls)] : []),
    picture,
    ...(spec.note ? [html("figcaption", {}, spec.note)] : []),
  );
  spec.attach?.(redraw);
  new ResizeObserver(() => {
    const width = Math.max(300, Math.floor(picture.clientWidth || 0));
    // Printing changes the width for a moment; the picture then scales, it is not drawn anew.
    if (picture.clientWidth > 0 && width !== drawn_width && !matchMedia("print").matches) redraw();
  }).observe(picture);
  const show = (other: FigureSpec) => {
    shown = other;
    redraw();
  };
  return { id: spec.id, node, redraw, show, svg, png, csv };
}
