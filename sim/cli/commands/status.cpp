// npcsim status: how far a run or a calibration is.
#include <npcsim/base/quantity_text.hpp>
#include <npcsim/cli/arguments.hpp>
#include <npcsim/cli/command_line.hpp>
#include <npcsim/cli/commands/calibration_folder.hpp>
#include <npcsim/cli/run_folder.hpp>
#include <npcsim/io/block_log.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/io/json.hpp>

#include <algorithm>
#include <filesystem>

namespace npcsim {
namespace {

namespace fs = std::filesystem;
namespace po = boost::program_options;

struct Place {
  std::string folder;
  std::string blocks;  ///< "3/8", or empty for a whole run
  std::string state;   ///< "finished", "in progress"
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  std::uint64_t evaluations = 0;  ///< of a calibration
};

// What a folder holds, if it is one of a run or of a share of a run that is not joined yet.
void add_place(const std::string& folder, std::vector<Place>& places) {
  const bool unfinished = fs::path(folder).extension() == ".part";
  const auto manifest = read_manifest(folder);
  if (!manifest) {
    if (!unfinished && file_exists(beside(folder, "provenance.json"))) {
      places.push_back({folder, "", "finished"});
      return;
    }
    const std::string log = beside(folder, calibration_log);
    if (!file_exists(log)) return;
    Place place{folder, "", "in progress"};
    place.evaluations = block_places(log).size();
    places.push_back(place);
    return;
  }
  Place place{folder, "", unfinished ? "in progress" : "finished"};
  if (manifest->slices > 1) {
    place.blocks = std::to_string(manifest->slice) + "/" + std::to_string(manifest->slices);
  }
  place.total = manifest->slice_patients();
  place.done = patients_done(folder, *manifest);
  places.push_back(place);
}

std::vector<Place> places_of(const std::string& folder) {
  std::vector<Place> places;
  add_place(folder, places);
  const std::string part = folder + ".part";
  try {
    add_place(part, places);
  } catch (const FileError&) {
    if (file_exists(part)) throw;
  }
  // It may have ended since the first look.
  if (places.empty()) add_place(folder, places);
  std::vector<std::string> slices;
  std::error_code none;
  for (const std::string& shares : {folder, folder + ".blocks"}) {
    for (fs::directory_iterator entry(shares, none), end; !none && entry != end;
         entry.increment(none)) {
      if (entry->is_directory(none) && !is_fragment(entry->path().filename().string()))
        slices.push_back(entry->path().string());
    }
    none.clear();
  }
  std::sort(slices.begin(), slices.end());
  for (const std::string& slice : slices) add_place(slice, places);
  return places;
}

}  // namespace

ExitCode status_command(const Context& context) {
  std::vector<std::string> folders;
  bool as_json = false;
  po::options_description shown("Options");
  auto add = shown.add_options();
  add("help,h", "this page");
  add("json", po::bool_switch(&as_json), "one JSON object on standard output and nothing else");
  const auto given = read_arguments(context, shown, folders);
  if (given.count("help") > 0) {
    print(help_page("status", shown, "npcsim status outputs/runs/lrrt"));
    return ExitCode::done;
  }
  if (folders.size() != 1) throw UsageError("which run? give its folder, e.g. outputs/runs/lrrt");
  const std::string folder = folder_of_run(folders.front(), "");
  const std::vector<Place> places = places_of(folder);
  if (places.empty()) {
    print_error("npcsim: error: there is no run in " + folder +
                "\n   hint: npcsim run writes to outputs/runs/STUDY\n");
    return ExitCode::cannot_read;
  }
  if (as_json) {
    JsonWriter json;
    json.begin_object();
    json.key("command").text("status");
    json.key("runs").begin_array();
    for (const Place& place : places) {
      json.begin_object();
      json.key("folder").text(place.folder);
      json.key("blocks").text(place.blocks);
      json.key("state").text(place.state);
      if (place.total > 0) {
        json.key("patients_done").integer(static_cast<std::int64_t>(place.done));
        json.key("patients").integer(static_cast<std::int64_t>(place.total));
      }
      if (place.evaluations > 0)
        json.key("evaluations").integer(static_cast<std::int64_t>(place.evaluations));
      json.end_object();
    }
    json.end_array();
    json.end_object();
    print(json.str() + "\n");
    return ExitCode::done;
  }
  for (const Place& place : places) {
    std::string line = place.folder + ": " + place.state;
    if (place.total == 0 && !place.blocks.empty()) line += ", its share has no patients";
    if (place.total > 0) {
      const double share =
          100.0 * static_cast<double>(place.done) / static_cast<double>(place.total);
      line += ", " + std::to_string(place.done) + " of " + std::to_string(place.total) +
              " patients (" + rounded(share, 3) + " %)";
    }
    if (place.evaluations > 0)
      line += ", " + std::to_string(place.evaluations) + " evaluations of a calibration";
    print(line + "\n");
  }
  return ExitCode::done;
}

}  // namespace npcsim
