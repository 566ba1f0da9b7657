#include <npcsim/report/detail/plain_page.hpp>
#include <npcsim/report/html_text.hpp>

#include <algorithm>
#include <string_view>
#include <vector>

namespace npcsim::detail {
namespace {

using Kind = JsonValue::Kind;

/// Lists of a few numbers, such as quantiles, stand in a cell; others do not.
constexpr std::size_t longest_cell = 5;

bool is_long_list(const JsonValue& value) {
  return value.kind == Kind::array &&
         (value.items.size() > longest_cell ||
          std::any_of(value.items.begin(), value.items.end(), [](const JsonValue& item) {
            return item.kind == Kind::object || item.kind == Kind::array;
          }));
}

/// A cell as text: numbers as written, an estimate as "value (lo to hi)", nothing for long lists.
std::string cell(const JsonValue* value) {
  if (value == nullptr || value->kind == Kind::null) return "–";
  if (value->kind == Kind::array) {
    std::string text;
    if (is_long_list(*value)) return text;
    for (const JsonValue& item : value->items) text += (text.empty() ? "" : ", ") + cell(&item);
    return text;
  }
  if (value->kind != Kind::object) return html_text(value->text);
  std::string text = cell(value->find("value"));
  if (const JsonValue* se = value->find("se")) text += " ± " + cell(se);
  if (const JsonValue* lo = value->find("lo"))
    text += " (" + cell(lo) + " to " + cell(value->find("hi")) + ")";
  return text;
}

struct Column {
  std::string key;
  std::string label;
};

/// One column for every name that occurs in the records with a value that fits into a cell.
std::vector<Column> columns_of(const JsonValue& records) {
  std::vector<Column> columns;
  for (const JsonValue& record : records.items) {
    for (const auto& [name, value] : record.members) {
      const bool known = std::any_of(columns.begin(), columns.end(),
                                     [&](const Column& c) { return c.key == name; });
      if (!known && !is_long_list(value)) columns.push_back({name, name});
    }
  }
  return columns;
}

std::string table(std::string_view title, const std::vector<Column>& columns,
                  const JsonValue& records, std::string_view note = {}) {
  std::string out = "<div class=\"table\"><h3>" + html_text(title) + "</h3>\n";
  if (!note.empty()) out += "<p class=\"soft\">" + html_text(note) + "</p>\n";
  out += "<table><thead><tr>";
  for (const Column& column : columns)
    out += "<th scope=\"col\">" + html_text(column.label) + "</th>";
  out += "</tr></thead>\n<tbody>\n";
  for (const JsonValue& record : records.items) {
    out += "<tr>";
    for (const Column& column : columns) out += "<td>" + cell(record.find(column.key)) + "</td>";
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string records(std::string_view title, const JsonValue* value) {
  if (value == nullptr || value->kind != Kind::array || value->items.empty()) return {};
  return table(title, columns_of(*value), *value);
}

/// The records of a list of figures, each figure with its own title.
std::string nested(const JsonValue& data, std::string_view part, std::string_view list,
                   std::string_view heading) {
  const JsonValue* figures = data.find(part);
  if (figures == nullptr) return {};
  std::string out;
  const auto add = [&](const JsonValue& figure) {
    out += records(std::string(figure.text_of("endpoint")) + ": " + std::string(heading),
                   figure.find(list));
  };
  if (figures->kind == Kind::object) add(*figures);
  for (const JsonValue& figure : figures->items) add(figure);
  return out;
}

std::string tables(const JsonValue* list) {
  std::string out;
  if (list == nullptr) return out;
  for (const JsonValue& each : list->items) {
    const JsonValue* columns = each.find("columns");
    const JsonValue* rows = each.find("rows");
    if (columns == nullptr || rows == nullptr) continue;
    std::vector<Column> shown;
    for (const JsonValue& column : columns->items) {
      std::string label(column.text_of("label"));
      if (const std::string_view unit = column.text_of("unit"); !unit.empty()) {
        label += " (" + std::string(unit) + ")";
      }
      shown.push_back({std::string(column.text_of("key")), label});
    }
    out += table(each.text_of("title"), shown, *rows, each.text_of("note"));
  }
  return out;
}

/// The analyses of each comparison of a group.
std::string comparisons(const JsonValue* groups) {
  std::string out;
  if (groups == nullptr) return out;
  for (const JsonValue& group : groups->items) {
    const JsonValue* rows = group.find("rows");
    if (rows == nullptr) continue;
    for (const JsonValue& row : rows->items) {
      std::string title(group.text_of("title"));
      for (const char* const part : {"study", "endpoint", "contrast"}) {
        title += ", " + std::string(row.text_of(part));
      }
      out += records(title, row.find("analyses"));
    }
  }
  return out;
}

std::string provenance(const JsonValue* generated) {
  if (generated == nullptr || generated->kind != Kind::object) return {};
  std::string out = "<dl class=\"provenance\">";
  for (const auto& [name, value] : generated->members) {
    out += "<div><dt>" + html_text(name) + "</dt><dd>" + cell(&value) + "</dd></div>";
  }
  return out + "</dl>\n";
}

}  // namespace

std::string plain_body(const JsonValue& data) {
  std::string_view warning = data.text_of("disclaimer");
  if (warning.empty()) warning = "Model projection for research and teaching. Not medical advice.";
  std::string out = "<p class=\"banner\"><strong>" + html_text(warning) + "</strong></p>\n";
  out += "<div class=\"plain\"><h1>" + html_text(data.text_of("title")) + "</h1>\n";
  out += "<p class=\"subtitle\">" + html_text(data.text_of("subtitle")) + "</p>\n";
  out +=
      "<p class=\"soft\">This build of npcsim holds no figures, because it was made without node "
      "and npm (NPCSIM_REPORT=OFF).";
  if (data.find("page") == nullptr)
    out += " Curves and histories of patients are in the files next to this page.";
  out += "</p>\n";
  if (const JsonValue* warnings = data.find("warnings")) {
    for (const JsonValue& each : warnings->items)
      out += "<p class=\"warning\"><strong>" + cell(&each) + "</strong></p>\n";
  }
  out += provenance(data.find("generated"));
  out += records("Key figures", data.find("key_figures"));
  out += "<p class=\"soft\">" + html_text(data.text_of("key_figures_note")) + "</p>\n";
  out += records("Strategies", data.find("strategies"));
  out += nested(data, "survival", "medians", "medians");
  out += tables(data.find("tables"));
  out += nested(data, "forest", "rows", "subgroups");
  out += nested(data, "uncertainty", "rows", "over draws of the parameters");
  out += nested(data, "benefit", "by_factor", "mean gain by group");
  out += records("Treatment", data.find("treatment"));
  out += records("Cycles", data.find("cycles"));
  out += records("Toxicity", data.find("toxicity"));
  out += records("Published and predicted", data.find("figures"));
  out += comparisons(data.find("bias"));
  if (const JsonValue* rows = data.find("taken_apart")) {
    for (const JsonValue& each : rows->items) {
      std::string title(each.text_of("study"));
      title.append(", ").append(each.text_of("endpoint")).append(", ");
      out += records(title.append(each.text_of("contrast")), each.find("analyses"));
    }
  }
  if (const JsonValue* findings = data.find("cycles_received")) {
    for (const JsonValue& each : findings->items) {
      out += records(each.text_of("question"), each.find("analyses"));
    }
  }
  out += records("Structural scenarios", data.find("scenarios"));
  out += records("Checks of the calculation", data.find("diagnostics"));
  out += records("Parameters: 2.5, 25, 50, 75 and 97.5 % before and after the data",
                 data.find("parameters"));
  out += records("Spread between studies and bias of their designs", data.find("hyperparameters"));
  out += records("Studies", data.find("study_checks"));
  out += records("Assumed numbers", data.find("assumed"));
  out += records("Inputs", data.find("inputs"));
  out += records("Sources", data.find("sources"));
  if (const JsonValue* notes = data.find("notes")) {
    out += "<ul class=\"notes\">";
    for (const JsonValue& note : notes->items) out += "<li>" + cell(&note) + "</li>";
    out += "</ul>\n";
  }
  return out + "</div>\n";
}

}  // namespace npcsim::detail
