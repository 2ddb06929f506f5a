// Preloaded (LD_PRELOAD), makes every sync take five milliseconds more, as on a plain disk.

#include <dlfcn.h>
#include <time.h>

namespace {

int slowly(const char* name, int fd) {
  const timespec five{0, 5'000'000};
  ::nanosleep(&five, nullptr);
  return reinterpret_cast<int (*)(int)>(::dlsym(RTLD_NEXT, name))(fd);
}

}  // namespace

extern "C" {
int fsync(int fd) { return slowly("fsync", fd); }
int fdatasync(int fd) { return slowly("fdatasync", fd); }
}
