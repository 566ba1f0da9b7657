// make_demo_pages DIR: the demo pages of validate and calibrate with their data, for the browser
// tests and for work on the figures.
#include "demo_pages.hpp"

#include <fstream>
#include <iostream>

namespace {

bool write(const std::string& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  return static_cast<bool>(out.flush());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: make_demo_pages DIR\n";
    return 64;
  }
  const std::string folder = argv[1];
  const npcsim::ValidationPageData validation = npcsim::demo_validation();
  const npcsim::CalibrationPageData calibration = npcsim::demo_calibration();
  const bool written =
      write(folder + "/validation.html", npcsim::validation_page(validation)) &&
      write(folder + "/validation.json", npcsim::validation_page_json(validation)) &&
      write(folder + "/calibration.html", npcsim::calibration_page(calibration)) &&
      write(folder + "/calibration.json", npcsim::calibration_page_json(calibration));
  return written ? 0 : 74;
}
