#include <npcsim/run/detail/block_bytes.hpp>

namespace npcsim::detail {

std::string encode(const OutcomeBlock& block, std::uint64_t candidates) {
  std::string out;
  put(out, std::vector<std::uint64_t>{block.first_patient, block.count, candidates});
  put(out, block.ticks);
  put(out, block.events);
  put(out, block.measures);
  put(out, block.levels);
  return out;
}

bool decode(std::string_view bytes, OutcomeBlock& block, std::uint64_t& candidates) {
  std::vector<std::uint64_t> head;
  if (!take(bytes, head) || head.size() != 3) return false;
  block.first_patient = static_cast<std::uint32_t>(head[0]);
  block.count = static_cast<std::uint32_t>(head[1]);
  candidates = head[2];
  return take(bytes, block.ticks) && take(bytes, block.events) && take(bytes, block.measures) &&
         take(bytes, block.levels);
}

}  // namespace npcsim::detail
