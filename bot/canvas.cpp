#include "bot/canvas.h"

#include <stdexcept>

#include <dlfcn.h>

std::unique_ptr<Canvas> Canvas::make(int width) {
  using Make = Canvas* (*)(int);
  // Found beside the program, or where it was installed, by the program's own RUNPATH. It stays.
  static const auto make = [] {
    void* const part = ::dlopen("jieli_canvas.so", RTLD_NOW | RTLD_LOCAL);
    void* const found = part == nullptr ? nullptr : ::dlsym(part, "jieli_canvas");
    if (found == nullptr) {
      throw std::runtime_error(std::string("cannot draw pictures: ") + ::dlerror());
    }
    return reinterpret_cast<Make>(found);
  }();
  return std::unique_ptr<Canvas>(make(width));
}
