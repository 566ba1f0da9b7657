// The sections at the end of every page but that of a run, which orders them itself.
import type { HeadData } from "../figures/data";
import { assumed_table, note_list, source_list } from "./back_matter";
import type { PageShell, Section } from "./shell";

export function closing_sections(data: HeadData, page: PageShell): Section[] {
  return [
    {
      id: "assumed",
      heading: "Assumed numbers",
      content: () => (data.assumed?.length ? [page.table(assumed_table(data))] : []),
    },
    {
      id: "sources",
      heading: "Sources",
      content: () => (data.sources?.length ? [source_list(data)] : []),
    },
    {
      id: "notes",
      heading: "Notes",
      content: () => (data.notes?.length ? [note_list(data.notes)] : []),
    },
  ];
}
