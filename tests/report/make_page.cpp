// make_page DATA.json PAGE.html: the page of a data file, for the browser tests and for work on the
// figures.
#include <npcsim/report/report_page.hpp>

#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: make_page DATA.json PAGE.html\n";
    return 64;
  }
  try {
    std::ifstream in(argv[1], std::ios::binary);
    std::ostringstream data;
    data << in.rdbuf();
    std::ofstream out(argv[2], std::ios::binary);
    out << npcsim::report_page(data.str());
    return in && out.flush() ? 0 : 74;
  } catch (const std::exception& problem) {
    std::cerr << problem.what() << '\n';
    return 65;
  }
}
