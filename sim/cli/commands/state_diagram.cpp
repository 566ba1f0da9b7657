// The states of a model as a picture: plain text, or SVG laid out in columns from the start to the
// final states.
#include <npcsim/base/quantity_text.hpp>
#include <npcsim/cli/commands/describe.hpp>
#include <npcsim/cli/commands/text_layout.hpp>

#include <algorithm>
#include <array>

namespace npcsim {
namespace {

constexpr double box_width = 168;
constexpr double box_height = 52;
constexpr double line_height = 14;
constexpr double lane_height = 30;
constexpr double margin = 24;

std::size_t index_of(const ModelDoc& model, const std::string& name) {
  for (std::size_t i = 0; i < model.states.size(); ++i) {
    if (model.states[i].name.text == name) return i;
  }
  return model.states.size();
}

void add_arrow(StateGraph& graph, std::size_t from, std::size_t to, const std::string& label) {
  if (from >= graph.titles.size() || to >= graph.titles.size()) return;
  for (StateGraph::Arrow& arrow : graph.arrows) {
    if (arrow.from == from && arrow.to == to) {
      arrow.labels.push_back(label);
      return;
    }
  }
  graph.arrows.push_back({from, to, {label}});
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += c;
    }
  }
  return out;
}

std::vector<std::string> lines_of(const std::string& text, std::size_t width) {
  std::vector<std::string> out;
  std::string rest = wrapped(text, 0, width);
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    out.push_back(rest.substr(0, end));
    rest = end == std::string::npos ? std::string() : rest.substr(end + 1);
  }
  return out;
}

std::string px(double value) { return rounded(value, 4); }

// Lines of text around a middle point, on a white ground so that arrows do not cross out letters.
std::string label_svg(double x, double y, const std::vector<std::string>& lines) {
  std::size_t widest = 0;
  for (const std::string& line : lines) widest = std::max(widest, text_width(line));
  const double height = line_height * static_cast<double>(lines.size());
  const double width = 6.1 * static_cast<double>(widest) + 8;
  std::string out = "<rect x=\"" + px(x - width / 2) + "\" y=\"" + px(y - height / 2 - 1) +
                    "\" width=\"" + px(width) + "\" height=\"" + px(height + 2) +
                    "\" fill=\"#ffffff\"/>\n";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out += "<text class=\"label\" x=\"" + px(x) + "\" y=\"" +
           px(y - height / 2 + line_height * (static_cast<double>(i) + 0.78)) + "\">" +
           escaped(lines[i]) + "</text>\n";
  }
  return out;
}

struct Point {
  double x = 0;
  double y = 0;
};

// Places of the boxes, and of the arrows that have to go around them.
struct Layout {
  std::vector<Point> corner;
  std::vector<std::size_t> above;  ///< arrows that skip a column, each in a lane of its own
  std::vector<std::size_t> below;  ///< arrows back or within a column
  double gap = 0;
  double top = 0;
  double width = 0;
  double height = 0;
};

Layout lay_out(const StateGraph& graph) {
  Layout out;
  std::size_t layers = 0;
  for (const std::size_t layer : graph.layer) layers = std::max(layers, layer + 1);
  for (std::size_t a = 0; a < graph.arrows.size(); ++a) {
    const std::size_t from = graph.layer[graph.arrows[a].from];
    const std::size_t to = graph.layer[graph.arrows[a].to];
    if (to > from + 1) out.above.push_back(a);
    if (to <= from) out.below.push_back(a);
  }
  out.gap = 190;
  out.top = margin + lane_height * static_cast<double>(out.above.size());
  std::vector<std::size_t> in_layer(layers, 0);
  for (const std::size_t layer : graph.layer) ++in_layer[layer];
  const std::size_t most = layers == 0 ? 0 : *std::max_element(in_layer.begin(), in_layer.end());
  const double pitch = box_height + 84;
  const double tall = pitch * static_cast<double>(most);
  std::vector<std::size_t> placed(layers, 0);
  for (const std::size_t layer : graph.layer) {
    const double share = tall / static_cast<double>(in_layer[layer]);
    out.corner.push_back(
        {margin + (box_width + out.gap) * static_cast<double>(layer),
         out.top + share * (static_cast<double>(placed[layer]) + 0.5) - box_height / 2});
    ++placed[layer];
  }
  out.width = 2 * margin + box_width * static_cast<double>(layers) +
              out.gap * (static_cast<double>(layers) - 1);
  out.height = out.top + tall + lane_height * static_cast<double>(out.below.size()) + margin;
  return out;
}

}  // namespace

StateGraph state_graph(const ModelDoc& model) {
  StateGraph graph;
  const std::size_t n = model.states.size();
  for (const StateDoc& state : model.states)
    graph.titles.push_back(state.title.empty() ? state.name.text : state.title);
  graph.final.assign(n, true);
  for (const auto& [name, process] : model.processes) {
    for (const Name& from : process.from) {
      const std::size_t index = index_of(model, from.text);
      if (index < n) graph.final[index] = false;
    }
  }
  if (!model.final_states.empty()) {
    graph.final.assign(n, false);
    for (const Name& name : model.final_states) {
      const std::size_t index = index_of(model, name.text);
      if (index < n) graph.final[index] = true;
    }
  }
  const std::size_t start = model.start.empty() ? 0 : index_of(model, model.start.text);
  if (start < n) graph.final[start] = false;
  for (const auto& [name, process] : model.processes) {
    const std::string label = process.label.empty() ? name.text : process.label;
    std::vector<std::size_t> from;
    for (const Name& state : process.from) from.push_back(index_of(model, state.text));
    if (process.from.empty()) {
      for (std::size_t s = 0; s < n; ++s) {
        if (!graph.final[s]) from.push_back(s);
      }
    }
    for (const std::size_t s : from) {
      std::size_t to = process.to.empty() ? n : index_of(model, process.to.text);
      for (const auto& [when, target] : process.to_by_state) {
        if (index_of(model, when.text) == s) to = index_of(model, target.text);
      }
      add_arrow(graph, s, to, label);
    }
  }
  for (const auto& [name, toxicity] : model.toxicities) {
    if (toxicity.to.empty()) continue;
    for (std::size_t s = 0; s < n; ++s) {
      if (!graph.final[s])
        add_arrow(graph, s, index_of(model, toxicity.to.text),
                  toxicity.title.empty() ? name.text : toxicity.title);
    }
  }
  // Columns: moves from the start; final states in the last one.
  graph.layer.assign(n, 0);
  std::vector<bool> reached(n, false);
  if (start < n) reached[start] = true;
  std::size_t last = 0;
  for (std::size_t round = 1; round <= n; ++round) {
    std::vector<std::size_t> next;
    for (const StateGraph::Arrow& arrow : graph.arrows) {
      if (reached[arrow.from] && graph.layer[arrow.from] == round - 1 && !reached[arrow.to] &&
          !graph.final[arrow.to]) {
        next.push_back(arrow.to);
      }
    }
    for (const std::size_t s : next) {
      reached[s] = true;
      graph.layer[s] = round;
      last = round;
    }
  }
  for (std::size_t s = 0; s < n; ++s) {
    if (graph.final[s] || !reached[s]) graph.layer[s] = last + 1;
  }
  return graph;
}

std::string diagram_text(const StateGraph& graph, std::size_t width) {
  std::vector<std::size_t> order(graph.titles.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&graph](std::size_t a, std::size_t b) {
    return graph.layer[a] < graph.layer[b];
  });
  std::string out;
  for (const std::size_t s : order) {
    const std::string edge = "  +" + std::string(text_width(graph.titles[s]) + 2, '-') + "+\n";
    out += edge + "  | " + graph.titles[s] + " |" +
           (graph.layer[s] == 0 ? "  at diagnosis"
            : graph.final[s]    ? "  ends the life"
                                : "") +
           "\n" + edge;
    for (const StateGraph::Arrow& arrow : graph.arrows) {
      if (arrow.from != s) continue;
      for (const std::string& label : arrow.labels) {
        std::string line = "     |-- " + label + " ";
        const std::string target = "> " + (arrow.to == s ? "(again)" : graph.titles[arrow.to]);
        const std::size_t used = text_width(line) + text_width(target);
        const std::size_t column = 58;
        if (used > width) {
          out += line + "-" + "\n     |      -" + target + "\n";
          continue;
        }
        const std::size_t dashes = text_width(line) < column ? column - text_width(line) : 2;
        out += line + std::string(std::min(dashes, width - std::min(width - 1, used)), '-') +
               target + "\n";
      }
    }
    out += "\n";
  }
  if (!out.empty()) out.pop_back();
  return out;
}

std::string diagram_svg(const StateGraph& graph, const std::string& title) {
  const Layout layout = lay_out(graph);
  std::string out =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + px(layout.width) + " " +
      px(layout.height) + "\" width=\"" + px(layout.width) + "\" height=\"" + px(layout.height) +
      "\" role=\"img\">\n<title>" + escaped(title) +
      "</"
      "title>\n<style>text{font-family:Helvetica,Arial,sans-serif;text-anchor:middle;fill:#1a1a1a}"
      ".state{font-size:13px;font-weight:600}.label{font-size:11.5px}"
      ".box{fill:#eef3f8;stroke:#2f5d8a;stroke-width:1.5}.final{fill:#ececec;stroke:#555555}"
      ".move{fill:none;stroke:#555555;stroke-width:1.3;marker-end:url(#tip)}</style>\n"
      "<defs><marker id=\"tip\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\" "
      "markerHeight=\"7\" "
      "orient=\"auto\"><path d=\"M0 0L10 5L0 10z\" fill=\"#555555\"/></marker></defs>\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
  std::string labels;

  // Ports are spread along the sides of a box, so that arrows do not share a point.
  const auto port = [&](std::size_t arrow, bool leaving) {
    const std::size_t state = leaving ? graph.arrows[arrow].from : graph.arrows[arrow].to;
    std::size_t count = 0;
    std::size_t before = 0;
    for (std::size_t a = 0; a < graph.arrows.size(); ++a) {
      const StateGraph::Arrow& other = graph.arrows[a];
      if ((leaving ? other.from : other.to) != state) continue;
      if (graph.layer[other.to] != graph.layer[other.from] + 1) continue;
      const double mine =
          layout.corner[leaving ? graph.arrows[arrow].to : graph.arrows[arrow].from].y;
      const double its = layout.corner[leaving ? other.to : other.from].y;
      if (a != arrow && (its < mine || (its == mine && a < arrow))) ++before;
      ++count;
    }
    return layout.corner[state].y +
           box_height * (static_cast<double>(before) + 1) / (static_cast<double>(count) + 1);
  };

  struct Placed {
    double x, y;
    std::vector<std::string> lines;
  };
  std::vector<Placed> between;
  for (std::size_t a = 0; a < graph.arrows.size(); ++a) {
    const StateGraph::Arrow& arrow = graph.arrows[a];
    std::vector<std::string> lines;
    if (graph.layer[arrow.to] != graph.layer[arrow.from] + 1) continue;
    for (const std::string& label : arrow.labels) {
      for (const std::string& line : lines_of(label, 24)) lines.push_back(line);
    }
    const double x1 = layout.corner[arrow.from].x + box_width;
    const double x2 = layout.corner[arrow.to].x;
    const double y1 = port(a, true);
    const double y2 = port(a, false);
    const double middle = (x1 + x2) / 2;
    out += "<path class=\"move\" d=\"M" + px(x1) + " " + px(y1) + "C" + px(middle) + " " + px(y1) +
           " " + px(middle) + " " + px(y2) + " " + px(x2) + " " + px(y2) + "\"/>\n";
    between.push_back({middle, (y1 + y2) / 2, std::move(lines)});
  }
  // Labels in one gap must not lie on each other.
  std::stable_sort(between.begin(), between.end(),
                   [](const Placed& a, const Placed& b) { return a.y < b.y; });
  for (std::size_t i = 0; i < between.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (between[j].x != between[i].x) continue;
      const double room =
          line_height * 0.5 *
              static_cast<double>(between[i].lines.size() + between[j].lines.size()) +
          6;
      if (between[i].y < between[j].y + room) between[i].y = between[j].y + room;
    }
    labels += label_svg(between[i].x, between[i].y, between[i].lines);
  }
  const auto around = [&](const std::vector<std::size_t>& arrows, bool above) {
    for (std::size_t k = 0; k < arrows.size(); ++k) {
      const StateGraph::Arrow& arrow = graph.arrows[arrows[k]];
      const double shift =
          14.0 * (static_cast<double>(k) - static_cast<double>(arrows.size() - 1) / 2);
      const double x1 = layout.corner[arrow.from].x + box_width / 2 + shift;
      double x2 = layout.corner[arrow.to].x + box_width / 2 + shift;
      if (arrow.from == arrow.to) x2 += 40;
      const double lane = above ? margin + lane_height * static_cast<double>(k)
                                : layout.height - margin - lane_height * static_cast<double>(k) - 6;
      const double y1 = layout.corner[arrow.from].y + (above ? 0 : box_height);
      const double y2 = layout.corner[arrow.to].y + (above ? 0 : box_height);
      // Another box in the way: leave by the side and climb in the gap.
      bool covered = false;
      for (std::size_t s = 0; s < graph.titles.size(); ++s) {
        covered = covered || (graph.layer[s] == graph.layer[arrow.from] && s != arrow.from &&
                              (above ? layout.corner[s].y < y1 : layout.corner[s].y > y1));
      }
      const double side = layout.corner[arrow.from].x + box_width;
      std::string begin = "M" + px(x1) + " " + px(y1);
      if (covered) {
        begin = "M" + px(side) + " " +
                px(layout.corner[arrow.from].y + (above ? 8 : box_height - 8)) + "H" +
                px(side + 10 + 7 * static_cast<double>(k));
      }
      out += "<path class=\"move\" d=\"" + begin + "V" + px(lane) + "H" + px(x2) + "V" + px(y2) +
             "\"/>\n";
      std::string text;
      for (const std::string& label : arrow.labels) text += (text.empty() ? "" : " / ") + label;
      labels += label_svg((x1 + x2) / 2, lane, {text});
    }
  };
  around(layout.above, true);
  around(layout.below, false);
  for (std::size_t s = 0; s < graph.titles.size(); ++s) {
    const Point& at = layout.corner[s];
    out += std::string("<rect class=\"box") + (graph.final[s] ? " final" : "") + "\" x=\"" +
           px(at.x) + "\" y=\"" + px(at.y) + "\" width=\"" + px(box_width) + "\" height=\"" +
           px(box_height) + "\" rx=\"6\"/>\n";
    const auto lines = lines_of(graph.titles[s], 19);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const double y = at.y + box_height / 2 +
                       16.0 * (static_cast<double>(i) - static_cast<double>(lines.size() - 1) / 2) +
                       4.5;
      out += "<text class=\"state\" x=\"" + px(at.x + box_width / 2) + "\" y=\"" + px(y) + "\">" +
             escaped(lines[i]) + "</text>\n";
    }
  }
  return out + labels + "</svg>\n";
}

}  // namespace npcsim
