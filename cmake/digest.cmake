# cmake -DFOLDER=... -DOUTPUT=... -DFILES=a;b -P digest.cmake
#   Writes a header with the SHA-256 over the names and digests of FILES, which are relative to FOLDER.
set(lines "")
foreach(file IN LISTS FILES)
  file(SHA256 ${FOLDER}/${file} digest)
  string(APPEND lines "${digest}  ${file}\n")
endforeach()
string(SHA256 digest "${lines}")
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "inline constexpr char kBuiltInDigest[] = \"${digest}\";\n")
