#include "formats/pickle/roles.h"

#include <string>

#include "core/fact.h"

namespace assay::pickle {
namespace {

struct RoleRow {
  std::string_view module;
  std::string_view name;
  Role role;
};

constexpr RoleRow kRoles[] = {
    {"builtins", "list", Role::container},
    {"builtins", "dict", Role::container},
    {"builtins", "set", Role::container},
    {"builtins", "bytearray", Role::container},
    {"collections", "OrderedDict", Role::container},
    {"collections", "defaultdict", Role::container},
    {"collections", "deque", Role::container},
    {"collections", "Counter", Role::container},
    {"copyreg", "_reconstructor", Role::constructs_first},
    {"copyreg", "__newobj__", Role::constructs_first},
    {"copyreg", "__newobj_ex__", Role::constructs_first},
    {"copyreg", "add_extension", Role::add_extension},
    {"builtins", "exec", Role::runs_source},
    {"builtins", "eval", Role::runs_source},
    {"builtins", "compile", Role::runs_source},
    {"builtins", "execfile", Role::runs_source},
    {"__builtin__", "exec", Role::runs_source},
    {"__builtin__", "eval", Role::runs_source},
    {"__builtin__", "compile", Role::runs_source},
    {"cProfile", "run", Role::runs_source},
    {"profile", "run", Role::runs_source},
    {"pdb", "run", Role::runs_source},
    {"bdb", "Bdb.run", Role::runs_source},
    {"timeit", "timeit", Role::runs_source},
    {"timeit", "repeat", Role::runs_source},
    {"timeit", "Timer", Role::runs_source},
    {"code", "compile_command", Role::runs_source},
    {"codeop", "compile_command", Role::runs_source},
    {"runpy", "_run_code", Role::runs_code},
    {"marshal", "loads", Role::runs_code},
    {"types", "CodeType", Role::runs_code},
    {"types", "FunctionType", Role::runs_code},
    {"types", "LambdaType", Role::runs_code},
    {"dill._dill", "_create_code", Role::runs_code},
    {"dill._dill", "_create_function", Role::runs_code},
    {"cloudpickle.cloudpickle", "_make_function", Role::runs_code},
    {"cloudpickle.cloudpickle", "_make_skel_func", Role::runs_code},
    {"numpy", "dtype", Role::numpy_dtype},
    {"numpy.core.multiarray", "_reconstruct", Role::numpy_array},
    {"numpy._core.multiarray", "_reconstruct", Role::numpy_array},
    {"numpy.core.numeric", "_frombuffer", Role::numpy_array},
    {"numpy._core.numeric", "_frombuffer", Role::numpy_array},
    {"joblib.numpy_pickle", "NumpyArrayWrapper", Role::joblib_array},
    {"sklearn.externals.joblib.numpy_pickle", "NumpyArrayWrapper", Role::joblib_array},
    {"joblib.numpy_pickle", "NDArrayWrapper", Role::joblib_side_file},
    {"joblib.numpy_pickle", "ZNDArrayWrapper", Role::joblib_side_file},
    {"joblib.numpy_pickle_compat", "NDArrayWrapper", Role::joblib_side_file},
    {"joblib.numpy_pickle_compat", "ZNDArrayWrapper", Role::joblib_side_file},
    {"sklearn.externals.joblib.numpy_pickle", "NDArrayWrapper", Role::joblib_side_file},
    {"sklearn.externals.joblib.numpy_pickle", "ZNDArrayWrapper", Role::joblib_side_file},
    {"builtins", "getattr", Role::attribute},
    {"__builtin__", "getattr", Role::attribute},
    {"builtins", "vars", Role::dictionary},
    {"__builtin__", "vars", Role::dictionary},
    {"functools", "partial", Role::makes_partial},
    {"_functools", "partial", Role::makes_partial},
    {"operator", "attrgetter", Role::makes_getter},
    {"_operator", "attrgetter", Role::makes_getter},
    {"operator", "methodcaller", Role::makes_caller},
    {"_operator", "methodcaller", Role::makes_caller},
    {"operator", "getitem", Role::item},
    {"_operator", "getitem", Role::item},
    {"sys", "modules.get", Role::module_item},
    {"sys", "modules.__getitem__", Role::module_item},
    {"importlib", "import_module", Role::imports_module},
    {"importlib._bootstrap", "_gcd_import", Role::imports_module},
    {"_frozen_importlib", "_gcd_import", Role::imports_module},
    {"pydoc", "safeimport", Role::imports_module},
    {"builtins", "__import__", Role::imports_package},
    {"__builtin__", "__import__", Role::imports_package},
    {"importlib", "__import__", Role::imports_package},
    {"pkgutil", "resolve_name", Role::resolves_name},
    {"pydoc", "locate", Role::resolves_name},
    {"unittest.mock", "_importer", Role::resolves_name},
    {"torch._utils", "_import_dotted_name", Role::resolves_name},
    {"base64", "b64decode", Role::decodes_base64},
    {"base64", "standard_b64decode", Role::decodes_base64},
    {"base64", "urlsafe_b64decode", Role::decodes_base64},
    {"base64", "decodebytes", Role::decodes_base64},
    {"base64", "decodestring", Role::decodes_base64},
    {"binascii", "a2b_base64", Role::decodes_base64},
    {"base64", "b16decode", Role::decodes_hex},
    {"binascii", "a2b_hex", Role::decodes_hex},
    {"binascii", "unhexlify", Role::decodes_hex},
    {"builtins", "bytes.fromhex", Role::decodes_hex},
    {"builtins", "bytearray.fromhex", Role::decodes_hex},
    {"codecs", "decode", Role::decodes_named},
    {"_codecs", "decode", Role::decodes_named},
    {"codecs", "encode", Role::decodes_named},
    {"_codecs", "encode", Role::decodes_named},
    {"builtins", "bytes", Role::keeps_text},
    {"builtins", "str", Role::keeps_text},
    {"builtins", "memoryview", Role::keeps_text},
    {"builtins", "str.encode", Role::keeps_text},
    {"builtins", "bytes.decode", Role::keeps_text},
    {"io", "BytesIO", Role::keeps_text},
    {"_io", "BytesIO", Role::keeps_text},
    {"io", "StringIO", Role::keeps_text},
    {"zlib", "decompress", Role::keeps_text},
    {"gzip", "decompress", Role::keeps_text},
    {"bz2", "decompress", Role::keeps_text},
    {"lzma", "decompress", Role::keeps_text},
    {"pickle", "loads", Role::loads_bytes},
    {"_pickle", "loads", Role::loads_bytes},
    {"cPickle", "loads", Role::loads_bytes},
    {"pickle", "load", Role::loads_bytes},
    {"_pickle", "load", Role::loads_bytes},
    {"pickle", "Unpickler", Role::loads_bytes},
    {"_pickle", "Unpickler", Role::loads_bytes},
    {"dill", "loads", Role::loads_bytes},
    {"dill._dill", "loads", Role::loads_bytes},
    {"cloudpickle", "loads", Role::loads_bytes},
    {"cloudpickle.cloudpickle", "loads", Role::loads_bytes},
    {"joblib", "load", Role::loads_bytes},
    {"joblib.numpy_pickle", "load", Role::loads_bytes},
    {"numpy", "load", Role::loads_bytes},
    {"numpy.core._methods", "_load", Role::loads_bytes},
    {"numpy._core._methods", "_load", Role::loads_bytes},
    {"pandas", "read_pickle", Role::loads_bytes},
    {"pandas.io.pickle", "read_pickle", Role::loads_bytes},
    {"torch", "load", Role::loads_bytes},
    {"torch.serialization", "load", Role::loads_bytes},
    {"torch.storage", "_load_from_bytes", Role::loads_bytes},
    {"torch._utils", "_rebuild_tensor", Role::torch_tensor},
    {"torch._utils", "_rebuild_tensor_v2", Role::torch_tensor},
    {"torch._utils", "_rebuild_tensor_v3", Role::torch_tensor},
};

struct StorageRow {
  std::string_view name;
  std::uint32_t element_size;
  std::string_view element_type;
};

constexpr StorageRow kStorages[] = {
    {"DoubleStorage", 8, "float64"},
    {"FloatStorage", 4, "float32"},
    {"HalfStorage", 2, "float16"},
    {"BFloat16Storage", 2, "bfloat16"},
    {"LongStorage", 8, "int64"},
    {"IntStorage", 4, "int32"},
    {"ShortStorage", 2, "int16"},
    {"CharStorage", 1, "int8"},
    {"ByteStorage", 1, "uint8"},
    {"BoolStorage", 1, "bool"},
    {"ComplexDoubleStorage", 16, "complex128"},
    {"ComplexFloatStorage", 8, "complex64"},
    {"QUInt8Storage", 1, "quint8"},
    {"QInt8Storage", 1, "qint8"},
    {"QInt32Storage", 4, "qint32"},
    {"QUInt4x2Storage", 1, "quint4x2"},
    {"QUInt2x4Storage", 1, "quint2x4"},
    {"UntypedStorage", 1, "uint8"},
    {"_UntypedStorage", 1, "uint8"},
};

const StorageRow* storage_row(std::string_view name) {
  for (const StorageRow& row : kStorages) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

// The subclasses of scipy.stats.rv_generic and of statsmodels' ModelData, under
// whatever module they are named.
bool has_source_in_state(std::string_view module, std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot != std::string_view::npos) name.remove_prefix(dot + 1);
  if (module.starts_with("statsmodels")) {
    return name == "ModelData" || name == "PandasData" || name == "PatsyData";
  }
  if (!module.starts_with("scipy")) return false;
  return name.ends_with("_gen") || name == "rv_generic" || name == "rv_continuous" ||
         name == "rv_discrete" || name == "rv_histogram" || name == "rv_sample";
}

}  // namespace

Role role_of(std::string_view module, std::string_view name) {
  // "torch" and "storage._load_from_bytes" are the same as the row for both.
  const std::size_t size = module.size() + (module.empty() ? 0 : 1) + name.size();
  for (const RoleRow& row : kRoles) {
    if (row.module.size() + 1 + row.name.size() != size) continue;
    if (dotted({std::string(row.module), std::string(row.name)}) ==
        dotted({std::string(module), std::string(name)})) {
      return row.role;
    }
  }
  if (has_source_in_state(module, name)) return Role::source_in_state;
  const bool torch = module == "torch" || module == "torch.cuda" || module == "torch.storage";
  return torch && storage_row(name) ? Role::torch_storage : Role::none;
}

std::uint32_t element_size(std::string_view storage) {
  const StorageRow* row = storage_row(storage);
  return row ? row->element_size : 0;
}

std::string_view element_type(std::string_view storage) {
  const StorageRow* row = storage_row(storage);
  return row ? row->element_type : std::string_view{};
}

}  // namespace assay::pickle
