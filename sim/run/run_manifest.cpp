#include <npcsim/io/block_log.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/io/yaml_reader.hpp>
#include <npcsim/run/detail/run_state.hpp>
#include <npcsim/run/draw_runner.hpp>
#include <npcsim/run/run_manifest.hpp>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iterator>
#include <limits>
#include <set>

namespace npcsim {

namespace {

constexpr std::uint64_t most_block_patients = std::numeric_limits<std::uint32_t>::max();

std::string manifest_path(const std::string& folder) { return beside(folder, "run.yaml"); }

bool read_text(const Tree& tree, const char* key, std::string& out) {
  const Tree* found = tree.find(key);
  if (found == nullptr || !found->is_scalar()) return false;
  out = found->text();
  return true;
}

bool read_count(const Tree& tree, const char* key, std::uint64_t& out) {
  std::string text;
  if (!read_text(tree, key, text)) return false;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), out);
  return result.ec == std::errc() && result.ptr == text.data() + text.size() && out > 0;
}

}  // namespace

std::uint64_t RunManifest::slice_patients() const {
  const std::uint64_t begin = blocks() * (slice - 1) / slices * block_patients;
  const std::uint64_t end = blocks() * slice / slices * block_patients;
  return std::min(end, patients) - std::min(begin, patients) +
         draws_of_slice(draws, slice, slices) * patients;
}

void write_manifest(const std::string& folder, const RunManifest& manifest) {
  std::string text;
  const auto line = [&](const char* key, const std::string& value) {
    text += std::string(key) + ": " + value + "\n";
  };
  const auto quoted = [](const std::string& value) { return "\"" + value + "\""; };
  line("study", quoted(manifest.study));
  line("digest", quoted(manifest.digest));
  line("program", quoted(manifest.program));
  line("output", manifest.output);
  line("patients", std::to_string(manifest.patients));
  if (manifest.draws > 0) line("draws", std::to_string(manifest.draws));
  line("block_patients", std::to_string(manifest.block_patients));
  line("slice", std::to_string(manifest.slice));
  line("slices", std::to_string(manifest.slices));
  write_file_atomically(manifest_path(folder), text);
}

std::optional<RunManifest> read_manifest(const std::string& folder) {
  if (!file_exists(manifest_path(folder))) return std::nullopt;
  Diagnostics diagnostics;
  const auto tree = read_yaml_file(manifest_path(folder), diagnostics);
  if (!tree || !tree->is_map() || diagnostics.has_errors()) return std::nullopt;
  RunManifest out;
  const bool complete =
      read_text(*tree, "study", out.study) && read_text(*tree, "digest", out.digest) &&
      read_text(*tree, "program", out.program) && read_text(*tree, "output", out.output) &&
      read_count(*tree, "patients", out.patients) &&
      read_count(*tree, "block_patients", out.block_patients) &&
      read_count(*tree, "slice", out.slice) && read_count(*tree, "slices", out.slices);
  read_count(*tree, "draws", out.draws);  // only where there are any
  if (!complete || out.slice > out.slices || out.slices > most_slices ||
      out.block_patients > most_block_patients)
    return std::nullopt;
  return out;
}

std::uint64_t patients_done(const std::string& folder, const RunManifest& manifest) {
  if (manifest.output == scenarios_output) {
    std::error_code none;
    const std::filesystem::directory_iterator files(beside(folder, "finished"), none);
    const auto done = none ? 0 : std::distance(files, std::filesystem::directory_iterator());
    return static_cast<std::uint64_t>(done) * manifest.block_patients;
  }
  const std::uint64_t of_draws =
      manifest.draws > 0 ? finished_draws(folder) * manifest.patients : 0;
  if (manifest.output == "summary") {
    const auto snapshot = read_snapshot(detail::snapshot_path(folder));
    if (!snapshot) return of_draws;
    std::string_view payload = snapshot->payload;
    detail::SnapshotHead head;
    return of_draws + (detail::take_head(payload, head) ? head.done : 0);
  }
  if (!file_exists(detail::log_path(folder))) return of_draws;
  std::set<std::uint64_t> seen;
  for (const BlockPlace& place : block_places(detail::log_path(folder))) seen.insert(place.block);
  std::uint64_t done = of_draws;
  for (const std::uint64_t block : seen) {
    const std::uint64_t first = block * manifest.block_patients;
    done += std::min(first + manifest.block_patients, manifest.patients) -
            std::min(first, manifest.patients);
  }
  return done;
}

}  // namespace npcsim
