#include "runtime/testing/memory_log.h"

#include <algorithm>
#include <cstdlib>

#include "runtime/abi/abi.h"

namespace rulert {

class MemoryLog::Reader final : public Source {
 public:
  Reader(const MemoryLog* log, size_t partition, uint64_t block_records)
      : log_(log), partition_(partition), block_records_(block_records) {}

  void Read(ReadResult* result) override {
    const auto& entries = log_->partitions_[partition_];
    if (paused_ || next_ == entries.size()) {
      result->kind = paused_ || !log_->closed_ ? ReadKind::Wait : ReadKind::End;
      return;
    }
    const size_t end = std::min<size_t>(entries.size(), next_ + block_records_);
    bytes_.clear();
    for (size_t i = next_; i < end; ++i) bytes_ += entries[i];
    result->kind = ReadKind::Block;
    result->block = {};
    result->block.size = bytes_.size();
    bytes_.append(RULERT_SLACK, '\0');
    result->block.bytes = reinterpret_cast<const uint8_t*>(bytes_.data());
    result->block.records = end - next_;
    result->block.first_offset = static_cast<int64_t>(next_);
    result->block.writer = log_->schema_.get();
    next_ = end;
  }
  SourcePosition position() const override { return {0, 0, 0, static_cast<int64_t>(next_)}; }
  Error Seek(const SourcePosition& position) override {
    if (position.offset < 0 || static_cast<size_t>(position.offset) > log_->partitions_[partition_].size()) {
      return Error::Environment("position " + std::to_string(position.offset) + " is not in the log");
    }
    next_ = static_cast<size_t>(position.offset);
    return {};
  }
  void Pause() override { paused_ = true; }
  void Resume() override { paused_ = false; }

 private:
  const MemoryLog* log_;
  size_t partition_;
  uint64_t block_records_;
  size_t next_ = 0;
  bool paused_ = false;
  std::string bytes_;
};

class MemoryLog::Writer final : public Sink {
 public:
  Writer(MemoryLog* log, size_t partition) : log_(log), partition_(partition) {}

  Error Write(std::string_view bytes, uint64_t) override {
    open_.emplace_back(bytes);
    return {};
  }
  Error Prepare(uint64_t epoch) override {
    auto& prepared = prepared_[epoch];
    prepared.insert(prepared.end(), open_.begin(), open_.end());
    open_.clear();
    return {};
  }
  Error Commit(uint64_t epoch) override {
    auto& partition = log_->partitions_[partition_];
    const auto& prepared = prepared_[epoch];
    partition.insert(partition.end(), prepared.begin(), prepared.end());
    prepared_.erase(epoch);
    return {};
  }
  void Abort(uint64_t epoch) override {
    open_.clear();
    prepared_.erase(epoch);
  }

 private:
  MemoryLog* log_;
  size_t partition_;
  std::vector<std::string> open_;
  std::map<uint64_t, std::vector<std::string>> prepared_;
};

MemoryLog::MemoryLog(const std::string& schema_json, size_t partitions)
    : schema_(avro::ParseSchema(schema_json).document), partitions_(partitions) {
  if (!schema_) std::abort();
}

void MemoryLog::Append(size_t partition, std::span<const uint8_t> record) {
  partitions_[partition].emplace_back(reinterpret_cast<const char*>(record.data()), record.size());
}

std::unique_ptr<Source> MemoryLog::Read(size_t partition, uint64_t block_records) {
  return std::make_unique<Reader>(this, partition, block_records);
}

std::shared_ptr<Sink> MemoryLog::Write(size_t partition) { return std::make_shared<Writer>(this, partition); }

std::string MemoryLog::Text(size_t partition) const {
  std::string text;
  for (const std::string& entry : partitions_[partition]) text += entry;
  return text;
}

}  // namespace rulert
