// What the pages have in common: contents, sections, and figures and tables that can be downloaded.
import type { FigureContext } from "../figures/context";
import type { HeadData, TableData } from "../figures/data";
import { count_text } from "../figures/format";
import { frame, html, type Figure, type FigureSpec } from "../figures/frame";
import { table_view, type ReportTable, type TableOptions } from "../figures/table";

/** A section whose content is empty is left out. */
export interface Section {
  id: string;
  heading: string;
  content(): HTMLElement[];
  /** Follows the content, and stays if that cannot be read. */
  tables?(): HTMLElement[];
}

/** The line below a picture that is looked at without its page. */
function origin(data: HeadData): string {
  const { seed, patients } = data.generated ?? {};
  return [
    "npcsim model projection, not medical advice",
    data.study ?? "",
    seed === undefined || seed === null ? "" : `seed ${seed}`,
    typeof patients === "number" ? `${count_text(patients)} patients` : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

export class PageShell {
  readonly figures: Figure[] = [];
  readonly tables: ReportTable[] = [];

  private readonly prefix_: string;
  private readonly origin_: string;

  /** Names of downloaded files begin with the name of the study, or else with `name`. */
  constructor(
    readonly context: FigureContext,
    data: HeadData,
    name: string,
  ) {
    this.prefix_ = data.study || name;
    this.origin_ = origin(data);
  }

  figure(spec: FigureSpec): Figure {
    const made = frame(spec, this.prefix_, this.origin_);
    this.figures.push(made);
    return made;
  }

  table(table: TableData, options?: TableOptions): HTMLElement {
    const made = table_view(table, this.context, this.prefix_, options);
    this.tables.push(made);
    return made.node;
  }

  /** Fills the page. */
  show(title: string, head: HTMLElement[], sections: Section[]): void {
    document.title = title;
    const main = html("main", { id: "main" });
    const list = html("ol");
    for (const section of sections) {
      const content = this.content(section);
      if (!content.length) continue;
      const { id, heading } = section;
      list.append(html("li", {}, html("a", { href: `#${id}` }, heading)));
      main.append(
        html("section", { id, "aria-label": heading }, html("h2", {}, heading), ...content),
      );
    }
    const contents = html(
      "nav",
      { class: "contents", "aria-label": "Contents" },
      html("p", {}, "Contents"),
      list,
    );
    document.body.replaceChildren(
      html("a", { class: "skip", href: "#main" }, "Skip to the results"),
      ...head,
      html("div", { class: "columns" }, contents, main),
    );
    // Pictures are drawn once their place in the page is known, because their width follows from
    // it.
    for (const figure of this.figures) figure.redraw();
    mark_section(list);
  }

  /** Data that cannot be drawn leave a sentence, not an empty page. */
  private content(section: Section): HTMLElement[] {
    let content: HTMLElement[];
    try {
      content = section.content();
    } catch (problem) {
      console.error(`section ${section.id}`, problem);
      content = [
        html("p", { class: "note" }, `The data of this section could not be read: ${problem}`),
      ];
    }
    return content.concat(section.tables?.() ?? []);
  }
}

/** Marks the section that is being read in the table of contents. */
function mark_section(list: HTMLElement): void {
  const links = new Map(
    [...list.querySelectorAll("a")].map((a) => [(a.getAttribute("href") ?? "").slice(1), a]),
  );
  const watch = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        links.forEach((a) => a.removeAttribute("aria-current"));
        links.get(entry.target.id)?.setAttribute("aria-current", "true");
      }
    },
    { rootMargin: "-10% 0px -80% 0px" },
  );
  document.querySelectorAll("main > section").forEach((s) => watch.observe(s));
}
