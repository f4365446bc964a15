#include "runtime/base/fault_guard.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

namespace rulert {
namespace {

TEST(FaultGuard, APageThatTheFileLostReadsAsZerosAndIsNoted) {
  const int fd = memfd_create("guard", 0);
  ASSERT_GE(fd, 0);
  ASSERT_EQ(ftruncate(fd, 16384), 0);
  ASSERT_EQ(pwrite(fd, "x", 1, 8192), 1);
  void* address = mmap(nullptr, 16384, PROT_READ, MAP_PRIVATE, fd, 0);
  ASSERT_NE(address, MAP_FAILED);
  {
    FaultGuard guard(address, 16384);
    const volatile char* bytes = static_cast<const char*>(address);
    EXPECT_EQ(bytes[8192], 'x');
    EXPECT_FALSE(guard.faulted());
    ASSERT_EQ(ftruncate(fd, 4096), 0);
    EXPECT_EQ(bytes[8192], 0);
    EXPECT_TRUE(guard.faulted());
    EXPECT_EQ(bytes[12288], 0);
  }
  munmap(address, 16384);
  close(fd);
}

TEST(FaultGuardDeathTest, AFaultElsewhereEndsTheProcess) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH(
      {
        const int fd = memfd_create("guard", 0);
        (void)!ftruncate(fd, 4096);
        void* address = mmap(nullptr, 8192, PROT_READ, MAP_PRIVATE, fd, 0);
        static char other[16];
        FaultGuard guard(other, sizeof other);
        (void)static_cast<const volatile char*>(address)[4096];
      },
      "");
}

}  // namespace
}  // namespace rulert
