// Downloads: a picture as stand-alone SVG or PNG (always in light colours), its numbers as CSV.

import { add_text, font_stack, wrapped } from "./svg";

export type CsvRow = Record<string, string | number | boolean | null | undefined>;

/** RFC 4180 text, one column for every key that occurs, unknown numbers as empty fields. */
export function csv_text(rows: CsvRow[]): string {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const field = (value: CsvRow[string]) => {
    const text = value === null || value === undefined ? "" : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  return (
    [
      keys.map(field).join(","),
      ...rows.map((row) => keys.map((k) => field(row[k])).join(",")),
    ].join("\r\n") + "\r\n"
  );
}

export interface Picture {
  svg: string;
  width: number;
  height: number;
}

/**
 * A copy without tooltips, with colours instead of custom properties, on a white ground. What the
 * page says around the picture stands in it: the title above, and below what the numbers are.
 */
export function stand_alone(picture: SVGSVGElement, title: string, foot: string): Picture {
  const copy = picture.cloneNode(true) as SVGSVGElement;
  copy.querySelectorAll('[aria-label="tip"], [data-interaction]').forEach((e) => e.remove());
  const probe = document.createElement("div");
  probe.setAttribute("data-theme", "light");
  document.body.append(probe);
  const tokens = getComputedStyle(probe);
  const resolve = (text: string) =>
    text.replace(
      /var\((--[\w-]+)\)/g,
      (_, name: string) => tokens.getPropertyValue(name).trim() || "currentColor",
    );
  for (const each of [copy, ...copy.querySelectorAll("*")]) {
    for (const { name, value } of [...each.attributes]) {
      if (value.includes("var(--")) each.setAttribute(name, resolve(value));
    }
  }
  const ink = tokens.getPropertyValue("--ink").trim();
  probe.remove();
  const width = Number(copy.getAttribute("width"));
  const side = 8;
  const lines = (text: string, size: number, weight: "normal" | "600") =>
    wrapped(text, width - 2 * side, size, weight);
  const above = lines(title, 14, "600");
  const below = lines(foot, 10, "normal");
  const head = 8 + 19 * above.length;
  const drawn = Number(copy.getAttribute("height"));
  const height = head + drawn + 6 + 13 * below.length;
  copy.setAttribute("height", String(height));
  copy.setAttribute("viewBox", `0 ${-head} ${width} ${height}`);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("color", ink);
  const name_space = copy.namespaceURI;
  const ground = document.createElementNS(name_space, "rect");
  for (const [k, v] of Object.entries({ y: -head, width, height, fill: "#ffffff" }))
    ground.setAttribute(k, String(v));
  const put = (part: string, text: string, y: number, size: number, weight: string) =>
    add_text(copy, side, y, text, {
      "data-part": part,
      "font-family": font_stack,
      "font-size": size,
      "font-weight": weight,
      fill: ink,
    });
  above.forEach((text, i) => put("title", text, 20 + 19 * i - head, 14, "600"));
  below.forEach((text, i) => put("foot", text, drawn + 10 + 13 * i, 10, "normal"));
  const heading = document.createElementNS(name_space, "title");
  heading.textContent = title;
  const first = copy.querySelector("style")?.nextSibling ?? copy.firstChild;
  copy.insertBefore(ground, first);
  copy.insertBefore(heading, copy.firstChild);
  return { svg: new XMLSerializer().serializeToString(copy), width, height };
}

/** The picture at twice its size, for slides. */
export function png_blob({ svg, width, height }: Picture): Promise<Blob> {
  return new Promise((done, fail) => {
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas");
      canvas.width = Math.ceil(width * 2);
      canvas.height = Math.ceil(height * 2);
      const pen = canvas.getContext("2d");
      if (!pen) return fail(new Error("this browser gives no canvas"));
      pen.drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(
        (blob) => (blob ? done(blob) : fail(new Error("the picture could not be encoded"))),
        "image/png",
      );
    };
    image.onerror = () => fail(new Error("the picture could not be drawn"));
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  });
}

export function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
