# cmake -DPAGES_DIR=… -DOUT=… -P embed_pages.cmake: every R*.md of a folder as one C++ source.
file(GLOB pages ${PAGES_DIR}/R*.md)
list(SORT pages)
set(rows "")
foreach(page ${pages})
  get_filename_component(code ${page} NAME_WE)
  file(READ ${page} text)
  string(APPEND rows "      {\"${code}\", R\"page(${text})page\"},\n")
endforeach()
file(WRITE ${OUT} "#include \"compiler/driver/explain_page.h\"

namespace rulec {

const std::vector<std::pair<std::string_view, std::string_view>>& ExplainPages() {
  static const std::vector<std::pair<std::string_view, std::string_view>> pages = {
${rows}  };
  return pages;
}

}  // namespace rulec
")
