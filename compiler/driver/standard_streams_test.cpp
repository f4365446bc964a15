#include "compiler/driver/standard_streams.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace rulec {
namespace {

// In a child, whose streams may be closed. Ends with the number of the check that failed.
int InChild(int (*check)()) {
  const pid_t child = fork();
  if (child == 0) _exit(check());
  int status = 0;
  return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(StandardStreams, FilesDoNotTakeTheNumbersOfClosedOnes) {
  EXPECT_EQ(InChild([] {
              for (const int descriptor : {0, 1, 2}) close(descriptor);
              HoldStandardStreams();
              if (open("/dev/null", O_RDWR) <= STDERR_FILENO) return 1;
              char byte = 0;
              if (write(STDOUT_FILENO, "x", 1) != -1 || errno != EBADF) return 2;
              if (write(STDERR_FILENO, "x", 1) != -1 || errno != EBADF) return 3;
              return read(STDIN_FILENO, &byte, 1) == -1 && errno == EBADF ? 0 : 4;
            }),
            0);
}

TEST(StandardStreams, OpenOnesStayAsTheyAre) {
  EXPECT_EQ(InChild([] {
              int ends[2];
              if (pipe(ends) != 0 || dup2(ends[1], STDOUT_FILENO) != STDOUT_FILENO) return 1;
              HoldStandardStreams();
              char byte = 0;
              return write(STDOUT_FILENO, "x", 1) == 1 && read(ends[0], &byte, 1) == 1 && byte == 'x' ? 0 : 2;
            }),
            0);
}

}  // namespace
}  // namespace rulec
